# `missing` passes through arithmetic and comparison; logic keeps what the other operand decides.

for f in (:!, :~, :+, :-, :*, :&, :|, :xor, :abs, :abs2, :sign, :signbit, :conj, :real, :imag, :float, :iseven, :isodd, :isfinite, :isinf, :isnan,
    :iszero, :isone, :isinteger, :isreal, :transpose, :inv, :zero, :one, :sqrt, :exp, :log, :sin, :cos, :tan, :round, :floor, :ceil, :trunc)
    @eval $f(::Missing) = missing
end
for f in (:+, :-, :*, :/, :^, :\, :div, :rem, :mod, :fld, :cld, :min, :max, ://)
    @eval $f(::Missing, ::Missing) = missing
    @eval $f(::Missing, ::Number) = missing
    @eval $f(::Number, ::Missing) = missing
end
zero(::Type{Missing}) = missing
one(::Type{Missing}) = missing
zero(::Type{Any}) = throw(MethodError(zero, (Any,)))
one(::Type{Any}) = throw(MethodError(one, (Any,)))
zero(::Type{Union{T,Missing}}) where {T} = zero(T)
one(::Type{Union{T,Missing}}) where {T} = one(T)
for f in (:(==), :<, :<=)
    @eval $f(::Missing, ::Missing) = missing
    @eval $f(::Missing, ::Any) = missing
    @eval $f(::Any, ::Missing) = missing
end
isapprox(::Missing, ::Missing; kw...) = missing
isapprox(::Missing, ::Any; kw...) = missing
isapprox(::Any, ::Missing; kw...) = missing
(&)(::Missing, b::Bool) = ifelse(b, missing, false)
(&)(b::Bool, ::Missing) = ifelse(b, missing, false)
(&)(::Missing, ::Integer) = missing
(&)(::Integer, ::Missing) = missing
|(::Missing, b::Bool) = ifelse(b, true, missing)
|(b::Bool, ::Missing) = ifelse(b, true, missing)
|(::Missing, ::Integer) = missing
|(::Integer, ::Missing) = missing
xor(::Missing, ::Bool) = missing
xor(::Bool, ::Missing) = missing
xor(::Missing, ::Missing) = missing
(&)(::Missing, ::Missing) = missing
|(::Missing, ::Missing) = missing
min(::Missing, ::Any) = missing
min(::Any, ::Missing) = missing
max(::Missing, ::Any) = missing
max(::Any, ::Missing) = missing
*(::Missing, ::Union{AbstractString,AbstractChar}) = missing
*(::Union{AbstractString,AbstractChar}, ::Missing) = missing

# The values of an iterator that are not missing.
struct SkipMissing{T}
    x::T
end
skipmissing(itr) = SkipMissing(itr)
IteratorSize(::Type{<:SkipMissing}) = SizeUnknown()
IteratorEltype(::Type{SkipMissing{T}}) where {T} = IteratorEltype(T)
eltype(::Type{SkipMissing{T}}) where {T} = nonmissingtype(eltype(T))
function iterate(s::SkipMissing, state...)
    y = iterate(s.x, state...)
    while y !== nothing && ismissing(y[1])
        y = iterate(s.x, y[2])
    end
    return y
end
keys(s::SkipMissing) = Iterators.filter(i -> !ismissing(s.x[i]), keys(s.x))
eachindex(s::SkipMissing) = keys(s)
function getindex(s::SkipMissing, I...)
    v = s.x[I...]
    ismissing(v) && throw(MissingException(string("the value at index ", I, " is missing")))
    return v
end
show(io::IO, s::SkipMissing) = (print(io, "skipmissing("); show(io, s.x); print(io, ")"))
