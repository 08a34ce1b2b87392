# Ranges: arithmetic sequences that store their ends, not their elements.

abstract type AbstractRange{T} <: AbstractArray{T,1} end
abstract type OrdinalRange{T,S} <: AbstractRange{T} end
abstract type AbstractUnitRange{T} <: OrdinalRange{T,T} end

# ---- the concrete ranges ------------------------------------------------------------------------

struct UnitRange{T<:Real} <: AbstractUnitRange{T}
    start::T
    stop::T
    UnitRange{T}(start::T, stop::T) where {T<:Real} = new{T}(start, unit_last(start, stop))
end
UnitRange{T}(start, stop) where {T<:Real} = UnitRange{T}(convert(T, start), convert(T, stop))
UnitRange(start::T, stop::T) where {T<:Real} = UnitRange{T}(start, stop)
UnitRange(start, stop) = UnitRange(promote(start, stop)...)
# An empty range ends just before its start.
unit_last(::Bool, stop::Bool) = stop
unit_last(start::Integer, stop::Integer) = stop >= start ? stop : convert(typeof(stop), start - oneunit(start - stop))
unit_last(start, stop) = stop >= start ? convert(typeof(stop), start + floor(stop - start)) : convert(typeof(stop), start - oneunit(start - stop))

struct OneTo{T<:Integer} <: AbstractUnitRange{T}
    stop::T
    OneTo{T}(stop) where {T<:Integer} = new{T}(max(zero(T), convert(T, stop)))
    function OneTo{T}(r::AbstractRange) where {T<:Integer}
        (first(r) == 1 && step(r) == 1) || throw_not_one_to(r)
        return new{T}(max(zero(T), convert(T, last(r))))
    end
end
@noinline throw_not_one_to(r) = throw(ArgumentError(first(r) == 1 ? string("step must be 1, got ", step(r)) : string("first element must be 1, got ", first(r))))
OneTo(stop::T) where {T<:Integer} = OneTo{T}(stop)
OneTo(r::AbstractRange{T}) where {T<:Integer} = OneTo{T}(r)
oneto(n) = OneTo(n)

struct StepRange{T,S} <: OrdinalRange{T,S}
    start::T
    step::S
    stop::T
    StepRange{T,S}(start, step, stop) where {T,S} = step_range_checked(StepRange{T,S}, convert(T, start), convert(S, step), convert(T, stop))
    StepRange{T,S}(::Val{:checked}, start::T, step::S, stop::T) where {T,S} = new{T,S}(start, step, stop)
end
@inline step_range_checked(::Type{R}, start, step, stop) where {R} = R(Val(:checked), start, step, step_last(start, step, stop))
StepRange(start::T, step::S, stop::T) where {T,S} = StepRange{T,S}(start, step, stop)
@noinline throw_zero_step() = throw(ArgumentError("step cannot be zero"))
@noinline throw_float_step() = throw(ArgumentError("StepRange should not be used with floating point"))
@noinline throw_fractional_step() = throw(ArgumentError("StepRange{<:Integer} cannot have non-integer step"))
# The last element reached from `start` in whole steps; for an empty range, the point one step before.
@inline function step_last(start, step, stop)
    (start isa AbstractFloat || step isa AbstractFloat) && throw_float_step()
    start isa Integer && !isinteger(start + step) && throw_fractional_step()
    z = zero(step)
    step == z && throw_zero_step()
    stop == start && return stop
    (step > z) == (stop > start) || return empty_last(start, step, stop)
    if stop > start
        distance, stride = stop - start, step
    else
        distance, stride = start - stop, -step
    end
    if distance isa Signed && distance < zero(distance)
        # the distance overflowed: its bits are right as an unsigned number
        r = convert(typeof(distance), unsigned(distance) % stride)
    else
        r = convert(typeof(distance), distance % stride)
    end
    return stop > start ? stop - r : stop + r
end
empty_last(start::Integer, step, stop) = step > zero(step) ? start - oneunit(start - stop) : start + oneunit(start - stop)
empty_last(start, step, stop) = start - step

# Element i is ref + (i - offset)·step, with `ref` and `step` possibly more precise than T.
struct StepRangeLen{T,R,S,L<:Integer} <: AbstractRange{T}
    ref::R
    step::S
    len::L
    offset::L
    function StepRangeLen{T,R,S,L}(ref::R, step::S, len::Integer, offset::Integer = 1) where {T,R,S,L}
        T <: Integer && !isinteger(ref + step) && throw(ArgumentError("StepRangeLen{<:Integer} cannot have non-integer step"))
        n = convert(L, len)
        n >= zero(n) || throw(ArgumentError(string("length cannot be negative, got ", n)))
        o = convert(L, offset)
        L1 = oneunit(typeof(n))
        L1 <= o <= max(L1, n) || throw(ArgumentError(string("StepRangeLen: offset must be in [1,", n, "], got ", o)))
        return new{T,R,S,L}(ref, step, n, o)
    end
end
StepRangeLen{T,R,S}(ref::R, step::S, len::Integer, offset::Integer = 1) where {T,R,S} =
    StepRangeLen{T,R,S,promote_type(Int, typeof(len))}(ref, step, len, offset)
StepRangeLen(ref::R, step::S, len::Integer, offset::Integer = 1) where {R,S} =
    StepRangeLen{typeof(ref + zero(step)),R,S,promote_type(Int, typeof(len))}(ref, step, len, offset)
StepRangeLen{T}(ref::R, step::S, len::Integer, offset::Integer = 1) where {T,R,S} =
    StepRangeLen{T,R,S,promote_type(Int, typeof(len))}(ref, step, len, offset)
StepRangeLen(ref::TwicePrecision{T}, step::TwicePrecision{T}, len::Integer, offset::Integer = 1) where {T} =
    StepRangeLen{T,TwicePrecision{T},TwicePrecision{T}}(ref, step, len, offset)

# `len` points from start to stop, both exact.
struct LinRange{T,L<:Integer} <: AbstractRange{T}
    start::T
    stop::T
    len::L
    lendiv::L
    function LinRange{T,L}(start::T, stop::T, len::L) where {T,L<:Integer}
        len >= 0 || throw(ArgumentError(string("range(", start, ", stop=", stop, ", length=", len, "): negative length")))
        onep = oneunit(typeof(len))
        if len == onep
            start == stop || throw(ArgumentError(string("range(", start, ", stop=", stop, ", length=", len, "): endpoints differ")))
        end
        return new{T,L}(start, stop, len, len < 2 ? max(len - onep, onep) : len - onep)
    end
end
LinRange{T}(start, stop, len::Integer) where {T} = LinRange{T,promote_type(Int, typeof(len))}(convert(T, start), convert(T, stop), convert(promote_type(Int, typeof(len)), len))
LinRange(start, stop, len::Integer) = LinRange{typeof((stop - start) / len)}(start, stop, len)

