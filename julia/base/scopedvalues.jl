# Scoped values: dynamic scope, handed down to the tasks made within.

module ScopedValues
import ..Base: getindex, get, show, isassigned
export ScopedValue, with, @with

mutable struct ScopedValue{T}
    const has_default::Bool
    const default::T
    ScopedValue{T}() where {T} = new{T}(false)
    ScopedValue{T}(x) where {T} = new{T}(true, x)
    ScopedValue(x::T) where {T} = new{T}(true, x)
end
Base.eltype(::ScopedValue{T}) where {T} = T
# The bindings in force are found through the task, innermost last.
const storage_key = :scoped_values
bindings() = Base.get(Base.task_storage(), storage_key, ())::Tuple
function find(v::ScopedValue)
    for (k, x) in Base.Iterators.reverse(bindings())
        k === v && return Some{Any}(x)
    end
    return v.has_default ? Some{Any}(v.default) : nothing
end
get(v::ScopedValue{T}) where {T} = (x = find(v); x === nothing ? nothing : Some{T}(x.value))
isassigned(v::ScopedValue) = find(v) !== nothing
getindex(v::ScopedValue{T}) where {T} = (x = find(v); x === nothing ? throw(KeyError(v)) : x.value::T)
function show(io::IO, v::ScopedValue{T}) where {T}
    print(io, ScopedValue{T}, "(")
    x = find(v)
    x === nothing ? print(io, "undefined") : show(IOContext(io, :typeinfo => T), x.value)
    print(io, ")")
end
function with(f, pairs::Pair{<:ScopedValue}...)
    inner = (bindings()..., (p.first => convert(eltype(p.first), p.second) for p in pairs)...)
    return Base.task_local_storage(f, storage_key, inner)
end
macro with(args...)
    return :(with(() -> $(esc(args[end])), $(map(esc, args[1:end-1])...)))
end
end
using .ScopedValues
