# What kernels see and how they start: device arrays, atomics, shared and private memory, index
# queries, conversion of arguments, launching. The back-end modules (CUDA, KernelAbstractions, …)
# are spellings of this.

module Device

using Core: LLVMPtr
using Core.Intrinsics: gpu_local_id, gpu_group_id, gpu_group_size, gpu_num_groups, gpu_barrier, gpu_fence, gpu_shared, gpu_shared_dynamic,
    gpu_lane_id, gpu_warp_size, gpu_shfl, gpu_ballot, gpu_print, pointerref, pointerset, add_ptr, bitcast,
    atomic_pointerref, atomic_pointerset, atomic_pointerswap, atomic_pointermodify, atomic_pointerreplace
import ..Base
import ..Base: size, length, getindex, setindex!, pointer, elsize, iterate, similar, reshape, reinterpret, view, strides, unsafe_load, unsafe_store!, tail,
    prod_dims, throw_boundserror, checkbounds, axes, @propagate_inbounds, wrap_memory

# Address spaces of pointers.
module AS
const Generic = 0
const Global = 1
const Shared = 3
const Constant = 4
const Private = 5
end

# ---- pointers -----------------------------------------------------------------------------------

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

# ---- device arrays ------------------------------------------------------------------------------

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
Base.show(io::IO, a::DeviceArray) = print(io, size(a), " device array at ", UInt(getfield(a, :ptr)))
Base.show(io::IO, ::MIME"text/plain", a::DeviceArray) = show(io, a)

# ---- memory of a group and of a work-item ---------------------------------------------------------

# Static memory of the group; equal ids in one kernel are one buffer. `:site` as id makes every call
# (after inlining) a buffer of its own.
@inline shared_array(::Type{T}, ::Val{dims}, ::Val{id}) where {T,dims,id} = DeviceArray{T,length(dims),AS.Shared}(gpu_shared(T, prod_dims(dims), id), dims)
@inline shared_array(::Type{T}, ::Val{n}, id::Val) where {T,n} = shared_array_of(T, Val(dims_tuple(n)), id)
@inline shared_array_of(::Type{T}, ::Val{dims}, ::Val{id}) where {T,dims,id} = DeviceArray{T,length(dims),AS.Shared}(gpu_shared(T, prod_dims(dims), id), dims)
dims_tuple(n::Integer) = (Int(n),)
dims_tuple(t::Tuple) = map(Int, t)
# Memory whose size the launch gives; several arrays lie at different offsets (in bytes).
@inline function dynamic_shared_array(::Type{T}, dims::Tuple{Vararg{Integer}}, offset::Integer = 0) where {T}
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

# ---- place of a work-item -------------------------------------------------------------------------

# Each of these is a query of the machine, from 0, in `Int32`.
@inline local_id(::Val{d}) where {d} = gpu_local_id(d)
@inline group_id(::Val{d}) where {d} = gpu_group_id(d)
@inline group_size(::Val{d}) where {d} = gpu_group_size(d)
@inline num_groups(::Val{d}) where {d} = gpu_num_groups(d)
@inline local_index() = (x = gpu_local_id(0) + Int32(1), y = gpu_local_id(1) + Int32(1), z = gpu_local_id(2) + Int32(1))
@inline group_index() = (x = gpu_group_id(0) + Int32(1), y = gpu_group_id(1) + Int32(1), z = gpu_group_id(2) + Int32(1))
@inline group_dim() = (x = gpu_group_size(0), y = gpu_group_size(1), z = gpu_group_size(2))
@inline grid_dim() = (x = gpu_num_groups(0), y = gpu_num_groups(1), z = gpu_num_groups(2))
@inline global_index() = (x = gpu_group_id(0) * gpu_group_size(0) + gpu_local_id(0) + Int32(1), y = gpu_group_id(1) * gpu_group_size(1) + gpu_local_id(1) + Int32(1),
    z = gpu_group_id(2) * gpu_group_size(2) + gpu_local_id(2) + Int32(1))
@inline linear_local_id() = gpu_local_id(0) + gpu_group_size(0) * (gpu_local_id(1) + gpu_group_size(1) * gpu_local_id(2))
@inline lane_id() = gpu_lane_id() + Int32(1)
@inline warp_size() = gpu_warp_size()

# ---- synchronisation ------------------------------------------------------------------------------

@inline barrier() = gpu_barrier()
@inline fence_group() = gpu_fence(:group)
@inline fence_device() = gpu_fence(:device)
@inline fence_system() = gpu_fence(:system)

# How many work-items of the group pass with `p` true.
@inline function barrier_count(p)
    n = gpu_shared(Int32, 1, :barrier_count)
    gpu_barrier()
    linear_local_id() == Int32(0) && pointerset(n, Int32(0), 1, 1)
    gpu_barrier()
    as_predicate(p) && atomic_pointermodify(n, +, Int32(1), :monotonic)
    gpu_barrier()
    return pointerref(n, 1, 1)
end
@inline barrier_and(p) = barrier_count(p) == gpu_group_size(0) * gpu_group_size(1) * gpu_group_size(2)
@inline barrier_or(p) = barrier_count(p) > Int32(0)
as_predicate(p::Bool) = p
as_predicate(p::Integer) = p != zero(p)

# ---- warps ----------------------------------------------------------------------------------------

const FULL_MASK = 0xffffffff
@inline ballot(mask, p) = gpu_ballot(mask % UInt32, as_predicate(p))
@inline vote_any(mask, p) = ballot(mask, p) != UInt32(0)
@inline vote_all(mask, p) = ballot(mask, !as_predicate(p)) == UInt32(0)
@inline vote_uni(mask, p) = (b = ballot(mask, p); b == UInt32(0) || b == (mask % UInt32))
@inline active_mask() = gpu_ballot(FULL_MASK, true)
@inline sync_warp(mask = FULL_MASK) = (gpu_ballot(mask % UInt32, true); gpu_fence(:group))
@inline lane_mask(::Val{:lt}) = (UInt32(1) << gpu_lane_id()) - UInt32(1)
@inline lane_mask(::Val{:eq}) = UInt32(1) << gpu_lane_id()
@inline lane_mask(::Val{:le}) = lane_mask(Val(:lt)) | lane_mask(Val(:eq))
@inline lane_mask(::Val{:gt}) = ~lane_mask(Val(:le))
@inline lane_mask(::Val{:ge}) = ~lane_mask(Val(:lt))