# ---- the colon ----------------------------------------------------------------------------------

(::Colon)(a::Real, b::Real) = (:)(promote(a, b)...)
@inline (::Colon)(a::T, b::T) where {T<:Real} = UnitRange{T}(a, b)
(::Colon)(a::T, b::T) where {T<:AbstractFloat} = (:)(a, T(1), b)
(::Colon)(a::T, b::T) where {T} = (:)(a, oftype(b >= a ? b - a : a - b, 1), b)
(::Colon)(a::A, s, b::B) where {A<:Real,B<:Real} = (:)(convert(promote_type(A, B), a), s, convert(promote_type(A, B), b))
(::Colon)(a::T, s::AbstractFloat, b::T) where {T<:Real} = (:)(promote(a, s, b)...)
(::Colon)(a::T, s::AbstractFloat, b::T) where {T<:AbstractFloat} = (:)(promote(a, s, b)...)
(::Colon)(a::T, s::Real, b::T) where {T<:AbstractFloat} = (:)(promote(a, s, b)...)
@inline (::Colon)(a::T, s::T, b::T) where {T<:Real} = stepped(a, s, b)
@inline (::Colon)(a::T, s::Real, b::T) where {T<:Real} = stepped(a, s, b)
(::Colon)(a::T, s::T, b::T) where {T<:AbstractFloat} = stepped(a, s, b)
(::Colon)(a::T, s, b::T) where {T} = stepped(a, s, b)
@inline stepped(a::T, s, b::T) where {T} = StepRange(a, s, b)
stepped(a::T, s::T, b::T) where {T<:AbstractFloat} = StepRangeLen(a, s, floor(Integer, (b - a) / s) + 1)
stepped(a::T, s::T, b::T) where {T<:IEEEFloat} = float_range(a, s, b)

# ---- size ---------------------------------------------------------------------------------------

const NarrowInt = Union{Bool,Int8,UInt8,Int16,UInt16,Int32,UInt32}
const WideInt = Union{Int64,UInt64,Int128,UInt128}
isempty(r::AbstractUnitRange) = first(r) > last(r)
isempty(r::OneTo) = r.stop == 0
isempty(r::StepRange) = (r.start != r.stop) & ((r.step > zero(r.step)) != (r.stop > r.start))
isempty(r::StepRangeLen) = length(r) == 0
isempty(r::LinRange) = length(r) == 0
length(r::AbstractUnitRange) = (d = last(r) - first(r); Integer(d + oneunit(d)))
length(r::AbstractUnitRange{<:NarrowInt}) = Int(last(r)) - Int(first(r)) + 1
length(r::AbstractUnitRange{<:WideInt}) = (d = last(r) - first(r); d + one(d))
length(r::OneTo) = Integer(r.stop - zero(r.stop))
length(r::OneTo{<:NarrowInt}) = Int(r.stop)
length(r::StepRange) = isempty(r) ? Integer(div(r.start - r.start, oneunit(r.step))) : Integer(div(r.stop - r.start + r.step, r.step))
length(r::StepRange{<:NarrowInt}) = isempty(r) ? 0 : div(Int(r.stop) - Int(r.start), Int(r.step)) + 1
function length(r::StepRange{T}) where {T<:WideInt}
    s = r.step
    d = r.stop - r.start
    isempty(r) && return zero(d)
    # magnitudes as unsigned numbers, where the distance cannot overflow
    q = s > zero(s) ? div(unsigned(d), unsigned(s)) : div(unsigned(-d), unsigned_abs_any(s))
    return (q % typeof(d)) + one(d)
end
length(r::StepRange{Char}) = isempty(r) ? 0 : div(r.stop - r.start, Int(r.step)) + 1
length(r::StepRangeLen) = r.len
length(r::LinRange) = r.len
size(r::AbstractRange) = (length(r),)
axes(r::AbstractRange) = (oneto(length(r)),)
axes1(r::AbstractRange) = oneto(length(r))
eltype(::Type{<:AbstractRange{T}}) where {T} = T

first(r::AbstractUnitRange) = r.start
first(r::OneTo{T}) where {T} = oneunit(T)
first(r::StepRange) = r.start
first(r::StepRangeLen) = unsafe_element(r, 1)
first(r::LinRange) = r.start
last(r::UnitRange) = r.stop
last(r::OneTo) = r.stop
last(r::StepRange) = r.stop
last(r::StepRangeLen) = unsafe_element(r, length(r))
last(r::LinRange) = r.stop
step(r::AbstractUnitRange{T}) where {T} = oneunit(T) - zero(T)
step(r::StepRange) = r.step
step(r::StepRangeLen) = r.step
step(r::StepRangeLen{T,<:Any,<:TwicePrecision}) where {T} = T(r.step)
step(r::StepRangeLen{T,TwicePrecision{S},TwicePrecision{S}}) where {T,S} = T(r.step)
step(r::StepRangeLen{T,Float64,Float64}) where {T<:Union{Float16,Float32}} = T(r.step)
step(r::LinRange) = (last(r) - first(r)) / r.lendiv
step_hp(r::StepRangeLen) = r.step
step_hp(r::AbstractRange) = step(r)
firstindex(r::AbstractRange) = 1
lastindex(r::AbstractRange) = length(r)
keys(r::AbstractRange) = axes1(r)
eachindex(r::AbstractRange) = axes1(r)
first(r::AbstractUnitRange, n::Integer) = (n < 0 && throw(ArgumentError("Number of elements must be non-negative")); r[begin:min(begin + n - 1, end)])
last(r::AbstractUnitRange, n::Integer) = (n < 0 && throw(ArgumentError("Number of elements must be non-negative")); r[max(begin, end - n + 1):end])
@noinline throw_empty_range() = throw(ArgumentError("range must be non-empty"))
minimum(r::AbstractUnitRange) = isempty(r) ? throw_empty_range() : first(r)
maximum(r::AbstractUnitRange) = isempty(r) ? throw_empty_range() : last(r)
minimum(r::AbstractRange) = isempty(r) ? throw_empty_range() : min(first(r), last(r))
maximum(r::AbstractRange) = isempty(r) ? throw_empty_range() : max(first(r), last(r))
extrema(r::AbstractRange) = (minimum(r), maximum(r))
argmin(r::AbstractRange) = isempty(r) ? throw_empty_range() : step(r) >= zero(step(r)) ? firstindex(r) : lastindex(r)
argmax(r::AbstractRange) = isempty(r) ? throw_empty_range() : step(r) > zero(step(r)) ? lastindex(r) : firstindex(r)
issorted(r::AbstractRange) = length(r) <= 1 || step(r) >= zero(step(r))
issorted(r::AbstractUnitRange) = true
sort(r::AbstractUnitRange) = r
sort!(r::AbstractUnitRange) = r
sort(r::AbstractRange) = issorted(r) ? r : reverse(r)
unique(r::AbstractRange) = allunique(r) ? r : r[1:1]
allunique(r::AbstractRange) = length(r) < 2 || step(r) != zero(step(r))
copy(r::AbstractRange) = r

