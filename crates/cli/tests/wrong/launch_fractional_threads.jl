using CUDA
f!(y) = (y[threadIdx().x] = 1; return)
n = 10
@cuda threads = n / 4 f!(CUDA.zeros(16))
