# What module Core says in Julia: constructors of the types that the machine made, and the few functions
# that are no builtins. `new` is lowering's form here, with the type first.

eval(m::Module, ex) = HOSTEVAL(m, ex)

TypeVar(name::Symbol) = _typevar(name, Union{}, Any)
TypeVar(name::Symbol, ub) = _typevar(name, Union{}, ub)
TypeVar(name::Symbol, lb, ub) = _typevar(name, lb, ub)
UnionAll(v::TypeVar, body) = _unionall(v, body)
Module(name::Symbol) = Host.new_module(name)
Box() = new(Box)
Box(x) = new(Box, x)
ArgumentError(msg) = new(ArgumentError, msg)
AssertionError() = new(AssertionError, "")
AssertionError(msg) = new(AssertionError, msg)

# syntax
Expr(head::Symbol, args...) = _expr(head, args...)
QuoteNode(value) = new(QuoteNode, value)
GlobalRef(m::Module, name::Symbol) = new(GlobalRef, m, name)
LineNumberNode(line::Int) = new(LineNumberNode, line, nothing)
LineNumberNode(line::Int, file::Union{Symbol,Nothing}) = new(LineNumberNode, line, file)

# exceptions
ErrorException(msg) = new(ErrorException, msg)
BoundsError() = new(BoundsError)
BoundsError(a) = new(BoundsError, a)
BoundsError(a, i) = new(BoundsError, a, i)
DivideError() = new(DivideError)
DomainError(val) = new(DomainError, val, "")
DomainError(val, msg) = new(DomainError, val, msg)
OverflowError(msg) = new(OverflowError, msg)
InexactError(f::Symbol, args...) = new(InexactError, f, args)
UndefRefError() = new(UndefRefError)
UndefVarError(var::Symbol) = new(UndefVarError, var)
UndefVarError(var::Symbol, scope) = new(UndefVarError, var, scope)
UndefKeywordError(var::Symbol) = new(UndefKeywordError, var)
TypeError(f::Symbol, context, expected::Type, got) = new(TypeError, f, context, expected, got)
TypeError(f::Symbol, expected::Type, got) = new(TypeError, f, "", expected, got)
MethodError(f, args) = new(MethodError, f, args, 0xffffffffffffffff)
MethodError(f, args, world::UInt64) = new(MethodError, f, args, world)
InterruptException() = new(InterruptException)
OutOfMemoryError() = new(OutOfMemoryError)
StackOverflowError() = new(StackOverflowError)
LoadError(file, line::Int, error) = new(LoadError, file, line, error)
InitError(mod::Symbol, error) = new(InitError, mod, error)
ConcurrencyViolationError(msg) = new(ConcurrencyViolationError, msg)
UndefInitializer() = new(UndefInitializer)
Nothing() = nothing