# ---- iteration ----------------------------------------------------------------------------------

@inline iterate(r::Union{UnitRange{T},StepRange{T}}) where {T<:Union{Bool,BitInteger}} = isempty(r) ? nothing : (first(r), first(r))
@inline iterate(r::OneTo) = isempty(r) ? nothing : (first(r), first(r))
@inline function iterate(r::UnitRange{T}, i::T) where {T<:Union{Bool,BitInteger}}
    i == last(r) && return nothing
    j = (i + oneunit(T)) % T
    return (j, j)
end
@inline function iterate(r::OneTo{T}, i::T) where {T}
    i == last(r) && return nothing
    j = convert(T, i + oneunit(T))
    return (j, j)
end
@inline function iterate(r::StepRange{T}, i::T) where {T<:BitInteger}
    i == last(r) && return nothing
    j = (i + step(r)) % T
    return (j, j)
end
# Others, OrdinalRanges of any kind.
iterate(r::OrdinalRange) = isempty(r) ? nothing : (first(r), first(r))
function iterate(r::OrdinalRange{T}, i) where {T}
    i == last(r) && return nothing
    j = convert(T, i + step(r))
    return (j, j)
end
@inline function iterate(r::Union{StepRangeLen,LinRange}, i::Integer = 1)
    i > length(r) && return nothing
    return (unsafe_element(r, i), i + oneunit(i))
end

# ---- elements -----------------------------------------------------------------------------------

@inline unsafe_element(r::UnitRange{T}, i::Integer) where {T<:BitInteger} = (first(r) + (i - oneunit(i)) % T) % T
unsafe_element(r::AbstractUnitRange{T}, i::Integer) where {T} = convert(T, first(r) + (i - oneunit(i)))
unsafe_element(r::OneTo{T}, i::Integer) where {T} = convert(T, i)
unsafe_element(r::StepRange{T}, i::Integer) where {T} = convert(T, first(r) + (i - oneunit(i)) * step(r))
function unsafe_element(r::StepRangeLen{T}, i::Integer) where {T}
    u = oftype(r.offset, i) - r.offset
    return T(r.ref + u * r.step)
end
@inline function unsafe_element(r::StepRangeLen{T,<:TwicePrecision,<:TwicePrecision}, i::Integer) where {T}
    u = oftype(r.offset, i) - r.offset
    hi, lo = u * r.step.hi, u * r.step.lo
    h, l = add12(r.ref.hi, hi)
    return T(h + (l + (lo + r.ref.lo)))
end
hp_element(r::StepRangeLen, i::Integer) = r.ref + (i - r.offset) * r.step
function hp_element(r::StepRangeLen{T,<:TwicePrecision,<:TwicePrecision}, i::Integer) where {T}
    u = i - r.offset
    hi, lo = u * r.step.hi, u * r.step.lo
    h, l = add12(r.ref.hi, hi)
    return TwicePrecision(canonical(h, l + (lo + r.ref.lo))...)
end
function unsafe_element(r::LinRange, i::Integer)
    j, d = i - 1, r.lendiv
    return lerp(j, d, r.start, r.stop)
end
function lerp(j::Integer, d::Integer, a::T, b::T) where {T}
    t = j / d
    return T((1 - t) * a + t * b)
end
lerp(j::Integer, d::Integer, a::T, b::T) where {T<:Integer} = lerp(j, d, float(a), float(b))

@inline function getindex(r::AbstractRange, i::Integer)
    @boundscheck (i isa Bool || !(1 <= i <= length(r))) && throw_range_index(r, i)
    return unsafe_element(r, i)
end
@noinline throw_range_index(r, i) = i isa Bool ? throw(ArgumentError(string("invalid index: ", i, " of type Bool"))) : throw(BoundsError(r, i))
@inline function getindex(r::OneTo{T}, i::Integer) where {T}
    @boundscheck (1 <= i <= r.stop) || throw_range_index(r, i)
    return convert(T, i)
end
getindex(r::AbstractRange, ::Colon) = r
@inline checkrange(r, s) = isempty(s) || (1 <= first(s) <= length(r) && 1 <= last(s) <= length(r)) || throw_boundserror(r, s)
@inline function getindex(r::AbstractUnitRange{T}, s::AbstractUnitRange{<:Integer}) where {T}
    @boundscheck checkrange(r, s)
    eltype(s) === Bool && return select_by_bools(r, s)
    f = first(r)
    a = convert(T, f + (first(s) - oneunit(first(s))))
    return UnitRange{T}(a, convert(T, a + (length(s) - 1)))
end
getindex(r::OneTo{T}, s::OneTo) where {T} = (checkrange(r, s); OneTo{T}(s.stop))
function select_by_bools(r, s)
    keep = collect(s)
    length(keep) == length(r) || throw_boundserror(r, s)
    return collect(r)[keep]
end
function getindex(r::AbstractUnitRange{T}, s::StepRange{<:Integer}) where {T}
    @boundscheck checkrange(r, s)
    a = convert(T, first(r) + (first(s) - oneunit(first(s))))
    return range(a, step = step(s), length = length(s))
end
function getindex(r::StepRange{T}, s::AbstractRange{<:Integer}) where {T}
    @boundscheck checkrange(r, s)
    a = convert(T, first(r) + (first(s) - oneunit(first(s))) * step(r))
    return range(a, step = step(r) * step(s), length = length(s))
end
function getindex(r::StepRangeLen{T}, s::OrdinalRange{<:Integer}) where {T}
    @boundscheck checkrange(r, s)
    n = length(s)
    # the selected element nearest to the old reference is the new one
    o = clamp(1 + round(Int, (r.offset - first(s)) / step(s)), 1, max(n, 1))
    at = first(s) + (o - 1) * step(s)
    ref = at == r.offset ? r.ref : hp_element(r, at)
    return StepRangeLen{T}(ref, selected_step(T, r.step, step(s), n, o), n, o)
end
selected_step(::Type{T}, s, k, n, o) where {T} = s * k
selected_step(::Type{T}, s::TwicePrecision, k, n, o) where {T} = k == 1 || n < 2 ? s : with_short_head(s * k, index_bits(T, n, o))
function getindex(r::LinRange{T}, s::OrdinalRange{<:Integer}) where {T}
    @boundscheck checkrange(r, s)
    isempty(s) && return LinRange{T}(first(r), first(r), 0)
    return LinRange{T}(unsafe_element(r, first(s)), unsafe_element(r, last(s)), length(s))
