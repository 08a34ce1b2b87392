using CUDA
f!(y) = (y[threadIdx().x] = 1; return)
@cuda threads = 2048 f!(CUDA.zeros(2048))
