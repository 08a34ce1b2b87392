# Macros that lowering expands by itself, as bindings of Base: for `import Base: @propagate_inbounds`, `isdefined`, and names of one's own
# for them.

# With as many arguments as lowering takes, so that a call with others has no method, as in Julia.
for (names, counts) in (((:inbounds, :boundscheck, :isdefined, :goto, :label, :ccall), 1:1),
        ((:inline, :noinline, :propagate_inbounds, :pure, :generated), 0:1), ((:eval, :simd), 1:2), ((:doc,), 1:3))
    for name in names, n in counts
        params = Any[Symbol(:x, i) for i in 1:n]
        @eval macro $name($(params...))
            return esc(Expr(:macrocall, GlobalRef(Base, $(QuoteNode(Symbol('@', name)))), __source__, $(params...)))
        end
    end
end
for (name, params) in ((:constprop, (:x, :(rest...))), (:assume_effects, (:x, :(rest...))), (:nospecialize, (:(rest...),)), (:specialize, (:(rest...),)))
    @eval macro $name($(params...))
        return esc(Expr(:macrocall, GlobalRef(Base, $(QuoteNode(Symbol('@', name)))), __source__, $(params...)))
    end
end
macro __MODULE__()
    return __module__
end

# What a function's body says of its own compilation.
macro _inline_meta()
    return Expr(:meta, :inline)
end
macro _noinline_meta()
    return Expr(:meta, :noinline)
end
macro _propagate_inbounds_meta()
    return Expr(:meta, :inline, :propagate_inbounds)
end
macro _pure_meta()
    return Expr(:meta, :pure)
end
macro _foldable_meta()
    return nothing
end
macro _total_meta()
    return nothing
end

# Marks what a docstring before a macro call is about. Only code is of interest.
macro __doc__(ex)
    return esc(ex)
end
Core.eval(Core, Expr(:const, Expr(:(=), Symbol("@__doc__"), var"@__doc__")))

macro deprecate_binding(old, new, exported = true)
    return esc(Expr(:toplevel, :(const $old = $new), exported === true ? Expr(:export, old) : nothing))
end
depwarn(message, name; force::Bool = false) = nothing
macro default_eltype(itr)
    return :(empty_eltype($(esc(itr))))
end
