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
