# `@kernel` and the macros of kernel bodies.

# Is `ex` a call of the macro `name` (with or without module)?
function is_macro(ex, name::Symbol)
    ex isa Expr && ex.head === :macrocall || return false
    f = ex.args[1]
    f === name && return true
    f isa GlobalRef && return f.name === name
    return f isa Expr && f.head === :. && length(f.args) == 2 && (f.args[2] isa QuoteNode ? f.args[2].value === name : f.args[2] === name)
end
# `ex` with `f` of each argument; `ex` itself where nothing changes, because the object knows its place in the source.
function with_args(f, ex)
    args = Any[f(a) for a in ex.args]
    return all(i -> args[i] === ex.args[i], 1:length(args)) ? ex : Expr(ex.head, args...)
end
is_scope(ex) = ex isa Expr && (ex.head === :-> || ex.head === :function || ex.head === :do || ex.head === :quote || ex.head === :(=) && is_short_function(ex))
function is_short_function(ex)
    lhs = ex.args[1]
    while lhs isa Expr && (lhs.head === :where || lhs.head === :(::))
        lhs = lhs.args[1]
    end
    return lhs isa Expr && lhs.head === :call
end
has_sync(ex) = is_macro(ex, Symbol("@synchronize")) || ex isa Expr && !is_scope(ex) && any(has_sync, ex.args)

# ---- signature ------------------------------------------------------------------------------------

# A definition in parts: name, parameters, `where` clauses, body.
function split_kernel(def)
    while def isa Expr && def.head === :macrocall
        def = def.args[end]
    end
    ok = def isa Expr && (def.head === :function || def.head === :(=)) && length(def.args) == 2
    ok || throw(ArgumentError("@kernel: a function definition is needed"))
    sig, body = def.args
    wheres = Any[]
    while sig isa Expr && (sig.head === :where || sig.head === :(::))
        sig.head === :where && pushfirst!(wheres, sig.args[2:end])
        sig = sig.args[1]
    end
    (sig isa Expr && sig.head === :call && (sig.args[1] isa Symbol || is_callable(sig.args[1]))) || throw(ArgumentError("@kernel: the kernel needs a name"))
    return sig.args[1], sig.args[2:end], wheres, body
end
# `(f::T)(args…)`: a kernel that is called through its value.
is_callable(name) = name isa Expr && name.head === :(::)
# The name of a parameter that is declared constant.
function constant_name(p)
    p isa Expr && p.head === :macrocall && p.args[1] === Symbol("@Const") || return nothing
    declared = p.args[end]
    return declared isa Symbol ? declared : declared.args[1]
end
# `@Const(x)` and `@Const(x::T)` are parameters like others
function plain_parameter(p)
    is_macro(p, Symbol("@Const")) && return p.args[end]
    p isa Expr && p.head === :kw && return Expr(:kw, plain_parameter(p.args[1]), p.args[2])
    p isa Expr && p.head === :... && return Expr(:..., plain_parameter(p.args[1]))
    return p
end

# ---- body -------------------------------------------------------------------------------------------

# Numbers the local memories: each is one buffer of the kernel.
function number_localmem!(ex, counter)
    ex isa Expr || return ex
    if is_macro(ex, Symbol("@localmem")) && count(a -> !(a isa LineNumberNode || a === nothing), ex.args[2:end]) == 2
        counter[] += 1
        return Expr(:macrocall, GlobalRef(KernelAbstractions, Symbol("@localmem")), ex.args[2:end]..., counter[])
    end
    return with_args(a -> number_localmem!(a, counter), ex)
end
# Kernels give no value: `return x` only ends the work-item.
function drop_results(ex)
    (ex isa Expr && !is_scope(ex)) || return ex
    if ex.head === :return
        v = isempty(ex.args) ? nothing : ex.args[1]
        (v === nothing || v === :nothing) && return ex
        return Expr(:block, drop_results(v), Expr(:return, nothing))
    end
    return with_args(drop_results, ex)
