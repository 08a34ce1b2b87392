# Exceptions of kernels reach the host as they are: type, fields and message.
using KernelAbstractions, CUDA, Test
import Adapt

thrown(f) = try
    f()
    nothing
catch e
    e
end
text(e) = sprint(showerror, e)
@kernel run!(f, args) = f(@index(Global), args...)
thrown_by(f, args...) = thrown(() -> run!(CPU(), 1)(f, args, ndrange = 1))

@testset "what Base throws" begin
    @test text(thrown_by((i, a) -> (a[i+3] = 1; nothing), zeros(3))) == "BoundsError: attempt to access 3-element Vector{Float64} at index [4]"
    @test text(thrown_by((i, a) -> (a[i, 3] = 1; nothing), zeros(3, 2))) == "BoundsError: attempt to access 3×2 Matrix{Float64} at index [1, 3]"
    @test text(thrown_by((i, a) -> (a[i] = (1, 2, 3)[a[i]]; nothing), [5])) == "BoundsError: attempt to access Tuple{Int64, Int64, Int64} at index [5]"
    @test thrown_by((i, a) -> (a[i] = sqrt(a[i]); nothing), [-2.0]).val === -2.0
    @test startswith(text(thrown_by((i, a) -> (a[i] = log(a[i]); nothing), [-1.0])), "DomainError with -1.0:\nlog was called with a negative real argument")
    @test text(thrown_by((i, a, b) -> (a[i] = b[i]; nothing), [1], [1.5])) == "InexactError: Int64(1.5)"
    @test text(thrown_by((i, a, b) -> (a[i] = b[i]; nothing), Int8[1], [300])) == "InexactError: trunc(Int8, 300)"
    @test text(thrown_by((i, a) -> (a[i] = round(Int, a[i]); nothing), [1e30])) == "InexactError: Int64(1.0e30)"
    @test text(thrown_by((i, a) -> (a[i] = Base.checked_add(a[i], typemax(Int)); nothing), [2])) == "OverflowError: 2 + 9223372036854775807 overflowed for type Int64"
    @test text(thrown_by((i, a, x) -> (a[i] = x::Int; nothing), [1], 1.5)) == "TypeError: in typeassert, expected Int64, got a value of type Float64"
    @test text(thrown_by((i, a) -> (a[i] && (a[i] = 2); nothing), [1])) == "TypeError: non-boolean (Int64) used in boolean context"
    @test thrown_by((i, a) -> (a[i] ÷= a[i]; nothing), [0]) isa DivideError
    @test thrown_by((i, a) -> (a[i] > 0 && (z = 1); a[i] = z; nothing), [-1]).var === :z
end

struct Failure{T} <: Exception
    code::T
    text::String
end
Base.showerror(io::IO, e::Failure) = print(io, "Failure ", e.code, ": ", e.text)
check(x) = x > 3 ? throw(Failure(x, "too large by $(x - 3)")) : x

@testset "what programs throw, with what their messages are made of" begin
    @test text(thrown_by((i, a) -> (error("over $(a[i]) and $i"); nothing), [-1])) == "over -1 and 1"
    @test text(thrown_by((i, a) -> (error("over ", a[i], " and ", (i, 2.5)); nothing), [-1])) == "over -1 and (1, 2.5)"
    @test text(thrown_by((i, a) -> (throw(OverflowError(string("v=", a[i]))); nothing), [7])) == "OverflowError: v=7"
    @test thrown_by((i, a) -> (a[i] = check(a[i]); nothing), [7]) == Failure(7, "too large by 4")
    @test thrown_by((i, a) -> (throw(KeyError(a[i])); nothing), [7]).key == 7
    @test text(thrown_by((i, a) -> (@assert a[i] < 0 "positive"; nothing), [7])) == "AssertionError: positive"
end

struct Grid{A}
    data::A
    n::Int
end
Adapt.@adapt_structure Grid
Base.getindex(g::Grid, i) = 1 <= i <= g.n ? g.data[i] : throw(BoundsError(g, i))

@testset "arrays in them are those of the launch" begin
    a = [1, 2]
    e = thrown_by((i, a) -> (a[i+2] = a[i]; nothing), a)
    @test e.a === a && e.i == (3,)
    e = thrown_by((i, g) -> (g.data[i] = g[i+5]; nothing), Grid(a, 2))
    @test e.a isa Grid{Vector{Int}} && e.a.data === a && e.i == 6
    @test text(thrown_by((i, v) -> (v[i+2] = 0; nothing), view([1, 2, 3], 1:2))) == "BoundsError: attempt to access 2-element view(::Vector{Int64}, 1:2) with eltype Int64 at index [3]"
    @test text(thrown_by((i, m) -> (m[1] = m'[i, 9]; nothing), zeros(2, 3))) == "BoundsError: attempt to access 3×2 adjoint(::Matrix{Float64}) with eltype Float64 at index [1, 9]"
    c = CuArray([1, 2])
    @test thrown(() -> @cuda((c -> (c[3] = 1; return))(c))).a === c
end

@testset "barriers before and after" begin
    @kernel function shared!(out, a)
        i = @index(Local)
        s = @localmem Int (4,)
        s[i] = a[i]
        @synchronize
        out[i] = s[5-i] > 9 ? error("item $i got $(s[5-i])") : s[5-i]
        @synchronize
        s[i] = out[i]
    end
    @test text(thrown(() -> shared!(CPU(), 4)(zeros(Int, 4), [1, 2, 30, 4], ndrange = 4))) == "item 2 got 30"
end
