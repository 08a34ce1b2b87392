# A polynomial of degree eleven, double precision, in CUDA's words.
const n = 1 << 18
const sizes = (n,)
const work = n
arrays() = (zeros(Float64, n), Float64[sin(0.01 * i) for i in 1:n])

function poly!(y, x)
    i = (blockIdx().x - Int32(1)) * blockDim().x + threadIdx().x
    if i <= length(x)
        @inbounds y[i] = evalpoly(x[i], (1.0, 0.5, 0.25, 0.125, 0.0625, 0.03, 0.015, 0.0075, 0.003, 0.001, 0.0005, 0.0002))
    end
    return
end
launch(y, x) = @cuda threads = 256 blocks = cld(n, 256) poly!(y, x)
