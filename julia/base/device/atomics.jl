# Atomic access to memory.

const MemPtr{T} = Union{Ptr{T},LLVMPtr{T}}
const HardwareInt = Union{Int8,Int16,Int32,Int64,UInt8,UInt16,UInt32,UInt64}
const HardwareFloat = Union{Float32,Float64}
const IntOperation = Union{typeof(+),typeof(-),typeof(&),typeof(|),typeof(xor),typeof(max),typeof(min)}
const FloatOperation = Union{typeof(+),typeof(-)}

right(old, new) = new

# `p[] = op(p[], x)` at once; gives `old => new`.
@inline atomic_update(p::MemPtr{T}, op::IntOperation, x::T) where {T<:HardwareInt} = as_pair(atomic_pointermodify(p, op, x, :monotonic))
@inline atomic_update(p::MemPtr{T}, op::FloatOperation, x::T) where {T<:HardwareFloat} = as_pair(atomic_pointermodify(p, op, x, :monotonic))
@inline as_pair(t) = t[1] => t[2]
@inline function atomic_update(p::MemPtr{T}, op, x) where {T}
    return atomic_loop(p, op, x)
end
@inline atomic_update(p::MemPtr{T}, op::Union{IntOperation,FloatOperation}, x::Number) where {T<:Union{HardwareInt,HardwareFloat}} =
    typeof(x) === T ? atomic_loop(p, op, x) : atomic_converted(p, op, x)
# `c[i] += 1` on an Int32 cell: converting first gives the same bits where nothing is lost
@inline atomic_converted(p::MemPtr{T}, op, x::Number) where {T<:HardwareInt} = x isa Integer ? atomic_wrapping(p, op, x) : atomic_loop(p, op, x)
@inline atomic_converted(p::MemPtr{T}, op, x::Number) where {T<:HardwareFloat} = atomic_loop(p, op, x)
@inline atomic_wrapping(p::MemPtr{T}, op, x::Integer) where {T} = x % T == x ? atomic_update(p, op, x % T) : atomic_loop(p, op, x)
@inline function atomic_loop(p::MemPtr{T}, op, x) where {T}
    old = atomic_pointerref(p, :monotonic)
    while true
        new = convert(T, op(old, x))::T
        r = atomic_pointerreplace(p, old, new, :monotonic, :monotonic)
        r.success && return old => new
        old = r.old
    end
end
@inline atomic_swap(p::MemPtr{T}, x) where {T} = atomic_pointerswap(p, convert(T, x)::T, :monotonic)
# gives what was there; it was replaced iff that equals `expected`
@inline atomic_replace(p::MemPtr{T}, expected, x) where {T} = atomic_pointerreplace(p, convert(T, expected)::T, convert(T, x)::T, :monotonic, :monotonic)
@inline atomic_load(p::MemPtr) = atomic_pointerref(p, :monotonic)
@inline atomic_store(p::MemPtr{T}, x) where {T} = (atomic_pointerset(p, convert(T, x)::T, :monotonic); x)
# counters that wrap at a limit
increment_to(old, limit) = old >= limit ? zero(old) : old + one(old)
decrement_from(old, limit) = (old == zero(old)) | (old > limit) ? limit : old - one(old)

# Where an element lies. Bounds are checked unless the caller says `@inbounds`.
@propagate_inbounds element_pointer(a::AbstractArray, I...) = pointer_of_indices(a, Base.to_indices(a, I))
@propagate_inbounds pointer_of_indices(a::AbstractArray, I::Tuple) = pointer_at(a, I...)
@inline function pointer_at(a::Union{Array,DeviceArray,PrivateArray}, i::Int)
    @boundscheck checkbounds(a, i)
    return pointer(a) + ((i - 1) * elsize(typeof(a)))
end
@inline function pointer_at(a::Union{Array,DeviceArray,PrivateArray}, I::Int...)
    @boundscheck checkbounds(a, I...)
    return pointer(a) + ((Base.linear_index(a, I) - 1) * elsize(typeof(a)))
end
@inline function pointer_at(v::SubArray, I::Int...)
    @boundscheck checkbounds(v, I...)
    return @inbounds pointer_at(v.parent, Base.reindex(v.indices, Base.cartesian_position(v, I))...)
end
@inline function pointer_at(v::Base.ReshapedArray, I::Int...)
    @boundscheck checkbounds(v, I...)
    return @inbounds pointer_at(v.parent, Base.linear_index(v, I))
end
@noinline pointer_at(a::AbstractArray, I...) = throw(ArgumentError("atomic access: no memory behind this array type"))
@propagate_inbounds pointer_at(c::Base.Experimental.Const, I::Int...) = pointer_at(c.a, I...)

