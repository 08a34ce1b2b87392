# Products and norms of vectors and matrices in general.

@noinline throw_lengths(x, y) = throw(DimensionMismatch(string("dot product arguments have unequal lengths ", length(x), " and ", length(y))))
dot(x::Number, y::Number) = conj(x) * y
function dot(x::AbstractArray, y::AbstractArray)
    length(x) == length(y) || throw_lengths(x, y)
    isempty(x) && return dot(zero(eltype(x)), zero(eltype(y)))
    s = zero(dot(first(x), first(y)))
    for (a, b) in zip(x, y)
        s += dot(a, b)
    end
    return s
end
function dot(x, y)
    length(x) == length(y) || throw_lengths(x, y)
    return sum(dot(a, b) for (a, b) in zip(x, y))
end
dot(x::AbstractVector, A::AbstractMatrix, y::AbstractVector) = dot(x, A * y)
const ⋅ = dot
function cross(a::AbstractVector, b::AbstractVector)
    length(a) == 3 && length(b) == 3 || throw(DimensionMismatch("cross product is only defined for vectors of length 3"))
    a1, a2, a3 = a
    b1, b2, b3 = b
    return [a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1]
end
const × = cross

# ---- norms ----------------------------------------------------------------------------------------

norm(x::Number, p::Real = 2) = p == 0 ? (iszero(x) ? zero(float(abs(x))) : one(float(abs(x)))) : float(abs(x))
norm(::Missing, p::Real = 2) = missing
function norm(itr, p::Real = 2)
    isempty(itr) && return float(norm(zero(eltype(itr))))
    p == 2 && return norm2(itr)
    p == 1 && return sum(norm, itr)
    p == Inf && return maximum(norm, itr)
    p == 0 && return float(count(!iszero, itr))
    p == -Inf && return minimum(norm, itr)
    return sum(x -> norm(x)^p, itr)^inv(p)
end
# Scales when squares overflow or vanish.
function norm2(itr)
    s = sum(x -> abs2(norm(x)), itr)
    isfinite(s) && !iszero(s) && return sqrt(s)
    m = maximum(norm, itr)
    (iszero(m) || !isfinite(m)) && return m
    return m * sqrt(sum(x -> abs2(norm(x) / m), itr))
end
function opnorm(A::AbstractMatrix, p::Real = 2)
    isempty(A) && return float(norm(zero(eltype(A))))
    p == 1 && return maximum(j -> sum(i -> norm(A[i, j]), axes(A, 1)), axes(A, 2))
    p == Inf && return maximum(i -> sum(j -> norm(A[i, j]), axes(A, 2)), axes(A, 1))
    p == 2 && return maximum(svdvals(A))
    throw(ArgumentError(string("invalid p-norm p=", p, ". Valid: 1, 2, Inf")))
end
opnorm(x::Number, p::Real = 2) = norm(x)
normalize(v::AbstractArray, p::Real = 2) = v / norm(v, p)
normalize(x::Number) = x / norm(x)
normalize!(v::AbstractArray, p::Real = 2) = rmul!(v, inv(norm(v, p)))

# ---- in place ---------------------------------------------------------------------------------------

mul!(C::AbstractVector, A::AbstractMatrix, B::AbstractVector) = accumulate_product!(C, A, unaliased(C, B))
mul!(C::AbstractMatrix, A::AbstractMatrix, B::AbstractMatrix) = accumulate_product!(C, A, unaliased(C, B))
mul!(C::AbstractArray, a::Number, B::AbstractArray) = (C .= a .* B; C)
mul!(C::AbstractArray, A::AbstractArray, b::Number) = (C .= A .* b; C)
mul!(C::AbstractVecOrMat, A::AbstractVecOrMat, B::AbstractVecOrMat, alpha::Number, beta::Number) = (P = A * B; C .= iszero(beta) ? alpha .* P : alpha .* P .+ beta .* C; C)
unaliased(C, B) = C === B ? copy(B) : B
lmul!(a::Number, B::AbstractArray) = (B .= a .* B; B)
rmul!(B::AbstractArray, a::Number) = (B .= B .* a; B)
lmul!(A::AbstractMatrix, B::AbstractVecOrMat) = copyto!(B, A * B)
rmul!(B::AbstractVecOrMat, A::AbstractMatrix) = copyto!(B, B * A)
ldiv!(A, B::AbstractVecOrMat) = copyto!(B, A \ B)
ldiv!(Y::AbstractVecOrMat, A, B::AbstractVecOrMat) = copyto!(Y, A \ B)
rdiv!(B::AbstractArray, a::Number) = (B .= B ./ a; B)
rdiv!(B::AbstractMatrix, A) = copyto!(B, B / A)
axpy!(a::Number, x::AbstractArray, y::AbstractArray) = (length(x) == length(y) || throw_lengths(x, y); y .+= a .* x; y)
axpby!(a::Number, x::AbstractArray, b::Number, y::AbstractArray) = (length(x) == length(y) || throw_lengths(x, y); y .= a .* x .+ b .* y; y)
transpose!(B::AbstractMatrix, A::AbstractMatrix) = copyto!(B, transpose(A))
adjoint!(B::AbstractMatrix, A::AbstractMatrix) = copyto!(B, adjoint(A))

