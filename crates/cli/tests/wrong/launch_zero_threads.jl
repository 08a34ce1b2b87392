using CUDA
f!(y) = (y[threadIdx().x] = 1; return)
@cuda threads = 0 f!(CUDA.zeros(4))
