# LU, Cholesky, QR and what follows from them.

abstract type Factorization{T} end

# ---- LU ---------------------------------------------------------------------------------------------

struct LU{T,S<:AbstractMatrix{T}} <: Factorization{T}
    factors::S
    ipiv::Vector{Int}       # row order
    info::Int
    sign::Int
end
lu(A::AbstractMatrix; check::Bool = true) = lu!(factors(A); check)
function lu!(A::AbstractMatrix{T}; check::Bool = true) where {T}
    p, s, singular = eliminate!(A)
    check && singular != 0 && throw(SingularException(singular))
    return LU{T,typeof(A)}(A, p, singular, s)
end
function Base.getproperty(F::LU, s::Symbol)
    A = getfield(F, :factors)
    m, n = size(A)
    k = min(m, n)
    s === :L && return [i == j ? one(eltype(A)) : i > j ? A[i, j] : zero(eltype(A)) for i in 1:m, j in 1:k]
    s === :U && return [i <= j ? A[i, j] : zero(eltype(A)) for i in 1:k, j in 1:n]
    s === :p && return getfield(F, :ipiv)
    s === :P && return (p = getfield(F, :ipiv); [p[i] == j ? one(eltype(A)) : zero(eltype(A)) for i in 1:m, j in 1:m])
    return getfield(F, s)
end
Base.iterate(F::LU) = (F.L, Val(:U))
Base.iterate(F::LU, ::Val{:U}) = (F.U, Val(:p))
Base.iterate(F::LU, ::Val{:p}) = (F.p, Val(:done))
Base.iterate(F::LU, ::Val{:done}) = nothing
size(F::Factorization, d...) = size(getfield(F, :factors), d...)
issuccess(F::LU) = F.info == 0
\(F::LU, B::AbstractMatrix) = F.info == 0 ? solve_factored!(F.factors, F.ipiv, B) : throw(SingularException(F.info))
\(F::Factorization, b::AbstractVector) = vec(F \ reshape(b, length(b), 1))
det(F::LU) = F.info == 0 ? F.sign * prod(diag(F.factors)) : zero(eltype(F.factors))
inv(F::LU) = F \ Matrix{eltype(F.factors)}(I, size(F.factors)...)
function det(A::AbstractMatrix)
    require_square(A)
    isempty(A) && return one(eltype(A))
    (istriu(A) || istril(A)) && return convert(division_type(eltype(A)), prod(diag(A)))
    F = factors(A)
    _, s, singular = eliminate!(F)
    return singular != 0 ? zero(eltype(F)) : s * prod(diag(F))
end
# exact, without division out of the integers
function det(A::AbstractMatrix{<:Union{BigInt,Rational}})
    n = require_square(A)
    n == 0 && return one(eltype(A))
    B = Matrix(A)
    s = 1
    last_pivot = one(eltype(A))
    for k in 1:n-1
        if iszero(B[k, k])
            at = findfirst(i -> !iszero(B[i, k]), k+1:n)
            at === nothing && return zero(eltype(A))
            at += k
            for j in 1:n
                B[k, j], B[at, j] = B[at, j], B[k, j]
            end
            s = -s
        end
        for i in k+1:n, j in k+1:n
            v = B[i, j] * B[k, k] - B[i, k] * B[k, j]
            B[i, j] = eltype(A) <: BigInt ? div(v, last_pivot) : v / last_pivot
        end
        last_pivot = B[k, k]
    end
    return s * B[n, n]
end
det(x::Number) = x
logdet(A) = log(det(A))
logabsdet(A) = (d = det(A); (log(abs(d)), sign(d)))

# ---- Cholesky ---------------------------------------------------------------------------------------

struct PosDefException <: Exception
    info::Int
end
Base.showerror(io::IO, e::PosDefException) = print(io, "PosDefException: matrix is not positive definite; Factorization failed.")
struct Cholesky{T,S<:AbstractMatrix{T}} <: Factorization{T}
    factors::S              # the upper factor
    info::Int
