optional(a, b = a + 1, c::Int = 2) = (a, b, c)
vararg(a, rest...) = rest
typed_vararg(xs::Int...) = xs
explicit_vararg(xs::Vararg{Int, 2}) = xs
default_vararg(a, b = 1, rest...) = rest
function returns(x)::Float64
    x > 0 && return x
    return 0
end
where_clause(a::T, b::Array{T, N}) where {T<:Real, N} = T
bounds(a::T) where {Int <: T <: Real} = T
lower(a::T) where {T >: Int} = T
pattern((a, b), (; c, d)) = a + b + c + d
anonymous_type(::Int, ::Type{T}) where {T} = T
underscores(_, _) = 1
function declared end
Base.show(io::IO, x) = print(io, x)
square = x -> x^2
typed = (x::Int, y = 2) -> x + y
short = function (x) x end
map(xs) do x, y
    x + y
end
kw_only(; a, b::Int = 1) = a + b
kw_rest(x; kw...) = kw
kw_order(x; a = x, b = a) = b
kw_typed(x::T; k::T = x) where {T} = k
kw_optional(x, y = 2; k = 3) = x + y + k
f(xs...; kw...)
f(x, y...; a = 1, kw...)
f(a; b, c.d, :e => 1)
(; a, b = 2)
(a = 1, b = 2)
NamedTuple()
macro double(x)
    :(2 * $(esc(x)))
end
macro varargs(f, xs...)
    xs
end
@generated function gen(x::T) where {T}
    T <: Int ? :(x + 1) : :x
end
function maybe_generated(x)
    if @generated
        :(x)
    else
        x
    end
end
@inline fast(x) = x
@noinline function slow(x) x end
function meta_in_body(x, y)
    @inline
    @nospecialize y
    x
end
nospec(@nospecialize(x), @nospecialize(y::Integer)) = x
Base.@assume_effects :foldable pure_one(x) = x
Base.@propagate_inbounds get(a, i) = a[i]
Base.@constprop :aggressive cp(x) = x
ret_where(x::T)::T where {T} = x
