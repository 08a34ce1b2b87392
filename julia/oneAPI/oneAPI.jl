# oneAPI's spelling of arrays, kernels and device functions.
module oneAPI

import Base.Device
import Base.Device: AbstractGPUArray, DeviceArray, oneAPIBackend, allowscalar, @allowscalar, dims3, check_dims

export oneArray, oneVector, oneMatrix, oneDeviceArray, oneDeviceVector, oneDeviceMatrix, oneAPIBackend, @oneapi, get_global_id, get_local_id, get_group_id, get_global_size, get_local_size, get_num_groups,
    get_work_dim, get_global_offset, get_global_linear_id, get_local_linear_id, get_sub_group_size, get_sub_group_local_id, barrier, work_group_barrier, sub_group_barrier, mem_fence, oneLocalArray, allowscalar, @allowscalar,
    CLK_LOCAL_MEM_FENCE, CLK_GLOBAL_MEM_FENCE, LOCAL_MEM_FENCE, GLOBAL_MEM_FENCE, @print, @println

Device.@gpu_array oneArray oneVector oneMatrix DeviceBuffer
const oneDeviceArray = DeviceArray
const oneDeviceVector = Device.DeviceVector
const oneDeviceMatrix = Device.DeviceMatrix
Device.get_backend(::oneArray) = oneAPIBackend()
on_device(a::Array{T,N}) where {T,N} = oneArray{T,N,DeviceBuffer}(a)
Device.backend_array(::oneAPIBackend, a::Array) = on_device(a)
zeros(::Type{T}, dims::Integer...) where {T} = on_device(Base.zeros(T, dims))
zeros(::Type{T}, dims::Tuple) where {T} = on_device(Base.zeros(T, dims))
zeros(dims::Integer...) = zeros(Float32, dims...)
ones(::Type{T}, dims::Integer...) where {T} = on_device(Base.ones(T, dims))
ones(dims::Integer...) = ones(Float32, dims...)
fill(x, dims::Integer...) = on_device(Base.fill(x, dims))
rand(::Type{T}, dims::Integer...) where {T} = on_device(Base.rand(T, map(Int, dims)))
rand(dims::Integer...) = rand(Float32, dims...)
functional(args...) = true
synchronize(args...) = nothing

# ---- in kernels: dimension `d` counts from 1, and so do the ids ----------------------------------------

