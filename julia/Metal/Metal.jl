# Metal's spelling of arrays, kernels and device functions.
module Metal

import Base.Device
import Base.Device: AbstractGPUArray, DeviceArray, MetalBackend, allowscalar, @allowscalar, dims3, check_dims
import Random

export MtlArray, MtlVector, MtlMatrix, MtlDeviceArray, MtlDeviceVector, MtlDeviceMatrix, MetalBackend, mtl, @metal, mtlconvert, mtlfunction, MtlThreadGroupArray,
    thread_position_in_grid, thread_position_in_grid_1d, thread_position_in_grid_2d, thread_position_in_grid_3d,
    thread_position_in_threadgroup, thread_position_in_threadgroup_1d, thread_position_in_threadgroup_2d, thread_position_in_threadgroup_3d,
    threadgroup_position_in_grid, threadgroup_position_in_grid_1d, threadgroup_position_in_grid_2d, threadgroup_position_in_grid_3d,
    threads_per_threadgroup, threads_per_threadgroup_1d, threads_per_threadgroup_2d, threads_per_threadgroup_3d,
    threadgroups_per_grid, threadgroups_per_grid_1d, threadgroups_per_grid_2d, threadgroups_per_grid_3d,
    threads_per_grid, threads_per_grid_1d, threads_per_grid_2d, threads_per_grid_3d, grid_size, grid_size_1d, grid_size_2d, grid_size_3d,
    thread_index_in_threadgroup, thread_index_in_simdgroup, threads_per_simdgroup, simdgroup_index_in_threadgroup, simdgroups_per_threadgroup,
    threadgroup_barrier, simdgroup_barrier, simd_shuffle, simd_shuffle_down, simd_shuffle_up, simd_shuffle_xor, allowscalar, @allowscalar, MemoryFlagDevice, MemoryFlagNone, MemoryFlagThreadGroup, @mtlprintf, @mtlprint, @mtlprintln

Device.@gpu_array MtlArray MtlVector MtlMatrix PrivateStorage
Device.@array_functions MtlArray MetalBackend
const MtlVecOrMat{T} = Union{MtlVector{T},MtlMatrix{T}}
struct SharedStorage end
const MtlDeviceArray = DeviceArray
const MtlDeviceVector = Device.DeviceVector
const MtlDeviceMatrix = Device.DeviceMatrix
mtl(x) = Device.adapt(MtlArray{Float32}, x)
functional(args...) = true
synchronize(args...; kw...) = nothing
device_synchronize(args...; kw...) = nothing
macro sync(args...)
    return esc(args[end])
end
macro elapsed(ex)
    return :(Base.@elapsed $(esc(ex)))
end

# ---- in kernels: each query as a named tuple and, per number of dimensions, as numbers ---------------

for (name, query) in ((:thread_position_in_grid, :global_index), (:thread_position_in_threadgroup, :local_index), (:threadgroup_position_in_grid, :group_index),
        (:threads_per_threadgroup, :group_dim), (:threadgroups_per_grid, :grid_dim))
    n1, n2, n3 = Symbol(name, :_1d), Symbol(name, :_2d), Symbol(name, :_3d)
    @eval begin
        @inline $name() = Device.$query()
        @inline $n1() = Device.$query().x
        @inline $n2() = (x = Device.$query().x, y = Device.$query().y)
        @inline $n3() = Device.$query()
    end
