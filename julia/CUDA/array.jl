# Arrays on the host side.

Device.@gpu_array CuArray CuVector CuMatrix DeviceMemory
Device.@array_functions CuArray CUDABackend
struct UnifiedMemory end
struct HostMemory end
const CuPtr{T} = Core.LLVMPtr{T,AS.Global}
const CuVecOrMat{T} = Union{CuVector{T},CuMatrix{T}}
const DenseCuArray{T,N} = CuArray{T,N}
const DenseCuVector{T} = CuVector{T}
const DenseCuMatrix{T} = CuMatrix{T}
const DenseCuVecOrMat{T} = CuVecOrMat{T}
const StridedCuArray{T,N} = Union{CuArray{T,N},SubArray{T,N,<:CuArray},Base.ReshapedArray{T,N,<:CuArray}}
const StridedCuVector{T} = StridedCuArray{T,1}
const StridedCuMatrix{T} = StridedCuArray{T,2}
const StridedCuVecOrMat{T} = Union{StridedCuVector{T},StridedCuMatrix{T}}
const AnyCuArray{T,N} = Union{StridedCuArray{T,N},Base.PermutedDimsArray{T,N,<:Any,<:Any,<:CuArray},Base.Adjoint{T,<:CuArray},Base.Transpose{T,<:CuArray}}
const AnyCuVector{T} = AnyCuArray{T,1}
const AnyCuMatrix{T} = AnyCuArray{T,2}
const AnyCuVecOrMat{T} = Union{AnyCuVector{T},AnyCuMatrix{T}}
is_device(::CuArray{T,N,M}) where {T,N,M} = M === DeviceMemory
is_unified(::CuArray{T,N,M}) where {T,N,M} = M === UnifiedMemory
is_host(::CuArray{T,N,M}) where {T,N,M} = M === HostMemory
# Batches that are on the device while they are used.
struct CuIterator{B}
    batches::B
end
Base.length(c::CuIterator) = length(c.batches)
Base.eltype(::Type{<:CuIterator}) = Any
to_device(x) = Device.adapt(CuArray, x)
to_device(x::Union{Tuple,NamedTuple}) = map(to_device, x)
function Base.iterate(c::CuIterator, state...)
    next = iterate(c.batches, state...)
    next === nothing && return nothing
    return to_device(next[1]), next[2]
end
# `cu(x)`: to the device, floats in single precision
struct Float32Adaptor end
Device.adapt_storage(::Float32Adaptor, a::Array{T,N}) where {T,N} = CuArray{narrow(T)}(a)
Device.adapt_storage(::Float32Adaptor, a::BitArray) = CuArray{Bool}(a)
narrow(::Type{Float64}) = Float32
narrow(::Type{ComplexF64}) = ComplexF32
narrow(::Type{T}) where {T} = T
cu(x; unified::Bool = false) = Device.adapt(Float32Adaptor(), x)

pin(a::Array) = a

# ---- the machine --------------------------------------------------------------------------------

struct CuDevice
    handle::Int
end
struct CuContext end
struct CuStream end
struct CuEvent end
functional(show_reason::Bool = false) = true
has_cuda() = true
has_cuda_gpu() = true
device() = CuDevice(0)
device(::CuArray) = CuDevice(0)
devices() = (CuDevice(0),)
ndevices() = 1
device!(d, f = nothing) = f === nothing ? nothing : f()
device!(f::Function, d) = f()
device_reset!(args...) = nothing
context() = CuContext()
stream() = CuStream()
stream!(f::Function, s) = f()
name(::CuDevice) = "kernels on this machine"
totalmem(::CuDevice) = 1 << 34
capability(::CuDevice) = VersionNumber(9, 0, 0)
Base.show(io::IO, d::CuDevice) = print(io, "CuDevice(", d.handle, ")")
const DEVICE_ATTRIBUTE_WARP_SIZE = :warp_size
const DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK = :max_threads_per_block
const DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = :multiprocessor_count
const DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK = :max_shared_memory_per_block
const DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X = :max_block_dim_x
const DEVICE_ATTRIBUTE_MAX_GRID_DIM_X = :max_grid_dim_x
const DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH = :cooperative_launch
attribute(::CuDevice, a::Symbol) = a === :warp_size ? 32 : a === :max_threads_per_block ? 1024 : a === :max_block_dim_x ? 1024 : a === :max_grid_dim_x ? 2147483647 : a === :multiprocessor_count || a === :cooperative_launch ? 1 :
    a === :max_shared_memory_per_block ? 49152 : throw(ArgumentError(string("unknown attribute ", a)))
warpsize(::CuDevice) = 32
nextwarp(d::CuDevice, threads::Integer) = cld(threads, warpsize(d)) * warpsize(d)
prevwarp(d::CuDevice, threads::Integer) = fld(threads, warpsize(d)) * warpsize(d)
compute_capability(d::CuDevice = device()) = capability(d)
# `sm"90a"`: an architecture, with the letter of its feature set.
struct SMVersion
    major::Int
    minor::Int
    feature_set::Symbol
end
function SMVersion(text::AbstractString)
    m = match(r"^(\d+)(\d)([af]?)$", text)
    m === nothing && throw(ArgumentError(string("an architecture is written like sm\"90\" or sm\"90a\", got ", repr(text))))
    set = m.captures[3] == "a" ? :arch : m.captures[3] == "f" ? :family : :baseline
    return SMVersion(parse(Int, m.captures[1]), parse(Int, m.captures[2]), set)
end
Base.show(io::IO, v::SMVersion) = print(io, "sm\"", v.major, v.minor, v.feature_set === :arch ? "a" : v.feature_set === :family ? "f" : "", "\"")
macro sm_str(text)
    return SMVersion(text)
end
# Every launch is complete when it returns: there is nothing to wait for.
synchronize(args...; kw...) = nothing
device_synchronize(args...; kw...) = nothing
record(::CuEvent, args...) = nothing
reclaim(args...) = nothing
memory_status(args...) = nothing
version() = VersionNumber(12, 0, 0)
versioninfo(args...) = nothing

macro sync(args...)
    return esc(args[end])
end
macro time(ex)
    return :(Base.@time $(esc(ex)))
end
macro elapsed(args...)
    return :(Base.@elapsed $(esc(args[end])))
end
macro timed(ex)
    return :(Base.@timed $(esc(ex)))
end
macro allocated(ex)
    return :(Base.@allocated $(esc(ex)))
end
macro profile(args...)
    return esc(args[end])
end
macro bprofile(args...)
    return esc(args[end])
end
