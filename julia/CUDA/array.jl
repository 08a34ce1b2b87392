# Arrays on the host side.

Device.@gpu_array CuArray CuVector CuMatrix DeviceMemory
Device.@array_functions CuArray CUDABackend
struct UnifiedMemory end
struct HostMemory end
const CuVecOrMat{T} = Union{CuVector{T},CuMatrix{T}}
# `cu(x)`: to the device, floats in single precision
struct Float32Adaptor end
Device.adapt_storage(::Float32Adaptor, a::Array{T,N}) where {T,N} = CuArray{narrow(T)}(a)
Device.adapt_storage(::Float32Adaptor, a::BitArray) = CuArray{Bool}(a)
narrow(::Type{Float64}) = Float32
narrow(::Type{ComplexF64}) = ComplexF32
narrow(::Type{T}) where {T} = T
cu(x; unified::Bool = false) = Device.adapt(Float32Adaptor(), x)

unsafe_wrap(::Type{<:CuArray}, a::Array) = on_device(a)
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
attribute(::CuDevice, a::Symbol) = a === :warp_size ? 32 : a === :max_threads_per_block ? 1024 : a === :max_block_dim_x ? 1024 : a === :max_grid_dim_x ? 2147483647 : a === :multiprocessor_count ? 1 :
    a === :max_shared_memory_per_block ? 49152 : throw(ArgumentError(string("unknown attribute ", a)))
warpsize(::CuDevice) = 32
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
