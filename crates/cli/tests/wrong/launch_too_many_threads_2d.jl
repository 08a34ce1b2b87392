using CUDA
f!(y) = (y[threadIdx().x] = 1; return)
@cuda threads = (64, 64) f!(CUDA.zeros(2048))
