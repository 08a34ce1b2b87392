# Macros that need no data structure but `Expr`.

# ---- hints on functions -------------------------------------------------------------------------

# Is `ex` the syntax of a function definition (`f(x) = …`, `function`, `->`, `do`)?
function is_function_def(@nospecialize(ex))
    isa(ex, Expr) || return false
    h = ex.head
    h === :function && return true
    h === Symbol("->") && return true
    if h === :(=)
        lhs = ast_arg(ex, 1)
        while ast_is(lhs, :where) || ast_is(lhs, Symbol("::"))
            lhs = ast_arg(lhs, 1)
        end
        return ast_is(lhs, :call)
    end
    return false
end

# Puts `meta` first into the body of the definition `ex`; looks through macro calls and hygiene around
# it. Anything else comes back unchanged.
function annotate_function(@nospecialize(ex), @nospecialize(meta))
    isa(ex, Expr) || return ex
    if is_function_def(ex)
        ast_count(ex) === 1 && return ex
        return Core._expr(ex.head, ast_arg(ex, 1), Core._expr(:block, meta, ast_arg(ex, 2)))
    end
    h = ex.head
    if h === :escape || h === Symbol("hygienic-scope")
        n = ast_count(ex)
        inner = annotate_function(ast_arg(ex, 1), meta)
        n === 1 && return Core._expr(h, inner)
        n === 2 && return Core._expr(h, inner, ast_arg(ex, 2))
        return Core._expr(h, inner, ast_arg(ex, 2), ast_arg(ex, 3))
    elseif h === :macrocall
        n = ast_count(ex)
        inner = annotate_function(ast_arg(ex, n), meta)
        n === 3 && return Core._expr(h, ast_arg(ex, 1), ast_arg(ex, 2), inner)
        n === 4 && return Core._expr(h, ast_arg(ex, 1), ast_arg(ex, 2), ast_arg(ex, 3), inner)
        return ex
    elseif h === :block && ast_count(ex) === 2
        return Core._expr(h, ast_arg(ex, 1), annotate_function(ast_arg(ex, 2), meta))
    elseif h === :do
        fn = ast_arg(ex, 2)
        return Core._expr(:do, ast_arg(ex, 1), annotate_function(fn, meta))
    end
    return ex
end

macro inline()
    return Core._expr(:meta, :inline)
end
macro inline(ex)
    return esc(annotate_function(ex, Core._expr(:meta, :inline)))
end
macro noinline()
    return Core._expr(:meta, :noinline)
end
macro noinline(ex)
    return esc(annotate_function(ex, Core._expr(:meta, :noinline)))
end
macro propagate_inbounds(ex)
    return esc(annotate_function(annotate_function(ex, Core._expr(:meta, :inline)), Core._expr(:meta, :propagate_inbounds)))
end
# Purity and constant-propagation promises: only what changes folding is kept.
macro pure(ex)
    return esc(annotate_function(ex, Core._expr(:meta, :foldable)))
end
promises_folding(@nospecialize(s)) = isa(s, QuoteNode) ? (s.value === :foldable || s.value === :total) : false
macro assume_effects(args...)
    n = Core.nfields(args)
    ex = getfield(args, n)
    i = 1
    fold = false
    while Core.Intrinsics.slt_int(i, n)
        promises_folding(getfield(args, i)) && (fold = true)
        i = add_int(i, 1)
    end
    isa(ex, Expr) || return nothing
    return fold ? esc(annotate_function(ex, Core._expr(:meta, :foldable))) : esc(ex)
end
macro constprop(setting, ex)
    s = isa(setting, QuoteNode) ? setting.value : setting
    return esc(annotate_function(ex, Core._expr(:meta, s === :none ? :no_constprop : :aggressive_constprop)))
end
macro constprop(setting)
    return nothing
end
macro nospecializeinfer(ex)
    return esc(ex)
end

macro nospecialize()
    return Core._expr(:meta, :nospecialize)
end
macro nospecialize(x)
    return Core._expr(:meta, :nospecialize, esc(x))
end
macro nospecialize(x, y)
    return Core._expr(:meta, :nospecialize, esc(x), esc(y))
end
macro nospecialize(x, y, z, more...)
    return Core._expr(:meta, :nospecialize, esc(x), esc(y), esc(z))
