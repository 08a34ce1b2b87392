# Products with matrices, which need no module to be loaded; the rest of linear algebra is module LinearAlgebra.

@noinline throw_product_size(A, B) = throw(DimensionMismatch(string("incompatible dimensions for matrix multiplication: tried to multiply a matrix of size ", size(A),
    " with a ", B isa AbstractVector ? "vector of length " : "matrix of size ", B isa AbstractVector ? length(B) : size(B),
    ". The second dimension of the first matrix: ", size(A, 2), ", does not match the ", B isa AbstractVector ? "length of the vector: " : "first dimension of the second matrix: ", size(B, 1), ".")))
product_eltype(::Type{T}, ::Type{S}) where {T<:Number,S<:Number} = typeof(zero(T) * zero(S) + zero(T) * zero(S))
product_eltype(::Type{T}, ::Type{S}) where {T,S} = promote_op(muladd_types, T, S)
muladd_types(a, b) = a * b + a * b

function *(A::AbstractMatrix{T}, x::AbstractVector{S}) where {T,S}
    y = similar(x, product_eltype(T, S), size(A, 1))
    return accumulate_product!(y, A, x)
end
function *(A::AbstractMatrix{T}, B::AbstractMatrix{S}) where {T,S}
    C = similar(B, product_eltype(T, S), (size(A, 1), size(B, 2)))
    return accumulate_product!(C, A, B)
end
# a column times a row
*(a::AbstractVector, B::AbstractMatrix) = reshape(a, length(a), 1) * B
*(u::Adjoint{T,<:AbstractVector}, v::AbstractVector) where {T} = row_times_column(adjoint, u.parent, v)
*(u::Transpose{T,<:AbstractVector}, v::AbstractVector) where {T} = row_times_column(transpose, u.parent, v)
*(u::Adjoint{T,<:AbstractVector}, A::AbstractMatrix) where {T} = adjoint(adjoint(A) * u.parent)
*(u::Transpose{T,<:AbstractVector}, A::AbstractMatrix) where {T} = transpose(transpose(A) * u.parent)
*(u::Adjoint{T,<:AbstractVector}, v::Adjoint{S,<:AbstractVector}) where {T,S} = throw_row_rows(u, v)
*(u::Transpose{T,<:AbstractVector}, v::Transpose{S,<:AbstractVector}) where {T,S} = throw_row_rows(u, v)
*(a::AbstractVector, u::AdjOrTrans{T,<:AbstractVector}) where {T} = [x * y for x in a, y in u.parent] |> M -> flip_outer(u, a)
flip_outer(u::Adjoint, a) = [x * adjoint(y) for x in a, y in u.parent]
flip_outer(u::Transpose, a) = [x * transpose(y) for x in a, y in u.parent]
@noinline throw_row_rows(u, v) = throw(MethodError(*, (u, v)))
function row_times_column(flip, u::AbstractVector, v::AbstractVector)
    length(u) == length(v) || throw(DimensionMismatch(string("dot product arguments have unequal lengths ", length(u), " and ", length(v))))
    isempty(u) && return zero(eltype(u)) * zero(eltype(v))
    s = flip(u[1]) * v[1]
    for i in 2:length(u)
        s += flip(u[i]) * v[i]
    end
    return s
end
function accumulate_product!(y::AbstractVector, A::AbstractMatrix, x::AbstractVector)
    size(A, 2) == length(x) || throw_product_size(A, x)
    length(y) == size(A, 1) || throw(DimensionMismatch(string("result has length ", length(y), ", needs ", size(A, 1))))
    T = eltype(y)
    for i in axes(A, 1)
        y[i] = zero_element(T, A, x)
    end
    for j in axes(A, 2)
        b = x[j]
        for i in axes(A, 1)
            y[i] += A[i, j] * b
        end
    end
    return y
end
zero_element(::Type{T}, A, x) where {T<:Number} = zero(T)
zero_element(::Type{T}, A, x) where {T} = zero(A[1] * x[1])
function accumulate_product!(C::AbstractMatrix, A::AbstractMatrix, B::AbstractMatrix)
    size(A, 2) == size(B, 1) || throw_product_size(A, B)
    size(C) == (size(A, 1), size(B, 2)) || throw(DimensionMismatch(string("result has size ", size(C), ", needs ", (size(A, 1), size(B, 2)))))
    T = eltype(C)
    for j in axes(B, 2)
        for i in axes(A, 1)
            C[i, j] = zero_element(T, A, B)
        end
        for k in axes(A, 2)
            b = B[k, j]
            for i in axes(A, 1)
                C[i, j] += A[i, k] * b
            end
        end
    end
    return C
end
function ^(A::AbstractMatrix, n::Integer)
    size(A, 1) == size(A, 2) || throw(DimensionMismatch(string("matrix is not square: dimensions are ", size(A))))
    n < 0 && return inv(A)^(-n)
    n == 0 && return one(A)
    r = nothing
    x = A
    while true
        isodd(n) && (r = r === nothing ? x : r * x)
        n >>= 1
        n == 0 && return r === A ? copy(A) : r
        x = x * x
    end
end
literal_pow(::typeof(^), A::AbstractMatrix, ::Val{n}) where {n} = A^n

