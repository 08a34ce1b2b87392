# ROCm's spelling of arrays, kernels and device functions.
module AMDGPU

import Base.Device
import Base.Device: AbstractGPUArray, DeviceArray, ROCBackend, allowscalar, @allowscalar, dims3, check_dims, host
import Random

export ROCArray, ROCVector, ROCMatrix, ROCDeviceArray, ROCDeviceVector, ROCDeviceMatrix, ROCBackend, roc, @roc, workitemIdx, workgroupIdx, workgroupDim, gridItemDim, gridGroupDim, gridItemIdx,
    sync_workgroup, sync_workgroup_count, sync_workgroup_and, sync_workgroup_or, @ROCStaticLocalArray, @ROCDynamicLocalArray, @rocprint, @rocprintln, @rocprintf, rocconvert, rocfunction, threadIdx, blockIdx,
    blockDim, gridDim, allowscalar, @allowscalar

Device.@gpu_array ROCArray ROCVector ROCMatrix HIPBuffer
const ROCVecOrMat{T} = Union{ROCVector{T},ROCMatrix{T}}
const ROCDeviceArray = DeviceArray
const ROCDeviceVector = Device.DeviceVector
const ROCDeviceMatrix = Device.DeviceMatrix
Device.get_backend(::ROCArray) = ROCBackend()
on_device(a::Array{T,N}) where {T,N} = ROCArray{T,N,HIPBuffer}(a)
Device.backend_array(::ROCBackend, a::Array) = on_device(a)
roc(x) = Device.adapt(ROCArray, x)
zeros(::Type{T}, dims::Integer...) where {T} = on_device(Base.zeros(T, dims))
zeros(::Type{T}, dims::Tuple) where {T} = on_device(Base.zeros(T, dims))
zeros(dims::Integer...) = zeros(Float32, dims...)
ones(::Type{T}, dims::Integer...) where {T} = on_device(Base.ones(T, dims))
ones(::Type{T}, dims::Tuple) where {T} = on_device(Base.ones(T, dims))
ones(dims::Integer...) = ones(Float32, dims...)
fill(x, dims::Integer...) = on_device(Base.fill(x, dims))
fill(x, dims::Tuple) = on_device(Base.fill(x, dims))
rand(::Type{T}, dims::Integer...) where {T} = on_device(Base.rand(T, map(Int, dims)))
rand(dims::Integer...) = rand(Float32, dims...)
randn(::Type{T}, dims::Integer...) where {T} = on_device(Base.randn(T, map(Int, dims)))
randn(dims::Integer...) = randn(Float32, dims...)
functional(args...) = true
synchronize(args...; kw...) = nothing
device_synchronize(args...; kw...) = nothing
device() = 1
devices() = (1,)
device!(args...) = nothing
macro sync(args...)
    return esc(args[end])
end
macro elapsed(ex)
    return :(Base.@elapsed $(esc(ex)))
end
macro time(ex)
    return :(Base.@time $(esc(ex)))
end

# ---- in kernels -----------------------------------------------------------------------------------

@inline workitemIdx() = Device.local_index()
@inline workgroupIdx() = Device.group_index()
@inline workgroupDim() = Device.group_dim()
@inline gridGroupDim() = Device.grid_dim()
@inline gridItemIdx() = Device.global_index()
@inline gridItemDim() = (g = Device.grid_dim(); w = Device.group_dim(); (x = g.x * w.x, y = g.y * w.y, z = g.z * w.z))
@inline threadIdx() = Device.local_index()
@inline blockIdx() = Device.group_index()
@inline blockDim() = Device.group_dim()
@inline gridDim() = Device.grid_dim()
@inline sync_workgroup() = Device.barrier()
@inline sync_workgroup_count(p) = Device.barrier_count(p)
@inline sync_workgroup_and(p) = Device.barrier_and(p)
@inline sync_workgroup_or(p) = Device.barrier_or(p)
@inline wavefrontsize() = Device.warp_size()
macro ROCStaticLocalArray(T, dims, zeroinit = true)
    return :(Device.shared_array($(esc(T)), Val($(esc(dims))), Val(:site)))
end
macro ROCDynamicLocalArray(T, dims, zeroinit = true, offset = 0)
    return :(Device.dynamic_shared_array($(esc(T)), $(esc(dims)), $(esc(offset))))
end
macro rocprintf(args...)
    fmt = findfirst(a -> a isa String, args)
    fmt === nothing && throw(ArgumentError("@rocprintf: the format must be a literal string"))
    return Device.printf_call(args[fmt], args[fmt+1:end])
end
macro rocprint(args...)
    return Device.print_call(args)
end
macro rocprintln(args...)
    return Device.print_call((args..., "\n"))
end
macro atomic(args...)
    return Device.atomic_macro(args, :new)
end

# ---- launching --------------------------------------------------------------------------------------

struct HostKernel{F,TT}
    f::F
end
rocconvert(x) = Device.kernel_convert(x)
rocfunction(f::F, ::Type{TT} = Tuple{}; kw...) where {F,TT} = HostKernel{F,TT}(f)
# `gridsize` counts work-groups.
function (k::HostKernel)(args...; groupsize = 1, gridsize = 1, shmem = 0, stream = nothing)
    g, n = dims3(groupsize), dims3(gridsize)
    check_dims("Group", g)
    check_dims("Grid", n)
    prod(g) <= 1024 || throw(ArgumentError(string("a work-group has at most 1024 work-items, got ", prod(g))))
    Device.launch(:amdgpu, k.f, args, g, n, Int(shmem))
    return nothing
end
launch_configuration(k; kw...) = (gridsize = 128, groupsize = 256)
macro roc(exs...)
    options, f, args = Device.split_launch("@roc", exs)
    launch = true
    run = Any[]
    for o in options
        k, v = o.args
        if k === :launch
            launch = v::Bool
        elseif k in (:groupsize, :gridsize, :shmem, :stream)
            push!(run, Expr(:kw, k, esc(v)))
        elseif !(k in (:name, :unsafe_fp_atomics, :always_inline, :wait, :mark, :device, :queue))
            throw(ArgumentError(string("@roc: unsupported keyword argument `", k, "`")))
        end
    end
    splat(a) = a isa Expr && a.head === :... ? Expr(:..., esc(a.args[1])) : esc(a)
    call = launch ? :(kernel(args...; $(run...))) : nothing
    return quote
        let
            local args = ($(map(splat, args)...),)
            local kernel = rocfunction($(esc(f)), typeof(args))
            $call
            kernel
        end
    end
end

end
