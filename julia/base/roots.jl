# Root signs, numbers made of given factors, ranges of equal ratios.

const √ = sqrt
const ∛ = cbrt
fourthroot(x::Real) = sqrt(sqrt(float(x)))
fourthroot(x::Number) = sqrt(sqrt(x))

# The least product of powers of the factors that is not less than `x`.
function nextprod(factors::Union{Tuple{Vararg{Integer}},AbstractVector{<:Integer}}, x::Real)
    x > typemax(Int) && throw(ArgumentError("unsafe for x > typemax(Int), got x = $x"))
    best = typemax(Int)
    function search(product, k)
        if product >= x
            best = min(best, product)
            return nothing
        end
        k > length(factors) && return nothing
        f = Int(factors[k])
        p = product
        while true
            search(p, k + 1)
            p >= x && break
            p, over = mul_with_overflow(p, f)
            (over || p >= best) && break
        end
        p >= x && p < best && (best = p)
        return nothing
    end
    search(1, 1)
    return best
end

# `length` numbers from `start` to `stop` whose neighbours have one ratio.
struct LogRange{T<:Real} <: AbstractVector{T}
    start::T
    stop::T
    len::Int
end
function logrange(start::Real, stop::Real, length::Integer)
    a, b = promote(float(start), float(stop))
    (a > 0 && b > 0) || throw(DomainError((start, stop), "LogRange will only accept positive endpoints"))
    length == 1 && start != stop && throw(ArgumentError("LogRange(start, stop, 1) needs start and stop to be equal"))
    length < 0 && throw(ArgumentError("LogRange needs a non-negative length"))
    return LogRange{typeof(a)}(a, b, Int(length))
end
logrange(start::Real, stop::Real; length::Integer) = logrange(start, stop, length)
size(r::LogRange) = (r.len,)
IndexStyle(::Type{<:LogRange}) = IndexLinear()
first(r::LogRange) = r.start
last(r::LogRange) = r.stop
function getindex(r::LogRange{T}, i::Int) where {T}
    @boundscheck checkbounds(r, i)
    i == 1 && return r.start
    i == r.len && return r.stop
    w = (i - 1) / (r.len - 1)
    return T(r.start * (r.stop / r.start)^w)
end

clamp!(a::AbstractArray, lo, hi) = (for i in eachindex(a); a[i] = clamp(a[i], lo, hi); end; a)
conj!(a::AbstractArray{<:Number}) = (for i in eachindex(a); a[i] = conj(a[i]); end; a)
