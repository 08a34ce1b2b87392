# `@debug`, `@info`, `@warn`, `@error`: messages to standard error in the form of Julia's console logger.

struct LogLevel
    level::Int32
end
isless(a::LogLevel, b::LogLevel) = a.level < b.level
module CoreLogging
import ..Base: LogLevel
const Debug = LogLevel(-1000)
const Info = LogLevel(0)
const Warn = LogLevel(1000)
const Error = LogLevel(2000)
end
log_level_name(l::LogLevel) = l.level >= 2000 ? "Error" : l.level >= 1000 ? "Warning" : l.level >= 0 ? "Info" : "Debug"
show(io::IO, l::LogLevel) = print(io, l.level == 0 ? "Info" : l.level == 1000 ? "Warn" : l.level == 2000 ? "Error" : l.level == -1000 ? "Debug" : string("LogLevel(", l.level, ")"))

# Least level that is shown.
const log_threshold = Ref(Int32(0))
# Collects instead of printing, while a test looks at the messages.
const log_sink = Ref{Any}(nothing)

struct LogRecord
    level::LogLevel
    message::Any
    kwargs::Vector{Pair{Symbol,Any}}
    mod::Module
    file::Any
    line::Int
end
function emit_log(r::LogRecord)
    log_sink[] === nothing || return (push!(log_sink[], r); nothing)
    r.level.level < log_threshold[] && return nothing
    io = IOBuffer()
    lines = split(string(r.message), '\n')
    for (k, v) in r.kwargs
        text = split(v isa Exception ? sprint(showerror, v) : sprint((io, x) -> show(IOContext(io, :limit => true), MIME("text/plain"), x), v), '\n')
        push!(lines, string("  ", k, " = ", text[1]))
        for t in text[2:end]
            push!(lines, string("   ", t))
        end
    end
    placed = r.level.level != 0 # Info does not tell its place
    name = log_level_name(r.level)
    if length(lines) == 1 && !placed
        println(io, "[ ", name, ": ", lines[1])
    else
        println(io, "┌ ", name, ": ", lines[1])
        for i in 2:length(lines)
            last_line = i == length(lines) && !placed
            println(io, last_line ? "└ " : "│ ", lines[i])
        end
        placed && println(io, "└ @ ", r.mod, " ", r.file, ":", r.line)
    end
    flush(stdout)
    write(stderr, String(take!(io)))
    return nothing
end
function log_call(level, mod, source, args)
    message = isempty(args) ? "" : args[1]
    kws = Any[]
    for a in args[2:end]
        if a isa Expr && a.head === :(=)
            a.args[1] in (:_id, :_group, :maxlog, :_module, :_file, :_line) && continue
            push!(kws, :(Pair{Symbol,Any}($(QuoteNode(a.args[1])), $(esc(a.args[2])))))
        elseif a isa Expr && a.head === :...
            push!(kws, :((Pair{Symbol,Any}(k, v) for (k, v) in pairs($(esc(a.args[1]))))...))
        else
            push!(kws, :(Pair{Symbol,Any}($(QuoteNode(Symbol(a isa Symbol ? a : string(a)))), $(esc(a)))))
        end
    end
    file = source.file === nothing ? "none" : String(source.file)
    return quote
        local level = $level
        if level.level >= log_threshold[] || log_sink[] !== nothing
            emit_log(LogRecord(level, $(esc(message)), Pair{Symbol,Any}[$(kws...)], $mod, $file, $(Int(source.line))))
        end
        nothing
    end
end
macro debug(args...)
    return log_call(:(CoreLogging.Debug), __module__, __source__, args)
end
macro info(args...)
    return log_call(:(CoreLogging.Info), __module__, __source__, args)
end
macro warn(args...)
    return log_call(:(CoreLogging.Warn), __module__, __source__, args)
end
macro error(args...)
    return log_call(:(CoreLogging.Error), __module__, __source__, args)
end
macro logmsg(level, args...)
    return log_call(:(as_log_level($(esc(level)))), __module__, __source__, args)
end
as_log_level(l::LogLevel) = l
as_log_level(n::Integer) = LogLevel(Int32(n))