end
macro specialize(xs...)
    return Core._expr(:meta, :specialize)
end

# ---- bounds -------------------------------------------------------------------------------------

macro inbounds(ex)
    return Core._expr(:block,
        Core._expr(:inbounds, true),
        Core._expr(:local, Core._expr(:(=), :val, esc(ex))),
        Core._expr(:inbounds, :pop),
        :val)
end
macro boundscheck(ex)
    return Core._expr(:if, Core._expr(:boundscheck), esc(ex))
end
macro _boundscheck()
    return Core._expr(:boundscheck)
end

# ---- loops --------------------------------------------------------------------------------------

macro simd(loop)
    return esc(hinted_loop(loop, Symbol("julia.simdloop")))
end
macro simd(hint, loop)
    return esc(hinted_loop(loop, hint === :ivdep ? Symbol("julia.ivdep") : Symbol("julia.simdloop")))
end
function hinted_loop(@nospecialize(loop), hint::Symbol)
    ast_is(loop, :for) || return loop
    body = ast_arg(loop, 2)
    return Core._expr(:for, ast_arg(loop, 1), Core._expr(:block, body, Core._expr(:loopinfo, hint)))
end

macro goto(name)
    return esc(Core._expr(:symbolicgoto, name))
end
macro label(name)
    return esc(Core._expr(:symboliclabel, name))
end

# ---- evaluation ---------------------------------------------------------------------------------

macro isdefined(x)
    return Core._expr(:escape, Core._expr(:isdefined, x))
end
macro eval(ex)
    return Core._expr(:escape, Core._expr(:call, GlobalRef(Core, :eval), __module__, Core._expr(:quote, ex)))
end
macro eval(mod, ex)
    return Core._expr(:escape, Core._expr(:call, GlobalRef(Core, :eval), mod, Core._expr(:quote, ex)))
end
macro __MODULE__()
    return __module__
end
macro generated()
    return Core._expr(:generated)
end
macro generated(f)
    is_function_def(f) || throw(ArgumentError("invalid syntax; @generated must be used with a function definition"))
    body = ast_arg(f, 2)
    return esc(Core._expr(f.head, ast_arg(f, 1),
        Core._expr(:block, __source__,
            Core._expr(:if, Core._expr(:generated), body,
                Core._expr(:block, Core._expr(:meta, :generated_only), Core._expr(:return, nothing))))))
end

# `@static if c … end` keeps the branch that `c` selects when the macro is expanded.
function static_branch(mod::Module, @nospecialize(ex))
    if ast_is(ex, :if) || ast_is(ex, :elseif)
        c = static_condition(mod, ast_arg(ex, 1))
        c && return ast_arg(ex, 2)
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

macro doc(args...)
    n = Core.nfields(args)
    return n === 1 ? nothing : esc(getfield(args, 2))
end

macro assert(ex, msgs...)
    msg = Core.nfields(msgs) === 0 ? nothing : getfield(msgs, 1)
    if Core.nfields(msgs) === 0
        text = Core._expr(:call, GlobalRef(Base, :AssertionError), string(ex))
    elseif isa(msg, String)
        text = Core._expr(:call, GlobalRef(Base, :AssertionError), msg)
    elseif isa(msg, Expr) || isa(msg, Symbol)
        text = Core._expr(:call, GlobalRef(Base, :assertion_failure), esc(msg))
    else
        text = Core._expr(:call, GlobalRef(Base, :AssertionError), string(msg))
    end
    return Core._expr(:if, esc(ex), nothing, Core._expr(:call, GlobalRef(Core, :throw), text))
end

macro gensym(names...)
    blk = Core._expr(:block)
    for name in names
        push!(blk.args, :($(esc(name)) = gensym($(string(name)))))
    end
    push!(blk.args, nothing)
    return blk
end

macro ccall(ex)
    throw(ArgumentError("@ccall: calling C functions by name is not supported here"))
end

macro invokelatest(ex)
    ast_is(ex, :call) || throw(ArgumentError("a call expression from f(args...) must be given"))
    return esc(Core._expr(:call, GlobalRef(Core, :invokelatest), ex.args...))
end
macro macroexpand(ex)
    return :(macroexpand($__module__, $(QuoteNode(ex))))
end
