# Loggers, as far as they choose which messages are shown.
module Logging

export AbstractLogger, LogLevel, NullLogger, ConsoleLogger, SimpleLogger, with_logger, global_logger, current_logger, disable_logging, min_enabled_level, @debug, @info, @warn, @error, @logmsg

using Base: LogLevel, log_threshold
using Base.CoreLogging: Debug, Info, Warn, Error
const BelowMinLevel = LogLevel(-1000001)
const AboveMaxLevel = LogLevel(1000001)

abstract type AbstractLogger end
struct NullLogger <: AbstractLogger end
# Messages go to standard error; the stream is not used.
struct ConsoleLogger <: AbstractLogger
    stream::Any
    min_level::LogLevel
end
ConsoleLogger(stream = stderr, level = Info; options...) = ConsoleLogger(stream, level)
ConsoleLogger(level::LogLevel; options...) = ConsoleLogger(stderr, level)
const SimpleLogger = ConsoleLogger

min_enabled_level(::NullLogger) = AboveMaxLevel
min_enabled_level(l::ConsoleLogger) = l.min_level

const logger = Ref{AbstractLogger}(ConsoleLogger())
current_logger() = logger[]
function global_logger(new::AbstractLogger)
    old = logger[]
    logger[] = new
    log_threshold[] = min_enabled_level(new).level
    return old
end
global_logger() = logger[]

"""
    with_logger(f, logger)

Runs `f` with a logger for its messages.
"""
function with_logger(f, new::AbstractLogger)
    old = global_logger(new)
    try
        return f()
    finally
        global_logger(old)
    end
end
disable_logging(level::LogLevel) = (log_threshold[] = level.level + Int32(1); nothing)

end