end
view(r::AbstractRange, i::AbstractRange) = r[i]
view(r::AbstractRange, ::Colon) = r

# ---- floating-point ranges ----------------------------------------------------------------------

# Decimal literals such as 0.1 are seldom what they look like. Ends and step that are ratios of small
# integers up to rounding are taken as those ratios; then elements are rounded exact values, and the last
# one is there whenever it would be in exact arithmetic.

half_type(::Type{Float64}) = Float32
half_type(::Type{Float32}) = Float16
half_type(::Type{Float16}) = Float16

# The ratio n/d found by continued fractions with n, d below the next narrower type's exact integers; (n, 0) if there is none.
function nearby_ratio(x::T) where {T<:IEEEFloat}
    limit = maxintfloat(half_type(T), Int)
    y = x
    n, n0 = 1, 0
    d, d0 = 0, 1
    while abs(y) <= limit
        f = trunc(Int, y)
        y -= f
        n, n0 = f * n + n0, n
        d, d0 = f * d + d0, d
        max(abs(n), abs(d)) <= convert(Int, limit) || return n0, d0
        oftype(x, n) / oftype(x, d) == x && break
        y = inv(y)
    end
    return n, d
end
is_ratio(x::T, n, d) where {T} = d != 0 && T(n / d) == x
between(a, x, b) = (a <= x <= b) || (b <= x <= a)

function float_range(start::T, step::T, stop::T) where {T<:IEEEFloat}
    step == 0 && throw(ArgumentError("range step cannot be zero"))
    sn, sd = nearby_ratio(step)
    if is_ratio(step, sn, sd)
        an, ad = nearby_ratio(start)
        bn, bd = nearby_ratio(stop)
        if is_ratio(start, an, ad) && is_ratio(stop, bn, bd)
            den = wrapping_lcm(ad, sd)
            limit = maxintfloat(T, Int)
            if den != 0 && abs(start * den) <= limit && abs(step * den) <= limit && rem(den, ad) == 0 && rem(den, sd) == 0
                a = round(Int, start * den)
                s = round(Int, step * den)
                len = max(0, div(den * bn - bd * a + s * bd, s * bd))
                # the integer arithmetic may have wrapped: accept the length only if it makes sense
                if between(start, start + (len - 1) * step, stop + step / 2) && !between(start, start + len * step, stop)
                    return ratio_range(T, a, s, len, den)
                end
            end
        end
    end
    # start and step as they are
    steps = (stop - start) / step
    if steps < 0
        len = 0
    elseif steps == 0
        len = 1
    else
        len = round(Int, steps) + 1
        reached = start + (len - 1) * step
        len -= (start < stop < reached) + (start > stop > reached)
    end
    return hp_range(T, start, step, 0, len, 1)
end
wrapping_lcm(a, b) = a * div(b, gcd(a, b))

# Elements (a + (i-1)·s)/den, referred to the one of least magnitude.
function ratio_range(::Type{T}, a::Integer, s::Integer, len::Integer, den::Integer) where {T}
    (len < 2 || s == 0) && return hp_range(T, (a, den), (s, den), 0, len, 1)
    i = clamp(round(Int, -a / s + 1), 1, Int(len))
    return hp_range(T, (a + (i - 1) * s, den), (s, den), index_bits(T, len, i), len, i)
end

# Float64 ranges keep reference and step in twice the precision; the narrower types keep them in Float64.
hp_range(::Type{Float64}, ref::Tuple{Integer,Integer}, step::Tuple{Integer,Integer}, nb, len, offset) =
    StepRangeLen(TwicePrecision{Float64}(ref), TwicePrecision{Float64}(step, nb), Int(len), offset)
hp_range(::Type{T}, ref::Tuple{Integer,Integer}, step::Tuple{Integer,Integer}, nb, len, offset) where {T<:Union{Float16,Float32}} =
    StepRangeLen{T}(ref[1] / ref[2], step[1] / step[2], Int(len), offset)
hp_range(::Type{Float64}, ref::Tuple{Float64,Float64}, step::Tuple{Float64,Float64}, nb, len, offset) =
    StepRangeLen(TwicePrecision(ref...), with_short_head(TwicePrecision(step...), nb), Int(len), offset)
hp_range(::Type{T}, ref::Tuple{T,T}, step::Tuple{T,T}, nb, len, offset) where {T<:Union{Float16,Float32}} =
    StepRangeLen{T}(Float64(ref[1]) + Float64(ref[2]), Float64(step[1]) + Float64(step[2]), Int(len), offset)
hp_range(::Type{Float64}, ref::Float64, step::Float64, nb, len, offset) =
    StepRangeLen(TwicePrecision(ref), with_short_head(TwicePrecision(step), nb), Int(len), offset)
hp_range(::Type{T}, ref::T, step::T, nb, len, offset) where {T<:Union{Float16,Float32}} =
    StepRangeLen{T}(Float64(ref), Float64(step), Int(len), offset)
hp_range(::Type{Float64}, ref::TwicePrecision, step::TwicePrecision, nb, len, offset) =
    StepRangeLen(ref, with_short_head(step, nb), Int(len), offset)

# `len` points between two ends.
function linear_range(start::T, stop::T, len::Integer) where {T<:IEEEFloat}
    n = Int(len)
    start == stop && return n < 0 ? throw_negative_length(start, stop, n) : hp_range(T, start, zero(T), 0, n, 1)
    an, ad = nearby_ratio(start)
    bn, bd = nearby_ratio(stop)
    if ad != 0 && bd != 0
        den = wrapping_lcm(ad, bd)
        limit = maxintfloat(T, Int)
        if den != 0 && abs(den * start) <= limit && abs(den * stop) <= limit
            a, b = round(Int, den * start), round(Int, den * stop)
            (T(a / den) == start && T(b / den) == stop) && return linear_ratio_range(T, a, b, n, den)
        end
    end
    return linear_float_range(start, stop, n)
end
@noinline throw_negative_length(a, b, n) = throw(ArgumentError(string("range(", a, ", stop=", b, ", length=", n, "): negative length")))
@noinline throw_endpoints_differ(a, b, n) = throw(ArgumentError(string("range(", a, ", stop=", b, ", length=", n, "): endpoints differ")))
function linear_ratio_range(::Type{T}, a::Integer, b::Integer, len::Integer, den::Integer) where {T}
    len < 0 && throw_negative_length(a / den, b / den, len)
    if len < 2
        len == 1 && a != b && throw_endpoints_differ(a / den, b / den, len)
        return hp_range(T, (a, den), (zero(a), den), 0, len, 1)
    end
    a == b && return hp_range(T, (a, den), (zero(a), den), 0, len, 1)
    # reference: the element nearest zero, a weighted mean of the ends
    t = -a / (Float64(b) - Float64(a))
    i = clamp(round(Int, t * (len - 1) + 1), 1, Int(len))
    if T === Float64
        ref = ratio_of_products(T, len - i, a, den, len - 1) + ratio_of_products(T, i - 1, b, den, len - 1)
        step = ratio_of_products(T, 1, b, den, len - 1) + ratio_of_products(T, 1, -a, den, len - 1)
        return hp_range(T, ref, step, index_bits(T, len, i), len, i)
    end
    d = Float64(den) * (len - 1)
    ref = (Float64(len - i) * a + Float64(i - 1) * b) / d
    return StepRangeLen{T}(ref, (Float64(b) - Float64(a)) / d, Int(len), i)
