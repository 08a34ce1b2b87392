# Exceptions that Julia code throws (those the machine throws are in Core), and `error`.

struct KeyError <: Exception
    key
end
struct DimensionMismatch <: Exception
    msg::AbstractString
end
DimensionMismatch() = DimensionMismatch("")
struct StringIndexError <: Exception
    string::AbstractString
    index::Integer
end
struct SystemError <: Exception
    prefix::AbstractString
    errnum::Int32
    extrainfo
    SystemError(prefix, errnum, extrainfo = nothing) = new(prefix, errnum, extrainfo)
end
struct CapturedException <: Exception
    ex::Any
    processed_bt::Any
end
struct InvalidStateException <: Exception
    msg::AbstractString
    state::Symbol
end
struct ProcessFailedException <: Exception
    procs
end
struct TaskFailedException <: Exception
    task
end

@noinline error(s::AbstractString) = throw(ErrorException(s))
@noinline error(s...) = throw(ErrorException(string(s...)))
# The message of `@assert cond msg`, when `msg` is a value computed on failure.
@noinline assertion_failure(msg::AbstractString) = AssertionError(msg)
@noinline assertion_failure(msg::Exception) = msg
@noinline assertion_failure(msg) = AssertionError(string(msg))
rethrow() = Core._rethrow()
rethrow(e) = Core._rethrow(e)
systemerror(p, errno) = throw(SystemError(string(p), Int32(errno), nothing))
