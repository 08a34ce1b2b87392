# Clocks and the macros that time an expression.

time() = Core.Host.time()
time_ns() = Core.Host.time_ns()

# `seconds` as `@time` prints them.
function print_elapsed(label, elapsed_ns, bytes)
    s = elapsed_ns / 1e9
    text = Core.Host.float_fixed(s, 6)
    print(stdout, lpad(text, length(text) < 10 ? 10 : length(text)), " seconds")
    bytes > 0 && print(stdout, " (", format_bytes(bytes), " allocated)")
    label === nothing ? println(stdout) : println(stdout, ": ", label)
    return nothing
end
function format_bytes(n::Integer)
    n < 1024 && return string(n, n == 1 ? " byte" : " bytes")
    x = Float64(n)
    for unit in ("KiB", "MiB", "GiB", "TiB")
        x /= 1024
        x < 1024 && return string(Core.Host.float_fixed(x, 3), " ", unit)
    end
    return string(Core.Host.float_fixed(x / 1024, 3), " PiB")
end
allocated_bytes() = Core.Host.gc_bytes()

macro time(ex)
    return :(@time nothing $(esc(ex)))
end
macro time(label, ex)
    return quote
        local bytes = allocated_bytes()
        local start = time_ns()
        local value = $(esc(ex))
        local stop = time_ns()
        print_elapsed($(esc(label)), stop - start, allocated_bytes() - bytes)
        value
    end
end
macro timev(ex)
    return :(@time nothing $(esc(ex)))
end
macro showtime(ex)
    return :(@time $(string(ex)) $(esc(ex)))
end
macro elapsed(ex)
    return quote
        local start = time_ns()
        $(esc(ex))
        (time_ns() - start) / 1e9
    end
end
macro timed(ex)
    return quote
        local bytes = allocated_bytes()
        local start = time_ns()
        local value = $(esc(ex))
        local stop = time_ns()
        (value = value, time = (stop - start) / 1e9, bytes = allocated_bytes() - bytes, gctime = 0.0, gcstats = nothing, lock_conflicts = 0, compile_time = 0.0, recompile_time = 0.0)
    end
end
macro allocated(ex)
    return quote
        local bytes = allocated_bytes()
        $(esc(ex))
        allocated_bytes() - bytes
    end
end
macro allocations(ex)
    return quote
        $(esc(ex))
        0
    end
end