end
# n1·n2/(d1·d2) in twice the precision.
function ratio_of_products(::Type{T}, n1, n2, d1, d2) where {T}
    v = TwicePrecision{T}(n1) * TwicePrecision{T}(n2)
    return (v / d1) / d2
end
function linear_float_range(start::T, stop::T, len::Integer) where {T<:IEEEFloat}
    (isfinite(start) && isfinite(stop)) || throw(ArgumentError(string("start and stop must be finite, got ", start, " and ", stop)))
    len < 0 && throw_negative_length(start, stop, len)
    if len < 2
        len == 1 && start != stop && throw_endpoints_differ(start, stop, len)
        return hp_range(T, start, zero(T), 0, len, 1)
    end
    width, factor = stop - start, 1
    if !isfinite(width)
        width, factor = stop / len - start / len, Int(len)
    end
    t = -(start / width) / factor
    i = round(Int, t * (len - 1) + 1)
    if 1 < i < len
        w = (i - 1) / (len - 1)
        ref = T((1 - w) * start + w * stop)
        step = i - 1 < len - i ? (ref - start) / (i - 1) : (stop - ref) / (len - i)
    elseif i <= 1
        i, ref = 1, start
        step = (width / (len - 1)) * factor
    else
        i, ref = Int(len), stop
        step = (width / (len - 1)) * factor
    end
    len == 2 && !isfinite(step) && return hp_range(T, (start, zero(T)), (-start, stop), 0, len, 1)
    # a step whose products with index distances are exact and finite; then corrections that make both ends come out exactly
    m, k = prevfloat(floatmax(T)), max(i - 1, len - i)
    step = clamp(step, max(-(m + ref) / k, (-m + ref) / k), min((m - ref) / k, (m + ref) / k))
    nb = index_bits(T, len, i)
    head = clear_low_bits(step, nb)
    h1, l1 = add12((1 - i) * head, ref)
    h2, l2 = add12((len - i) * head, ref)
    e1, e2 = (start - h1) - l1, (stop - h2) - l2
    step_lo = (e2 - e1) / (len - 1)
    ref_lo = e1 - (1 - i) * step_lo
    return hp_range(T, (ref, T(ref_lo)), (head, T(step_lo)), 0, len, i)
end

# ---- range --------------------------------------------------------------------------------------

range(start; stop = nothing, length::Union{Integer,Nothing} = nothing, step = nothing) = range_of(start, step, stop, length)
range(start, stop; length::Union{Integer,Nothing} = nothing, step = nothing) = range_of(start, step, stop, length)
range(start, stop, length::Integer) = range_of(start, nothing, stop, length)
range(; start = nothing, stop = nothing, length::Union{Integer,Nothing} = nothing, step = nothing) = range_of(start, step, stop, length)

@noinline throw_no_range(start, step, stop, len) = throw(ArgumentError(string("Cannot construct range from arguments:\nstart = ", start,
    "\nstep = ", step, "\nstop = ", stop, "\nlength = ", len, "\nTry specifying only three arguments\n")))
range_of(start::Nothing, step::Nothing, stop::Nothing, len::Nothing) = throw_no_range(start, step, stop, len)
range_of(::Nothing, ::Nothing, ::Nothing, len) = OneTo(len)
range_of(::Nothing, ::Nothing, stop, ::Nothing) = OneTo(stop)
range_of(::Nothing, ::Nothing, stop, len) = range_step_stop_length(oftype(stop, 1), stop, len)
range_of(::Nothing, ::Nothing, stop::Integer, len) = UnitRange(oftype(stop, stop - len + 1), stop)
range_of(start::Nothing, step, stop::Nothing, len::Nothing) = throw_no_range(start, step, stop, len)
range_of(::Nothing, step, ::Nothing, len) = range_start_step_length(oneunit(step), step, len)
range_of(start::Nothing, step, stop, len::Nothing) = throw_no_range(start, step, stop, len)
range_of(::Nothing, step, stop, len) = range_step_stop_length(step, stop, len)
range_of(start, step::Nothing, stop::Nothing, len::Nothing) = throw_no_range(start, step, stop, len)
range_of(start, ::Nothing, ::Nothing, len) = range_start_length(start, len)
range_of(start, ::Nothing, stop, ::Nothing) = start:stop
range_of(start, ::Nothing, stop, len) = range_start_stop_length(start, stop, len)
range_of(start, step, stop::Nothing, len::Nothing) = throw_no_range(start, step, stop, len)
range_of(start, step, ::Nothing, len) = range_start_step_length(start, step, len)
range_of(start, step, stop, ::Nothing) = start:step:stop
range_of(start, step, stop, len) = throw_no_range(start, step, stop, len)

range_start_length(a::Real, len::Integer) = UnitRange{typeof(a)}(a, oftype(a, a + len - 1))
range_start_length(a::T, len::Integer) where {T<:AbstractFloat} = range_start_step_length(a, oftype(a, 1), len)
range_start_length(a, len::Integer) = range_start_step_length(a, oftype(a - a, 1), len)
range_start_stop_length(a, b, len::Integer) = range_start_stop_length(promote(a, b)..., len)
range_start_stop_length(a::T, b::T, len::Integer) where {T} = LinRange(a, b, len)
range_start_stop_length(a::T, b::T, len::Integer) where {T<:IEEEFloat} = linear_range(a, b, len)
function range_start_stop_length(a::T, b::T, len::Integer) where {T<:Integer}
    n = Int(len)
    F = float(typeof(a / 1))
    F === Float64 && return linear_ratio_range(Float64, a, b, n, one(a))
    return LinRange{F}(a, b, n)
end
function range_start_step_length(a::T, step::T, len::Integer) where {T<:Integer}
    stop = a + step * (len - oneunit(len))
    return StepRange{typeof(stop),T}(a, step, stop)