# ---- parts ------------------------------------------------------------------------------------------

tr(A::AbstractMatrix) = (n = require_square(A); sum(A[i, i] for i in 1:n; init = zero(eltype(A))))
tr(x::Number) = x
function diagind(A::AbstractMatrix, k::Integer = 0)
    m, n = size(A)
    len = k >= 0 ? min(m, n - k) : min(m + k, n)
    first_index = k >= 0 ? 1 + k * m : 1 - k
    return range(first_index; step = m + 1, length = max(len, 0))
end
diag(A::AbstractMatrix, k::Integer = 0) = A[diagind(A, k)]
function diagm(ps::Pair{<:Integer,<:AbstractVector}...)
    n = maximum(p -> length(p.second) + abs(p.first), ps)
    return diagm(n, n, ps...)
end
function diagm(m::Integer, n::Integer, ps::Pair{<:Integer,<:AbstractVector}...)
    A = zeros(promote_type(map(p -> eltype(p.second), ps)...), m, n)
    for (k, v) in ps
        for (i, x) in enumerate(v)
            A[k >= 0 ? i : i - k, k >= 0 ? i + k : i] += x
        end
    end
    return A
end
diagm(v::AbstractVector) = diagm(0 => v)
triu(A::AbstractMatrix, k::Integer = 0) = triu!(copyto!(similar(A), A), k)
tril(A::AbstractMatrix, k::Integer = 0) = tril!(copyto!(similar(A), A), k)
function triu!(A::AbstractMatrix, k::Integer = 0)
    for j in axes(A, 2), i in axes(A, 1)
        j - i < k && (A[i, j] = zero(A[i, j]))
    end
    return A
end
function tril!(A::AbstractMatrix, k::Integer = 0)
    for j in axes(A, 2), i in axes(A, 1)
        j - i > k && (A[i, j] = zero(A[i, j]))
    end
    return A
end
istriu(A::AbstractMatrix, k::Integer = 0) = all(iszero(A[i, j]) for j in axes(A, 2), i in axes(A, 1) if j - i < k)
istril(A::AbstractMatrix, k::Integer = 0) = all(iszero(A[i, j]) for j in axes(A, 2), i in axes(A, 1) if j - i > k)
isdiag(A::AbstractMatrix) = istriu(A) && istril(A)
issymmetric(A::AbstractMatrix) = size(A, 1) == size(A, 2) && all(A[i, j] == transpose(A[j, i]) for i in axes(A, 1), j in axes(A, 2))
ishermitian(A::AbstractMatrix) = size(A, 1) == size(A, 2) && all(A[i, j] == adjoint(A[j, i]) for i in axes(A, 1), j in axes(A, 2))
issymmetric(x::Number) = true
ishermitian(x::Number) = isreal(x)

kron(a::Number, b::Number) = a * b
kron(a::Number, B::AbstractVecOrMat) = a * B
kron(A::AbstractVecOrMat, b::Number) = A * b
kron(a::AbstractVector, b::AbstractVector) = [x * y for y in b, x in a][:]
kron(A::AbstractMatrix, B::AbstractMatrix) = [A[i, j] * B[k, l] for k in axes(B, 1), i in axes(A, 1), l in axes(B, 2), j in axes(A, 2)] |>
    M -> reshape(M, size(A, 1) * size(B, 1), size(A, 2) * size(B, 2))
kron(A::AbstractMatrix, b::AbstractVector) = kron(A, reshape(b, length(b), 1))
kron(a::AbstractVector, B::AbstractMatrix) = kron(reshape(a, length(a), 1), B)
kron(A, B, Cs...) = kron(kron(A, B), Cs...)
kron!(C, A, B) = copyto!(C, kron(A, B))
