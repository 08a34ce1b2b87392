# Arrays whose elements are of one of several plain types: in kernels the elements' bytes, and after them a byte for each that says
# of which type it is. The host keeps such elements as objects, so that a launch copies them there and back.

struct UnionArray{T,N} <: DenseArray{T,N}
    data::LLVMPtr{UInt8,AS.Global}
    tags::LLVMPtr{UInt8,AS.Global}
    dims::NTuple{N,Int}
end
@inline size(a::UnionArray) = getfield(a, :dims)
@inline length(a::UnionArray) = prod_dims(getfield(a, :dims))
Base.IndexStyle(::Type{<:UnionArray}) = IndexLinear()
Base.show(io::IO, a::UnionArray) = print(io, Base.dims2string(size(a)), " device array at ", bitcast(Ptr{Cvoid}, getfield(a, :data)))
@inline reshape(a::UnionArray{T}, dims::NTuple{N,Int}) where {T,N} =
    prod_dims(dims) == length(a) ? UnionArray{T,N}(getfield(a, :data), getfield(a, :tags), dims) : Base.throw_reshape_dense(a, dims)
@inline Base.Broadcast.bc_unalias(dest, x::UnionArray) = x
@inline Base.unalias_source(dest, x::UnionArray) = x

union_members(T) = T isa Union ? Any[union_members(T.a)..., union_members(T.b)...] : Any[T]
union_stride(T) = cld(maximum(sizeof, union_members(T)), 8) * 8

# The element at `i`, from memory: one branch per type.
@inline @generated function load_member(::Type{T}, data, tags, i::Int) where {T}
    members = union_members(T)
    code = nothing
    for (k, M) in reverse(collect(enumerate(members)))
        place = :(bitcast($(data <: Ptr ? Ptr{M} : LLVMPtr{M,AS.Global}), add_ptr(data, ((i - 1) * $(union_stride(T))) % UInt)))
        value = Base.issingletontype(M) ? M.instance : :(pointerref($place, 1, 1))
        code = k == length(members) ? value : Expr(:if, :(tag == $(UInt8(k - 1))), value, code)
    end
    return :(tag = pointerref(tags, i, 1); $code)
end
@inline @generated function store_member(::Type{T}, data, tags, x, i::Int) where {T}
    code = nothing
    for (k, M) in reverse(collect(enumerate(union_members(T))))
        place = :(bitcast($(data <: Ptr ? Ptr{M} : LLVMPtr{M,AS.Global}), add_ptr(data, ((i - 1) * $(union_stride(T))) % UInt)))
        value = Base.issingletontype(M) ? nothing : :(pointerset($place, x, 1, 1))
        code = Expr(:if, :(x isa $M), Expr(:block, value, :(pointerset(tags, $(UInt8(k - 1)), i, 1))), code)
    end
    return Expr(:block, code, nothing)
end
@inline function getindex(a::UnionArray{T}, i::Int) where {T}
    @boundscheck checkbounds(a, i)
    return load_member(T, getfield(a, :data), getfield(a, :tags), i)
end
@inline function setindex!(a::UnionArray{T}, x, i::Int) where {T}
    @boundscheck checkbounds(a, i)
    store_member(T, getfield(a, :data), getfield(a, :tags), x isa T ? x : convert(T, x), i)
    return a
end
@propagate_inbounds getindex(a::UnionArray, i::Union{NarrowInt,UInt64}) = getindex(a, Int(i))
@propagate_inbounds setindex!(a::UnionArray, x, i::Union{NarrowInt,UInt64}) = setindex!(a, x, Int(i))

# ---- on the host ------------------------------------------------------------------------------------------

# An array of the host with its copy for kernels.
struct UnionCopy
    array::Any
    data::Vector{UInt8}
    tags::Vector{UInt8}
end
# The copies of the launches that are being made. An array that a launch has several times has one copy.
const union_copies = UnionCopy[]
const union_launches = Ref(0)
is_union_array(::Type{T}) where {T} = T isa Union && isbits_union(T)

function union_copy(a::Array{T}) where {T}
    for c in union_copies
        b = c.array
        b isa Array && eltype(b) === T && pointer(b) == pointer(a) && length(b) == length(a) && return c
    end
    n = length(a)
    c = UnionCopy(a, zeros_of(UInt8, n * union_stride(T)), zeros_of(UInt8, n))
    for i in 1:n
        isassigned(a, i) && store_member(T, pointer(c.data), pointer(c.tags), a[i], i)
    end
    push!(union_copies, c)
    return c
end
zeros_of(::Type{UInt8}, n) = fill!(Vector{UInt8}(undef, n), 0x00)
function union_array(a::Array{T,N}) where {T,N}
    union_launches[] > 0 || throw_not_plain(a)
    c = union_copy(a)
    return UnionArray{T,N}(bitcast(LLVMPtr{UInt8,AS.Global}, pointer(c.data)), bitcast(LLVMPtr{UInt8,AS.Global}, pointer(c.tags)), size(a))
end
copy_back(c::UnionCopy) = copy_members(c.array, c)
function copy_members(a::Array{T}, c::UnionCopy) where {T}
    for i in 1:length(a)
        a[i] = load_member(T, pointer(c.data), pointer(c.tags), i)
    end
    return nothing
end

# Does a launch of this have such arrays? Types tell, once for all.
@generated has_union_arrays(args::T) where {T} = holds_union_array(T, 6)
holds_union_array(::Type{<:Array{T}}, depth) where {T} = is_union_array(T)
holds_union_array(::Type{<:Union{Type,Module,Symbol,AbstractString}}, depth) = false
holds_union_array(T, depth) = depth > 0 && isconcretetype(T) && any(F -> F isa Type && holds_union_array(F, depth - 1), fieldtypes(T))
# Runs `f`, whose conversions may copy such arrays, and copies back what kernels wrote.
function with_union_copies(f)
    before = length(union_copies)
    union_launches[] += 1
    try
        return f()
    finally
        union_launches[] -= 1
        for k in before+1:length(union_copies)
            copy_back(union_copies[k])
        end
        resize!(union_copies, before)
    end
end
