# y ← a·x + y with a grid-stride loop in CUDA's words.
const n = 1 << 20
const sizes = (n,)
const work = n
arrays() = (Float32[0.5f0 * (i % 7) for i in 1:n], Float32[0.001f0 * i for i in 1:n])

function stride!(y, a, x)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    step = gridDim().x * blockDim().x
    while i <= length(y)
        @inbounds y[i] = muladd(a, x[i], y[i])
        i += step
    end
    return
end
launch(y, x) = @cuda threads = 256 blocks = 64 stride!(y, 1.0f-3, x)
