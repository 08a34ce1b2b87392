# Means, medians, spreads and correlations.
module Statistics

export mean, mean!, median, median!, middle, quantile, quantile!, std, stdm, var, varm, cor, cov

function mean(f, itr)
    y = iterate(itr)
    y === nothing && throw_empty("mean")
    x, s = y
    n = 1
    total = f(x) / 1
    while (y = iterate(itr, s)) !== nothing
        x, s = y
        total += f(x)
        n += 1
    end
    return total / n
end
@noinline throw_empty(what) = throw(ArgumentError(string(what, " of empty collection undefined")))
mean(itr) = mean(identity, itr)
mean(f, a::AbstractArray; dims = :) = dims isa Colon ? sum(f, a) / length(a) : sum(f, a; dims) ./ count_along(a, dims)
mean(a::AbstractArray; dims = :) = dims isa Colon ? sum(a) / length(a) : sum(a; dims) ./ count_along(a, dims)
mean(r::AbstractRange{<:Real}) = (first(r) + last(r)) / 2
mean!(r::AbstractArray, a::AbstractArray) = copyto!(r, mean(a; dims = Tuple(d for d in 1:ndims(a) if size(r, d) == 1)))
count_along(a, d::Integer) = size(a, d)
count_along(a, ds) = prod(d -> size(a, d), ds)

# ---- spread -------------------------------------------------------------------------------------

spread(x::Number, m) = abs2(x - m)
function varm(itr, m; corrected::Bool = true)
    n = 0
    s = zero(abs2(m - m) / 1)
    for x in itr
        s += spread(x, m)
        n += 1
    end
    return n == 0 ? s / 0 : s / (corrected ? n - 1 : n)
end
function var(a::AbstractArray; corrected::Bool = true, mean = nothing, dims = :)
    dims isa Colon && return varm(a, mean === nothing ? Statistics.mean(a) : mean; corrected)
    m = mean === nothing ? Statistics.mean(a; dims) : mean
    return sum(abs2.(a .- m); dims) ./ (count_along(a, dims) - (corrected ? 1 : 0))
end
var(itr; corrected::Bool = true, mean = nothing) = (v = collect(itr); var(v; corrected, mean))
std(a::AbstractArray; dims = :, kw...) = dims isa Colon ? sqrt(var(a; kw...)) : sqrt.(var(a; dims, kw...))
std(itr; kw...) = sqrt(var(itr; kw...))
stdm(itr, m; kw...) = sqrt(varm(itr, m; kw...))

function cov(x::AbstractVector, y::AbstractVector; corrected::Bool = true)
    length(x) == length(y) || throw(DimensionMismatch("x and y have different lengths"))
    mx, my = mean(x), mean(y)
    s = sum((a - mx) * conj(b - my) for (a, b) in zip(x, y))
    return s / (length(x) - (corrected ? 1 : 0))
end
cov(x::AbstractVector; corrected::Bool = true) = var(x; corrected)
cov(X::AbstractMatrix; dims::Integer = 1, corrected::Bool = true) = (c = columns(X, dims); [cov(a, b; corrected) for a in c, b in c])
function cor(x::AbstractVector, y::AbstractVector)
    mx, my = mean(x), mean(y)
    sxy = sum((a - mx) * conj(b - my) for (a, b) in zip(x, y))
    r = sxy / sqrt(sum(a -> abs2(a - mx), x) * sum(b -> abs2(b - my), y))
    return r isa Real ? clamp(r, -one(r), one(r)) : r
end
cor(x::AbstractVector) = one(float(eltype(x)))
cor(X::AbstractMatrix; dims::Integer = 1) = (c = columns(X, dims); [i == j ? 1.0 : cor(c[i], c[j]) for i in eachindex(c), j in eachindex(c)])
columns(X, dims) = dims == 1 ? [X[:, j] for j in axes(X, 2)] : [X[i, :] for i in axes(X, 1)]

# ---- order --------------------------------------------------------------------------------------

middle(x::Number) = (x + zero(x)) / 1
middle(x::Number, y::Number) = x / 2 + y / 2
middle(r::AbstractRange) = (first(r) + last(r)) / 2
middle(a::AbstractArray) = ((lo, hi) = extrema(a); middle(lo, hi))
function median!(v::AbstractVector)
    isempty(v) && throw(ArgumentError(string("median of an empty array is undefined, ", repr(v))))
    any(x -> x isa AbstractFloat && isnan(x), v) && return convert(float(eltype(v)), NaN)
    sort!(v)
    n = length(v)
    return isodd(n) ? middle(v[div(n + 1, 2)]) : middle(v[div(n, 2)], v[div(n, 2)+1])
end
median(itr) = median!(collect(itr))
median(a::AbstractArray; dims = :) = dims isa Colon ? median!(collect(vec(a))) : mapslices(x -> median!(collect(vec(x))), a; dims)
median(r::AbstractRange{<:Real}) = mean(r)

# The rule of Hyndman and Fan with parameters alpha and beta (1, 1: type 7).
function quantile_sorted(v::AbstractVector, p::Real; alpha::Real = 1.0, beta::Real = alpha)
    0 <= p <= 1 || throw(ArgumentError("input probability out of [0,1] range"))
    n = length(v)
    n > 0 || throw(ArgumentError("empty data vector"))
    m = alpha + p * (1 - alpha - beta)
    aleph = n * p + m
    j = clamp(trunc(Int, aleph), 1, n > 1 ? n - 1 : 1)
    g = clamp(aleph - j, 0, 1)
    a = v[j]
    b = n == 1 ? a : v[j+1]
    return isfinite(a) && isfinite(b) ? a + g * (b - a) : (1 - g) * a + g * b
end
quantile!(v::AbstractVector, p::Real; sorted::Bool = false, kw...) = (sorted || sort!(v); quantile_sorted(v, p; kw...))
quantile!(v::AbstractVector, ps::Union{AbstractArray,Tuple}; sorted::Bool = false, kw...) = (sorted || sort!(v); map(p -> quantile_sorted(v, p; kw...), ps))
quantile(itr, p; sorted::Bool = false, kw...) = quantile!(collect(itr), p; sorted, kw...)

end
