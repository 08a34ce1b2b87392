using CUDA
f!(y) = (y[threadIdx().x] = 1; return)
@cuda threads = (2, 2, 2, 2) f!(CUDA.zeros(16))
