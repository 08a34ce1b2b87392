# Names of Base's inside that packages extend or call.

# Forgets what lies at an index, if that is an object.
function _unsetindex!(a::Array{T}, i::Int) where {T}
    @boundscheck checkbounds(a, i)
    isbitstype(T) || Core.memoryref_unset!(Core.memoryrefnew(getfield(a, :ref), i, false), :not_atomic, false)
    return a
end
_unsetindex!(a::AbstractArray, i::Integer) = _unsetindex!(a, Int(i))

# Where a wrapper's summary tells its axes: each behind a comma.
showindices(io::IO, inds...) = foreach(i -> print(io, ", ", i), inds)
