# Loggers: Base's own and one of the program, limits, levels, what tasks inherit.
using Logging
io = IOBuffer()
with_logger(SimpleLogger(io)) do
    fetch(@async @info "from a task")
    @info "hello" a=1 b="x"
    @debug "not shown"
    @warn "two\nlines"
    for i in 1:3; @info "lim $i" maxlog=2; end
end
print(replace(String(take!(io)), r"@ Main .*" => "@ Main"))
with_logger(NullLogger()) do; @error "nothing"; end
with_logger(ConsoleLogger(io, Logging.Debug)) do
    @debug "shown" x=[1,2]
    @info "one"
    @info "kv" a=1
end
print(replace(String(take!(io)), r"@ Main .*" => "@ Main"))
struct L <: AbstractLogger; seen; end
Logging.min_enabled_level(::L) = Logging.Info
Logging.shouldlog(::L, args...) = true
Logging.handle_message(l::L, level, msg, mod, group, id, file, line; kw...) = push!(l.seen, (level, msg, mod, values(kw)))
l = L([]); with_logger(l) do; @info "m" k=2; @debug "d"; @logmsg 500 "lvl"; end
println(l.seen)
println(Logging.Info < Logging.Warn, " ", Logging.Warn, " ", LogLevel(5), " ", current_logger() isa ConsoleLogger)
old = global_logger(NullLogger()); @error "gone"; println(global_logger(old) isa NullLogger)