# Numbers are exchanged whole; structs and tuples field by field.
@inline shuffle(mode::Val, mask, x::Bool, lane, width) = shuffle(mode, mask, UInt8(x), lane, width) != 0x00
@inline shuffle(::Val{mode}, mask, x::Union{Base.BitInteger,Float16,Float32,Float64,Char}, lane, width) where {mode} =
    gpu_shfl(mode, mask % UInt32, x, lane % Int32, width % Int32)
@inline shuffle(mode::Val, mask, x::Tuple, lane, width) = map(v -> shuffle(mode, mask, v, lane, width), x)
@inline shuffle(mode::Val, mask, x::NamedTuple{n}, lane, width) where {n} = NamedTuple{n}(shuffle(mode, mask, Tuple(x), lane, width))
@generated function shuffle(::Val{mode}, mask, x::T, lane, width) where {mode,T}
    isbitstype(T) || return :(throw_no_shuffle(T))
    Core.Host.isprimitivetype(T) && return :(gpu_shfl(mode, mask % UInt32, x, lane % Int32, width % Int32))
    fields = Any[:(shuffle(Val(mode), mask, getfield(x, $i), lane, width)) for i in 1:fieldcount(T)]
    return Expr(:new, T, fields...)
end
@noinline throw_no_shuffle(T) = throw(ArgumentError("only plain data can be shuffled"))

# ---- atomics --------------------------------------------------------------------------------------

const MemPtr{T} = Union{Ptr{T},LLVMPtr{T}}
const HardwareInt = Union{Int8,Int16,Int32,Int64,UInt8,UInt16,UInt32,UInt64}
const HardwareFloat = Union{Float32,Float64}
const IntOperation = Union{typeof(+),typeof(-),typeof(&),typeof(|),typeof(xor),typeof(max),typeof(min)}
const FloatOperation = Union{typeof(+),typeof(-)}

right(old, new) = new

# `p[] = op(p[], x)` at once; gives `old => new`.
@inline atomic_update(p::MemPtr{T}, op::IntOperation, x::T) where {T<:HardwareInt} = as_pair(atomic_pointermodify(p, op, x, :monotonic))
@inline atomic_update(p::MemPtr{T}, op::FloatOperation, x::T) where {T<:HardwareFloat} = as_pair(atomic_pointermodify(p, op, x, :monotonic))
@inline as_pair(t) = t[1] => t[2]
@inline function atomic_update(p::MemPtr{T}, op, x) where {T}
    return atomic_loop(p, op, x)
end
@inline atomic_update(p::MemPtr{T}, op::Union{IntOperation,FloatOperation}, x::Number) where {T<:Union{HardwareInt,HardwareFloat}} =
    typeof(x) === T ? atomic_loop(p, op, x) : atomic_converted(p, op, x)
# `c[i] += 1` on an Int32 cell: converting first gives the same bits where nothing is lost
@inline atomic_converted(p::MemPtr{T}, op, x::Number) where {T<:HardwareInt} = x isa Integer ? atomic_wrapping(p, op, x) : atomic_loop(p, op, x)
@inline atomic_converted(p::MemPtr{T}, op, x::Number) where {T<:HardwareFloat} = atomic_loop(p, op, x)
@inline atomic_wrapping(p::MemPtr{T}, op, x::Integer) where {T} = x % T == x ? atomic_update(p, op, x % T) : atomic_loop(p, op, x)
@inline function atomic_loop(p::MemPtr{T}, op, x) where {T}
    old = atomic_pointerref(p, :monotonic)
    while true
        new = convert(T, op(old, x))::T
        r = atomic_pointerreplace(p, old, new, :monotonic, :monotonic)
        r.success && return old => new
        old = r.old
    end
end
@inline atomic_swap(p::MemPtr{T}, x) where {T} = atomic_pointerswap(p, convert(T, x)::T, :monotonic)
# gives what was there; it was replaced iff that equals `expected`
@inline atomic_replace(p::MemPtr{T}, expected, x) where {T} = atomic_pointerreplace(p, convert(T, expected)::T, convert(T, x)::T, :monotonic, :monotonic)
@inline atomic_load(p::MemPtr) = atomic_pointerref(p, :monotonic)
@inline atomic_store(p::MemPtr{T}, x) where {T} = (atomic_pointerset(p, convert(T, x)::T, :monotonic); x)
# counters that wrap at a limit
increment_to(old, limit) = old >= limit ? zero(old) : old + one(old)
decrement_from(old, limit) = (old == zero(old)) | (old > limit) ? limit : old - one(old)

# Where an element lies. Bounds are checked unless the caller says `@inbounds`.
@propagate_inbounds element_pointer(a::AbstractArray, I...) = pointer_of_indices(a, Base.to_indices(a, I))
@propagate_inbounds pointer_of_indices(a::AbstractArray, I::Tuple) = pointer_at(a, I...)
@inline function pointer_at(a::Union{Array,DeviceArray,PrivateArray}, i::Int)
    @boundscheck checkbounds(a, i)
    return pointer(a) + ((i - 1) * elsize(typeof(a)))
end
@inline function pointer_at(a::Union{Array,DeviceArray,PrivateArray}, I::Int...)
    @boundscheck checkbounds(a, I...)
    return pointer(a) + ((Base.linear_index(a, I) - 1) * elsize(typeof(a)))
end
@inline function pointer_at(v::SubArray, I::Int...)
    @boundscheck checkbounds(v, I...)
    return @inbounds pointer_at(v.parent, Base.reindex(v.indices, Base.cartesian_position(v, I))...)
end
@inline function pointer_at(v::Base.ReshapedArray, I::Int...)
    @boundscheck checkbounds(v, I...)
    return @inbounds pointer_at(v.parent, Base.linear_index(v, I))
end
@noinline pointer_at(a::AbstractArray, I...) = throw(ArgumentError("atomic access: no memory behind this array type"))
@propagate_inbounds pointer_at(c::Base.Experimental.Const, I::Int...) = pointer_at(c.a, I...)