end
range_start_step_length(a::Integer, step::Integer, len::Integer) = (p = promote(a, step); StepRange{typeof(p[1]),typeof(step)}(p[1], step, p[1] + step * (len - 1)))
range_start_step_length(a, step, len::Integer) = range_start_step_length_plain(promote_first(a, step)..., len)
promote_first(a, step) = (convert(typeof(a + step), a), step)
range_start_step_length_plain(a, step, len) = a isa AbstractFloat || step isa AbstractFloat ? StepRangeLen(a, step, len) : StepRange{typeof(a),typeof(step)}(a, step, a + step * (len - 1))
range_start_step_length(a::AbstractFloat, step::AbstractFloat, len::Integer) = range_start_step_length(promote(a, step)..., len)
range_start_step_length(a::Real, step::AbstractFloat, len::Integer) = range_start_step_length(promote(a, step)..., len)
range_start_step_length(a::AbstractFloat, step::Real, len::Integer) = range_start_step_length(promote(a, step)..., len)
range_start_step_length(a::T, step::T, len::Integer) where {T<:AbstractFloat} = StepRangeLen(a, step, len)
function range_start_step_length(a::T, step::T, len::Integer) where {T<:IEEEFloat}
    len < 0 && throw(ArgumentError(string("length cannot be negative, got ", len)))
    an, ad = nearby_ratio(a)
    sn, sd = nearby_ratio(step)
    if is_ratio(a, an, ad) && is_ratio(step, sn, sd)
        den = wrapping_lcm(ad, sd)
        limit = maxintfloat(T, Int)
        if abs(den * a) <= limit && abs(den * step) <= limit && rem(den, ad) == 0 && rem(den, sd) == 0
            return ratio_range(T, round(Int, den * a), round(Int, den * step), Int(len), den)
        end
    end
    return hp_range(T, a, step, 0, Int(len), 1)
end
function range_step_stop_length(step, stop, len::Integer)
    r = range_start_step_length(stop, -step, len)
    return reverse(r)
end

# ---- comparison, membership, sets ---------------------------------------------------------------

==(r::T, s::T) where {T<:AbstractRange} = isempty(r) ? isempty(s) : (first(r) == first(s) && step(r) == step(s) && last(r) == last(s))
==(r::T, s::T) where {T<:Union{StepRangeLen,LinRange}} = length(r) == length(s) && (isempty(r) || (first(r) == first(s) && last(r) == last(s)))
==(r::AbstractUnitRange, s::AbstractUnitRange) = (isempty(r) & isempty(s)) | ((first(r) == first(s)) & (last(r) == last(s)))
function ==(r::AbstractRange, s::AbstractRange)
    n = length(r)
    n == length(s) || return false
    n == 0 && return true
    first(r) == first(s) || return false
    n == 1 && return true
    x = iterate(r)
    y = iterate(s)
    while x !== nothing
        x[1] == y[1] || return false
        x = iterate(r, x[2])
        y = iterate(s, y[2])
    end
    return true
end
in(x::Integer, r::AbstractUnitRange{<:Integer}) = (first(r) <= x) & (x <= last(r))
in(x::Real, r::AbstractUnitRange{<:Integer}) = isinteger(x) && (first(r) <= x) & (x <= last(r))
in(x::Integer, r::StepRange{<:Integer}) = !isempty(r) && (r.step > zero(r.step) ? r.start <= x <= r.stop : r.stop <= x <= r.start) && iszero(rem(widen_small(x) - widen_small(r.start), r.step))
in(x::Real, r::StepRange{<:Integer}) = isinteger(x) && !isempty(r) && minimum(r) <= x <= maximum(r) && rem(Integer(x) - r.start, r.step) == 0
in(x::AbstractChar, r::StepRange{<:AbstractChar}) = !isempty(r) && minimum(r) <= x <= maximum(r) && rem(Int(x) - Int(r.start), r.step) == 0
widen_small(x::BitInteger64) = widen(x)
widen_small(x) = x
function in(x::Number, r::AbstractRange{<:Number})
    isempty(r) && return false
    x == x || return false
    s = step(r)
    iszero(s) && return x == first(r)
    (minimum(r) <= x <= maximum(r)) || return false
    n = round(Integer, (x - first(r)) / s) + 1
    return n >= 1 && n <= length(r) && r[n] == x
end
in(x, r::AbstractRange) = any(==(x), r)

intersect(r::OneTo, s::OneTo) = OneTo(min(last(r), last(s)))
intersect(r::AbstractUnitRange{<:Integer}, s::AbstractUnitRange{<:Integer}) = (p = promote(max(first(r), first(s)), min(last(r), last(s))); p[1]:p[2])
# a number is a range of one
function intersect(i::Integer, r::AbstractUnitRange{<:Integer})
    T = promote_type(typeof(i), eltype(r))
    a = T(i)
    return i in r ? (a:a) : i < first(r) ? (T(first(r)):T(first(r))-one(T)) : (a:T(last(r)))
end
intersect(r::AbstractUnitRange{<:Integer}, i::Integer) = intersect(i, r)
intersect(r::AbstractUnitRange{<:Integer}, s::StepRange{<:Integer}) = intersect_steps(r, s)
intersect(r::StepRange{<:Integer}, s::AbstractUnitRange{<:Integer}) = intersect_steps(r, s)
intersect(r::StepRange{<:Integer}, s::StepRange{<:Integer}) = intersect_steps(r, s)
# Common elements of two arithmetic progressions: one solution by the Chinese remainder theorem, then steps of the lcm.
function intersect_steps(r, s)
    T = promote_type(eltype(r), eltype(s))
    down = step(r) < 0
    a1, b1, s1 = down ? (last(r), first(r), -step(r)) : (first(r), last(r), step(r))
    a2, b2, s2 = step(s) < 0 ? (last(s), first(s), -step(s)) : (first(s), last(s), step(s))
    lo, hi = max(a1, a2), min(b1, b2)
    m = lcm(s1, s2)
    g, x, _ = gcdx(s1, s2)
    if isempty(r) || isempty(s) || rem(a1 - a2, g) != 0
        return down ? StepRange{T,T}(T(lo), -T(m), T(lo) + one(T)) : StepRange{T,T}(T(a1), T(m), T(a1) - one(T))
    end
    common = a1 - div(a1 - a2, g) * x * s1
    start = lo + mod(common - lo, m)
    stop = hi - mod(hi - common, m)
    return down ? StepRange{T,T}(T(stop), -T(m), T(start)) : StepRange{T,T}(T(start), T(m), T(stop))
end
issubset(r::AbstractUnitRange{<:Integer}, s::AbstractUnitRange{<:Integer}) = isempty(r) || (first(r) >= first(s) && last(r) <= last(s))

# ---- arithmetic ---------------------------------------------------------------------------------

