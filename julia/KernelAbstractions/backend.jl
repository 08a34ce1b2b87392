# Memory and queries of back-ends.

# The CPU by the name of its driver in newer programs.
const POCLBackend = CPU

synchronize(::Backend) = nothing
isgpu(::GPU) = true
isgpu(::CPU) = false
isgpu(b::Backend) = false
functional(::Backend) = true
ndevices(::Backend) = 1
device(::Backend) = 1
device!(b::Backend, id::Integer) = id == 1 ? nothing : throw(ArgumentError(string("device id ", id, " out of bounds")))
priority!(::Backend, p::Symbol) = p in (:high, :normal, :low) ? nothing : error("priority must be one of :high, :normal, :low")
supports_unified(::Backend) = true
supports_atomics(::Backend) = true
supports_float64(b::Backend) = !(b isa MetalBackend)
pagelock!(::Backend, x) = nothing
unsafe_free!(x::AbstractArray) = nothing

# The array type in which a back-end keeps its memory; their modules extend this.
backend_array(::CPU, a::Array) = a
backend_array(b::Backend, a::Array) = Device.backend_array(b, a)

allocate(b::Backend, ::Type{T}, dims::Integer...; unified::Bool = false) where {T} = allocate(b, T, dims)
allocate(b::Backend, ::Type{T}, dims::Tuple; unified::Bool = false) where {T} = backend_array(b, Array{T,length(dims)}(undef, map(Int, dims)))
zeros(b::Backend, ::Type{T}, dims::Integer...; kw...) where {T} = zeros(b, T, dims)
zeros(b::Backend, ::Type{T}, dims::Tuple; kw...) where {T} = fill!(allocate(b, T, dims), zero(T))
ones(b::Backend, ::Type{T}, dims::Integer...; kw...) where {T} = ones(b, T, dims)
ones(b::Backend, ::Type{T}, dims::Tuple; kw...) where {T} = fill!(allocate(b, T, dims), one(T))
copyto!(b::Backend, dest::AbstractArray, src::AbstractArray) = (length(dest) == length(src) || error("Arrays must match in length"); Base.copyto!(dest, src); dest)

argconvert(k::Kernel, x) = Device.kernel_convert(x)
Device.adapt_storage(b::CPU, a::AbstractGPUArray) = Array(a)
Device.adapt_storage(b::GPU, a::Array) = backend_array(b, copy(a))
