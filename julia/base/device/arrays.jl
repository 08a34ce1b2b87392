# Device arrays, and the memory of a group and of a work-item.

# A strided-by-one window of device memory: plain data, passed to kernels by value. `A` is the
# address space. It does not own or keep alive what it points to.
struct DeviceArray{T,N,A} <: DenseArray{T,N}
    ptr::LLVMPtr{T,A}
    dims::NTuple{N,Int}
    DeviceArray{T,N,A}(ptr::LLVMPtr{T,A}, dims::NTuple{N,Int}) where {T,N,A} = new{T,N,A}(ptr, dims)
end
const DeviceVector = DeviceArray{T,1,A} where {T,A}
const DeviceMatrix = DeviceArray{T,2,A} where {T,A}
@inline DeviceArray(ptr::LLVMPtr{T,A}, dims::NTuple{N,Int}) where {T,N,A} = DeviceArray{T,N,A}(ptr, dims)
@inline DeviceArray{T}(ptr::LLVMPtr{T,A}, dims::NTuple{N,Int}) where {T,N,A} = DeviceArray{T,N,A}(ptr, dims)
@inline DeviceArray{T,N}(ptr::LLVMPtr{T,A}, dims::NTuple{N,Int}) where {T,N,A} = DeviceArray{T,N,A}(ptr, dims)
@inline DeviceArray(ptr::LLVMPtr{T,A}, dims::Tuple{Vararg{Integer}}) where {T,A} = DeviceArray{T,length(dims),A}(ptr, map(Int, dims))
@inline DeviceArray(ptr::LLVMPtr{T,A}, n::Integer) where {T,A} = DeviceArray{T,1,A}(ptr, (Int(n),))
@inline DeviceArray{T}(ptr::LLVMPtr{T,A}, n::Integer) where {T,A} = DeviceArray{T,1,A}(ptr, (Int(n),))
@inline DeviceArray{T,N,A}(ptr::LLVMPtr{T,A}, dims::Tuple{Vararg{Integer,N}}) where {T,N,A} = DeviceArray{T,N,A}(ptr, map(Int, dims))
@inline DeviceArray{T,N,A}(ptr::LLVMPtr{T,A}, dims::Vararg{Integer,N}) where {T,N,A} = DeviceArray{T,N,A}(ptr, map(Int, dims))
@inline DeviceArray{T,N,A}(dims::NTuple{N,Int}, ptr::LLVMPtr{T,A}) where {T,N,A} = DeviceArray{T,N,A}(ptr, dims)

@inline size(a::DeviceArray) = getfield(a, :dims)
@inline size(a::DeviceArray{<:Any,N}, d::Integer) where {N} = 1 <= d <= N ? getfield(getfield(a, :dims), Int(d), false) : d < 1 ? Base.throw_dim_error(d) : 1
@inline length(a::DeviceArray{<:Any,1}) = getfield(getfield(a, :dims), 1)
@inline length(a::DeviceArray) = prod_dims(getfield(a, :dims))
Base.IndexStyle(::Type{<:DeviceArray}) = IndexLinear()
@inline pointer(a::DeviceArray) = getfield(a, :ptr)
@inline pointer(a::DeviceArray{T}, i::Integer) where {T} = add_ptr(getfield(a, :ptr), ((i - 1) * Base.elsize(typeof(a))) % UInt)
elsize(::Type{<:DeviceArray{T}}) where {T} = Core.Host.element_size(T)
Base.sizeof(a::DeviceArray) = length(a) * elsize(typeof(a))
strides(a::DeviceArray) = Base.size_to_strides(1, size(a)...)
Base.unsafe_convert(::Type{LLVMPtr{T,A}}, a::DeviceArray{T,N,A}) where {T,N,A} = getfield(a, :ptr)

# Every integer type may index; the generic path would also do it, with more code.
const NarrowInt = Union{Int8,Int16,Int32,UInt8,UInt16,UInt32}
const AnyIndex = Union{Int8,Int16,Int32,Int64,UInt8,UInt16,UInt32,UInt64}

