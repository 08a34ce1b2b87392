# The arrays of the back-ends on the host.

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
# The address as kernels take it.
pointer(a::AbstractGPUArray{T}) where {T} = bitcast(LLVMPtr{T,AS.Global}, pointer(host(a)))
pointer(a::AbstractGPUArray{T}, i::Integer) where {T} = pointer(a) + (i - 1) * elsize(typeof(a))
elsize(::Type{<:AbstractGPUArray{T}}) where {T} = Core.Host.element_size(T)
Base.sizeof(a::AbstractGPUArray) = sizeof(host(a))
strides(a::AbstractGPUArray) = strides(host(a))
similar(a::AbstractGPUArray{T,N}) where {T,N} = rewrap(a, Array{T,N}(undef, size(a)))
similar(a::AbstractGPUArray, ::Type{T}, dims::Dims{N}) where {T,N} = rewrap(a, Array{T,N}(undef, dims))
similar(a::AbstractGPUArray{T}, dims::Dims{N}) where {T,N} = rewrap(a, Array{T,N}(undef, dims))
# Windows of consecutive memory are arrays of the same kind.
@inline function view(a::AbstractGPUArray, I...)
    J = Base.to_indices(a, I)
    @boundscheck checkbounds(a, J...)
    return window(a, SubArray(a, map(Base.plain_index, J)))
end
window(a, v::SubArray) = v
function window(a::AbstractGPUArray{T}, v::SubArray{T,N,P,I,true}) where {T,N,P,I}
    (v.stride1 == 1 && N > 0) || return v
    length(v) == 0 && return rewrap(a, Array{T,N}(undef, size(v)))
    return rewrap(a, wrap_memory(Array{T,N}, Core.memoryrefnew(getfield(host(a), :ref), v.offset1 + 1, false), size(v)))
end
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
Base.append!(a::AbstractGPUArray{T,1}, xs::AbstractVector) where {T} = (append!(host(a), host_or_self(xs)); a)
Base.show(io::IO, a::AbstractGPUArray) = show(io, host(a))
Base.show(io::IO, m::MIME"text/plain", a::AbstractGPUArray) = allowscalar(() -> invoke(show, Tuple{IO,MIME"text/plain",AbstractArray}, io, m, a))
adapt_storage(to::DeviceAdaptor, a::AbstractGPUArray) = adapt_storage(to, host(a))
# In an exception of a kernel, memory stands for the array that has it.
original_union(x::AbstractGPUArray, ::Type{T}, dims, depth) where {T} = original_union(host(x), T, dims, depth) === nothing ? nothing : x
original(x::AbstractGPUArray, p::Ptr, dims, depth) = original(host(x), p, dims, depth) === nothing ? nothing : x
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
for f in (:sum!, :prod!, :maximum!, :minimum!, :extrema!, :all!, :any!, :count!)
    isdefined(Base, f) || continue
    @eval Base.$f(r::AbstractGPUArray, a::AbstractArray; kw...) = (Base.$f(host(r), host_or_self(a); kw...); r)
    @eval Base.$f(f::Function, r::AbstractGPUArray, a::AbstractArray; kw...) = (Base.$f(f, host(r), host_or_self(a); kw...); r)
end
Base.one(a::AbstractGPUArray{T,2}) where {T} = rewrap(a, one(host(a)))
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
const WrappedGPU{T,N} = Union{SubArray{T,N,<:AbstractGPUArray},Base.ReshapedArray{T,N,<:AbstractGPUArray},Base.PermutedDimsArray{T,N,<:Any,<:Any,<:AbstractGPUArray}}
const FlippedGPU{T} = Union{Base.Adjoint{T,<:AbstractGPUArray},Base.Transpose{T,<:AbstractGPUArray}}
const Many = Union{Colon,AbstractArray}
window_of(x, I...) = index_result(parent(x), getindex(on_host(x), map(host_or_self, I)...))
set_window!(x, v, I...) = (setindex!(on_host(x), host_or_self(v), map(host_or_self, I)...); x)
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
        getindex(x::$W, i::Many, I::Union{Many,Int}...) = window_of(x, i, I...)
        getindex(x::$W, i::Int, j::Many, I::Union{Many,Int}...) = window_of(x, i, j, I...)
        getindex(x::$W, i::Int, j::Int, k::Many, I::Union{Many,Int}...) = window_of(x, i, j, k, I...)
        setindex!(x::$W, v, i::Many, I::Union{Many,Int}...) = set_window!(x, v, i, I...)
        setindex!(x::$W, v, i::Int, j::Many, I::Union{Many,Int}...) = set_window!(x, v, i, j, I...)
        Base.map(f, x::$W) = get_host_back(parent(x), map(f, on_host(x)))
        Base.:(==)(x::$W, y::AbstractArray) = on_host(x) == host_or_self(y)
    end
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
get_backend(::Union{Array,AbstractRange,BitArray}) = CPU()
function get_backend(a::AbstractArray)
    inner = parent(a)
    inner === a && throw(ArgumentError(string("no back-end is known for arrays of type ", typeof(a), "; define `KernelAbstractions.get_backend` for it")))
    return get_backend(inner)
end
get_backend(a::Union{SubArray,Base.ReshapedArray,Base.PermutedDimsArray,Base.AdjOrTrans,Base.ReinterpretArray}) = get_backend(parent(a))
