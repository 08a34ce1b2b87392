# Functions that lowered syntax calls by name and that are not written in programs.

# `.&&` and `.||`
andand(a, b) = a && b
oror(a, b) = a || b

# `(.+)` as a value
struct BroadcastFunction{F} <: Function
    f::F
end
@inline (op::BroadcastFunction)(x...; kw...) = broadcast(op.f, x...; kw...)

# `[a... b; c...]`: matrices whose row lengths are only known when the code runs
hvcat_rows(rows::Tuple...) = hvcat(map(length, rows), joined_rows(rows...)...)
typed_hvcat_rows(::Type{T}, rows::Tuple...) where {T} = typed_hvcat(T, map(length, rows), joined_rows(rows...)...)
joined_rows() = ()
joined_rows(a::Tuple, rest::Tuple...) = (a..., joined_rows(rest...)...)

# `[… for x in a, y in b]`
using .Iterators: product

# `Ref(a, i)`: a reference to an element of an array
struct RefArray{T,A<:AbstractArray{T}} <: Ref{T}
    x::A
    i::Int
    RefArray{T,A}(x, i) where {T,A<:AbstractArray{T}} = new{T,A}(x, i)
end
Ref(x::AbstractArray, i::Integer) = RefArray{eltype(x),typeof(x)}(x, i)
getindex(r::RefArray) = r.x[r.i]
setindex!(r::RefArray, v) = (r.x[r.i] = v; r)

# Literals too large for Int64 are macro calls in Core.
for name in (Symbol("@int128_str"), Symbol("@uint128_str"), Symbol("@big_str"), Symbol("@cmd"))
    Core.eval(Core, Expr(:const, Expr(:(=), name, getglobal(Base, name))))
end

# What Julia has in Core, so that bare modules see it.
for name in (:NTuple, :Task, :VecElement, :Cvoid, :undef, :getproperty, :setproperty!)
    isdefined(Base, name) || continue
    Core.eval(Core, Expr(:const, Expr(:(=), name, getglobal(Base, name))))
    Core.eval(Core, Expr(:export, name))
end