@inline function getindex(a::DeviceArray, i::Int)
    @boundscheck (i - 1) % UInt < length(a) % UInt || throw_boundserror(a, (i,))
    return pointerref(getfield(a, :ptr), i, 1)
end
@inline function setindex!(a::DeviceArray{T}, x, i::Int) where {T}
    @boundscheck (i - 1) % UInt < length(a) % UInt || throw_boundserror(a, (i,))
    pointerset(getfield(a, :ptr), x isa T ? x : convert(T, x)::T, i, 1)
    return a
end
@propagate_inbounds getindex(a::DeviceArray, i::Union{NarrowInt,UInt64}) = getindex(a, Int(i))
@propagate_inbounds setindex!(a::DeviceArray, x, i::Union{NarrowInt,UInt64}) = setindex!(a, x, Int(i))
@inline function getindex(a::DeviceArray, i1::Int, i2::Int, I::Int...)
    @boundscheck checkbounds(a, i1, i2, I...)
    return pointerref(getfield(a, :ptr), Base.linear_index(a, (i1, i2, I...)), 1)
end
@inline function setindex!(a::DeviceArray{T}, x, i1::Int, i2::Int, I::Int...) where {T}
    @boundscheck checkbounds(a, i1, i2, I...)
    pointerset(getfield(a, :ptr), x isa T ? x : convert(T, x)::T, Base.linear_index(a, (i1, i2, I...)), 1)
    return a
end
@propagate_inbounds getindex(a::DeviceArray, i1::AnyIndex, i2::AnyIndex, I::AnyIndex...) = getindex(a, Int(i1), Int(i2), map(Int, I)...)
@propagate_inbounds setindex!(a::DeviceArray, x, i1::AnyIndex, i2::AnyIndex, I::AnyIndex...) = setindex!(a, x, Int(i1), Int(i2), map(Int, I)...)
@inline function iterate(a::DeviceArray, i::Int = 1)
    (i - 1) % UInt < length(a) % UInt || return nothing
    return pointerref(getfield(a, :ptr), i, 1), i + 1
end

@inline function reshape(a::DeviceArray{T,M,A}, dims::NTuple{N,Int}) where {T,M,A,N}
    prod_dims(dims) == length(a) || Base.throw_reshape_dense(a, dims)
    return DeviceArray{T,N,A}(getfield(a, :ptr), dims)
end
@noinline throw_reinterpret(a, T) = throw(ArgumentError("reinterpret: the first dimension is no whole number of elements of the new type"))
@inline function reinterpret(::Type{T}, a::DeviceArray{S,N,A}) where {T,S,N,A}
    s, t = Core.Host.element_size(S), Core.Host.element_size(T)
    p = bitcast(LLVMPtr{T,A}, getfield(a, :ptr))
    s == t && return DeviceArray{T,N,A}(p, size(a))
    bytes = size(a, 1) * s
    rem(bytes, t) == 0 || throw_reinterpret(a, T)
    return DeviceArray{T,N,A}(p, (div(bytes, t), tail(size(a))...))
end
# contiguous windows stay device arrays: no index arithmetic through a view
@inline function view(a::DeviceArray{T,1,A}, r::AbstractUnitRange{<:Integer}) where {T,A}
    @boundscheck checkbounds(a, r)
    return DeviceArray{T,1,A}(pointer(a, Int(first(r))), (length(r),))
end
Base.show(io::IO, a::DeviceArray) = print(io, Base.dims2string(size(a)), " device array at ", bitcast(Ptr{Cvoid}, getfield(a, :ptr)))
Base.show(io::IO, ::MIME"text/plain", a::DeviceArray) = show(io, a)

# ---- memory of a group and of a work-item ---------------------------------------------------------

