# Call and put prices of European options.
const n = 1 << 16
const sizes = (n,)
const work = n
arrays() = (zeros(Float32, n), zeros(Float32, n), Float32[20 + (k * 37) % 80 for k in 1:n], Float32[25 + (k * 53) % 70 for k in 1:n], Float32[0.25f0 + ((k * 29) % 89) / 40.0f0 for k in 1:n])

@inline function normal_cdf(x)
    k = 1.0f0 / muladd(0.2316419f0, abs(x), 1.0f0)
    poly = k * evalpoly(k, (0.31938154f0, -0.35656378f0, 1.7814779f0, -1.8212559f0, 1.3302745f0))
    tail = 0.3989423f0 * exp(-0.5f0 * x * x) * poly
    return ifelse(x > 0.0f0, 1.0f0 - tail, tail)
end
@kernel function price!(call, put, @Const(S), @Const(K), @Const(t), r, v)
    i = @index(Global)
    @inbounds begin
        s, k, years = S[i], K[i], t[i]
        root = sqrt(years)
        d1 = (log(s / k) + (r + 0.5f0 * v * v) * years) / (v * root)
        d2 = d1 - v * root
        discount = k * exp(-r * years)
        call[i] = s * normal_cdf(d1) - discount * normal_cdf(d2)
        put[i] = discount * normal_cdf(-d2) - s * normal_cdf(-d1)
    end
end
launch(call, put, S, K, t) = price!(CPU(), 512)(call, put, S, K, t, 0.02f0, 0.3f0; ndrange = n)