# Syntax of an atomic access: `(kind, array, indices, op, argument)`.
# kinds: `:update` (`a[i] op= x`, `a[i] = op(a[i], x)`), `:modify` (`a[i] op x`, `op(a[i], x)`), `:store`, `:load`
function parse_atomic(ex)
    if is_ref(ex)
        return (:load, ex.args[1], ex.args[2:end], nothing, nothing)
    elseif ex isa Expr && ex.head === :(=) && is_ref(ex.args[1])
        place, rhs = ex.args
        rhs = strip_block(rhs)
        if rhs isa Expr && rhs.head === :call && length(rhs.args) == 3
            rhs.args[2] == place && return (:update, place.args[1], place.args[2:end], rhs.args[1], rhs.args[3])
            # the same place as second operand, of an operator that does not care
            rhs.args[3] == place && rhs.args[1] in (:+, :*, :&, :|, :xor, :⊻, :max, :min) && return (:update, place.args[1], place.args[2:end], rhs.args[1], rhs.args[2])
        elseif rhs isa Expr && rhs.head === :call && length(rhs.args) > 3 && rhs.args[1] in (:+, :*) && rhs.args[2] == place
            return (:update, place.args[1], place.args[2:end], rhs.args[1], Expr(:call, rhs.args[1], rhs.args[3:end]...))
        elseif rhs isa Expr && (rhs.head === :(&&) || rhs.head === :(||)) && rhs.args[1] == place
            return (:update, place.args[1], place.args[2:end], rhs.head === :(&&) ? :& : :|, rhs.args[2])
        end
        return (:store, place.args[1], place.args[2:end], nothing, rhs)
    elseif ex isa Expr && length(ex.args) == 2 && is_ref(ex.args[1]) && is_update_head(ex.head)
        place = ex.args[1]
        return (:update, place.args[1], place.args[2:end], Symbol(chop(string(ex.head))), ex.args[2])
    elseif ex isa Expr && ex.head === :call && length(ex.args) == 3 && is_ref(ex.args[2])
        place = ex.args[2]
        return (:modify, place.args[1], place.args[2:end], ex.args[1], ex.args[3])
    end
    throw(ArgumentError(string("@atomic: the expression `", ex, "` is no access to one array element")))
end
is_ref(x) = x isa Expr && x.head === :ref
is_update_head(h::Symbol) = (s = string(h); endswith(s, "=") && !(s in ("=", "==", "!=", "<=", ">=", "===", "!==", ":=", ".=")) && !startswith(s, "."))
function strip_block(x)
    while x isa Expr && x.head === :block
        rest = filter(y -> !(y isa LineNumberNode), x.args)
        length(rest) == 1 || return x
        x = rest[1]
    end
    return x
end
# `result` is what an update gives: `:new`, `:old`
function atomic_expression(ex, result::Symbol)
    # `@inbounds` around the access stays around it
    if ex isa Expr && ex.head === :macrocall && ex.args[1] in (Symbol("@inbounds"),)
        return Expr(:macrocall, GlobalRef(Base, Symbol("@inbounds")), nothing, atomic_expression(ex.args[end], result))
    end
    kind, a, I, op, x = parse_atomic(ex)
    array, place = gensym(:array), gensym(:place)
    idx = Any[esc(index_expression(i, array, length(I), k)) for (k, i) in enumerate(I)]
    access = Expr(:call, element_pointer, esc(array), idx...)
    if kind === :load
        body = :($atomic_load($access))
    elseif kind === :store
        body = :($atomic_store($access, $(esc(x))))
    elseif kind === :modify
        body = :($atomic_update($access, $(esc(op)), $(esc(x))))
    else
        body = :($atomic_update($access, $(esc(op)), $(esc(x))).$(result === :new ? :second : :first))
    end
    return Expr(:let, Expr(:(=), esc(array), esc(a)), Expr(:block, body))
end
# `end` and `begin` mean the array's, which here has another name
index_expression(i, array, n, k) = Base.uses_ref_ends(i) ? Base.replace_ref_ends(i, array, n, k) : i

# `@atomic [order] access`. All accesses are ordered by nothing but themselves; an order is accepted and
# a fence is the program's business, as on devices.
function atomic_macro(args, result::Symbol)
    n = length(args)
    n > 0 && is_order(args[1]) && (args = args[2:end]; n -= 1)
    n == 1 && return atomic_expression(args[1], result)
    n == 2 && return atomic_expression(Expr(:call, args...), result)
    n == 3 && return atomic_expression(Expr(:call, args[2], args[1], args[3]), result)
    throw(ArgumentError("@atomic: an access like `a[i] += x` is needed"))
end
is_order(x) = Base.order_symbol(x) !== nothing
# `@atomicswap a[i] = x`: gives what was there
function atomic_swap_macro(args)
    ex = args[end]
    (ex isa Expr && ex.head === :(=) && is_ref(ex.args[1])) || throw(ArgumentError("@atomicswap: `a[i] = x` is needed"))
    return on_place(ex.args[1], p -> :($atomic_swap($p, $(esc(ex.args[2])))))
end
# `@atomicreplace a[i] expected => desired`: gives `(old, success)`
function atomic_replace_macro(args)
    orders = filter(is_order, collect(args))
    args = args[length(orders)+1:end]
    (length(args) == 2 && is_ref(args[1])) || throw(ArgumentError("@atomicreplace: `a[i] expected => desired` is needed"))
    pair = args[2]
    if pair isa Expr && pair.head === :call && pair.args[1] === :(=>)
        return on_place(args[1], p -> :($atomic_replace($p, $(esc(pair.args[2])), $(esc(pair.args[3])))))
    end
    return on_place(args[1], p -> :($replace_with_pair($p, $(esc(pair)))))
end
@inline replace_with_pair(p, x::Pair) = atomic_replace(p, x.first, x.second)
function on_place(ref, f)
    a, I = ref.args[1], ref.args[2:end]
    array = gensym(:array)
    idx = Any[esc(index_expression(i, array, length(I), k)) for (k, i) in enumerate(I)]
    return Expr(:let, Expr(:(=), esc(array), esc(a)), Expr(:block, f(Expr(:call, element_pointer, esc(array), idx...))))
end

# ---- printing -------------------------------------------------------------------------------------

print_format(::Type{<:Union{Int8,Int16,Int32,Int64}}) = "%lld"
print_format(::Type{<:Union{UInt8,UInt16,UInt32,UInt64}}) = "%llu"
print_format(::Type{<:Union{Float16,Float32,Float64}}) = "%f"
print_format(::Type{<:Union{Ptr,LLVMPtr}}) = "%p"
print_format(::Type{Char}) = "%c"
print_format(::Type{Symbol}) = "%s"
print_format(::Type{String}) = "%s"
print_format(::Type{Nothing}) = "nothing"
# Stands in a format for a `Bool`, which prints as one of two words.
const BOOL_MARK = "%?"
# One `gpu_print` per combination of the Bools' values: a format is constant text.
function print_branches(text::String, args)
    at = findfirst(BOOL_MARK, text)
    at === nothing && return :(gpu_print($text, $(args...)))
    k = count_conversions(SubString(text, 1, first(at) - 1)) + 1
    rest = Any[args[i] for i in eachindex(args) if i != k]
    spelled(word) = print_branches(string(SubString(text, 1, first(at) - 1), word, SubString(text, last(at) + 1)), rest)
    return Expr(:if, args[k], spelled("true"), spelled("false"))
