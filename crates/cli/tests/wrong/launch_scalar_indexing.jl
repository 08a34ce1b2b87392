using CUDA
CUDA.allowscalar(false)
y = CUDA.zeros(4)
println(y[1])
