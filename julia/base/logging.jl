# `@debug`, `@info`, `@warn`, `@error`: messages to standard error in the form of Julia's console logger.

struct LogLevel
    level::Int32
end
isless(a::LogLevel, b::LogLevel) = a.level < b.level
as_log_level(l::LogLevel) = l
as_log_level(n::Integer) = LogLevel(Int32(n))
module CoreLogging
import ..Base: LogLevel
const BelowMinLevel = LogLevel(-1000001)
const AboveMaxLevel = LogLevel(1000001)
const Debug = LogLevel(-1000)
const Info = LogLevel(0)
const Warn = LogLevel(1000)
const Error = LogLevel(2000)
end
log_level_name(l::LogLevel) = l.level >= 2000 ? "Error" : l.level >= 1000 ? "Warning" : l.level >= 0 ? "Info" : "Debug"
show(io::IO, l::LogLevel) = print(io, l.level == 0 ? "Info" : l.level == 1000 ? "Warn" : l.level == 2000 ? "Error" : l.level == -1000 ? "Debug" : string("LogLevel(", l.level, ")"))

# Least level that is shown.
const log_threshold = Ref(typemin(Int32))
# Collects instead of printing, while a test looks at the messages.
const log_sink = Ref{Any}(nothing)

struct LogRecord
    level::LogLevel
    message::Any
    kwargs::Vector{Pair{Symbol,Any}}
    mod::Module
    file::Any
    line::Int
    group::Symbol
    id::Symbol
end

abstract type AbstractLogger end
struct NullLogger <: AbstractLogger end
# Every message with its place, values as `print` writes them.
struct SimpleLogger <: AbstractLogger
    stream::IO
    min_level::LogLevel
    message_limits::Dict{Any,Int}
end
SimpleLogger(stream::IO = stderr, level = LogLevel(0)) = SimpleLogger(stream, as_log_level(level), Dict{Any,Int}())
# As at a terminal.
struct ConsoleLogger <: AbstractLogger
    stream::IO
    min_level::LogLevel
    message_limits::Dict{Any,Int}
end
ConsoleLogger(stream::IO = stderr, level = LogLevel(0); kw...) = ConsoleLogger(stream, as_log_level(level), Dict{Any,Int}())
ConsoleLogger(level; kw...) = ConsoleLogger(stderr, level)
min_enabled_level(l::Union{SimpleLogger,ConsoleLogger}) = l.min_level
min_enabled_level(::NullLogger) = LogLevel(1000001)
min_enabled_level(::AbstractLogger) = LogLevel(0)
shouldlog(l::Union{SimpleLogger,ConsoleLogger}, level, mod, group, id) = get(l.message_limits, id, 1) > 0
shouldlog(::NullLogger, args...) = false
shouldlog(::AbstractLogger, args...) = true
catch_exceptions(::AbstractLogger) = true

const the_global_logger = Ref{AbstractLogger}(ConsoleLogger())
current_logger() = (s = current_task().storage; s === nothing ? the_global_logger[] : get(s, :logger, the_global_logger[])::AbstractLogger)
global_logger() = the_global_logger[]
global_logger(l::AbstractLogger) = (old = the_global_logger[]; the_global_logger[] = l; old)
with_logger(f, l::AbstractLogger) = task_local_storage(f, :logger, l)
disable_logging(level) = (log_threshold[] = as_log_level(level).level + 1; nothing)

# Is a message of this level of interest to anybody?
function log_enabled(level::LogLevel)
    log_sink[] === nothing || return true
    return level.level >= log_threshold[] && !(level < min_enabled_level(current_logger()))
end
function emit_log(r::LogRecord)
    log_sink[] === nothing || return (push!(log_sink[], r); nothing)
    logger = current_logger()
    shouldlog(logger, r.level, r.mod, r.group, r.id) || return nothing
    handle_message(logger, r.level, r.message, r.mod, r.group, r.id, r.file, r.line; r.kwargs...)
    return nothing
end
function over_limit!(logger, id, maxlog)
    maxlog === nothing && return false
    left = get!(logger.message_limits, id, maxlog)
    logger.message_limits[id] = left - 1
    return left <= 0
end
function handle_message(logger::SimpleLogger, level, message, mod, group, id, file, line; maxlog = nothing, kwargs...)
    over_limit!(logger, id, maxlog) && return nothing
    io = fresh_buffer()
    lines = split(chomp(string(message)), '\n')
    println(io, "┌ ", log_level_name(level), ": ", lines[1])
    foreach(l -> println(io, "│ ", l), lines[2:end])
    foreach(p -> println(io, "│   ", p.first, " = ", p.second), kwargs)
    println(io, "└ @ ", mod, " ", file, ":", line)
    write_log(logger.stream, io)
end
write_log(stream, io) = (flush(stdout); write(stream, String(take!(io))); nothing)
function handle_message(logger::ConsoleLogger, level, message, mod, group, id, file, line; maxlog = nothing, kwargs...)
    over_limit!(logger, id, maxlog) && return nothing
    io = fresh_buffer()
    lines = split(chomp(string(message)), '\n')
    for (k, v) in kwargs
        text = split(v isa Exception ? sprint(showerror, v) : sprint((io, x) -> show(IOContext(io, :limit => true), MIME("text/plain"), x), v), '\n')
        length(text) == 1 && (push!(lines, string("  ", k, " = ", text[1])); continue)
        push!(lines, string("  ", k, " ="))
        append!(lines, string("   ", t) for t in text)
    end
    placed = level.level != 0 # Info does not tell its place
    name = log_level_name(level)
    if length(lines) == 1 && !placed
        println(io, "[ ", name, ": ", lines[1])
    else
        println(io, "┌ ", name, ": ", lines[1])
        for i in 2:length(lines)
            last_line = i == length(lines) && !placed
            println(io, last_line ? "└ " : "│ ", lines[i])
        end
        placed && println(io, "└ @ ", mod, " ", file, ":", line)
    end
    write_log(logger.stream, io)
end
function log_call(level, mod, source, args)
    message = isempty(args) ? "" : args[1]
    kws = Any[]
    for a in args[2:end]
        if a isa Expr && a.head === :(=)
            a.args[1] in (:_id, :_group, :_module, :_file, :_line) && continue
            push!(kws, :(Pair{Symbol,Any}($(QuoteNode(a.args[1])), $(esc(a.args[2])))))
        elseif a isa Expr && a.head === :...
            push!(kws, :((Pair{Symbol,Any}(k, v) for (k, v) in pairs($(esc(a.args[1]))))...))
        else
            push!(kws, :(Pair{Symbol,Any}($(QuoteNode(Symbol(a isa Symbol ? a : string(a)))), $(esc(a)))))
        end
    end
    file = source.file === nothing ? "none" : String(source.file)
    group = QuoteNode(Symbol(first(splitext(basename(file)))))
    id = QuoteNode(gensym(:log))
    return quote
        local level = $level
        if log_enabled(level)
            emit_log(LogRecord(level, $(esc(message)), Pair{Symbol,Any}[$(kws...)], $mod, $file, $(Int(source.line)), $group, $id))
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
