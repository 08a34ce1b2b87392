# Constants, tuples and static parameters fold.

val(::Val{N}) where {N} = N + 1
#? val, (Val{3},) => Int64 = 4

pick(t, ::Val{I}) where {I} = t[I]
#? pick, (Tuple{Int,Float32}, Val{2}) => Float32

second(t) = t[2]
#? second, (Tuple{Int,Float32},) => Float32

swap(t) = (t[2], t[1])
#? swap, (Tuple{Int,Float32},) => Tuple{Float32, Int64}

destructured(t) = ((a, b) = t; b)
#? destructured, (Tuple{Int,Float32},) => Float32

named(x) = (; a = x, b = 1.5f0).b
#? named, (Int,) => Float32

keyword(x; scale = 2) = x * scale
uses_keyword(x) = keyword(x; scale = 2.5)
#? uses_keyword, (Int,) => Float64

type_branch(::Type{T}) where {T} = T <: Integer ? 1 : 2.0
#? type_branch, (Type{Int8},) => Int64 = 1
#? type_branch, (Type{Float32},) => Float64 = 2.0

half_of(::Type{T}) where {T} = T(0.5)
#? half_of, (Type{Float32},) => Float32

struct Pair2{A,B}
    a::A
    b::B
end
field(p) = p.b
#? field, (Pair2{Int,Float32},) => Float32
made(x) = Pair2(x, 1).a
#? made, (Float32,) => Float32

tail_sum(::Tuple{}) = 0
tail_sum(t::Tuple) = first(t) + tail_sum(Base.tail(t))
#? tail_sum, (Tuple{Int,Int,Float32},) => Float32

splat(t) = +(t...)
#? splat, (Tuple{Int,Float64},) => Float64

count_args(xs...) = length(xs)
#? count_args, (Int, Int, Int) => Int64 = 3

by_flag(::Val{true}) = 1
by_flag(::Val{false}) = 2.0
splits_on_bool(b) = by_flag(Val(b))
#? splits_on_bool, (Bool,) => Union{Float64, Int64} static

element(t, i) = t[i]
#? element, (Tuple{Int,Float64,Float32}, Int) => Union{Float32, Float64, Int64} static
