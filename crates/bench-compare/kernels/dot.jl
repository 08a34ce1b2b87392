# Partial sums of x·y, a strip of 64 elements per work-item, added in order.
const strip = 64
const n = 1 << 20
const sizes = (n,)
const work = n ÷ strip
arrays() = (zeros(Float32, work), Float32[sin(0.01f0 * i) for i in 1:n], Float32[cos(0.02f0 * i) for i in 1:n])

@kernel function dot!(sums, @Const(x), @Const(y))
    i = @index(Global)
    s = 0.0f0
    base = (i - 1) * strip
    for k in 1:strip
        @inbounds s = muladd(x[base+k], y[base+k], s)
    end
    @inbounds sums[i] = s
end
launch(sums, x, y) = dot!(CPU(), 256)(sums, x, y; ndrange = work)
