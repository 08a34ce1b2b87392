# One thread: `@threads` is the loop itself, what is spawned are tasks that take turns, atomics are plain cells with the interface of atomics.

module Threads

import ..Base: getindex, setindex!, lock, unlock, trylock, islocked, show
export nthreads, threadid, maxthreadid, nthreadpools, threadpool, @threads, @spawn, Atomic, SpinLock, atomic_add!, atomic_sub!, atomic_and!, atomic_or!, atomic_xor!,
    atomic_nand!, atomic_max!, atomic_min!, atomic_xchg!, atomic_cas!, atomic_fence

nthreads() = 1
nthreads(pool::Symbol) = 1
maxthreadid() = 1
threadid() = 1
nthreadpools() = 1
threadpool() = :default

macro threads(args...)
    loop = args[end]
    (loop isa Expr && loop.head === :for) || throw(ArgumentError("@threads requires a `for` loop expression"))
    return esc(loop)
end
macro spawn(args...)
    return Base.task_form(args[end])
end

const SpinLock = Base.ReentrantLock
const Condition = Base.GenericCondition{Base.ReentrantLock}
Condition(l::Base.ReentrantLock = Base.ReentrantLock()) = Condition(Base.Task[], l)
const Event = Base.Event
foreach(f, channel::Base.Channel; kw...) = Base.foreach(f, channel)

mutable struct Atomic{T}
    value::T
    Atomic{T}() where {T} = new(zero(T))
    Atomic{T}(x) where {T} = new(x)
end
Atomic(x::T) where {T} = Atomic{T}(x)
Atomic() = Atomic{Int}()
getindex(a::Atomic) = a.value
setindex!(a::Atomic{T}, x) where {T} = (a.value = convert(T, x); a)
update!(f, a::Atomic{T}, x) where {T} = (old = a.value; a.value = convert(T, f(old, x)); old)
atomic_add!(a::Atomic{T}, x::T) where {T} = update!(+, a, x)
atomic_sub!(a::Atomic{T}, x::T) where {T} = update!(-, a, x)
atomic_and!(a::Atomic{T}, x::T) where {T} = update!(&, a, x)
atomic_or!(a::Atomic{T}, x::T) where {T} = update!(|, a, x)
atomic_xor!(a::Atomic{T}, x::T) where {T} = update!(xor, a, x)
atomic_nand!(a::Atomic{T}, x::T) where {T} = update!((p, q) -> ~(p & q), a, x)
atomic_max!(a::Atomic{T}, x::T) where {T} = update!(max, a, x)
atomic_min!(a::Atomic{T}, x::T) where {T} = update!(min, a, x)
atomic_xchg!(a::Atomic{T}, x::T) where {T} = update!((p, q) -> q, a, x)
function atomic_cas!(a::Atomic{T}, expected::T, x::T) where {T}
    old = a.value
    old === expected && (a.value = x)
    return old
end
atomic_fence() = Core.Intrinsics.atomic_fence(:sequentially_consistent)
show(io::IO, a::Atomic{T}) where {T} = print(io, "Base.Threads.Atomic{", T, "}(", a.value, ")")

end
