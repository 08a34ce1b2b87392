using CUDA

function double!(y)
    i = threadIdx().x
    y[i] *= 2
end

y = CUDA.ones(Float32, 4)
@cuda threads = 4 double!(y)