end
@inline threads_per_grid() = (g = Device.grid_dim(); t = Device.group_dim(); (x = g.x * t.x, y = g.y * t.y, z = g.z * t.z))
@inline threads_per_grid_1d() = threads_per_grid().x
@inline threads_per_grid_2d() = (t = threads_per_grid(); (x = t.x, y = t.y))
@inline threads_per_grid_3d() = threads_per_grid()
const grid_size = threads_per_grid
const grid_size_1d = threads_per_grid_1d
const grid_size_2d = threads_per_grid_2d
const grid_size_3d = threads_per_grid_3d
@inline thread_index_in_threadgroup() = Device.linear_local_id() + Int32(1)
@inline thread_index_in_simdgroup() = Device.lane_id()
@inline threads_per_simdgroup() = Device.warp_size()
@inline simdgroup_index_in_threadgroup() = Base.sdiv_int(Device.linear_local_id(), Device.warp_size()) + Int32(1)
@inline simdgroups_per_threadgroup() = (t = Device.group_dim(); w = Device.warp_size(); Base.sdiv_int(t.x * t.y * t.z + w - Int32(1), w))
const MemoryFlagNone = 0x0
const MemoryFlagDevice = 0x1
const MemoryFlagThreadGroup = 0x2
@inline threadgroup_barrier(flag = MemoryFlagNone) = Device.barrier()
@inline simdgroup_barrier(flag = MemoryFlagNone) = Device.sync_warp()
@inline simd_shuffle(x, lane) = Device.shuffle(Val(:idx), Device.FULL_MASK, x, lane - 1, 32)
@inline simd_shuffle_down(x, delta) = Device.shuffle(Val(:down), Device.FULL_MASK, x, delta, 32)
@inline simd_shuffle_up(x, delta) = Device.shuffle(Val(:up), Device.FULL_MASK, x, delta, 32)
@inline simd_shuffle_xor(x, lanes) = Device.shuffle(Val(:xor), Device.FULL_MASK, x, lanes, 32)
@inline MtlThreadGroupArray(::Type{T}, dims) where {T} = Device.shared_array(T, Val(dims), Val(:site))
@inline MtlThreadGroupArray(::Type{T}, ::Val{dims}) where {T,dims} = Device.shared_array(T, Val(dims), Val(:site))
@inline atomic_fetch_add_explicit(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, +, convert(T, x)).first
@inline atomic_fetch_sub_explicit(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, -, convert(T, x)).first
@inline atomic_fetch_and_explicit(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, &, convert(T, x)).first
@inline atomic_fetch_or_explicit(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, |, convert(T, x)).first
@inline atomic_fetch_xor_explicit(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, xor, convert(T, x)).first
@inline atomic_fetch_max_explicit(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, max, convert(T, x)).first
@inline atomic_fetch_min_explicit(p::Device.MemPtr{T}, x) where {T} = Device.atomic_update(p, min, convert(T, x)).first
@inline atomic_exchange_explicit(p::Device.MemPtr, x) = Device.atomic_swap(p, x)
@inline atomic_load_explicit(p::Device.MemPtr) = Device.atomic_load(p)
@inline atomic_store_explicit(p::Device.MemPtr, x) = (Device.atomic_store(p, x); nothing)
@inline atomic_compare_exchange_weak_explicit(p::Device.MemPtr, expected, x) = Device.atomic_replace(p, expected, x).old
macro atomic(args...)
    return Device.atomic_macro(args, :old)
end
macro mtlprintf(fmt, args...)
    return Device.printf_call(fmt, args)
end
macro mtlprint(args...)
    return Device.print_call(args)
end
macro mtlprintln(args...)
    return Device.print_call((args..., "\n"))
end

# ---- launching --------------------------------------------------------------------------------------

const HostKernel{F,TT} = Device.HostKernel{:metal,F,TT}
mtlconvert(x, args...) = Device.kernel_convert(x)
mtlfunction(f::F, ::Type{TT} = Tuple{}; kw...) where {F,TT} = Device.HostKernel{:metal,F,TT}(f)
(k::HostKernel)(args...; threads = 1, groups = 1, queue = nothing) =
    Device.start(k, args, Device.check_group(dims3(threads), "Thread group"), check_dims("Grid", dims3(groups)))
Base.getproperty(k::HostKernel, s::Symbol) = s === :pipeline ? (maxTotalThreadsPerThreadgroup = 1024, threadExecutionWidth = 32) : getfield(k, s)
macro metal(exs...)
    return Device.launch_expression("@metal", exs, mtlfunction, (:name, :macos, :metal, :air, :fastmath, :always_inline), (:threads, :groups, :queue))
end

end