-(r::OrdinalRange) = StepRange_or_len(-first(r), -step(r), -last(r))
StepRange_or_len(a, s, b) = a:s:b
-(r::StepRangeLen{T,R,S,L}) where {T,R,S,L} = StepRangeLen{T,R,S,L}(-r.ref, -r.step, r.len, r.offset)
-(r::LinRange) = LinRange(-r.start, -r.stop, r.len)
+(r::AbstractRange) = r
+(r::AbstractRange, s::AbstractRange) = add_ranges(r, s, +)
-(r::AbstractRange, s::AbstractRange) = add_ranges(r, s, -)
function add_ranges(r, s, op)
    n = length(r)
    n == length(s) || throw(DimensionMismatch(string("argument dimensions must match: length of r1 is ", n, ", length of r2 is ", length(s))))
    if r isa OrdinalRange && s isa OrdinalRange
        st = op(step(r), step(s))
        iszero(st) || return range(op(first(r), first(s)), step = st, length = n)
        return StepRangeLen(op(first(r), first(s)), st, n)
    elseif r isa LinRange || s isa LinRange
        return LinRange(op(first(r), first(s)), op(last(r), last(s)), n)
    end
    return StepRangeLen(op(first(r), first(s)), op(step(r), step(s)), n)
end
function -(r::StepRangeLen{T,R}, s::StepRangeLen{T,R}) where {R<:TwicePrecision,T}
    return range_start_step_length(first(r) - first(s), step(r) - step(s), length(r))
end
function +(r::StepRangeLen{T,R}, s::StepRangeLen{T,R}) where {R<:TwicePrecision,T}
    return range_start_step_length(first(r) + first(s), step(r) + step(s), length(r))
end
# What broadcasting `r .+ x`, `r .- x`, `r .* x` and their like gives.
shifted(op, r::AbstractUnitRange{<:Integer}, x::Integer) = range(op(first(r), x), length = length(r))
shifted(op, r::OrdinalRange{<:Integer}, x::Integer) = op(first(r), x):step(r):op(last(r), x)
shifted(op, r::OrdinalRange, x::Number) = (a = op(first(r), x); StepRangeLen(a, oftype(a, step(r)), length(r)))
shifted(op, r::StepRangeLen{T}, x::Number) where {T} = StepRangeLen{typeof(op(T(r.ref), x))}(op(r.ref, x), r.step, length(r), r.offset)
shifted(op, r::LinRange, x::Number) = LinRange(op(r.start, x), op(r.stop, x), r.len)
scaled(r::OrdinalRange, x::Number) = StepRangeLen(first(r) * x, step(r) * x, length(r))
scaled(r::StepRangeLen{T}, x::Number) where {T} = StepRangeLen{typeof(T(r.ref) * x)}(r.ref * x, exact_steps(r.step * x, r), length(r), r.offset)
scaled(r::LinRange, x::Number) = LinRange(r.start * x, r.stop * x, r.len)
divided(r::OrdinalRange, x::Number) = range(first(r) / x, last(r) / x, length = length(r))
divided(r::StepRangeLen{T}, x::Number) where {T} = StepRangeLen{typeof(T(r.ref) / x)}(r.ref / x, exact_steps(r.step / x, r), length(r), r.offset)
# A step shortened so that its multiples are exact again.
exact_steps(s, r) = s
exact_steps(s::TwicePrecision{T}, r) where {T<:IEEEFloat} = with_short_head(s, index_bits(T, length(r), r.offset))
divided(r::LinRange, x::Number) = LinRange(r.start / x, r.stop / x, r.len)
*(r::AbstractRange, x::Number) = scaled(r, x)
*(x::Number, r::AbstractRange) = scaled(r, x)
/(r::AbstractRange, x::Number) = divided(r, x)
\(x::Number, r::AbstractRange) = divided(r, x)

reverse(r::OrdinalRange) = isempty(r) ? range(last(r), step = negated_step(r), length = 0) : last(r):negated_step(r):first(r)
negated_step(r) = -step(r)
negated_step(r::OrdinalRange{Bool,Bool}) = -1
reverse(r::StepRangeLen{T,R,S,L}) where {T,R,S,L} = StepRangeLen{T,R,S,L}(r.ref, -r.step, r.len, isempty(r) ? r.offset : r.len - r.offset + oneunit(r.offset))
reverse(r::LinRange{T}) where {T} = LinRange{T}(r.stop, r.start, r.len)

function sum(r::AbstractRange{<:Real})
    n = length(r)
    # one of the factors is even: divide before multiplying
    return iseven(n) ? (first(r) + last(r)) * div(n, 2) : n * (first(r) + step_half(r, n))
end
step_half(r, n) = step(r) * div(n - 1, 2)
sum(r::AbstractUnitRange{<:BitInteger}) = (n = length(r); a = widen_sum_int(first(r)); b = widen_sum_int(last(r)); iseven(n) ? div(n, 2) * (a + b) : n * (a + b == 2 * a ? a : div_half(a, b)))
widen_sum_int(x::BitUnsigned64) = UInt64(x)
widen_sum_int(x::BitSigned64) = Int64(x)
widen_sum_int(x) = x
div_half(a, b) = a + div(b - a, oftype(a, 2))
function sum(r::StepRangeLen{T,<:TwicePrecision,<:TwicePrecision}) where {T}
    n = length(r)
    after, before = n - r.offset, r.offset - 1
    # sums of the distances on each side of the reference: triangular numbers as products of two integers
    a1, a2 = iseven(after) ? (after + 1, after >> 1) : (after, (after + 1) >> 1)
    b1, b2 = iseven(before) ? (before + 1, before >> 1) : (before, (before + 1) >> 1)
    distance = a1 * a2 - b1 * b2
    s = r.step * distance
    ref = r.ref * n
    h, l = add12(s.hi, ref.hi)
    return T(add12(h, l + (s.lo + ref.lo))[1])
end
function sum(r::StepRangeLen)
    n = length(r)
    after, before = n - r.offset, r.offset - 1
    distance = div(after * (after + 1), 2) - div(before * (before + 1), 2)
    return eltype(r)(r.ref * n + r.step * distance)
end
prod(r::AbstractUnitRange{<:Integer}) = (p = one(widen_sum_int(first(r))); for x in r; p *= x; end; p)

# ---- conversion ---------------------------------------------------------------------------------

