# Raw addresses.

const C_NULL = bitcast(Ptr{Cvoid}, UInt(0))
Ptr{T}(x::Union{UInt,Int,Ptr}) where {T} = bitcast(Ptr{T}, x)
Ptr{T}() where {T} = bitcast(Ptr{T}, UInt(0))
(::Type{T})(p::Ptr) where {T<:Integer} = T(bitcast(UInt, p))
UInt(p::Ptr) = bitcast(UInt, p)
Int(p::Ptr) = bitcast(Int, p)
convert(::Type{T}, p::Ptr) where {T<:Integer} = T(UInt(p))
convert(::Type{Ptr{T}}, p::Ptr{T}) where {T} = p
convert(::Type{Ptr{T}}, p::Ptr) where {T} = bitcast(Ptr{T}, p)
convert(::Type{Ptr}, p::Ptr) = p
reinterpret(::Type{Ptr{T}}, p::Union{Ptr,UInt,Int}) where {T} = bitcast(Ptr{T}, p)
reinterpret(::Type{T}, p::Ptr) where {T<:Union{UInt,Int}} = bitcast(T, p)
unsafe_convert(::Type{Ptr{T}}, p::Ptr) where {T} = bitcast(Ptr{T}, p)
unsafe_convert(::Type{Ptr{T}}, a::Array{T}) where {T} = pointer(a)
unsafe_convert(::Type{Ptr{Nothing}}, a::Array) = bitcast(Ptr{Nothing}, pointer(a))
unsafe_convert(::Type{Ptr{T}}, r::RefValue{T}) where {T} = bitcast(Ptr{T}, pointer_from_objref(r))
@inline +(p::Ptr, n::Integer) = Core.Intrinsics.add_ptr(p, n % UInt)
@inline -(p::Ptr, n::Integer) = Core.Intrinsics.sub_ptr(p, n % UInt)
+(n::Integer, p::Ptr) = p + n
-(p::Ptr, q::Ptr) = UInt(p) - UInt(q)
==(p::Ptr, q::Ptr) = UInt(p) == UInt(q)
isless(p::Ptr{T}, q::Ptr{T}) where {T} = isless(UInt(p), UInt(q))
<(p::Ptr, q::Ptr) = UInt(p) < UInt(q)
<=(p::Ptr, q::Ptr) = UInt(p) <= UInt(q)
eltype(::Type{Ptr{T}}) where {T} = T
hash(p::Ptr, h::UInt) = hash(UInt(p), h)
cconvert(::Type{Ptr{T}}, a::AbstractArray) where {T} = a

# A number of a vector of the machine: a tuple of these is one, where an intrinsic of LLVM takes or gives it.
struct VecElement{T}
    value::T
end
export VecElement
