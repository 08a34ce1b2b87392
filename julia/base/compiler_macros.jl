# Macros that lowering expands by itself, as bindings of Base: for `import Base: @propagate_inbounds`, `isdefined`, and names of one's own
# for them.

for name in (:inbounds, :boundscheck, :inline, :noinline, :propagate_inbounds, :pure, :constprop, :assume_effects, :nospecialize, :specialize, :generated, :isdefined, :goto, :label,
        :simd, :doc, :eval, :ccall)
    @eval macro $name(args...)
        call = Expr(:macrocall, GlobalRef(Base, $(QuoteNode(Symbol('@', name)))), __source__)
        append!(call.args, args)
        return esc(call)
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
