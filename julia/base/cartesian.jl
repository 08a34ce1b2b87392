# Macros that write out loops, calls and expressions for N dimensions.

module Cartesian

export @nloops, @nref, @ncall, @ncallkw, @nexprs, @nextract, @nall, @nany, @ntuple, @nif

# Replaces in `ex` the variable `name` by the number `k`: alone, as an index `x_name` of a symbol, and in
# calls of an anonymous function on it; integer arithmetic on the result is done at once.
substitute(ex, name::Symbol, k) = ex === name ? k : ex
function substitute(ex::Symbol, name::Symbol, k)
    ex === name && return k
    text = string(ex)
    suffix = string("_", name)
    return endswith(text, suffix) ? Symbol(string(chop(text; tail = length(string(name))), k)) : ex
end
function substitute(ex::Expr, name::Symbol, k)
    ex.head === :quote && return ex
    out = Expr(ex.head)
    for a in ex.args
        push!(out.args, substitute(a, name, k))
    end
    return folded(out)
end
function folded(ex::Expr)
    if ex.head === :call && all(a -> a isa Int, ex.args[2:end]) && length(ex.args) == 3
        f, a, b = ex.args
        f === :+ && return a + b
        f === :- && return a - b
        f === :* && return a * b
        f === :(==) && return a == b
        f === :< && return a < b
        f === :> && return a > b
        f === :(<=) && return a <= b
        f === :(>=) && return a >= b
    elseif ex.head === :if && ex.args[1] isa Bool
        return ex.args[1] ? ex.args[2] : length(ex.args) == 3 ? ex.args[3] : nothing
    elseif ex.head === :ref && length(ex.args) == 2 && ex.args[1] isa Expr && ex.args[1].head === :tuple && ex.args[2] isa Int
        return ex.args[1].args[ex.args[2]]
    end
    return ex
end
# `d -> body` at d = k; anything else as it is, with `_d` suffixes spelled `name_k` for symbols.
function at(ex, k)
    if ex isa Expr && ex.head === Symbol("->")
        return strip_block(substitute(ex.args[2], ex.args[1], k))
    elseif ex isa Symbol
        return Symbol(string(ex, "_", k))
    end
    return ex
end
function strip_block(ex)
    if ex isa Expr && ex.head === :block
        rest = filter(a -> !(a isa LineNumberNode), ex.args)
        length(rest) == 1 && return rest[1]
    end
    return ex
end
# Dimension counts are literals, or constants of the calling module.
count_of(n::Int, m) = n
count_of(n, m) = Core.eval(m, n)::Int

macro nexprs(n, ex)
    n = count_of(n, __module__)
    blk = Expr(:block)
    for k in 1:n
        push!(blk.args, at(ex, k))
    end
    return esc(blk)
end
macro ntuple(n, ex)
    n = count_of(n, __module__)
    t = Expr(:tuple)
    for k in 1:n
        push!(t.args, at(ex, k))
    end
    return esc(t)
end
macro nref(n, A, ex)
    n = count_of(n, __module__)
    r = Expr(:ref, A)
    for k in 1:n
        push!(r.args, at(ex, k))
    end
    return esc(r)
end
macro ncall(n, f, args...)
    n = count_of(n, __module__)
    c = Expr(:call, f)
    for a in args[1:end-1]
        push!(c.args, a)
    end
    for k in 1:n
        push!(c.args, at(args[end], k))
    end
    return esc(c)
end
macro ncallkw(n, f, kw, args...)
    n = count_of(n, __module__)
    c = Expr(:call, f, Expr(:parameters, Expr(:..., kw)))
    for a in args[1:end-1]
        push!(c.args, a)
    end
    for k in 1:n
        push!(c.args, at(args[end], k))
    end
    return esc(c)
end
macro nextract(n, name, ex)
    n = count_of(n, __module__)
    blk = Expr(:block)
    for k in 1:n
        v = ex isa Symbol ? Expr(:ref, ex, k) : at(ex, k)
        push!(blk.args, Expr(:(=), Symbol(string(name, "_", k)), v))
    end
    return esc(blk)
end
macro nall(n, ex)
    n = count_of(n, __module__)
    r = true
    for k in n:-1:1
        r = r === true ? at(ex, k) : Expr(:&&, at(ex, k), r)
    end
    return esc(r)
end
macro nany(n, ex)
    n = count_of(n, __module__)
    r = false
    for k in n:-1:1
        r = r === false ? at(ex, k) : Expr(:||, at(ex, k), r)
    end
    return esc(r)
end
macro nif(n, cond, alternatives...)
    n = count_of(n, __module__)
    last = alternatives[end]
    r = at(last, n)
    for k in n-1:-1:1
        r = Expr(:if, at(cond, k), at(alternatives[1], k), r)
    end
    return esc(r)
end
# `@nloops N i range [pre [post]] body`: the first dimension is the innermost loop.
macro nloops(n, var, range, args...)
    n = count_of(n, __module__)
    body = args[end]
    ex = body
    for k in 1:n
        r = range isa Symbol ? Expr(:call, :axes, range, k) : at(range, k)
        inner = Expr(:block)
        length(args) >= 2 && push!(inner.args, at(args[1], k))
        push!(inner.args, ex)
        length(args) >= 3 && push!(inner.args, at(args[2], k))
        ex = Expr(:for, Expr(:(=), Symbol(string(var, "_", k)), r), inner)
    end
    return esc(ex)
end

end
