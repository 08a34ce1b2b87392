# Matrices that are known to have a form.

# ---- multiples of the identity ----------------------------------------------------------------------

struct UniformScaling{T<:Number}
    λ::T
end
const I = UniformScaling(true)
(J::UniformScaling)(n::Integer) = Diagonal(fill(J.λ, n))
Base.eltype(::Type{UniformScaling{T}}) where {T} = T
Base.ndims(::UniformScaling) = 2
getindex(J::UniformScaling, i::Integer, j::Integer) = i == j ? J.λ : zero(J.λ)
Base.show(io::IO, J::UniformScaling) = print(io, "UniformScaling{", eltype(J), "}(", J.λ, ")")
Base.show(io::IO, ::MIME"text/plain", J::UniformScaling) = print(io, typeof(J), "\n", J.λ == 1 ? (J.λ isa Bool ? "true" : string(J.λ)) : string(J.λ), "*I")
*(J::UniformScaling, A::AbstractArray) = J.λ * A
*(A::AbstractArray, J::UniformScaling) = A * J.λ
*(J::UniformScaling, x::Number) = UniformScaling(J.λ * x)
*(x::Number, J::UniformScaling) = UniformScaling(x * J.λ)
*(a::UniformScaling, b::UniformScaling) = UniformScaling(a.λ * b.λ)
/(J::UniformScaling, x::Number) = UniformScaling(J.λ / x)
/(A::AbstractMatrix, J::UniformScaling) = A / J.λ
\(J::UniformScaling, A::AbstractVecOrMat) = J.λ \ A
+(a::UniformScaling, b::UniformScaling) = UniformScaling(a.λ + b.λ)
-(a::UniformScaling, b::UniformScaling) = UniformScaling(a.λ - b.λ)
-(a::UniformScaling) = UniformScaling(-a.λ)
inv(J::UniformScaling) = UniformScaling(inv(J.λ))
adjoint(J::UniformScaling) = UniformScaling(conj(J.λ))
transpose(J::UniformScaling) = J
==(a::UniformScaling, b::UniformScaling) = a.λ == b.λ
==(A::AbstractMatrix, J::UniformScaling) = size(A, 1) == size(A, 2) && all(A[i, j] == J[i, j] for i in axes(A, 1), j in axes(A, 2))
==(J::UniformScaling, A::AbstractMatrix) = A == J
Base.isapprox(A::AbstractMatrix, J::UniformScaling; kw...) = (require_square(A); isapprox(A, Diagonal(fill(J.λ, size(A, 1))); kw...))
Base.isapprox(J::UniformScaling, A::AbstractMatrix; kw...) = isapprox(A, J; kw...)
Base.isapprox(a::UniformScaling, b::UniformScaling; kw...) = isapprox(a.λ, b.λ; kw...)
function add_diagonal(A::AbstractMatrix, x)
    require_square(A)
    B = copyto!(similar(A, promote_type(eltype(A), typeof(x))), A)
    for i in axes(B, 1)
        B[i, i] += x
    end
    return B
end
+(A::AbstractMatrix, J::UniformScaling) = add_diagonal(A, J.λ)
+(J::UniformScaling, A::AbstractMatrix) = add_diagonal(A, J.λ)
-(A::AbstractMatrix, J::UniformScaling) = add_diagonal(A, -J.λ)
-(J::UniformScaling, A::AbstractMatrix) = add_diagonal(-A, J.λ)
Base.Matrix{T}(J::UniformScaling, m::Integer, n::Integer) where {T} = T[convert(T, J[i, j]) for i in 1:m, j in 1:n]
Base.Matrix{T}(J::UniformScaling, d::Tuple{Integer,Integer}) where {T} = Matrix{T}(J, d...)
Base.Matrix(J::UniformScaling{T}, m::Integer, n::Integer) where {T} = Matrix{T}(J, m, n)
Base.Array{T,2}(J::UniformScaling, m::Integer, n::Integer) where {T} = T[convert(T, J[i, j]) for i in 1:m, j in 1:n]
Base.copyto!(A::AbstractMatrix, J::UniformScaling) = (for j in axes(A, 2), i in axes(A, 1); A[i, j] = J[i, j]; end; A)
dot(A::AbstractMatrix, J::UniformScaling) = tr(A) * J.λ
tr(J::UniformScaling) = throw(ArgumentError("the trace of a uniform scaling needs a size"))

# ---- diagonal ---------------------------------------------------------------------------------------

struct Diagonal{T,V<:AbstractVector{T}} <: AbstractMatrix{T}
    diag::V
