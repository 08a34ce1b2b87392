# Logging: the names of Base's loggers, and how a program installs its own.

module Logging

import Base: LogLevel, AbstractLogger, NullLogger, SimpleLogger, ConsoleLogger, with_logger, current_logger, global_logger, disable_logging, handle_message, shouldlog,
    min_enabled_level, catch_exceptions, @logmsg, @debug, @info, @warn, @error
import Base.CoreLogging: Debug, Info, Warn, Error, BelowMinLevel, AboveMaxLevel
export LogLevel, AbstractLogger, NullLogger, SimpleLogger, ConsoleLogger, with_logger, current_logger, global_logger, disable_logging, @logmsg, @debug, @info, @warn, @error

end