end

# Work-items beyond the range do nothing, but they do meet at barriers: what lies between two barriers
# is guarded, barriers and the loops and branches around them are not.
function guard_body(body)
    has_sync(body) || return Expr(:block, guarded(Any[body]), nothing)
    shared = Set{Symbol}()
    find_steering!(shared, body)
    spread_steering!(shared, body)
    return Expr(:block, Expr(:(=), :__active_lane__, Expr(:call, GlobalRef(KernelAbstractions, :validindex), :__ctx__)), guard_statement(body, shared), nothing)
end
guarded(stmts) = Expr(:if, Expr(:call, GlobalRef(KernelAbstractions, :validindex), :__ctx__), Expr(:block, stmts...))
guarded_by_flag(stmts) = Expr(:if, :__active_lane__, Expr(:block, stmts...))

# Names that decide which barriers are met: heads of loops and branches around barriers, `@uniform`.
function find_steering!(names, ex)
    (ex isa Expr && !is_scope(ex)) || return nothing
    if is_macro(ex, Symbol("@uniform"))
        collect_names!(names, ex.args[end])
    elseif has_sync(ex)
        if ex.head === :for || ex.head === :while || ex.head === :if || ex.head === :elseif || ex.head === :let
            collect_names!(names, ex.args[1])
        end
        foreach(a -> find_steering!(names, a), ex.args)
    end
    return nothing
end
function collect_names!(names, ex)
    if ex isa Symbol
        push!(names, ex)
    elseif ex isa Expr && ex.head !== :quote
        foreach(a -> collect_names!(names, a), ex.args)
    end
    return nothing
end
# What such a name is computed from is needed as well.
function spread_steering!(names, body)
    while true
        n = length(names)
        spread_once!(names, body)
        length(names) == n && return nothing
    end
end
function spread_once!(names, ex)
    (ex isa Expr && !is_scope(ex)) || return nothing
    is_steering_step(ex, names) && collect_names!(names, ex.args[2])
    foreach(a -> spread_once!(names, a), ex.args)
    return nothing
end
assigned_names(x) = x isa Symbol ? Symbol[x] : x isa Expr && x.head === :(::) ? assigned_names(x.args[1]) :
    x isa Expr && x.head === :tuple ? reduce(vcat, map(assigned_names, x.args); init = Symbol[]) : Symbol[]
# An assignment to a steering name that every work-item may run: it reads no memory and calls nothing unknown.
is_steering_step(ex, names) = ex isa Expr && length(ex.args) == 2 && (ex.head === :(=) || Device.is_update_head(ex.head)) &&
    any(in(names), assigned_names(ex.args[1])) && is_harmless(ex.args[2])
const harmless_calls = (:+, :-, :*, :÷, :%, :&, :|, :⊻, :~, :!, :<<, :>>, :>>>, :<, :<=, :>, :>=, :(==), :!=, :≤, :≥, :≠, :(:), :div, :rem, :mod, :cld, :fld, :mod1, :fld1, :min, :max, :prod, :sum, :length, :size, :axes,
    :eachindex, :first, :last, :Int, :Int32, :Int64, :UInt32, :UInt64, :ifelse, :nextpow, :prevpow, :trailing_zeros, :one, :zero, :typeof, :eltype, :xor, :divrem, :fldmod, :clamp, :isodd, :iseven, :ndims, :Val, :unsafe_trunc)
function is_harmless(ex)
    ex isa Expr || return true
    if ex.head === :call
        f = ex.args[1]
        return (f in harmless_calls) && all(is_harmless, ex.args[2:end])
    elseif ex.head === :macrocall
        return is_macro(ex, Symbol("@index")) || is_macro(ex, Symbol("@groupsize")) || is_macro(ex, Symbol("@ndrange")) || is_macro(ex, Symbol("@uniform")) && is_harmless(ex.args[end])
    elseif ex.head === :ref
        # `@groupsize()[1]`, `size(x)[2]`: of a tuple, not of memory
        return ex.args[1] isa Expr && ex.args[1].head in (:call, :macrocall) && all(is_harmless, ex.args)
    end
    return ex.head in (:tuple, :comparison, :if, :&&, :||, :block, :., :parameters)