end
count_conversions(t) = length(findall('%', t)) - 2 * length(findall("%%", t))
# Pieces of one message: format text and the expressions of its arguments, of a value of type `T`.
function print_pieces(T, x)
    T === Bool && return (BOOL_MARK, Any[x])
    T === Nothing && return ("nothing", Any[])
    T === Char && return ("%c", Any[:(UInt32($x))])
    T <: Val && return (string(T.parameters[1]), Any[])
    if T <: Type
        return (string(T.parameters[1]), Any[])
    elseif T <: Tuple && isconcretetype(T) || T <: NamedTuple && isconcretetype(T)
        names = T <: NamedTuple ? fieldnames(T) : ()
        text, args = "(", Any[]
        for i in 1:fieldcount(T)
            t, a = print_pieces(fieldtype(T, i), :(getfield($x, $i)))
            text = string(text, i > 1 ? ", " : "", T <: NamedTuple ? string(names[i], " = ") : "", t)
            append!(args, a)
        end
        return (string(text, fieldcount(T) == 1 ? ",)" : ")"), args)
    elseif isbitstype(T) && !Core.Host.isprimitivetype(T)
        text, args = string(nameof(T), "("), Any[]
        for i in 1:fieldcount(T)
            t, a = print_pieces(fieldtype(T, i), :(getfield($x, $i)))
            text = string(text, i > 1 ? ", " : "", t)
            append!(args, a)
        end
        return (string(text, ")"), args)
    end
    return (print_format(T), Any[x])
end
escape_percent(s::String) = replace(s, "%" => "%%")
# Prints its arguments one after the other. Literal text comes as `Val(:text)`.
@generated function print_items(items...)
    text, args = "", Any[]
    for (i, T) in enumerate(items)
        if T <: Val && T.parameters[1] isa Symbol
            text = string(text, escape_percent(string(T.parameters[1])))
        else
            t, a = print_pieces(T, :(items[$i]))
            text = string(text, t)
            append!(args, a)
        end
    end
    return Expr(:block, print_branches(text, args), nothing)
end
# The arguments of `print_items` for macro arguments, with interpolated strings taken apart.
function print_arguments(parts)
    out = Any[]
    for p in parts
        if p isa AbstractString
            push!(out, :(Val($(QuoteNode(Symbol(p))))))
        elseif p isa Expr && p.head === :string
            append!(out, print_arguments(p.args))
        elseif p isa Union{Number,Char,Symbol,QuoteNode} && !(p isa Symbol)
            push!(out, :(Val($(QuoteNode(Symbol(p isa QuoteNode ? p.value : p))))))
        else
            push!(out, esc(p))
        end
    end
    return out
end
print_call(parts) = :($print_items($(print_arguments(parts)...)))
# C's `printf` with a literal format; integers of all widths are passed as 64 bits.
function printf_call(format::String, args)
    return :($printf_items(Val($(QuoteNode(Symbol(wide_format(format))))), $(map(esc, args)...)))
end
@generated function printf_items(::Val{format}, args...) where {format}
    vals = Any[T === Bool ? :(UInt32(args[$i])) : T === Char ? :(UInt32(args[$i])) : :(args[$i]) for (i, T) in enumerate(args)]
    return :(gpu_print($(string(format)), $(vals...)); Int32($(length(args))))
end
# `%d` → `%lld`: device printing passes integers in 64 bits
function wide_format(f::String)
    out = IOBuffer()
    i = 1
    n = ncodeunits(f)
    while i <= n
        c = f[i]
        i = nextind(f, i)
        print(out, c)
        c == '%' || continue
        while i <= n && (f[i] in "-+ #0123456789.*")
            print(out, f[i])
            i += 1
        end
        while i <= n && f[i] in "hljzt"
            i += 1
        end
        i > n && break
        f[i] in "diouxX" && print(out, "ll")
        print(out, f[i])
        i += 1
    end
    return String(take!(out))
end

# ---- conversion of arguments ------------------------------------------------------------------------

# The rules of package Adapt; its module passes these names on.
adapt(to, x) = adapt_structure(to, x)
adapt_structure(to, x) = adapt_storage(to, x)
adapt_storage(to, x) = x

adapt_structure(to, x::Tuple) = map(v -> adapt(to, v), x)
adapt_structure(to, x::NamedTuple{names}) where {names} = NamedTuple{names}(map(v -> adapt(to, v), values(x)))
adapt_structure(to, x::SubArray) = adapt_subarray(adapt(to, x.parent), adapt_indices(to, x.indices), x)
adapt_subarray(p, idx, x::SubArray{T,N,P,I,L}) where {T,N,P,I,L} = SubArray{eltype(p),N,typeof(p),typeof(idx),L}(p, idx, x.offset1, x.stride1)
adapt_indices(to, I::Tuple) = map(i -> adapt(to, i), I)
adapt_structure(to, x::Base.ReshapedArray) = reshape(adapt(to, x.parent), x.dims)
adapt_structure(to, x::Base.PermutedDimsArray{T,N,perm}) where {T,N,perm} = (p = adapt(to, x.parent); Base.PermutedDimsArray{eltype(p),N,perm,typeof(p)}(p))
adapt_structure(to, x::Base.Adjoint) = (p = adapt(to, x.parent); Base.Adjoint{eltype(x),typeof(p)}(p))
adapt_structure(to, x::Base.Transpose) = (p = adapt(to, x.parent); Base.Transpose{eltype(x),typeof(p)}(p))
adapt_structure(to, x::Base.ReinterpretArray{T}) where {T} = reinterpret(T, adapt(to, x.parent))
adapt_structure(to, x::Base.Broadcasted) = Base.Broadcasted(x.style, adapt(to, x.f), adapt(to, x.args), x.axes)
adapt_structure(to, x::AbstractRange) = x
adapt_structure(to, x::Pair) = (a = adapt(to, x.first); b = adapt(to, x.second); Pair{typeof(a),typeof(b)}(a, b))
adapt_structure(to, x::ComposedFunction) = ComposedFunction(adapt(to, x.outer), adapt(to, x.inner))
adapt_structure(to, x::Base.Fix1) = Base.Fix1(adapt(to, x.f), adapt(to, x.x))
adapt_structure(to, x::Base.Fix2) = Base.Fix2(adapt(to, x.f), adapt(to, x.x))
adapt_structure(to, x::Union{Symbol,Module,Type}) = x
# Closures are made anew around their converted captures.
function adapt_structure(to, f::Function)
    n = nfields(f)
    (n == 0 || isbitstype(typeof(f))) && return f
    return Core.Host.rebuild_closure(f, ntuple(i -> adapt(to, adapt_capture(getfield(f, i))), n))