# ---- solving --------------------------------------------------------------------------------------

# Row-pivoted elimination: `A` becomes the factors, the result is the order of rows and their sign.
# `singular` is the first column without a pivot, or 0.
function eliminate!(A::AbstractMatrix)
    n, m = size(A)
    p = collect(1:n)
    sign = 1
    singular = 0
    for k in 1:min(n, m)
        best, at = abs(A[k, k]), k
        for i in k+1:n
            a = abs(A[i, k])
            a > best && ((best, at) = (a, i))
        end
        if iszero(best)
            singular == 0 && (singular = k)
            continue
        end
        if at != k
            for j in 1:m
                A[k, j], A[at, j] = A[at, j], A[k, j]
            end
            p[k], p[at] = p[at], p[k]
            sign = -sign
        end
        d = A[k, k]
        for i in k+1:n
            f = A[i, k] / d
            A[i, k] = f
            for j in k+1:m
                A[i, j] -= f * A[k, j]
            end
        end
    end
    return p, sign, singular
end
struct SingularException <: Exception
    info::Int
end
showerror(io::IO, e::SingularException) = print(io, "SingularException(", e.info, ")")
division_type(::Type{T}) where {T} = typeof(one(T) / one(T))
division_type(::Type{T}) where {T<:Rational} = T
factors(A::AbstractMatrix) = copyto!(Array{division_type(eltype(A)),2}(undef, size(A)), A)
function require_square(A)
    size(A, 1) == size(A, 2) || throw(DimensionMismatch(string("matrix is not square: dimensions are ", size(A))))
    return size(A, 1)
end
# solves with the factors in place of the right-hand sides
function solve_factored!(F, p, B::AbstractMatrix)
    n = size(F, 1)
    X = [convert(promote_type(eltype(F), division_type(eltype(B))), B[p[i], j]) for i in 1:n, j in axes(B, 2)]
    for j in axes(X, 2)
        for k in 1:n, i in k+1:n
            X[i, j] -= F[i, k] * X[k, j]
        end
        for k in n:-1:1
            X[k, j] /= F[k, k]
            for i in 1:k-1
                X[i, j] -= F[i, k] * X[k, j]
            end
        end
    end
    return X
end
function \(A::AbstractMatrix, B::AbstractMatrix)
    size(A, 1) == size(B, 1) || throw(DimensionMismatch(string("both inputs should have the same number of rows, got ", size(A, 1), " and ", size(B, 1))))
    size(A, 1) == size(A, 2) || return least_squares(A, B)
    F = factors(A)
    p, _, singular = eliminate!(F)
    singular == 0 || throw(SingularException(singular))
    return solve_factored!(F, p, B)
end
\(A::AbstractMatrix, b::AbstractVector) = vec(A \ reshape(b, length(b), 1))
least_squares(A, B) = size(A, 1) > size(A, 2) ? (adjoint(A) * A) \ (adjoint(A) * B) : adjoint(A) * ((A * adjoint(A)) \ B)
/(B::AbstractMatrix, A::AbstractMatrix) = copy(transpose(transpose(A) \ transpose(B)))
/(u::Adjoint{T,<:AbstractVector}, A::AbstractMatrix) where {T} = adjoint(adjoint(A) \ u.parent)
/(u::Transpose{T,<:AbstractVector}, A::AbstractMatrix) where {T} = transpose(transpose(A) \ u.parent)
function inv(A::AbstractMatrix)
    n = require_square(A)
    F = factors(A)
    p, _, singular = eliminate!(F)
    singular == 0 || throw(SingularException(singular))
    return solve_factored!(F, p, [i == j ? one(eltype(F)) : zero(eltype(F)) for i in 1:n, j in 1:n])
end

# ---- comparison -------------------------------------------------------------------------------------

# Euclidean norm of all elements, at any depth.
array_norm(x::Number) = abs(x)
function array_norm(a)
    s = 0.0
    for x in a
        s += abs2(array_norm(x))
    end
    return sqrt(s)
end
function isapprox(x::AbstractArray, y::AbstractArray; atol::Real = 0, rtol::Real = default_rtol(x, y, atol), nans::Bool = false, norm::Function = array_norm)
    axes(x) == axes(y) || throw(DimensionMismatch(string("dimensions must match: a has dims ", axes(x), ", b has dims ", axes(y))))
    d = norm(x - y)
    isfinite(d) && return iszero(rtol) ? d <= atol : d <= max(atol, rtol * max(norm(x), norm(y)))
    # elements that are infinite or NaN: one by one
    return all(p -> isapprox(p[1], p[2]; rtol, atol, nans), zip(x, y))
end
default_rtol(x, y, atol) = atol > 0 ? 0.0 : max(element_rtol(eltype(x)), element_rtol(eltype(y)))
element_rtol(::Type{T}) where {T<:AbstractFloat} = sqrt(eps(T))
element_rtol(::Type{Complex{T}}) where {T} = element_rtol(T)
element_rtol(::Type{T}) where {T<:Real} = 0.0
element_rtol(::Type{T}) where {T<:AbstractArray} = element_rtol(eltype(T))
element_rtol(::Type) = sqrt(eps(Float64))
