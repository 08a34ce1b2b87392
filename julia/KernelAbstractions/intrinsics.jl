# What kernels are made of, below the kernel language: queries, local memory, barriers and launches for any back-end.
module KernelIntrinsics

import Base.Device
import Base.Device: Backend, device_symbol

# Each query is a named tuple of `x`, `y`, `z`; ids count from 1.
@inline as_ints(t::NamedTuple) = (x = Int(t.x), y = Int(t.y), z = Int(t.z))
@inline get_local_id() = as_ints(Device.local_index())
@inline get_group_id() = as_ints(Device.group_index())
@inline get_global_id() = as_ints(Device.global_index())
@inline get_local_size() = as_ints(Device.group_dim())
@inline get_num_groups() = as_ints(Device.grid_dim())
@inline get_global_size() = map(*, get_local_size(), get_num_groups())
@inline barrier() = Device.barrier()
@inline localmemory(::Type{T}, dims) where {T} = Device.shared_array(T, Val(dims), Val(:site))
@inline localmemory(::Type{T}, ::Val{dims}) where {T,dims} = Device.shared_array(T, Val(dims), Val(:site))
@inline _print(items...) = Device.print_items(items...)

argconvert(::Backend, x) = Device.kernel_convert(x)

struct Kernel{B<:Backend,K}
    backend::B
    kern::K
end
kernel_function(b::B, f::F, ::Type{TT} = Tuple{}; kw...) where {B<:Backend,F,TT} = Kernel(b, Device.HostKernel{device_symbol(b),F,TT}(f))

check_launch_args(groups, items) = length(groups) <= 3 && length(items) <= 3 ? nothing :
    throw(ArgumentError("a launch has at most three dimensions"))
# `numworkgroups` groups of `workgroupsize` work-items.
function (k::Kernel)(args...; numworkgroups = 1, workgroupsize = 1)
    check_launch_args(numworkgroups, workgroupsize)
    return Device.start(k.kern, args, Device.check_group(Device.dims3(workgroupsize)), Device.check_dims("Grid", Device.dims3(numworkgroups)))
end
kernel_max_work_group_size(::Kernel; max_work_items::Int = typemax(Int)) = min(1024, max_work_items)
max_work_group_size(::Backend) = 1024
multiprocessor_count(::Backend) = 1

# `KI.@kernel backend [numworkgroups=…] [workgroupsize=…] [launch=false] f(args...)`
macro kernel(backend, exs...)
    make = gensym(:make)
    body = Device.launch_expression("KI.@kernel", exs, make, (:name,), (:numworkgroups, :workgroupsize))
    return :(let $make = (f, tt; kw...) -> kernel_function($(esc(backend)), f, tt; kw...)
        $body
    end)
end

end