end
# a captured variable that is assigned again travels in a box: its value now is what the device gets
adapt_capture(x) = x isa Core.Box ? x.contents : x

# Rebuilds `x` from its converted fields through the type's constructor.
@inline function adapt_fields(to, x::T, make) where {T}
    return make(ntuple(i -> adapt(to, getfield(x, i)), Val(fieldcount(T)))...)
end

# Host values → what a kernel takes.
struct DeviceAdaptor end

function adapt_storage(::DeviceAdaptor, a::Array{T,N}) where {T,N}
    isbitstype(T) || Core.Host.element_inline(T) && isbits_union(T) || throw_not_plain(a)
    return DeviceArray{T,N,AS.Global}(bitcast(LLVMPtr{T,AS.Global}, pointer(a)), size(a))
end
isbits_union(T) = T isa Union ? isbits_union(T.a) && isbits_union(T.b) : isbitstype(T)
adapt_storage(to::DeviceAdaptor, b::BitArray) = adapt_storage(to, b.data)
adapt_structure(to::DeviceAdaptor, b::BitArray) = adapt_storage(to, b)
@noinline throw_not_plain(a) = throw(ArgumentError(string("an array of type ", typeof(a), " cannot be passed to a kernel: its elements are no plain data")))

# A read-only copy of a `Ref`'s value.
struct DeviceRef{T} <: Ref{T}
    x::T
end
getindex(r::DeviceRef) = r.x
adapt_structure(to::DeviceAdaptor, r::Base.RefValue) = DeviceRef(adapt(to, r.x))
# what `Ref(T)` in a broadcast holds
struct DeviceTypeRef{T} <: Ref{Type{T}} end
getindex(::DeviceTypeRef{T}) where {T} = T
adapt_structure(::DeviceAdaptor, r::Base.RefValue{Type{T}}) where {T} = DeviceTypeRef{T}()

kernel_convert(x) = adapt(DeviceAdaptor(), x)

# A vector over memory that the caller owns: for hosts in other languages.
vector_at(::Type{T}, address::UInt64, n::Int) where {T} =
    DeviceArray{T,1,AS.Global}(bitcast(LLVMPtr{T,AS.Global}, bitcast(Ptr{T}, address)), (n,))

# ---- launching --------------------------------------------------------------------------------------

# Runs `f(args...)` on `ngroups` groups of `groupsize` work-items and waits for it. Arguments are
# those of the host; the caller's frame keeps their memory alive.
function launch(device::Symbol, f, args::Tuple, groupsize::NTuple{3,Int}, ngroups::NTuple{3,Int}, shmem::Int = 0, options::NamedTuple = NamedTuple())
    (prod_dims(groupsize) == 0 || prod_dims(ngroups) == 0) && return nothing
    return launch_converted(device, kernel_convert(f), map(kernel_convert, args), groupsize, ngroups, shmem, options)
end
launch_converted(device::Symbol, f, args::Tuple, groupsize::NTuple{3,Int}, ngroups::NTuple{3,Int}, shmem::Int, options::NamedTuple) =
    Core.Host.launch(device, f, args, groupsize, ngroups, shmem, options)

dims3(n::Integer) = (Int(n), 1, 1)
dims3(t::Tuple{}) = (1, 1, 1)
dims3(t::Tuple{Integer}) = (Int(t[1]), 1, 1)
dims3(t::Tuple{Integer,Integer}) = (Int(t[1]), Int(t[2]), 1)
dims3(t::Tuple{Integer,Integer,Integer}) = (Int(t[1]), Int(t[2]), Int(t[3]))
dims3(t::NamedTuple) = dims3(values(t))
dims3(t) = throw(ArgumentError(string("launch dimensions must be one to three integers, got ", repr(t))))
function check_dims(what, t::NTuple{3,Int})
    all(>(0), t) || throw(ArgumentError(string(what, " dimensions should be positive, got ", t)))
    return t
end

# `@launcher k=v … f(args...)`: options and the call
function split_launch(name, exs)
    isempty(exs) && throw(ArgumentError(string(name, ": a call `f(args...)` is missing")))
    call = exs[end]
    (call isa Expr && call.head === :call) || throw(ArgumentError(string(name, ": last argument should be a function call")))
    options = Any[]
    for e in exs[1:end-1]
        if e isa Symbol
            push!(options, Expr(:kw, e, e))
        elseif e isa Expr && e.head === :(=) && e.args[1] isa Symbol
            push!(options, Expr(:kw, e.args[1], e.args[2]))
        else
            throw(ArgumentError(string(name, ": invalid option `", e, "`; options are `name=value`")))
        end
    end
    args = call.args[2:end]
    any(a -> a isa Expr && (a.head === :parameters || a.head === :kw), args) && throw(ArgumentError(string(name, ": kernels take no keyword arguments")))
    return options, call.args[1], args
end

# ---- back-ends ----------------------------------------------------------------------------------------

abstract type Backend end
abstract type GPU <: Backend end
struct CPU <: Backend
    static::Bool
    CPU(; static::Bool = false) = new(static)
end
struct CUDABackend <: GPU
    prefer_blocks::Bool
    always_inline::Bool
    CUDABackend(prefer_blocks::Bool = false, always_inline::Bool = false) = new(prefer_blocks, always_inline)
end
struct ROCBackend <: GPU end
struct MetalBackend <: GPU end
struct oneAPIBackend <: GPU end
struct OpenCLBackend <: GPU end
Base.show(io::IO, b::CPU) = print(io, "CPU(", b.static, ")")
CUDABackend(; prefer_blocks::Bool = false, always_inline::Bool = false) = CUDABackend(prefer_blocks, always_inline)

