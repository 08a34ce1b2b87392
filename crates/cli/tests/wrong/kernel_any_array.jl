using CUDA

function f!(y)
    y[threadIdx().x] = 1
    return
end

y = CuArray(Any[1, "two"])
@cuda threads = 2 f!(y)
