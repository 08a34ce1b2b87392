# European option prices by the Black–Scholes formula; put–call parity holds.
using CUDA
using Test

# Abramowitz & Stegun 26.2.17
@inline function normal_cdf(x::T) where {T}
    k = 1 / (1 + T(0.2316419) * abs(x))
    poly = k * evalpoly(k, (T(0.319381530), T(-0.356563782), T(1.781477937), T(-1.821255978), T(1.330274429)))
    tail = T(0.3989422804014327) * exp(-x * x / 2) * poly
    return ifelse(x > 0, 1 - tail, tail)
end

function price!(call, put, S, K, t, r, v)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    i > length(S) && return
    @inbounds begin
        s, k, years = S[i], K[i], t[i]
        root = sqrt(years)
        d1 = (log(s / k) + (r + v * v / 2) * years) / (v * root)
        d2 = d1 - v * root
        discount = k * exp(-r * years)
        call[i] = s * normal_cdf(d1) - discount * normal_cdf(d2)
        put[i] = discount * normal_cdf(-d2) - s * normal_cdf(-d1)
    end
    return
end

n = 1000
S = [20.0 + 80 * ((k * 37) % 101) / 100 for k in 1:n]
K = [25.0 + 70 * ((k * 53) % 97) / 96 for k in 1:n]
t = [0.25 + 2 * ((k * 29) % 89) / 88 for k in 1:n]
r, v = 0.02, 0.30
call, put = CUDA.zeros(Float64, n), CUDA.zeros(Float64, n)
@cuda threads = 128 blocks = cld(n, 128) price!(call, put, CuArray(S), CuArray(K), CuArray(t), r, v)
C, P = Array(call), Array(put)
@test all(abs.(C .- P .- (S .- K .* exp.(-r .* t))) .< 1e-10)
@test all(>=(0), C .+ 1e-9) && all(C .<= S)
println("black-scholes: ", n, " options, mean call ", round(sum(C) / n; digits = 4), ", mean put ", round(sum(P) / n; digits = 4))
