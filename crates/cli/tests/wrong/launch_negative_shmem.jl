using CUDA
f!(y) = (y[threadIdx().x] = 1; return)
@cuda threads = 4 shmem = -16 f!(CUDA.zeros(4))
