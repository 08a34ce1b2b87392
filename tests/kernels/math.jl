# Arithmetic in kernels agrees with the host's, in every precision.
using CUDA, SpecialFunctions, BFloat16s, Test

# All of `fs`, each applied to one element of every array per work-item: the results are the columns.
applied!(out, fs, xs...) = (i = threadIdx().x; v = map(x -> x[i], xs); out[i] = map(f -> f(v...), fs); return)
function on_device(fs::Tuple, T, xs...)
    out = CuArray{NTuple{length(fs),T}}(undef, length(xs[1]))
    @cuda threads = length(xs[1]) applied!(out, fs, map(CuArray, xs)...)
    rows = Array(out)
    return ntuple(k -> map(r -> r[k], rows), length(fs))
end
on_device(f, T, xs...) = on_device((f,), T, xs...)[1]
same(a, b) = isequal(a, b) || isapprox(a, b; rtol = 4eps(real(typeof(b))))
# The names of the functions whose results differ from the host's.
function differing(fs, xs...)
    host = map(f -> f.(xs...), fs)
    device = on_device(fs, eltype(host[1]), xs...)
    return [f for (f, h, d) in zip(fs, host, device) if !all(map(same, d, h))]
end

ldexp_by_two(x, y) = ldexp(x, 2) + y
muladd_twice(x, y) = muladd(x, y, muladd(y, y, x))
fma_twice(x, y) = fma(x, y, fma(y, y, x))
widemul_low(x, y) = widemul(x % Int32, y % Int32)
powermod_small(x, y) = powermod(x % Int64, 3, (y % Int64) + 1)
const points = [0.1, 0.7, 1.0, 1.9, 3.3, 12.5]
@testset "functions of $T" for T in (Float16, Float32, Float64)
    x, y = T.(points), T.(reverse(points))
    fs = (sqrt, exp, exp2, log, log2, log10, log1p, sin, cos, tan, atan, tanh, asinh, abs2, inv, floor, ceil, round, trunc, sign, deg2rad)
    @test differing(fs, x) == []
    @test differing((sinh, cosh, exp10, cbrt, expm1, sinpi, cospi), x ./ 4) == []
    @test differing((^, atan, hypot, mod, rem, div, fld, cld, min, max, copysign, ldexp_by_two, muladd_twice, fma_twice), x, y) == []
    @test differing((^, ldexp), x, [3, -2, 0, 1, 2, 7]) == []
    specials = T[NaN, Inf, -Inf, -0.0, 0.0, 1]
    @test differing((min, max), specials, reverse(specials)) == []
    @test on_device(x -> isnan(x) + 2isinf(x) + 4isfinite(x) + 8signbit(x), Int, specials) == [1, 2, 10, 12, 4, 4]
    @test on_device(x -> sincos(x)[1] - sin(x) + (modf(x)[2] - trunc(x)), T, x) == zeros(T, 6)
end
@testset "complex numbers" begin
    z = [1.0 + 2.0im, -0.5 - 3.0im, 2.0 + 0.0im]
    for z in (z, ComplexF32.(z))
        @test differing((exp, log, sqrt, sin, cos, inv, conj, cis ∘ real, z -> z^2, z -> z * (1 + 2im), z -> z / (3 - 1im)), z) == []
        @test differing((abs, abs2, angle), z) == []
    end
end
@testset "integers of every width" begin
    fs = (+, -, *, div, rem, mod, fld, cld, gcd, lcm, &, |, xor, <<, >>, >>>, fldmod1, divrem, min, max, widemul_low, count_ones ∘ xor, leading_zeros ∘ xor, bitreverse ∘ xor, powermod_small)
    as_int = map(f -> (a, b) -> sum(f(a, b)) % Int, fs)
    for T in (Int8, UInt32, Int64, UInt128)
        x, y = T[12, 7, 3, 55], T[7, 9, 2, 5]
        @test on_device(as_int, Int, x, y) == map(f -> f.(x, y), as_int)
    end
    @test_throws DivideError on_device(div, Int, [1], [0])
    @test_throws "InexactError" on_device(x -> UInt8(x), Int, [256])
    @test_throws DomainError on_device(sqrt, Float64, [-1.0])
end
@testset "functions of packages and of the hardware" begin
    @test differing((erf, erfc, gamma, loggamma), points) == [] && differing((erf, erfc), Float32.(points)) == []
    x, y = [0.1f0, 1.0f0, 2.5f0], [3.0f0, 3.0f0, -1.3f0]
    for (f, exact) in ((:add, +), (:mul, *), (:div, /))
        down, up = getfield(CUDA, Symbol(f, :_rm)), getfield(CUDA, Symbol(f, :_rp))
        lo, hi = on_device(down, Float32, x, y), on_device(up, Float32, x, y)
        true_value = exact.(Float64.(x), Float64.(y))
        @test all(lo .<= true_value .<= hi) && all(hi .<= nextfloat.(lo))
    end
    @test on_device(CUDA.dp4a, Int32, Int32[0x01020304], Int32[-1], Int32[100]) == [90]
    @test on_device((a, b) -> CUDA.byte_perm(a, b, 0x5140), Int32, Int32[0x11223344], Int32[0x55667788]) == [0x77338844]
    @test on_device(x -> @fastmath(sin(x) / cos(x)), Float32, x) ≈ tan.(x)
    b = BFloat16.([1.5f0, -2.0f0, 0.3f0])
    @test on_device((x, y) -> x * y + x, BFloat16, b, reverse(b)) == b .* reverse(b) .+ b
    @test on_device((x, n) -> x + n / 2, Float32, b, [1, 2, 3]) == Float32.(b) .+ [0.5f0, 1.0f0, 1.5f0]
end
