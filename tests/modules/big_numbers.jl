# Integers and floats of any size; numbers from text.
using Test
@test big(2)^100 == parse(BigInt, "1267650600228229401496703205376")
@test string(factorial(big(25))) == "15511210043330985984000000"
@test (div(-big(7), 2), mod(-big(7), 3), rem(-big(7), 3), fld(-big(7), 2), cld(big(7), 2)) == (-3, 2, -1, -4, 4)
@test (gcd(big(12), 18), lcm(big(4), 6), powermod(big(3), 100, 7), isqrt(big(10)^20)) == (6, 12, 4, big(10)^10)
@test string(big(255); base = 16) == "ff" && digits(big(123)) == [3, 2, 1]
@test big(5) > 4.5 && big(5) == 5.0 && big(2)^64 > typemax(UInt64) && hash(big(5)) == hash(5)
@test typeof(big(1) + 1.0) === BigFloat && typeof(big(1) + 0x1) === BigInt && big(5) // 10 === nothing || big(5) // 10 == 1 // 2
@test_throws InexactError Int8(big(300))
@test_throws DivideError div(big(1), 0)
@test_throws DomainError sqrt(big(-1.0))
@test Int(big(7)) === 7 && Float64(big(10)^25) === 1.0e25 && Float32(big(16777217)) === 1.6777216f7
@test (~big(5), big(5) << 70 >> 70, big(6) & 3, big(6) | 1, xor(big(6), big(3)), -big(5) >> 1) == (-6, 5, 2, 7, 5, -3)
@test invmod(big(3), 7) == 5 && gcdx(big(240), big(46)) == (2, -9, 47)
@test string(big"0.1") == "0.1000000000000000000000000000000000000000000000000000000000000000000000000000002"
@test string(big(pi)) == "3.141592653589793238462643383279502884197169399375105820974944592307816406286198"
@test string(sqrt(big(2.0))) == "1.414213562373095048801688724209698078569671875376948073176679737990732478462102"
@test string(log(big(2))) == "0.6931471805599453094172321214581765680755001343602552541206800094933936219696955"
@test exp(big(1)) == big(ℯ) && big(2.0)^0.5 == sqrt(big(2.0)) && abs(exp(log(big(3))) - 3) < big(10.0)^-75
@test (round(Int, big"2.5"), round(big"3.5"), floor(Int, big"-0.5"), ceil(Int, big"0.2"), trunc(Int, big"-1.9")) == (2, 4, -1, 1, -1)
@test Float64(big"1e-400") === 0.0 && Float64(big"1e400") === Inf && Float64(big"5e-324") === 5.0e-324
@test isnan(big"NaN" + 1) && big"Inf" > big"1e1000" && string(-big"0.0") == "-0.0"
@test setprecision(() -> string(big(1.0) / 3), BigFloat, 64) == "0.333333333333333333342"
@test (parse(Int, "ff"; base = 16), parse(Int, "0x1f"), parse(Int8, "-128"), tryparse(Int, "zz"), parse(UInt8, "200")) == (255, 31, -128, nothing, 0xc8)
@test (parse(Float64, "1.5e3"), parse(Float32, "1e-3"), parse(ComplexF64, "1+2im"), parse(Bool, "true"), parse(Rational{Int}, "3//4")) == (1500.0, 1.0f-3, 1.0 + 2.0im, true, 3 // 4)
for (s, text) in (("", "input string is empty or only contains whitespace"), ("-", "premature end of integer: \"-\""), ("12x", "invalid base 10 digit 'x' in \"12x\""))
    @test_throws ArgumentError(text) parse(Int, s)
end
@test_throws OverflowError parse(Int, "99999999999999999999")
@test_throws ArgumentError("cannot parse \"abc\" as Float64") parse(Float64, "abc")