end
# Statements that every work-item runs.
function is_for_all(ex, names)
    is_macro(ex, Symbol("@uniform")) && return true
    if ex isa Expr && ex.head === :(=) && length(ex.args) == 2
        rhs = ex.args[2]
        (is_macro(rhs, Symbol("@localmem")) || is_macro(rhs, Symbol("@private")) || is_macro(rhs, Symbol("@uniform"))) && return true
        return is_steering_step(ex, names)
    elseif ex isa Expr && Device.is_update_head(ex.head)
        return is_steering_step(ex, names)
    end
    return ex isa Expr && (ex.head === :local || ex.head === :meta || ex.head === :inbounds)
end
function guard_list(stmts, names)
    out, chunk = Any[], Any[]
    flush!() = (any(s -> !(s isa LineNumberNode), chunk) ? push!(out, guarded_by_flag(copy(chunk))) : append!(out, chunk); empty!(chunk))
    for s in stmts
        if has_sync(s)
            flush!()
            push!(out, guard_statement(s, names))
        elseif is_for_all(s, names)
            flush!()
            push!(out, s)
        else
            push!(chunk, s)
        end
    end
    flush!()
    return out
end
function guard_statement(ex, names)
    is_macro(ex, Symbol("@synchronize")) && return ex
    if !(ex isa Expr) || !has_sync(ex)
        return is_for_all(ex, names) ? ex : guarded_by_flag(Any[ex])
    end
    h = ex.head
    if h === :block
        return Expr(:block, guard_list(ex.args, names)...)
    elseif h === :for || h === :while || h === :let
        return Expr(h, ex.args[1], guard_statement(ex.args[2], names))
    elseif h === :if || h === :elseif
        return Expr(h, ex.args[1], map(a -> guard_branch(a, names), ex.args[2:end])...)
    elseif h === :macrocall
        # `@inbounds begin … end`, `@unroll for …`, `@synchronize(cond)`
        return Expr(:macrocall, ex.args[1:end-1]..., guard_statement(ex.args[end], names))
    elseif h === :&& || h === :||
        return Expr(h, ex.args[1], guard_statement(ex.args[2], names))
    end
    throw(ArgumentError(string("@kernel: `@synchronize` cannot stand inside `", h, "`")))
end
guard_branch(ex, names) = ex isa Expr ? guard_statement(ex, names) : ex

# ---- @kernel ----------------------------------------------------------------------------------------

