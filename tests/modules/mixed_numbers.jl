# Numbers of different types meeting: integers by their bits, ratios, complex corner cases, big floats, ranges.
using Test
same(x, y) = x === y || isequal(x, y) && typeof(x) === typeof(y)

# integers: the low bits, not the value
@test UInt64(1) * Int64(-1) === typemax(UInt64) && UInt64(15) & -4 === UInt64(12) && 0xff + Int8(-1) === 0xfe
@test UInt(5) - 6 === typemax(UInt) && xor(0x0f, Int8(-1)) === 0xf0 && true & 0x3 === 0x01
@test same(false + -0.0, -0.0) && same(-0.0 + im, Complex(-0.0, 1.0)) && Int8(1) - im === Complex{Int8}(1, -1)
@test powermod(-3, 3, Int128(-2)) == -1 && fld1(typemin(Int8), Int8(3)) == -42 && fld1(0xff, 0xfe) == 0x02
@test binomial(Int128(131), Int128(62)) == big"157311720980559117816198361912717812000"
@test (minmax(1), |(2), xor(2), cmp(isless, NaN, 1)) == ((1, 1), 2, 2, 1)
@test round(-1e-300, RoundNearestTiesUp) === -0.0 && round(-1.5, RoundNearestTiesUp) === -1.0
@test_throws MethodError convert(Unsigned, big(1))
@test_throws OutOfMemoryError big(2) << (1 << 40)
@test big(0)^(big(typemax(UInt)) + 1) == 0 && big(-1)^(big(2)^70 + 1) == -1

