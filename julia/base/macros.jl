# Macros written in Julia that need no data structure but `Expr`. The ones that only wrap their
# argument (`@inline`, `@inbounds`, `@generated`, `@eval`, …) are part of lowering.

# True where the caller did not switch bounds checks off.
macro _boundscheck()
    return Core._expr(:boundscheck)
end
macro nospecializeinfer(ex)
    return esc(ex)
end

# `@static if c … end` keeps the branch that `c` selects when the macro is expanded.
function static_branch(mod::Module, @nospecialize(ex))
    if ast_is(ex, :if) || ast_is(ex, :elseif)
        static_condition(mod, ast_arg(ex, 1)) && return ast_arg(ex, 2)
        ast_count(ex) === 3 || return nothing
        return static_branch(mod, ast_arg(ex, 3))
    elseif ast_is(ex, Symbol("&&"))
        return static_condition(mod, ast_arg(ex, 1)) ? ast_arg(ex, 2) : false
    elseif ast_is(ex, Symbol("||"))
        return static_condition(mod, ast_arg(ex, 1)) ? true : ast_arg(ex, 2)
    end
    return ex
end
function static_condition(mod::Module, @nospecialize(c))
    v = Core.eval(mod, c)
    isa(v, Bool) || throw(ArgumentError("non-boolean condition in @static"))
    return v
end
macro static(ex)
    (ast_is(ex, :if) || ast_is(ex, Symbol("&&")) || ast_is(ex, Symbol("||"))) ||
        throw(ArgumentError("invalid @static macro"))
    return esc(static_branch(__module__, ex))
end

macro assert(ex, msgs...)
    if nfields(msgs) === 0
        failure = Core._expr(:call, GlobalRef(Base, :AssertionError), string(ex))
    else
        msg = getfield(msgs, 1)
        if isa(msg, String)
            failure = Core._expr(:call, GlobalRef(Base, :AssertionError), msg)
        elseif isa(msg, Expr) || isa(msg, Symbol)
            failure = Core._expr(:call, GlobalRef(Base, :assertion_failure), esc(msg))
        else
            failure = Core._expr(:call, GlobalRef(Base, :AssertionError), string(msg))
        end
    end
    return Core._expr(:if, esc(ex), nothing, Core._expr(:call, GlobalRef(Core, :throw), failure))
end

macro gensym(names...)
    blk = Expr(:block)
    for name in names
        push!(blk.args, :($(esc(name)) = gensym($(string(name)))))
    end
    push!(blk.args, nothing)
    return blk
end

macro invokelatest(ex)
    ast_is(ex, :call) || throw(ArgumentError("a call expression from f(args...) must be given"))
    return esc(Expr(:call, GlobalRef(Core, :invokelatest), ex.args...))
end
# `@invoke f(x::T, y)`: the method for the given types (of the argument where none is given).
macro invoke(ex)
    ast_is(ex, :call) || throw(ArgumentError("a call expression from f(args...) must be given"))
    args = Any[]
    types = Any[]
    for a in ex.args[2:end]
        if ast_is(a, Symbol("::"))
            push!(args, esc(a.args[1]))
            push!(types, esc(a.args[2]))
        else
            push!(args, esc(a))
            push!(types, :(Core.Typeof($(esc(a)))))
        end
    end
    return :(Core.invoke($(esc(ex.args[1])), Tuple{$(types...)}, $(args...)))
end
macro macroexpand1(ex)
    return :(macroexpand($__module__, $(QuoteNode(ex)); recursive = false))
end
macro macroexpand(ex)
    return :(macroexpand($__module__, $(QuoteNode(ex))))
end