# The driver's name of the machine.
device_symbol(::CPU) = :cpu
device_symbol(::CUDABackend) = :cuda
device_symbol(::ROCBackend) = :amdgpu
device_symbol(::MetalBackend) = :metal
device_symbol(::oneAPIBackend) = :oneapi
device_symbol(::OpenCLBackend) = :opencl

# ---- arrays of the back-ends on the host ------------------------------------------------------------------

# Each back-end's array type holds host memory, which the launch makes visible to the device.
abstract type AbstractGPUArray{T,N} <: DenseArray{T,N} end

# `host(a)`: the array behind; `rewrap(a, x)`: `x` as the same kind of array as `a`
function host end
function rewrap end
const scalar_allowed = Ref(true)
@noinline throw_scalar() = error("Scalar indexing is disallowed.\nInvocation resulted in scalar indexing of a GPU array.\nThis is typically caused by calling an iterating implementation of a method.\nSuch implementations *do not* execute on the GPU, but very slowly on the CPU,\nand therefore should be avoided.\n\nIf you want to allow scalar iteration, use `allowscalar` or `@allowscalar`\nto enable scalar iteration globally or for the operations in question.")
check_scalar() = scalar_allowed[] || throw_scalar()
allowscalar(on::Bool = true) = (scalar_allowed[] = on; nothing)
function allowscalar(f::Function)
    old = scalar_allowed[]
    scalar_allowed[] = true
    try
        return f()
    finally
        scalar_allowed[] = old
    end
end
macro allowscalar(ex)
    return quote
        local old = scalar_allowed[]
        scalar_allowed[] = true
        try
            $(esc(ex))
        finally
            scalar_allowed[] = old
        end
    end
end

size(a::AbstractGPUArray) = size(host(a))
size(a::AbstractGPUArray, d::Integer) = size(host(a), d)
length(a::AbstractGPUArray) = length(host(a))
Base.IndexStyle(::Type{<:AbstractGPUArray}) = IndexLinear()
@inline getindex(a::AbstractGPUArray, i::Int) = (check_scalar(); host(a)[i])
@inline setindex!(a::AbstractGPUArray, x, i::Int) = (check_scalar(); host(a)[i] = x; a)
getindex(a::AbstractGPUArray, i::Int, j::Int, I::Int...) = (check_scalar(); host(a)[i, j, I...])
setindex!(a::AbstractGPUArray, x, i::Int, j::Int, I::Int...) = (check_scalar(); host(a)[i, j, I...] = x; a)
getindex(a::AbstractGPUArray, I::CartesianIndex) = (check_scalar(); host(a)[I])
setindex!(a::AbstractGPUArray, x, I::CartesianIndex) = (check_scalar(); host(a)[I] = x; a)
# slices are made on the host side of the array
getindex(a::AbstractGPUArray, I::Union{Colon,AbstractArray,Integer,CartesianIndex}...) = index_result(a, getindex(host(a), map(host_or_self, I)...))
index_result(a, x::Array) = rewrap(a, x)
index_result(a, x) = (check_scalar(); x)
function setindex!(a::AbstractGPUArray, x, I::Union{Colon,AbstractArray,Integer,CartesianIndex}...)
    setindex!(host(a), host_or_self(x), map(host_or_self, I)...)
    return a
end
host_or_self(x) = x
host_or_self(x::AbstractGPUArray) = host(x)
# wrappers around a GPU array, around its host memory
host_or_self(x::SubArray) = parent(x) isa AbstractGPUArray ? SubArray_on_host(x) : x
SubArray_on_host(x::SubArray) = adapt(HostAdaptor(), x)
host_or_self(x::Base.AdjOrTrans) = adapt(HostAdaptor(), x)
host_or_self(x::Base.ReshapedArray) = adapt(HostAdaptor(), x)
struct HostAdaptor end
adapt_structure(::HostAdaptor, a::AbstractGPUArray) = host(a)
iterate(a::AbstractGPUArray, i::Int = 1) = i > length(a) ? nothing : (check_scalar(); (host(a)[i], i + 1))
pointer(a::AbstractGPUArray) = pointer(host(a))
elsize(::Type{<:AbstractGPUArray{T}}) where {T} = Core.Host.element_size(T)
Base.sizeof(a::AbstractGPUArray) = sizeof(host(a))
strides(a::AbstractGPUArray) = strides(host(a))
similar(a::AbstractGPUArray{T,N}) where {T,N} = rewrap(a, Array{T,N}(undef, size(a)))
similar(a::AbstractGPUArray, ::Type{T}, dims::Dims{N}) where {T,N} = rewrap(a, Array{T,N}(undef, dims))
similar(a::AbstractGPUArray{T}, dims::Dims{N}) where {T,N} = rewrap(a, Array{T,N}(undef, dims))
reshape(a::AbstractGPUArray, dims::NTuple{N,Int}) where {N} = rewrap(a, reshape(host(a), dims))
Base.copy(a::AbstractGPUArray) = rewrap(a, copy(host(a)))
Base.copyto!(d::AbstractGPUArray, s::AbstractGPUArray) = (copyto!(host(d), host(s)); d)
Base.copyto!(d::AbstractGPUArray, s::AbstractArray) = (copyto!(host(d), host_or_self(s)); d)
Base.copyto!(d::Array, s::AbstractGPUArray) = copyto!(d, host(s))
Base.copyto!(d::AbstractArray, s::AbstractGPUArray) = copyto!(d, host(s))
Base.copyto!(d::AbstractGPUArray, di::Integer, s::AbstractArray, si::Integer, n::Integer) = (copyto!(host(d), di, host_or_self(s), si, n); d)
Base.copyto!(d::Array, di::Integer, s::AbstractGPUArray, si::Integer, n::Integer) = copyto!(d, di, host(s), si, n)
Base.fill!(a::AbstractGPUArray, x) = (fill!(host(a), x); a)
Base.Array(a::AbstractGPUArray) = copy(host(a))
Base.Array{T,N}(a::AbstractGPUArray{<:Any,N}) where {T,N} = Array{T,N}(host(a))
Base.Array{T}(a::AbstractGPUArray{<:Any,N}) where {T,N} = Array{T,N}(host(a))
Base.collect(a::AbstractGPUArray) = copy(host(a))
Base.convert(::Type{Array}, a::AbstractGPUArray) = Array(a)
Base.convert(::Type{Array{T,N}}, a::AbstractGPUArray{<:Any,N}) where {T,N} = Array{T,N}(a)
Base.:(==)(a::AbstractGPUArray, b::AbstractGPUArray) = host(a) == host(b)
Base.isequal(a::AbstractGPUArray, b::AbstractGPUArray) = isequal(host(a), host(b))
Base.hash(a::AbstractGPUArray, h::UInt) = hash(host(a), h)
Base.resize!(a::AbstractGPUArray{T,1}, n::Integer) where {T} = (resize!(host(a), n); a)
Base.push!(a::AbstractGPUArray{T,1}, x) where {T} = (push!(host(a), x); a)
Base.append!(a::AbstractGPUArray{T,1}, xs) where {T} = (append!(host(a), host_or_self(xs)); a)
Base.show(io::IO, a::AbstractGPUArray) = show(io, host(a))
Base.show(io::IO, m::MIME"text/plain", a::AbstractGPUArray) = allowscalar(() -> invoke(show, Tuple{IO,MIME"text/plain",AbstractArray}, io, m, a))
adapt_storage(to::DeviceAdaptor, a::AbstractGPUArray) = adapt_storage(to, host(a))
get_host_back(a, x) = x isa Array || x isa BitArray ? rewrap(a, x isa BitArray ? x.data : x) : x