UnitRange{T}(r::AbstractUnitRange) where {T<:Real} = UnitRange{T}(convert(T, first(r)), convert(T, last(r)))
UnitRange{T}(r::UnitRange{T}) where {T<:Real} = r
UnitRange(r::AbstractUnitRange) = UnitRange(first(r), last(r))
AbstractUnitRange{T}(r::AbstractUnitRange{T}) where {T} = r
AbstractUnitRange{T}(r::AbstractUnitRange) where {T} = UnitRange{T}(r)
AbstractUnitRange{T}(r::OneTo) where {T} = OneTo{T}(r)
StepRange{T,S}(r::OrdinalRange) where {T,S} = StepRange{T,S}(first(r), step(r), last(r))
StepRange(r::OrdinalRange) = StepRange(first(r), step(r), last(r))
StepRange{T,S}(r::AbstractRange) where {T,S} = StepRange{T,S}(first(r), step(r), last(r))
LinRange(r::AbstractRange) = LinRange(first(r), last(r), length(r))
LinRange{T}(r::AbstractRange) where {T} = LinRange{T}(first(r), last(r), length(r))
LinRange{T,L}(r::AbstractRange) where {T,L<:Integer} = LinRange{T,L}(convert(T, first(r)), convert(T, last(r)), convert(L, length(r)))
StepRangeLen(r::AbstractRange) = StepRangeLen(first(r), step(r), length(r))
StepRangeLen{T,R,S,L}(r::AbstractRange) where {T,R,S,L} = StepRangeLen{T,R,S,L}(R(first(r)), S(step(r)), length(r))
StepRangeLen{T,R,S,L}(r::StepRangeLen) where {T,R,S,L} = StepRangeLen{T,R,S,L}(R(r.ref), S(r.step), length(r), r.offset)
StepRangeLen{T}(r::AbstractRange) where {T} = StepRangeLen{T}(T(first(r)), T(step(r)), length(r))
StepRangeLen{Float64}(r::AbstractRange) = retyped_range(Float64, r)
StepRangeLen{T}(r::StepRangeLen{T}) where {T} = r
StepRangeLen{T}(r::StepRangeLen) where {T} = StepRangeLen{T}(r.ref, r.step, length(r), r.offset)
StepRangeLen{Float64}(r::StepRangeLen) = eltype(r) === Float64 ? r : retyped_range(Float64, r)
StepRangeLen{Float64,TwicePrecision{Float64},TwicePrecision{Float64},Int}(r::AbstractRange) = retyped_range(Float64, r)
StepRangeLen{Float64,TwicePrecision{Float64},TwicePrecision{Float64},Int}(r::StepRangeLen) = StepRangeLen{Float64}(r)
# What are ratios in the old type are the same ratios in the new one.
function retyped_range(::Type{T}, r) where {T<:IEEEFloat}
    start, st, len = first(r), step(r), length(r)
    (an, ad), (sn, sd) = ratio_of(start), ratio_of(st)
    if ad != 0 && sd != 0 && oftype(start, an / ad) == start && oftype(st, sn / sd) == st
        den = wrapping_lcm(ad, sd)
        limit = maxintfloat(T, Int)
        if den != 0 && abs(start * den) <= limit && abs(st * den) <= limit && rem(den, ad) == 0 && rem(den, sd) == 0
            return ratio_range(T, round(Int, start * den), round(Int, st * den), len, den)
        end
    end
    return hp_range(T, T(start), T(st), 0, len, 1)
end
ratio_of(x::IEEEFloat) = nearby_ratio(x)
ratio_of(x::Integer) = (Int(x), 1)
ratio_of(x) = (0, 0)
convert(::Type{T}, r::AbstractRange) where {T<:AbstractRange} = r isa T ? r : T(r)::T
convert(::Type{T}, r::T) where {T<:AbstractRange} = r
promote_rule(::Type{UnitRange{A}}, ::Type{UnitRange{B}}) where {A,B} = UnitRange{promote_type(A, B)}
promote_rule(::Type{OneTo{A}}, ::Type{OneTo{B}}) where {A,B} = OneTo{promote_type(A, B)}
promote_rule(::Type{UnitRange{A}}, ::Type{OneTo{B}}) where {A,B} = UnitRange{promote_type(A, B)}
promote_rule(::Type{StepRange{A,S}}, ::Type{UnitRange{B}}) where {A,S,B} = StepRange{promote_type(A, B),promote_type(S, B)}
promote_rule(::Type{StepRange{A,S}}, ::Type{OneTo{B}}) where {A,S,B} = StepRange{promote_type(A, B),promote_type(S, B)}
promote_rule(::Type{StepRange{A,S}}, ::Type{StepRange{B,U}}) where {A,S,B,U} = StepRange{promote_type(A, B),promote_type(S, U)}
promote_rule(::Type{LinRange{A,L}}, ::Type{LinRange{B,M}}) where {A,L,B,M} = LinRange{promote_type(A, B),promote_type(L, M)}
promote_rule(::Type{LinRange{A,L}}, ::Type{R}) where {A,L,R<:OrdinalRange} = LinRange{promote_type(A, eltype(R)),L}
promote_rule(::Type{StepRangeLen{A,R,S,L}}, ::Type{StepRangeLen{B,P,U,M}}) where {A,R,S,L,B,P,U,M} =
    StepRangeLen{promote_type(A, B),promote_type(R, P),promote_type(S, U),promote_type(L, M)}
promote_rule(::Type{StepRangeLen{A,R,S,L}}, ::Type{Q}) where {A,R,S,L,Q<:OrdinalRange} =
    StepRangeLen{promote_type(A, eltype(Q)),promote_type(R, eltype(Q)),promote_type(S, eltype(Q)),L}

float(r::UnitRange) = float(first(r)):float(last(r))
float(r::OneTo) = float(first(r)):float(last(r))
float(r::StepRange) = float(first(r)):float(step(r)):float(last(r))
float(r::StepRangeLen{T}) where {T} = StepRangeLen{float(T)}(float(r.ref), float(r.step), length(r), r.offset)
float(r::LinRange) = LinRange(float(r.start), float(r.stop), r.len)

# ---- search -------------------------------------------------------------------------------------

# Positions by arithmetic instead of bisection; only for the default order of a rising or falling range.
function searchsortedfirst(r::AbstractRange{<:Real}, x::Real)
    isempty(r) && return 1
    s = step(r)
    x <= first(r) && return 1
    x > last(r) && return length(r) + 1
    i = clamp(floor(Int, (x - first(r)) / s) + 1, 1, length(r))
    while i > 1 && r[i-1] >= x
        i -= 1
    end
    while r[i] < x
        i += 1
    end
    return i
end
function searchsortedlast(r::AbstractRange{<:Real}, x::Real)
    isempty(r) && return 0
    s = step(r)
    x < first(r) && return 0
    x >= last(r) && return length(r)
    i = clamp(floor(Int, (x - first(r)) / s) + 1, 1, length(r))
    while r[i] > x
        i -= 1
    end
    while i < length(r) && r[i+1] <= x
        i += 1
    end
    return i
end
searchsorted(r::AbstractRange{<:Real}, x::Real) = searchsortedfirst(r, x):searchsortedlast(r, x)
mod(i::Integer, r::OneTo) = mod1(i, last(r))
mod(i::Integer, r::AbstractUnitRange{<:Integer}) = mod(i - first(r), length(r)) + first(r)
clamp(x::Integer, r::AbstractUnitRange{<:Integer}) = clamp(x, first(r), last(r))
