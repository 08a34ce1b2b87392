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

# `CUDA.@atomic a[i] += x` and `a[i] = op(a[i], x)`; gives the old value.
macro atomic(ex)
    kind = Device.parse_atomic(ex isa Expr && ex.head === :macrocall ? ex.args[end] : ex)[1]
    kind === :update || throw(ArgumentError(string("@atomic: `", ex, "` must be `a[i] op= x` or `a[i] = op(a[i], x)`")))
    return Device.atomic_expression(ex, :old)
end