# Static memory of the group; equal ids in one kernel are one buffer. `:site` as id makes every call
# (after inlining) a buffer of its own.
@inline shared_array(::Type{T}, ::Val{n}, id::Val) where {T,n} = shared_array_of(T, Val(dims_tuple(n)), id)
@device_function @inline shared_array_of(::Type{T}, ::Val{dims}, ::Val{id}) where {T,dims,id} = DeviceArray{T,length(dims),AS.Shared}(gpu_shared(T, prod_dims(dims), id), dims)
dims_tuple(n::Integer) = (Int(n),)
dims_tuple(t::Tuple) = map(Int, t)
# Memory whose size the launch gives; several arrays lie at different offsets (in bytes).
@device_function @inline function dynamic_shared_array(::Type{T}, dims::Tuple{Vararg{Integer}}, offset::Integer = 0) where {T}
    d = map(Int, dims)
    return DeviceArray{T,length(d),AS.Shared}(gpu_shared_dynamic(T, Int(offset)), d)
end
@inline dynamic_shared_array(::Type{T}, n::Integer, offset::Integer = 0) where {T} = dynamic_shared_array(T, (Int(n),), offset)

# Memory of one work-item: an object that never leaves it.
mutable struct PrivateArray{T,N,Dims,L} <: DenseArray{T,N}
    data::NTuple{L,T}
    PrivateArray{T,N,Dims,L}() where {T,N,Dims,L} = new{T,N,Dims,L}()
end
@inline private_array(::Type{T}, ::Val{n}) where {T,n} = private_array_of(T, Val(dims_tuple(n)))
@inline private_array_of(::Type{T}, ::Val{dims}) where {T,dims} = PrivateArray{T,length(dims),dims,prod_dims(dims)}()
@inline size(::PrivateArray{T,N,Dims}) where {T,N,Dims} = Dims
@inline length(::PrivateArray{T,N,Dims,L}) where {T,N,Dims,L} = L
Base.IndexStyle(::Type{<:PrivateArray}) = IndexLinear()
@inline pointer(a::PrivateArray{T}) where {T} = bitcast(Ptr{T}, Core.Intrinsics.object_pointer(a))
elsize(::Type{<:PrivateArray{T}}) where {T} = Core.Host.element_size(T)
@inline function getindex(a::PrivateArray{T,N,Dims,L}, i::Int) where {T,N,Dims,L}
    @boundscheck (i - 1) % UInt < L % UInt || throw_boundserror(a, (i,))
    return pointerref(pointer(a), i, 1)
end
@inline function setindex!(a::PrivateArray{T,N,Dims,L}, x, i::Int) where {T,N,Dims,L}
    @boundscheck (i - 1) % UInt < L % UInt || throw_boundserror(a, (i,))
    pointerset(pointer(a), x isa T ? x : convert(T, x)::T, i, 1)
    return a
end

# Work-items see memory as it is: an array that overlaps the destination is not copied first, as nothing can be
# allocated here.
const DeviceBacked{T,N} = Union{DeviceArray{T,N},PrivateArray{T,N},SubArray{T,N,<:DeviceArray},SubArray{T,N,<:PrivateArray},Base.ReshapedArray{T,N,<:DeviceArray}}
@inline Base.Broadcast.bc_unalias(dest, x::DeviceBacked) = x
@inline Base.unalias_source(dest, x::DeviceBacked) = x

# An array that nothing writes while the kernel runs: reads go through the read-only cache, where the machine has one.
struct ConstantArray{T,N,A} <: DenseArray{T,N}
    a::DeviceArray{T,N,A}
    ConstantArray{T,N,A}(a::DeviceArray{T,N,A}) where {T,N,A} = new{T,N,A}(a)
end
@inline ConstantArray(a::DeviceArray{T,N,A}) where {T,N,A} = ConstantArray{T,N,A}(a)
ConstantArray(a::AbstractArray) = a
@inline size(c::ConstantArray) = size(getfield(c, :a))
@inline length(c::ConstantArray) = length(getfield(c, :a))
@inline pointer(c::ConstantArray) = pointer(getfield(c, :a))
Base.IndexStyle(::Type{<:ConstantArray}) = IndexLinear()
@inline function getindex(c::ConstantArray, i::Int)
    @boundscheck checkbounds(getfield(c, :a), i)
    return unsafe_cached_load(pointer(c), i)
end
# What `@Const` makes of an argument.
@inline constant(x) = x
