using CUDA
function f!(y)
    y[threadIdx().x + 4] = 1
    return
end
@cuda threads = 4 f!(CUDA.zeros(4))