end
cholesky(A::AbstractMatrix; check::Bool = true) = cholesky!(factors(A); check)
function cholesky!(A::AbstractMatrix{T}; check::Bool = true) where {T}
    n = require_square(A)
    info = 0
    for j in 1:n
        d = real(A[j, j])
        for k in 1:j-1
            d -= abs2(A[k, j])
        end
        if !(d > 0)
            info = j
            break
        end
        d = sqrt(d)
        A[j, j] = d
        for i in j+1:n
            s = A[j, i]
            for k in 1:j-1
                s -= conj(A[k, j]) * A[k, i]
            end
            A[j, i] = s / d
        end
    end
    check && info != 0 && throw(PosDefException(info))
    return Cholesky{T,typeof(A)}(triu!(A), info)
end
Base.getproperty(C::Cholesky, s::Symbol) = s === :U ? UpperTriangular(getfield(C, :factors)) : s === :L ? LowerTriangular(Matrix(adjoint(getfield(C, :factors)))) : s === :UL ? UpperTriangular(getfield(C, :factors)) : getfield(C, s)
Base.iterate(C::Cholesky) = (C.L, Val(:U))
Base.iterate(C::Cholesky, ::Val{:U}) = (C.U, Val(:done))
Base.iterate(C::Cholesky, ::Val{:done}) = nothing
issuccess(C::Cholesky) = C.info == 0
\(C::Cholesky, B::AbstractMatrix) = C.U \ (C.L \ B)
det(C::Cholesky) = abs2(prod(diag(C.factors)))
inv(C::Cholesky) = C \ Matrix{eltype(C.factors)}(I, size(C.factors)...)
isposdef(A::AbstractMatrix) = ishermitian(A) && cholesky(A; check = false).info == 0
isposdef(x::Number) = isreal(x) && real(x) > 0

# ---- QR ---------------------------------------------------------------------------------------------

struct QR{T,S<:AbstractMatrix{T}} <: Factorization{T}
    factors::S              # R above the diagonal
    q::S
end
qr(A::AbstractMatrix, pivot = nothing) = qr!(factors(A))
# Householder reflections, with Q accumulated
function qr!(A::AbstractMatrix{T}) where {T}
    m, n = size(A)
    Q = Matrix{T}(I, m, m)
    for k in 1:min(m - 1, n)
        x = A[k:m, k]
        nx = norm(x)
        iszero(nx) && continue
        phase = iszero(x[1]) ? one(T) : x[1] / abs(x[1])
        v = copy(x)
        v[1] += phase * nx
        v ./= norm(v)
        for j in k:n
            s = 2 * dot(v, A[k:m, j])
            for i in k:m
                A[i, j] -= v[i-k+1] * s
            end
        end
        for i in 1:m
            s = zero(T)
            for j in k:m
                s += Q[i, j] * v[j-k+1]
            end
            for j in k:m
                Q[i, j] -= 2 * s * conj(v[j-k+1])
            end
        end
    end
    return QR{T,typeof(A)}(triu!(A), Q)
end
Base.getproperty(F::QR, s::Symbol) = s === :R ? (A = getfield(F, :factors); A[1:min(size(A)...), :]) : s === :Q ? getfield(F, :q) : getfield(F, s)
Base.iterate(F::QR) = (F.Q, Val(:R))
Base.iterate(F::QR, ::Val{:R}) = (F.R, Val(:done))
Base.iterate(F::QR, ::Val{:done}) = nothing
function \(F::QR, B::AbstractMatrix)
    n = size(F.factors, 2)
    return UpperTriangular(F.R[1:n, 1:n]) \ (adjoint(F.Q) * B)[1:n, :]
end
factorize(A::AbstractMatrix) = size(A, 1) == size(A, 2) ? (isposdef(A) ? cholesky(A) : lu(A)) : qr(A)