# Syntax of an atomic access: `(kind, array, indices, op, argument)`.
# kinds: `:update` (`a[i] op= x`, `a[i] = op(a[i], x)`), `:modify` (`a[i] op x`, `op(a[i], x)`), `:store`, `:load`
function parse_atomic(ex)
    if is_ref(ex)
        return (:load, ex.args[1], ex.args[2:end], nothing, nothing)
    elseif ex isa Expr && ex.head === :(=) && is_ref(ex.args[1])
        place, rhs = ex.args
        rhs = strip_block(rhs)
        if rhs isa Expr && rhs.head === :call && length(rhs.args) == 3
            rhs.args[2] == place && return (:update, place.args[1], place.args[2:end], rhs.args[1], rhs.args[3])
            # the same place as second operand, of an operator that does not care
            rhs.args[3] == place && rhs.args[1] in (:+, :*, :&, :|, :xor, :⊻, :max, :min) && return (:update, place.args[1], place.args[2:end], rhs.args[1], rhs.args[2])
        elseif rhs isa Expr && rhs.head === :call && length(rhs.args) > 3 && rhs.args[1] in (:+, :*) && rhs.args[2] == place
            return (:update, place.args[1], place.args[2:end], rhs.args[1], Expr(:call, rhs.args[1], rhs.args[3:end]...))
        elseif rhs isa Expr && (rhs.head === :(&&) || rhs.head === :(||)) && rhs.args[1] == place
            return (:update, place.args[1], place.args[2:end], rhs.head === :(&&) ? :& : :|, rhs.args[2])
        end
        return (:store, place.args[1], place.args[2:end], nothing, rhs)
    elseif ex isa Expr && length(ex.args) == 2 && is_ref(ex.args[1]) && is_update_head(ex.head)
        place = ex.args[1]
        return (:update, place.args[1], place.args[2:end], Symbol(chop(string(ex.head))), ex.args[2])
    elseif ex isa Expr && ex.head === :call && length(ex.args) == 3 && is_ref(ex.args[2])
        place = ex.args[2]
        return (:modify, place.args[1], place.args[2:end], ex.args[1], ex.args[3])
    end
    throw(ArgumentError(string("@atomic: the expression `", ex, "` is no access to one array element")))
end
is_ref(x) = x isa Expr && x.head === :ref
is_update_head(h::Symbol) = (s = string(h); endswith(s, "=") && !(s in ("=", "==", "!=", "<=", ">=", "===", "!==", ":=", ".=")) && !startswith(s, "."))
function strip_block(x)
    while x isa Expr && x.head === :block
        rest = filter(y -> !(y isa LineNumberNode), x.args)
        length(rest) == 1 || return x
        x = rest[1]
    end
    return x
end
# `result` is what an update gives: `:new`, `:old`
function atomic_expression(ex, result::Symbol)
    # `@inbounds` around the access stays around it
    if ex isa Expr && ex.head === :macrocall && ex.args[1] in (Symbol("@inbounds"),)
        return Expr(:macrocall, GlobalRef(Base, Symbol("@inbounds")), nothing, atomic_expression(ex.args[end], result))
    end
    kind, a, I, op, x = parse_atomic(ex)
    array, place = gensym(:array), gensym(:place)
    idx = Any[esc(index_expression(i, array, length(I), k)) for (k, i) in enumerate(I)]
    access = Expr(:call, element_pointer, esc(array), idx...)
    if kind === :load
        body = :($atomic_load($access))
    elseif kind === :store
        body = :($atomic_store($access, $(esc(x))))
    elseif kind === :modify
        body = :($atomic_update($access, $(esc(op)), $(esc(x))))
    else
        body = :($atomic_update($access, $(esc(op)), $(esc(x))).$(result === :new ? :second : :first))
    end
    return Expr(:let, Expr(:(=), esc(array), esc(a)), Expr(:block, body))
end
# `end` and `begin` mean the array's, which here has another name
index_expression(i, array, n, k) = Base.uses_ref_ends(i) ? Base.replace_ref_ends(i, array, n, k) : i

# `@atomic [order] access`. All accesses are ordered by nothing but themselves; an order is accepted and
# a fence is the program's business, as on devices.
function atomic_macro(args, result::Symbol)
    n = length(args)
    n > 0 && is_order(args[1]) && (args = args[2:end]; n -= 1)
    n == 1 && return atomic_expression(args[1], result)
    n == 2 && return atomic_expression(Expr(:call, args...), result)
    n == 3 && return atomic_expression(Expr(:call, args[2], args[1], args[3]), result)
    throw(ArgumentError("@atomic: an access like `a[i] += x` is needed"))
end
is_order(x) = Base.order_symbol(x) !== nothing
# `@atomicswap a[i] = x`: gives what was there
function atomic_swap_macro(args)
    ex = args[end]
    (ex isa Expr && ex.head === :(=) && is_ref(ex.args[1])) || throw(ArgumentError("@atomicswap: `a[i] = x` is needed"))
    return on_place(ex.args[1], p -> :($atomic_swap($p, $(esc(ex.args[2])))))
end
# `@atomicreplace a[i] expected => desired`: gives `(old, success)`
function atomic_replace_macro(args)
    orders = filter(is_order, collect(args))
    args = args[length(orders)+1:end]
    (length(args) == 2 && is_ref(args[1])) || throw(ArgumentError("@atomicreplace: `a[i] expected => desired` is needed"))
    pair = args[2]
    if pair isa Expr && pair.head === :call && pair.args[1] === :(=>)
        return on_place(args[1], p -> :($atomic_replace($p, $(esc(pair.args[2])), $(esc(pair.args[3])))))
    end
    return on_place(args[1], p -> :($replace_with_pair($p, $(esc(pair)))))
end
@inline replace_with_pair(p, x::Pair) = atomic_replace(p, x.first, x.second)
function on_place(ref, f)
    a, I = ref.args[1], ref.args[2:end]
    array = gensym(:array)
    idx = Any[esc(index_expression(i, array, length(I), k)) for (k, i) in enumerate(I)]
    return Expr(:let, Expr(:(=), esc(array), esc(a)), Expr(:block, f(Expr(:call, element_pointer, esc(array), idx...))))
end