# One method with a constant dimension per call: the query folds to one instruction.
@inline pick(t::NamedTuple, d::Integer) = d == 1 ? t.x : d == 2 ? t.y : t.z
@inline get_global_id(d::Integer = 1) = Int(pick(Device.global_index(), d))
@inline get_local_id(d::Integer = 1) = Int(pick(Device.local_index(), d))
@inline get_group_id(d::Integer = 1) = Int(pick(Device.group_index(), d))
@inline get_local_size(d::Integer = 1) = Int(pick(Device.group_dim(), d))
@inline get_enqueued_local_size(d::Integer = 1) = get_local_size(d)
@inline get_num_groups(d::Integer = 1) = Int(pick(Device.grid_dim(), d))
@inline get_global_size(d::Integer = 1) = get_local_size(d) * get_num_groups(d)
@inline get_global_offset(d::Integer = 1) = 0
@inline get_work_dim() = 3
@inline get_local_linear_id() = Int(Device.linear_local_id()) + 1
@inline get_global_linear_id() = get_global_id(1) + get_global_size(1) * (get_global_id(2) - 1 + get_global_size(2) * (get_global_id(3) - 1))
@inline get_sub_group_size() = Int(Device.warp_size())
@inline get_max_sub_group_size() = Int(Device.warp_size())
@inline get_sub_group_local_id() = Int(Device.lane_id())
@inline get_sub_group_id() = div(get_local_linear_id() - 1, get_sub_group_size()) + 1
const CLK_LOCAL_MEM_FENCE = 0x1
const CLK_GLOBAL_MEM_FENCE = 0x2
const LOCAL_MEM_FENCE = 0x1
const GLOBAL_MEM_FENCE = 0x2
@inline barrier(flags = CLK_LOCAL_MEM_FENCE) = Device.barrier()
@inline work_group_barrier(flags = CLK_LOCAL_MEM_FENCE) = Device.barrier()
@inline sub_group_barrier(flags = CLK_LOCAL_MEM_FENCE) = Device.sync_warp()
@inline mem_fence(flags = CLK_GLOBAL_MEM_FENCE) = Device.fence_device()
@inline sub_group_shuffle(x, lane) = Device.shuffle(Val(:idx), Device.FULL_MASK, x, lane - 1, 32)
@inline sub_group_shuffle_xor(x, lanes) = Device.shuffle(Val(:xor), Device.FULL_MASK, x, lanes, 32)
@inline oneLocalArray(::Type{T}, dims) where {T} = Device.shared_array(T, Val(dims), Val(:site))
@inline oneLocalArray(::Type{T}, ::Val{dims}) where {T,dims} = Device.shared_array(T, Val(dims), Val(:site))
@inline atomic_add!(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, +, convert(T, x)).first
@inline atomic_sub!(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, -, convert(T, x)).first
@inline atomic_and!(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, &, convert(T, x)).first
@inline atomic_or!(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, |, convert(T, x)).first
@inline atomic_xor!(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, xor, convert(T, x)).first
@inline atomic_min!(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, min, convert(T, x)).first
@inline atomic_max!(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, max, convert(T, x)).first
@inline atomic_inc!(p::Device.MemPtr{T}) where {T} = Device.atomic_update(p, +, one(T)).first
@inline atomic_dec!(p::Device.MemPtr{T}) where {T} = Device.atomic_update(p, -, one(T)).first
@inline atomic_xchg!(p::Device.MemPtr, x) = Device.atomic_swap(p, x)
@inline atomic_cmpxchg!(p::Device.MemPtr, expected, x) = Device.atomic_replace(p, expected, x).old
macro atomic(args...)
    return Device.atomic_macro(args, :old)
end
macro print(args...)
    return Device.print_call(args)
end
macro println(args...)
    return Device.print_call((args..., "\n"))
end
macro printf(fmt, args...)
    return Device.printf_call(fmt, args)
end

# ---- launching --------------------------------------------------------------------------------------

struct HostKernel{F,TT}
    f::F
end
kernel_function(f::F, ::Type{TT} = Tuple{}; kw...) where {F,TT} = HostKernel{F,TT}(f)
# `items` per group, `groups` in the grid.
function (k::HostKernel)(args...; items = 1, groups = 1, queue = nothing)
    t, n = dims3(items), dims3(groups)
    check_dims("Group", t)
    check_dims("Grid", n)
    prod(t) <= 1024 || throw(ArgumentError(string("a work-group has at most 1024 work-items, got ", prod(t))))
    Device.launch(:oneapi, k.f, args, t, n, 0)
    return nothing
end
macro oneapi(exs...)
    options, f, args = Device.split_launch("@oneapi", exs)
    launch = true
    run = Any[]
    for o in options
        k, v = o.args
        if k === :launch
            launch = v::Bool
        elseif k in (:items, :groups, :queue)
            push!(run, Expr(:kw, k, esc(v)))
        elseif !(k in (:name, :extensions, :always_inline, :backend, :sub_group_size))
            throw(ArgumentError(string("@oneapi: unsupported keyword argument `", k, "`")))
        end
    end
    splat(a) = a isa Expr && a.head === :... ? Expr(:..., esc(a.args[1])) : esc(a)
    call = launch ? :(kernel(args...; $(run...))) : nothing
    return quote
        let
            local args = ($(map(splat, args)...),)
            local kernel = kernel_function($(esc(f)), typeof(args))
            $call
            kernel
        end
    end
end

end