# `@kernel [inbounds=true] [unsafe_indices=true] [cpu=true] function f(args…) … end` defines the kernel `f`;
# `f(backend, groupsize, ndrange)` (the sizes optional) makes what is called with the arguments.
macro kernel(args...)
    inbounds, unsafe_indices = false, false
    for o in args[1:end-1]
        (o isa Expr && o.head === :(=)) || throw(ArgumentError(string("@kernel: invalid option `", o, "`")))
        if o.args[1] === :inbounds
            inbounds = o.args[2]::Bool
        elseif o.args[1] === :unsafe_indices
            unsafe_indices = o.args[2]::Bool
        elseif o.args[1] !== :cpu
            throw(ArgumentError(string("@kernel: unknown option `", o.args[1], "`; known are `inbounds`, `unsafe_indices` and `cpu`")))
        end
    end
    name, params, wheres, body = split_kernel(args[end])
    body = number_localmem!(body, Ref(0))
    body = drop_results(body)
    unsafe_indices || (body = guard_body(body))
    inbounds && (body = Expr(:macrocall, GlobalRef(Base, Symbol("@inbounds")), __source__, body))
    callable = is_callable(name)
    # Such a value has kernels and their making as methods: the first argument tells which.
    object = callable ? length(name.args) == 2 ? name.args[1] : gensym(:kernel) : nothing
    callable && (name = Expr(:(::), object, name.args[end]))
    device_name = callable ? name : Symbol(:gpu_, name)
    # What is declared constant is read as such, under the same name.
    constants = [Expr(:(=), n, Expr(:call, GlobalRef(Device, :constant), n)) for n in map(constant_name, params) if n !== nothing]
    isempty(constants) || (body = Expr(:let, Expr(:block, constants...), body))
    params = Any[plain_parameter(p) for p in params]
    at = !isempty(params) && params[1] isa Expr && params[1].head === :parameters ? 2 : 1
    insert!(params, at, callable ? Expr(:(::), :__ctx__, GlobalRef(KernelAbstractions, :Context)) : :__ctx__)
    sig = Expr(:call, device_name, params...)
    for w in reverse(wheres)
        sig = Expr(:where, sig, w...)
    end
    code = Expr(:function, sig, Expr(:block, __source__, body, Expr(:return, nothing)))
    make = Expr(:(=), Expr(:call, name, Expr(:(::), :backend, GlobalRef(Device, :Backend)), Expr(:..., :sizes)),
        Expr(:block, __source__, Expr(:call, GlobalRef(KernelAbstractions, :make_kernel), :backend, callable ? object : device_name, Expr(:..., :sizes))))
    return esc(Expr(:block, code, make))
end

macro Const(x)
    return esc(x)
end
macro context()
    return esc(:__ctx__)
end
const index_levels = (:Global, :Local, :Group)
const index_shapes = (:Linear, :NTuple, :Cartesian)
macro index(level, shape = :Linear, args...)
    level in index_levels || throw(ArgumentError(string("@index: the first argument is Global, Local or Group, not ", level)))
    shape in index_shapes || throw(ArgumentError(string("@index: the second argument is Linear, NTuple or Cartesian, not ", shape)))
    return :(index($(esc(:__ctx__)), Val($(QuoteNode(level))), Val($(QuoteNode(shape)))))
end
macro groupsize()
    return :(groupsize($(esc(:__ctx__))))
end
macro ndrange()
    return :(ndrange($(esc(:__ctx__))))
end
# One buffer per group; the size must be known when the kernel is compiled.
macro localmem(T, dims, id = QuoteNode(:site))
    return :(shared_array($(esc(T)), Val($(esc(dims))), Val($id)))
end
# `@private T dims`: memory of the work-item; `@private x = v`: a variable of it.
macro private(T, dims)
    return :(private_array($(esc(T)), Val($(esc(dims)))))
end
macro private(ex)
    return esc(ex)
end
macro uniform(ex)
    return esc(ex)
end
macro synchronize()
    return :(barrier())
end
macro synchronize(condition)
    return :($(esc(condition)) && barrier())
end
macro print(items...)
    return Device.print_call(items)
end

# Updates of one element that no other work-item can come between; gives the new value.
macro atomic(args...)
    return Device.atomic_macro(args, :new)
end
macro atomicswap(args...)
    return Device.atomic_swap_macro(args)
end
macro atomicreplace(args...)
    return Device.atomic_replace_macro(args)
end

module Extras
export @unroll
function unrolled(loop)
    (loop isa Expr && loop.head === :for) || throw(ArgumentError("@unroll: a `for` loop is needed"))
    return Expr(:for, loop.args[1], Expr(:block, loop.args[2], Expr(:loopinfo, Symbol("llvm.loop.unroll.full"))))
end
macro unroll(loop)
    return esc(unrolled(loop))
end
macro unroll(n, loop)
    return esc(unrolled(loop))
end
module LoopInfo
import ..Extras: @unroll
export @unroll
end
end
using .Extras: @unroll