# Whole-array functions run on the host memory; arrays come back wrapped.
for f in (:sum, :prod, :maximum, :minimum, :extrema, :count, :any, :all, :argmax, :argmin, :findmax, :findmin, :cumsum, :cumprod, :sort, :sortperm, :reverse,
        :unique, :permutedims, :vec, :findall, :circshift, :diff, :dropdims, :repeat, :findfirst, :findlast, :accumulate, :rot180, :rotl90, :rotr90)
    @eval begin
        Base.$f(a::AbstractGPUArray, args...; kw...) = get_host_back(a, $f(host(a), map(host_or_self, args)...; kw...))
        Base.$f(f::Function, a::AbstractGPUArray, args...; kw...) = get_host_back(a, $f(f, host(a), map(host_or_self, args)...; kw...))
    end
end
for f in (:sort!, :reverse!, :cumsum!, :permute!, :accumulate!)
    @eval Base.$f(a::AbstractGPUArray, args...; kw...) = ($f(host(a), map(host_or_self, args)...; kw...); a)
end
for f in (:mapreduce, :mapfoldl, :mapfoldr)
    @eval Base.$f(f, op, a::AbstractGPUArray, as::AbstractArray...; kw...) = get_host_back(a, $f(f, op, host(a), map(host_or_self, as)...; kw...))
end
for f in (:reduce, :foldl, :foldr)
    @eval Base.$f(op, a::AbstractGPUArray; kw...) = get_host_back(a, $f(op, host(a); kw...))
end
Base.map(f, a::AbstractGPUArray, as::AbstractArray...) = get_host_back(a, map(f, host(a), map(host_or_self, as)...))
Base.map!(f, d::AbstractGPUArray, as::AbstractArray...) = (map!(f, host(d), map(host_or_self, as)...); d)
Base.filter(f, a::AbstractGPUArray) = rewrap(a, filter(f, host(a)))
Base.vcat(a::AbstractGPUArray{T,1}, as::AbstractVector...) where {T} = rewrap(a, vcat(host(a), map(host_or_self, as)...))
Base.hcat(a::AbstractGPUArray{T,1}, as::AbstractVector...) where {T} = rewrap(a, hcat(host(a), map(host_or_self, as)...))
Base.vcat(a::AbstractGPUArray{T,2}, as::AbstractVecOrMat...) where {T} = rewrap(a, vcat(host(a), map(host_or_self, as)...))
Base.hcat(a::AbstractGPUArray{T,2}, as::AbstractVecOrMat...) where {T} = rewrap(a, hcat(host(a), map(host_or_self, as)...))
Base.cat(a::AbstractGPUArray, as::AbstractArray...; dims) = rewrap(a, cat(host(a), map(host_or_self, as)...; dims))
Base.:*(a::AbstractGPUArray, b::AbstractGPUArray) = get_host_back(a, host(a) * host(b))
Base.:*(a::AbstractGPUArray, b::Base.AdjOrTrans) = get_host_back(a, host(a) * host_or_self(b))
Base.:*(a::Base.AdjOrTrans{T,<:AbstractGPUArray}, b::AbstractGPUArray) where {T} = get_host_back(b, host_or_self(a) * host(b))
Base.:+(a::AbstractGPUArray, b::AbstractGPUArray) = rewrap(a, host(a) + host(b))
Base.:-(a::AbstractGPUArray, b::AbstractGPUArray) = rewrap(a, host(a) - host(b))
Base.:-(a::AbstractGPUArray) = rewrap(a, -host(a))
Base.:*(a::AbstractGPUArray, x::Number) = rewrap(a, host(a) * x)
Base.:*(x::Number, a::AbstractGPUArray) = rewrap(a, x * host(a))
Base.:/(a::AbstractGPUArray, x::Number) = rewrap(a, host(a) / x)

# Broadcasts over these arrays give these arrays. `W` is the array type without parameters.
struct GPUStyle{W} <: Base.AbstractArrayStyle{Any} end
Base.bc_similar(::GPUStyle{W}, bc, ::Type{T}, dims) where {W,T} = wrap_as(W, Array{T,length(dims)}(undef, dims))
Base.bc_similar(::GPUStyle{W}, bc, ::Type{Bool}, dims) where {W} = wrap_as(W, Array{Bool,length(dims)}(undef, dims))
plain_style(bc) = (ax = axes(bc); Base.Broadcasted(Base.DefaultArrayStyle{length(ax)}(), bc.f, bc.args, ax))
function Base.bc_copy(::GPUStyle{W}, bc) where {W}
    r = copy(plain_style(on_host(bc)))
    return r isa BitArray ? wrap_as(W, r.data) : r isa Array ? wrap_as(W, r) : r
end
function wrap_as end
Base.BroadcastStyle(::Type{<:SubArray{T,N,P}}) where {T,N,P<:AbstractGPUArray} = Base.BroadcastStyle(P)
Base.BroadcastStyle(::Type{<:Base.ReshapedArray{T,N,P}}) where {T,N,P<:AbstractGPUArray} = Base.BroadcastStyle(P)
Base.BroadcastStyle(::Type{<:Base.Adjoint{T,P}}) where {T,P<:AbstractGPUArray} = Base.BroadcastStyle(P)
Base.BroadcastStyle(::Type{<:Base.Transpose{T,P}}) where {T,P<:AbstractGPUArray} = Base.BroadcastStyle(P)
# the same tree over the memory itself
on_host(x) = adapt(HostAdaptor(), x)
Base.bc_copyto!(dest::AbstractGPUArray, bc::Base.Broadcasted) = (Base.bc_copyto!(host(dest), on_host(bc)); dest)
Base.bc_copyto!(dest::Array, bc::Base.Broadcasted{<:GPUStyle}) = Base.bc_copyto!(dest, plain_style(on_host(bc)))