end
Diagonal(v::V) where {T,V<:AbstractVector{T}} = Diagonal{T,V}(v)
Diagonal(A::AbstractMatrix) = Diagonal(diag(A))
Diagonal{T}(v::AbstractVector) where {T} = Diagonal(convert(Vector{T}, v))
size(D::Diagonal) = (n = length(D.diag); (n, n))
@inline getindex(D::Diagonal, i::Int, j::Int) = (@boundscheck checkbounds(D, i, j); i == j ? D.diag[i] : zero(eltype(D)))
function setindex!(D::Diagonal, x, i::Int, j::Int)
    checkbounds(D, i, j)
    i == j ? (D.diag[i] = x) : iszero(x) || throw(ArgumentError(string("cannot set off-diagonal entry (", i, ", ", j, ") to a nonzero value (", x, ")")))
    return D
end
Base.parent(D::Diagonal) = D.diag
diag(D::Diagonal) = copy(D.diag)
*(A::Diagonal, B::Diagonal) = Diagonal(A.diag .* B.diag)
*(D::Diagonal, x::AbstractVector) = (length(D.diag) == length(x) || Base.throw_product_size(D, x); D.diag .* x)
*(D::Diagonal, A::AbstractMatrix) = (length(D.diag) == size(A, 1) || Base.throw_product_size(D, A); D.diag .* A)
*(A::AbstractMatrix, D::Diagonal) = (length(D.diag) == size(A, 2) || Base.throw_product_size(A, D); A .* transpose(D.diag))
*(D::Diagonal, x::Number) = Diagonal(D.diag .* x)
*(x::Number, D::Diagonal) = Diagonal(x .* D.diag)
/(D::Diagonal, x::Number) = Diagonal(D.diag ./ x)
+(A::Diagonal, B::Diagonal) = Diagonal(A.diag + B.diag)
-(A::Diagonal, B::Diagonal) = Diagonal(A.diag - B.diag)
-(A::Diagonal) = Diagonal(-A.diag)
\(D::Diagonal, b::AbstractVector) = (check_pivots(D); D.diag .\ b)
\(D::Diagonal, B::AbstractMatrix) = (check_pivots(D); D.diag .\ B)
check_pivots(D) = (k = findfirst(iszero, D.diag); k === nothing || throw(SingularException(k)))
inv(D::Diagonal) = (check_pivots(D); Diagonal(inv.(D.diag)))
det(D::Diagonal) = prod(D.diag)
tr(D::Diagonal) = sum(D.diag)
adjoint(D::Diagonal) = Diagonal(conj.(D.diag))
transpose(D::Diagonal) = D
==(A::Diagonal, B::Diagonal) = A.diag == B.diag
Base.copy(D::Diagonal) = Diagonal(copy(D.diag))
Base.Matrix(D::Diagonal{T}) where {T} = diagm(0 => D.diag)
Base.Array(D::Diagonal) = Matrix(D)

# ---- triangles and symmetry ---------------------------------------------------------------------------

for (name, keeps) in ((:UpperTriangular, :(i <= j)), (:LowerTriangular, :(i >= j)))
    @eval begin
        struct $name{T,S<:AbstractMatrix{T}} <: AbstractMatrix{T}
            data::S
        end
        $name(A::S) where {T,S<:AbstractMatrix{T}} = (require_square(A); $name{T,S}(A))
        $name(A::$name) = A
        size(A::$name) = size(A.data)
        Base.parent(A::$name) = A.data
        @inline getindex(A::$name, i::Int, j::Int) = (@boundscheck checkbounds(A, i, j); $keeps ? A.data[i, j] : zero(eltype(A)))
        function setindex!(A::$name, x, i::Int, j::Int)
            checkbounds(A, i, j)
            $keeps ? (A.data[i, j] = x) : iszero(x) || throw(ArgumentError(string("cannot set index in the other triangle (", i, ", ", j, ") of a triangular matrix to a nonzero value (", x, ")")))
            return A
        end
        similar(A::$name, ::Type{T}, dims::Dims{N}) where {T,N} = similar(A.data, T, dims)
        det(A::$name) = prod(diag(A))
    end
end
for (name, base, keeps) in ((:UnitUpperTriangular, :UpperTriangular, :(i < j)), (:UnitLowerTriangular, :LowerTriangular, :(i > j)))
    @eval begin
        struct $name{T,S<:AbstractMatrix{T}} <: AbstractMatrix{T}
            data::S
        end
        $name(A::S) where {T,S<:AbstractMatrix{T}} = (require_square(A); $name{T,S}(A))
        size(A::$name) = size(A.data)
        @inline getindex(A::$name, i::Int, j::Int) = (@boundscheck checkbounds(A, i, j); i == j ? one(eltype(A)) : $keeps ? A.data[i, j] : zero(eltype(A)))
        det(A::$name) = one(eltype(A))
    end
