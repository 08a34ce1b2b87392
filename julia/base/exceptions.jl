# Exceptions that Julia code throws, constructors of those the machine throws (their types are in Core),
# and `error`.

# Core's types have fields but no methods yet; `new` is spelled out because no struct body is near.
@eval ErrorException(msg) = $(Expr(:new, :ErrorException, :(convert(AbstractString, msg))))
@eval BoundsError() = $(Expr(:new, :BoundsError))
@eval BoundsError(a) = $(Expr(:new, :BoundsError, :a))
@eval BoundsError(a, i) = $(Expr(:new, :BoundsError, :a, :i))
@eval DivideError() = $(Expr(:new, :DivideError))
@eval DomainError(val, msg = "") = $(Expr(:new, :DomainError, :val, :msg))
@eval OverflowError(msg) = $(Expr(:new, :OverflowError, :msg))
@eval InexactError(f::Symbol, args...) = $(Expr(:new, :InexactError, :f, :args))
@eval UndefRefError() = $(Expr(:new, :UndefRefError))
@eval UndefVarError(var::Symbol) = $(Expr(:new, :UndefVarError, :var))
@eval UndefVarError(var::Symbol, scope) = $(Expr(:new, :UndefVarError, :var, :scope))
@eval UndefKeywordError(var::Symbol) = $(Expr(:new, :UndefKeywordError, :var))
@eval TypeError(f::Symbol, context, expected::Type, got) = $(Expr(:new, :TypeError, :f, :context, :expected, :got))
TypeError(f, expected, got) = TypeError(f, "", expected, got)
@eval MethodError(f, args, world::UInt64) = $(Expr(:new, :MethodError, :f, :args, :world))
MethodError(f, args) = MethodError(f, args, typemax(UInt64))
@eval InterruptException() = $(Expr(:new, :InterruptException))
@eval OutOfMemoryError() = $(Expr(:new, :OutOfMemoryError))
@eval StackOverflowError() = $(Expr(:new, :StackOverflowError))
@eval LoadError(file, line, error) = $(Expr(:new, :LoadError, :file, :(convert(Int, line)), :error))
@eval InitError(mod::Symbol, error) = $(Expr(:new, :InitError, :mod, :error))
@eval ConcurrencyViolationError(msg) = $(Expr(:new, :ConcurrencyViolationError, :msg))

struct ArgumentError <: Exception
    msg::AbstractString
end
struct AssertionError <: Exception
    msg::AbstractString
end
AssertionError() = AssertionError("")
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