# Views and other wrappers of these arrays.
const WrappedGPU{T,N} = Union{SubArray{T,N,<:AbstractGPUArray},Base.ReshapedArray{T,N,<:AbstractGPUArray},Base.PermutedDimsArray{T,N,<:Any,<:AbstractGPUArray}}
const FlippedGPU{T} = Union{Base.Adjoint{T,<:AbstractGPUArray},Base.Transpose{T,<:AbstractGPUArray}}
for W in (:WrappedGPU, :FlippedGPU)
    @eval begin
        Base.bc_copyto!(dest::$W, bc::Base.Broadcasted) = (Base.bc_copyto!(on_host(dest), on_host(bc)); dest)
        Base.Array(x::$W) = Array(on_host(x))
        Base.collect(x::$W) = collect(on_host(x))
        Base.show(io::IO, x::$W) = show(io, on_host(x))
        Base.sum(x::$W; kw...) = get_host_back(parent(x), sum(on_host(x); kw...))
        Base.maximum(x::$W; kw...) = get_host_back(parent(x), maximum(on_host(x); kw...))
        Base.minimum(x::$W; kw...) = get_host_back(parent(x), minimum(on_host(x); kw...))
        Base.mapreduce(f, op, x::$W; kw...) = get_host_back(parent(x), mapreduce(f, op, on_host(x); kw...))
        Base.copyto!(d::Array, x::$W) = copyto!(d, on_host(x))
        Base.fill!(x::$W, v) = (fill!(on_host(x), v); x)
        Base.copy(x::$W) = rewrap(parent(x), Array(on_host(x)))
    end
end

# `@gpu_array CuArray CuVector CuMatrix DeviceMemory`: the array type of a back-end with its constructors. The
# module that uses it has `import Base.Device`.
macro gpu_array(A, vector, matrix, memory)
    return esc(quote
        struct $memory end
        struct $A{T,N,M} <: Device.AbstractGPUArray{T,N}
            data::Array{T,N}
            function $A{T,N,M}(data::Array{T,N}) where {T,N,M}
                isbitstype(T) || Device.isbits_union(T) || Device.throw_not_plain(data)
                return new{T,N,M}(data)
            end
        end
        const $vector = $A{T,1} where {T}
        const $matrix = $A{T,2} where {T}
        Device.host(a::$A) = getfield(a, :data)
        Device.rewrap(::$A, x::Array{T,N}) where {T,N} = $A{T,N,$memory}(x)
        Device.wrap_as(::Type{$A}, x::Array{T,N}) where {T,N} = $A{T,N,$memory}(x)
        Base.BroadcastStyle(::Type{<:$A}) = Device.GPUStyle{$A}()
        $A(x::AbstractArray{T,N}) where {T,N} = $A{T,N,$memory}(Device.host_copy(T, x))
        $A{T}(x::AbstractArray{S,N}) where {T,S,N} = $A{T,N,$memory}(Device.host_copy(T, x))
        $A{T,N}(x::AbstractArray{S,N}) where {T,S,N} = $A{T,N,$memory}(Device.host_copy(T, x))
        $A{T,N,M}(x::AbstractArray{S,N}) where {T,S,N,M} = $A{T,N,M}(Device.host_copy(T, x))
        $A{T}(u::UndefInitializer, dims::Integer...) where {T} = $A{T,length(dims),$memory}(Array{T,length(dims)}(u, map(Int, dims)))
        $A{T}(u::UndefInitializer, dims::Tuple{Vararg{Integer}}) where {T} = $A{T,length(dims),$memory}(Array{T,length(dims)}(u, map(Int, dims)))
        $A{T,N}(u::UndefInitializer, dims::Integer...) where {T,N} = $A{T,N,$memory}(Array{T,N}(u, map(Int, dims)))
        $A{T,N}(u::UndefInitializer, dims::Tuple{Vararg{Integer}}) where {T,N} = $A{T,N,$memory}(Array{T,N}(u, map(Int, dims)))
        $A{T,N,M}(u::UndefInitializer, dims::Integer...) where {T,N,M} = $A{T,N,M}(Array{T,N}(u, map(Int, dims)))
        $A{T,N,M}(u::UndefInitializer, dims::Tuple{Vararg{Integer}}) where {T,N,M} = $A{T,N,M}(Array{T,N}(u, map(Int, dims)))
        $A(x::Union{Base.Generator,Tuple}) = $A(collect(x))
        Base.convert(::Type{$A}, x::AbstractArray) = x isa $A ? x : $A(x)
        Base.convert(::Type{$A{T}}, x::AbstractArray) where {T} = x isa $A{T} ? x : $A{T}(x)
        Base.convert(::Type{$A{T,N}}, x::AbstractArray{<:Any,N}) where {T,N} = x isa $A{T,N} ? x : $A{T,N}(x)
        Device.adapt_storage(::Type{<:$A}, x::Array) = $A(x)
        Device.adapt_storage(::Type{<:$A{T}}, x::Array{<:AbstractFloat}) where {T<:AbstractFloat} = $A{T}(x)
    end)
end
host_copy(::Type{T}, x::Array{T,N}) where {T,N} = copy(x)
host_copy(::Type{T}, x::AbstractGPUArray{<:Any,N}) where {T,N} = Array{T,N}(host(x))
host_copy(::Type{T}, x::AbstractArray{<:Any,N}) where {T,N} = copyto!(Array{T,N}(undef, size(x)), host_or_self(x))

adapt_storage(::Type{<:Array}, x::AbstractGPUArray) = Array(x)
adapt_storage(::Type{<:Array}, x::AbstractArray) = x isa Array ? x : Array(x)
adapt_storage(::Type{Array{T}}, x::AbstractGPUArray) where {T} = Array{T}(x)

# Which back-end an array belongs to, and the array in which a back-end keeps given memory.
function get_backend end
function backend_array end
get_backend(::AbstractArray) = CPU()
get_backend(a::Union{SubArray,Base.ReshapedArray,Base.PermutedDimsArray,Base.AdjOrTrans,Base.ReinterpretArray}) = get_backend(parent(a))

end
