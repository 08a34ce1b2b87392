# The runtime library: functions that the compiler calls by name where kernels throw and make objects. They are compiled
# like kernels, once, and linked to those that need them. A back-end changes them by methods in its own table. None of
# them may throw, or make objects itself.

module Runtime

using Core.Intrinsics: gpu_kernel_state, gpu_exit, gpu_local_id, gpu_group_id, gpu_fence, pointerref, pointerset, add_ptr, bitcast,
    atomic_pointerreplace, atomic_pointerset, eq_int, ne_int, add_int, mul_int, slt_int, sext_int
import ..Device: @device_function, @override, CPU_TABLE, METAL_TABLE, SPIRV_TABLE

# Reports the exception of a site of the kernel, with up to four integers, and ends the work-item. `calls` is the record of
# the innermost call that led there, `{ its caller's record, number }`, where the kernel keeps them.
#
# The state of a launch is a record: { status, site, four integers, group, work-item, calls, depth }.
@device_function @noinline function gpu_report_exception(site::Int32, a::Int64, b::Int64, c::Int64, d::Int64, calls::Ptr{Nothing})
    write_report(gpu_kernel_state(), site, a, b, c, d, calls)
    gpu_signal_exception()
end
@device_function @inline function write_report(record, site, a, b, c, d, calls)
    claim_report(record) || return nothing
    set_int32(record, 4, site)
    set_int64(record, 8, a)
    set_int64(record, 16, b)
    set_int64(record, 24, c)
    set_int64(record, 32, d)
    set_int32(record, 40, gpu_group_id(0))
    set_int32(record, 44, gpu_group_id(1))
    set_int32(record, 48, gpu_group_id(2))
    set_int32(record, 52, gpu_local_id(0))
    set_int32(record, 56, gpu_local_id(1))
    set_int32(record, 60, gpu_local_id(2))
    report_calls(record, calls)
    report_fence()
    atomic_pointerset(bitcast(Ptr{Int32}, record), Int32(2), :monotonic)
    return nothing
end
@device_function @inline report_fence() = gpu_fence(:system)
@inline at(p, offset) = add_ptr(p, bitcast(UInt64, offset))
@inline set_int32(p, offset, x) = pointerset(bitcast(Ptr{Int32}, at(p, offset)), x, 1, 4)
@inline set_int64(p, offset, x) = pointerset(bitcast(Ptr{Int64}, at(p, offset)), x, 1, 8)
@inline is_null(p) = eq_int(bitcast(UInt64, p), UInt64(0))
# The first work-item that throws writes the report.
@inline claim_report(record) = getfield(atomic_pointerreplace(bitcast(Ptr{Int32}, record), Int32(0), Int32(1), :monotonic, :monotonic), 2)
# Numbers of calls, innermost first, as many as there is room for.
@inline function report_calls(record, call)
    depth = 0
    while slt_int(depth, 16)
        is_null(call) && break
        set_int32(record, add_int(64, mul_int(4, depth)), pointerref(bitcast(Ptr{Int32}, at(call, 8)), 1, 4))
        call = pointerref(bitcast(Ptr{Ptr{Nothing}}, call), 1, 8)
        depth = add_int(depth, 1)
    end
    set_int32(record, 128, Core.Intrinsics.trunc_int(Int32, depth))
    return nothing
end

# What ends a work-item becomes part of the kernel in SPIR-V and on Metal: only the report is a function.
@override SPIRV_TABLE @inline function gpu_report_exception(site::Int32, a::Int64, b::Int64, c::Int64, d::Int64, calls::Ptr{Nothing})
    outlined_report(gpu_kernel_state(), site, a, b, c, d, calls)
    gpu_signal_exception()
end
@override METAL_TABLE @inline function gpu_report_exception(site::Int32, a::Int64, b::Int64, c::Int64, d::Int64, calls::Ptr{Nothing})
    outlined_report(gpu_kernel_state(), site, a, b, c, d, calls)
    gpu_signal_exception()
end
# Not all versions of Metal's language have fences. Hosts look at reports of kernels that have ended.
@override METAL_TABLE @inline report_fence() = nothing
@device_function @noinline outlined_report(record, site, a, b, c, d, calls) = write_report(record, site, a, b, c, d, calls)

# Ends the work-item once its exception is reported.
@device_function @inline gpu_signal_exception() = gpu_exit()

# Memory of so many bytes.
@device_function @noinline function gpu_malloc(bytes::Int64)
    p = ccall(:malloc, Ptr{Nothing}, (Int64,), bytes)
    is_null(p) && gpu_report_exception(OUT_OF_MEMORY, bytes, 0, 0, 0, bitcast(Ptr{Nothing}, UInt64(0)))
    return p
end
# The site that stands for memory that ran out.
const OUT_OF_MEMORY = Int32(-3)

# Memory for an object with so many bytes of data. The word for its type comes first.
@device_function @noinline gpu_box(bytes::Int64) = gpu_malloc(add_int(bytes, 8))

# The CPU's launches have a record that host code writes. Places are passed as values, so that nothing but kernels that ask
# for it has the address of a work-item's state, whose first word leads to its group's.
@override CPU_TABLE @inline function gpu_report_exception(site::Int32, a::Int64, b::Int64, c::Int64, d::Int64, calls::Ptr{Nothing})
    group = pointerref(bitcast(Ptr{Ptr{Nothing}}, gpu_kernel_state()), 1, 8)
    ccall(:rk_cpu_throw, Union{}, (Ptr{Nothing}, Int32, Int32, Int32, Int32, Int64, Int64, Int64, Int64, Ptr{Nothing}),
        group, gpu_local_id(0), gpu_local_id(1), gpu_local_id(2), site, a, b, c, d, calls)
end

end
