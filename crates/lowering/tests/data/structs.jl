struct Empty end
struct Point
    x::Float64
    y::Float64
end
mutable struct Any2
    a
    const b
end
struct Pair2{A, B} <: AbstractPair{A}
    first::A
    second::B
end
mutable struct Node
    value::Int
    next::Union{Node, Nothing}
    Node(v) = new(v)
    Node(v, n) = new(v, n)
end
struct Ordered{T<:Real}
    lo::T
    hi::T
    function Ordered{T}(lo, hi) where {T<:Real}
        lo > hi && error("out of order")
        new(lo, hi)
    end
    Ordered(lo::T, hi::T) where {T<:Real} = new{T}(lo, hi)
end
struct Splatted
    a::Int
    b
    Splatted(args...) = new(args...)
end
struct SplatAny
    a
    SplatAny(args...) = new(args...)
end
abstract type Shape end
abstract type Solid{T, N} <: Shape end
primitive type Small{T} <: Unsigned 8 end
struct Phantom{T, N}
    data::Vector{T}
end
struct Recursive{T} <: Base{Recursive{T}}
    children::Vector{Recursive{T}}
end
struct WithKeywords
    a::Int
    WithKeywords(; a = 1) = new(a)
end
struct KwParam{T}
    a::T
    KwParam{T}(; a = zero(T)) where {T} = new{T}(a)
end
(p::Point)(t) = p.x * t
(::Empty)() = 1
Vec{T} = Vector{T}
const Mat{T<:Real} = Matrix{T}
Vector{<:Real}
Tuple{Int, Vararg{T, N}} where {T<:Integer, N}
Union{}
let
    struct InLet
        a::Int
        InLet(; a = 1) = new(helper(a))
        helper(x) = x + 1
    end
    InLet()
    global kw(x; y = 1) = x + y
    local_kw(x; y = 1) = x + y
    Base.show(io::IO, x::InLet; z = 2) = z
end
struct NewInClosure{T}
    a::T
    NewInClosure{T}(x) where {T} = map(y -> new(y), x)
    NewInClosure{T}(; x) where {T} = (g(y) = new(y); g(x))
end