end
function \(U::Union{UpperTriangular,UnitUpperTriangular}, B::AbstractMatrix)
    n = size(U, 1)
    n == size(B, 1) || throw(DimensionMismatch(string("left-hand side has ", n, " rows, right-hand side ", size(B, 1))))
    X = factors(B)
    for j in axes(X, 2), k in n:-1:1
        iszero(U[k, k]) && throw(SingularException(k))
        X[k, j] /= U[k, k]
        for i in 1:k-1
            X[i, j] -= U[i, k] * X[k, j]
        end
    end
    return X
end
function \(L::Union{LowerTriangular,UnitLowerTriangular}, B::AbstractMatrix)
    n = size(L, 1)
    n == size(B, 1) || throw(DimensionMismatch(string("left-hand side has ", n, " rows, right-hand side ", size(B, 1))))
    X = factors(B)
    for j in axes(X, 2), k in 1:n
        iszero(L[k, k]) && throw(SingularException(k))
        X[k, j] /= L[k, k]
        for i in k+1:n
            X[i, j] -= L[i, k] * X[k, j]
        end
    end
    return X
end
\(T::Union{UpperTriangular,LowerTriangular,UnitUpperTriangular,UnitLowerTriangular}, b::AbstractVector) = vec(T \ reshape(b, length(b), 1))

for (name, flip) in ((:Symmetric, :transpose), (:Hermitian, :adjoint))
    @eval begin
        struct $name{T,S<:AbstractMatrix{T}} <: AbstractMatrix{T}
            data::S
            uplo::Char
        end
        $name(A::S, uplo::Symbol = :U) where {T,S<:AbstractMatrix{T}} = (require_square(A); $name{T,S}(A, uplo === :U ? 'U' : uplo === :L ? 'L' : throw(ArgumentError("uplo argument must be either :U or :L"))))
        size(A::$name) = size(A.data)
        Base.parent(A::$name) = A.data
        @inline getindex(A::$name, i::Int, j::Int) = (@boundscheck checkbounds(A, i, j); (i <= j) == (A.uplo == 'U') || i == j ? A.data[i, j] : $flip(A.data[j, i]))
        similar(A::$name, ::Type{T}, dims::Dims{N}) where {T,N} = similar(A.data, T, dims)
    end
end

# Structured matrices in kernels have kernels' arrays inside.
Base.Device.adapt_structure(to, A::Diagonal) = Diagonal(Base.Device.adapt(to, A.diag))
for name in (:UpperTriangular, :LowerTriangular, :UnitUpperTriangular, :UnitLowerTriangular)
    @eval Base.Device.adapt_structure(to, A::$name) = $name(Base.Device.adapt(to, A.data))
end
for name in (:Symmetric, :Hermitian)
    @eval Base.Device.adapt_structure(to, A::$name) = $name(Base.Device.adapt(to, A.data), A.uplo === 'U' ? :U : :L)
end

struct Tridiagonal{T,V<:AbstractVector{T}} <: AbstractMatrix{T}
    dl::V
    d::V
    du::V
end
size(A::Tridiagonal) = (n = length(A.d); (n, n))
@inline getindex(A::Tridiagonal, i::Int, j::Int) = (@boundscheck checkbounds(A, i, j); i == j ? A.d[i] : i == j + 1 ? A.dl[j] : j == i + 1 ? A.du[i] : zero(eltype(A)))
Tridiagonal(A::AbstractMatrix) = Tridiagonal([A[i+1, i] for i in 1:size(A, 1)-1], [A[i, i] for i in 1:size(A, 1)], [A[i, i+1] for i in 1:size(A, 1)-1])
Base.Device.adapt_structure(to, A::Tridiagonal) = Tridiagonal(Base.Device.adapt(to, A.dl), Base.Device.adapt(to, A.d), Base.Device.adapt(to, A.du))
struct SymTridiagonal{T,V<:AbstractVector{T}} <: AbstractMatrix{T}
    dv::V
    ev::V
end
size(A::SymTridiagonal) = (n = length(A.dv); (n, n))
@inline getindex(A::SymTridiagonal, i::Int, j::Int) = (@boundscheck checkbounds(A, i, j); i == j ? A.dv[i] : abs(i - j) == 1 ? A.ev[min(i, j)] : zero(eltype(A)))
struct Bidiagonal{T,V<:AbstractVector{T}} <: AbstractMatrix{T}
    dv::V
    ev::V
    uplo::Char
end
Bidiagonal(dv::V, ev::V, uplo::Symbol) where {T,V<:AbstractVector{T}} = Bidiagonal{T,V}(dv, ev, uplo === :U ? 'U' : 'L')
size(A::Bidiagonal) = (n = length(A.dv); (n, n))
@inline getindex(A::Bidiagonal, i::Int, j::Int) = (@boundscheck checkbounds(A, i, j); i == j ? A.dv[i] : A.uplo == 'U' ? (j == i + 1 ? A.ev[i] : zero(eltype(A))) : (i == j + 1 ? A.ev[j] : zero(eltype(A))))