# ratios
@test Rational{Int16}(500000, 1000000) === Int16(1) // Int16(2) && !(1 // 0 < Inf) && round(Float32, -1 // 0) === -Inf32
@test_throws OverflowError (1 // 2)^63
@test_throws ArgumentError("invalid rational: denominator can't be typemin(Int64)") 1 // typemin(Int)
@test Rational{Int32}(π) === Int32(1068966896) // Int32(340262731) && 2646693125139304345 // 842468587426513207 < π
@test Rational{BigInt}(5e-324) == 5e-324 && (1 // 3) / Complex(3, 2) == Complex(1 // 13, -2 // 39) && [1, 2] // 4 == [1 // 4, 1 // 2]
@test rationalize(Int, 3.0, 0) === 3 // 1

# hashes of equal numbers
numbers = Any[0, 1, true, 0.5, 1 // 2, big"0.5", big(2)^70, 2.0^70, Int128(2)^70, 0.1, big(0.1), Rational{BigInt}(0.1), 2.0^64, big(2)^64, -0.0, 1 // 0, Inf, NaN, 1e300, big(1e300)]
@test all(isequal(a, b) == (hash(a) == hash(b)) for a in numbers, b in numbers)

# powers and functions of complex numbers at the edges
@test (1 + 2im)^2 === -3 + 4im && (1 + 2im)^-1 === 0.2 - 0.4im && 2^(1 + 2im) ≈ exp((1 + 2im) * log(2))
@test_throws DomainError (1 + 2im)^(parse(Int, "-1"))
@test same(complex(0.0, 0.0)^complex(-0.0, 0.0), complex(1.0, -0.0)) && same(0.2^(0.3 + 0.0im), conj(0.2^(0.3 - 0.0im)))
@test (1 // 2 + im)^-2 == -12 // 25 - 16 // 25 * im && Float16(1) / im === ComplexF16(0, -1)
@test same(expm1(complex(Inf, 0.0)), complex(Inf, 0.0)) && same(expm1(complex(-Inf, 5.0)), complex(-1.0, sin(5.0) * 0.0))
@test same(tanh(complex(Inf, Inf)), complex(1.0, 0.0)) && same(tan(complex(0.0, NaN)), complex(0.0, NaN))
@test same(asin(complex(Inf, 5.0)), complex(pi / 2, Inf)) && same(asinh(complex(5.0, Inf)), complex(Inf, pi / 2))
@test same(acos(complex(-Inf, NaN)), complex(NaN, Inf)) && same(acosh(complex(-Inf, -0.0)), complex(Inf, -float(pi)))
@test same(log1p(complex(-1, -0.0)), complex(-Inf, -0.0)) && same(sinpi(complex(Inf, 0.0)), complex(NaN, 0.0)) && same(cospi(complex(0.0, Inf)), complex(Inf, -0.0))

# big floats, rounded correctly
@test string(sin(big"1")) == "0.8414709848078965066525023216302989996225630607983710656727517099919104043912398" ||
      string(sin(big"1.0")) == "0.8414709848078965066525023216302989996225630607983710656727517099919104043912398"
@test string(cos(big"1e20")) == "0.7639704044417283004001468027378811228344734417470044806221890669465897391978242"
@test string(big"2.5"^big"3.7") == "29.67413253642085448085222160669751499849115718664684948135139371870948703508779"
@test string(atan(big"-1.0", big"-1.0")) == "-2.356194490192344928846982537459627163147877049531329365731208444230862304714666"
@test string(big(MathConstants.γ)) == "0.5772156649015328606065120900824024310421593359399235988057672348848677267776685"
@test (cbrt(big"27.0"), log10(big"1000.0"), log2(big"0.125"), exp2(big"3.0"), big"9.0"^0.5, hypot(big"3.0", 4)) == (3, 3, -3, 8, 3, 5)
for f in (sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, atanh, exp, expm1, exp2, exp10, log1p, sinpi, cospi, cbrt), x in (0.3, -0.7, 1e-9)
    @test f(x) ≈ Float64(f(big(x))) rtol = 4e-16
end
@test (rem(big"10.5", big"3.0"), mod(big"-10.5", big"3.0"), rem(big"1e100", big"3.0"), rem(big"7.0", big"2.0", RoundNearest)) == (1.5, 1.5, 1, -1)
@test prevfloat(nextfloat(big"1.0")) == 1 && nextfloat(big"1.0") - 1 == eps(big"1.0") && frexp(big"8.5") == (0.53125, 4)
@test big"0.5" == 1 // 2 && big"0.3" > 3 // 10 - 1 // 10^9 && exp(big"1.0" + 2im) ≈ exp(1 + 2im)
@test setprecision(() -> sin(big"0.5"), BigFloat, 64) |> string == "0.479425538604203000282"
@test Float64(π, RoundDown) < Float64(π, RoundUp) && Float32(16777217, RoundUp) === 1.6777218f7
@test_throws DomainError asin(big"1.5")

# ranges
@test [((-5:-5:-25)/3)[1:4];] == collect((-5:-5:-25) / 3)[1:4] && eltype(0:1//3:2) === Rational{Int}
@test convert(StepRangeLen{Float64}, 0f0:inv(3f0):1f0) === 0:1/3:1 && promote(0:1:1, UInt8(2):UInt8(1):UInt8(5)) === (0:1:1, 2:1:5)
@test range(0, stop = 0, length = 4) == [0, 0, 0, 0] && intersect(1:3, 2) === 2:2 && length(UInt(100):-1:1) === UInt(100)
@test convert(LinRange{Float64}, 0.0:0.1:0.3) === LinRange{Float64}(0.0, 0.3, 4)

# methods
between(::Integer, ::Any) = 1
between(::Any, ::Integer) = 2
@test Base.isambiguous(methods(between)...) && Base.morespecific(Tuple{Int}, Tuple{Integer})
between(::Integer, ::Integer) = 3
@test !Base.isambiguous(which(between, (Int, Any)), which(between, (Any, Int)))
@test Base.return_types((a, b) -> [a b], (Int, Int)) == [Matrix{Int}] && Base.return_types(s -> tryparse(Float64, s), (String,)) == [Union{Nothing,Float64}]
@test typeof([Int, Float64]) === Vector{DataType} && typeof([Int, Vector]) === Vector{Type}
