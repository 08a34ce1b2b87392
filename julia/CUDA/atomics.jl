# Atomics on pointers (they give the old value) and on array elements.

using Base.Device: MemPtr, atomic_update, atomic_swap, atomic_replace, increment_to, decrement_from

@inline atomic_add!(p::MemPtr{T}, x) where {T} = atomic_update(p, +, convert(T, x)).first
@inline atomic_sub!(p::MemPtr{T}, x) where {T} = atomic_update(p, -, convert(T, x)).first
@inline atomic_mul!(p::MemPtr{T}, x) where {T} = atomic_update(p, *, convert(T, x)).first
@inline atomic_div!(p::MemPtr{T}, x) where {T} = atomic_update(p, /, convert(T, x)).first
@inline atomic_and!(p::MemPtr{T}, x) where {T} = atomic_update(p, &, convert(T, x)).first
@inline atomic_or!(p::MemPtr{T}, x) where {T} = atomic_update(p, |, convert(T, x)).first
@inline atomic_xor!(p::MemPtr{T}, x) where {T} = atomic_update(p, xor, convert(T, x)).first
@inline atomic_min!(p::MemPtr{T}, x) where {T} = atomic_update(p, min, convert(T, x)).first
@inline atomic_max!(p::MemPtr{T}, x) where {T} = atomic_update(p, max, convert(T, x)).first
@inline atomic_inc!(p::MemPtr{T}, limit) where {T} = atomic_update(p, increment_to, convert(T, limit)).first
@inline atomic_dec!(p::MemPtr{T}, limit) where {T} = atomic_update(p, decrement_from, convert(T, limit)).first
@inline atomic_xchg!(p::MemPtr, x) = atomic_swap(p, x)
@inline atomic_cas!(p::MemPtr, expected, x) = atomic_replace(p, expected, x).old

struct AtomicError <: Exception
    msg::String
end
Base.showerror(io::IO, e::AtomicError) = print(io, "AtomicError: ", e.msg)

# `CUDA.@atomic a[i] += x` and `a[i] = op(a[i], x)`; gives the old value.
macro atomic(ex)
    access = ex isa Expr && ex.head === :macrocall ? ex.args[end] : ex
    finding = atomic_finding(access)
    finding === nothing || throw(AtomicError(finding))
    return Device.atomic_expression(ex, :old)
end
# What is wrong with an atomic assignment, if anything.
function atomic_finding(ex)
    (ex isa Expr && (ex.head === :(=) || Device.is_update_head(ex.head))) || return "unknown @atomic expression"
    Device.is_ref(ex.args[1]) || return "@atomic should be applied to an array reference expression"
    ex.head === :(=) || return nothing
    rhs = Device.strip_block(ex.args[2])
    rhs isa Expr && rhs.head in (:call, :&&, :||) || return "right-hand side of an @atomic assignment should be a call"
    Device.parse_atomic(ex)[1] === :update || return "right-hand side of a non-inplace @atomic assignment should reference the left-hand side"
    return nothing
end
