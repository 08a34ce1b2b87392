# Inclusive sums within strips of 256 elements, a strip per work-item.
const strip = 256
const n = 1 << 20
const sizes = (n,)
const work = n ÷ strip
arrays() = (zeros(Float64, n), Float64[(k * 31) % 17 - 5 for k in 1:n])

@kernel function scan!(out, @Const(x))
    i = @index(Global)
    base = (i - 1) * strip
    s = 0.0
    for k in base+1:base+strip
        @inbounds s += x[k]
        @inbounds out[k] = s
    end
end
launch(out, x) = scan!(CPU(), 64)(out, x; ndrange = work)
