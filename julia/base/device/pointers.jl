# Pointers into the address spaces of a device.

Base.eltype(::Type{<:LLVMPtr{T}}) where {T} = T
Base.:+(p::LLVMPtr, n::Integer) = add_ptr(p, n % UInt)
Base.:-(p::LLVMPtr, n::Integer) = add_ptr(p, (-(n % Int)) % UInt)
Base.:+(n::Integer, p::LLVMPtr) = p + n
Base.UInt(p::LLVMPtr) = bitcast(UInt, p)
Base.Int(p::LLVMPtr) = bitcast(Int, p)
Base.:(==)(p::LLVMPtr, q::LLVMPtr) = UInt(p) == UInt(q)
Base.:-(p::LLVMPtr, q::LLVMPtr) = UInt(p) - UInt(q)
Base.isless(p::LLVMPtr{T,A}, q::LLVMPtr{T,A}) where {T,A} = UInt(p) < UInt(q)
Base.convert(::Type{LLVMPtr{T,A}}, p::LLVMPtr{S,A}) where {T,S,A} = bitcast(LLVMPtr{T,A}, p)
Base.convert(::Type{LLVMPtr{T,A}}, p::LLVMPtr{T,A}) where {T,A} = p
Base.convert(::Type{LLVMPtr{T,A}}, p::Ptr) where {T,A} = bitcast(LLVMPtr{T,A}, p)
Base.reinterpret(::Type{LLVMPtr{T,A}}, p::LLVMPtr) where {T,A} = bitcast(LLVMPtr{T,A}, p)
Base.reinterpret(::Type{LLVMPtr{T,A}}, p::Union{Ptr,UInt,Int}) where {T,A} = bitcast(LLVMPtr{T,A}, p)
Base.reinterpret(::Type{T}, p::LLVMPtr) where {T<:Union{UInt,Int}} = bitcast(T, p)
Base.reinterpret(::Type{Ptr{T}}, p::LLVMPtr) where {T} = bitcast(Ptr{T}, p)
@inline unsafe_load(p::LLVMPtr{T}, i::Integer = 1, ::Val{align} = Val(1)) where {T,align} = pointerref(p, Int(i), 1)
@inline unsafe_store!(p::LLVMPtr{T}, x, i::Integer = 1, ::Val{align} = Val(1)) where {T,align} = pointerset(p, convert(T, x)::T, Int(i), 1)
unsafe_cached_load(p::LLVMPtr, i::Integer = 1, align::Val = Val(1)) = unsafe_load(p, i, align)
