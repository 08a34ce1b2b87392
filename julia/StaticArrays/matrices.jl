# Products, norms, determinants and inverses of small matrices.

@inline dot(a::StaticArray{S}, b::StaticArray{S}) where {S} = sum(map((x, y) -> dot(x, y), Tuple(a), Tuple(b)))
@inline dot(a::StaticVector{0}, b::StaticVector{0}) = zero(eltype(a)) * zero(eltype(b))
dot(a::StaticArray, b::StaticArray) = throw_sizes(a, b)
@inline norm(a::StaticArray) = sqrt(sum(x -> abs2(norm(x)), a))
@inline function norm(a::StaticArray, p::Real)
    p == 2 && return norm(a)
    p == 1 && return sum(norm, a) / 1
    p == Inf && return maximum(norm, a) / 1
    p == 0 && return count(!iszero, a) / 1
    return sum(x -> norm(x)^p, a)^inv(p)
end
norm(a::StaticVector{0}) = zero(float(eltype(a)))
@inline normalize(a::StaticArray) = a * inv(norm(a))
@inline normalize(a::StaticArray, p::Real) = a * inv(norm(a, p))
@inline cross(a::StaticVector{3}, b::StaticVector{3}) = @inbounds joined(a, Size(3), (a[2] * b[3] - a[3] * b[2], a[3] * b[1] - a[1] * b[3], a[1] * b[2] - a[2] * b[1]))
@inline cross(a::StaticVector{2}, b::StaticVector{2}) = @inbounds a[1] * b[2] - a[2] * b[1]
@inline tr(a::StaticMatrix{N,N}) where {N} = sum(ntuple(i -> a[i, i], Val(N)))
@inline diag(a::StaticMatrix{M,N}) where {M,N} = joined(a, Size(min(M, N)), ntuple(i -> a[i, i], Val(min(M, N))))
@inline one(a::StaticMatrix) = one(typeof(a))
@inline function one(::Type{A}) where {A<:StaticMatrix}
    m, n = size(A)
    m == n || throw(DimensionMismatch("multiplicative identity defined only for square matrices"))
    T = float_if_any(eltype(A))
    return make(A, T, ntuple(k -> (k - 1) % (m + 1) == 0 ? one(T) : zero(T), Val(length(A))))
end
(::Type{A})(J::LinearAlgebra.UniformScaling) where {A<:SMatrix} = (m = size(A, 1); make(A, typeof(J.λ), ntuple(k -> (k - 1) % (m + 1) == 0 ? J.λ : zero(J.λ), Val(length(A)))))
@inline +(a::StaticMatrix{N,N}, J::LinearAlgebra.UniformScaling) where {N} = mapped(a, ntuple(k -> (k - 1) % (N + 1) == 0 ? a[k] + J.λ : a[k] + zero(J.λ), Val(N * N)))
@inline -(a::StaticMatrix{N,N}, J::LinearAlgebra.UniformScaling) where {N} = mapped(a, ntuple(k -> (k - 1) % (N + 1) == 0 ? a[k] - J.λ : a[k] - zero(J.λ), Val(N * N)))
@inline *(a::StaticArray, J::LinearAlgebra.UniformScaling) = a * J.λ
@inline *(J::LinearAlgebra.UniformScaling, a::StaticArray) = J.λ * a

@inline transpose(a::StaticMatrix{M,N}) where {M,N} = joined(a, Size(N, M), ntuple(k -> transpose(a[div(k - 1, N)+1, (k-1)%N+1]), Val(M * N)))
@inline adjoint(a::StaticMatrix{M,N}) where {M,N} = joined(a, Size(N, M), ntuple(k -> adjoint(a[div(k - 1, N)+1, (k-1)%N+1]), Val(M * N)))
@inline transpose(a::StaticVector{N}) where {N} = joined(a, Size(1, N), map(transpose, Tuple(a)))
@inline adjoint(a::StaticVector{N}) where {N} = joined(a, Size(1, N), map(adjoint, Tuple(a)))

# ---- products: one expression per element of the result ------------------------------------------------

@generated function *(a::StaticMatrix{M,K}, b::StaticVector{K}) where {M,K}
    rows = Any[K == 0 ? :(zero(eltype(a)) * zero(eltype(b))) : Expr(:call, :+, (:(a[$(i + M * (k - 1))] * b[$k]) for k in 1:K)...) for i in 1:M]
    return quote
        @inline
        @inbounds joined(b, Size($M), ($(rows...),))
    end
end
@generated function *(a::StaticMatrix{M,K}, b::StaticMatrix{K,N}) where {M,K,N}
    cells = Any[K == 0 ? :(zero(eltype(a)) * zero(eltype(b))) : Expr(:call, :+, (:(a[$(i + M * (k - 1))] * b[$(k + K * (j - 1))]) for k in 1:K)...) for j in 1:N for i in 1:M]
    return quote
        @inline
        @inbounds joined(b, Size($M, $N), ($(cells...),))
    end
end
# a row times a column is a number
@inline *(a::StaticMatrix{1,K}, b::StaticVector{K}) where {K} = row_product(a, b)
@inline row_product(a, b) = joined(b, Size(1), (sum(map(*, Tuple(a), Tuple(b))),))[1]
@inline *(a::StaticVector{M}, b::StaticMatrix{1,N}) where {M,N} = joined(a, Size(M, N), ntuple(k -> a[(k-1)%M+1] * b[div(k - 1, M)+1], Val(M * N)))
*(a::StaticMatrix, b::StaticMatrix) = throw(DimensionMismatch(string("Tried to multiply arrays of size ", size(a), " and ", size(b))))
*(a::StaticMatrix, b::StaticVector) = throw(DimensionMismatch(string("Tried to multiply arrays of size ", size(a), " and ", size(b))))
@inline *(a::StaticMatrix{M,K}, b::AbstractVector) where {M,K} = length(b) == K ? a * SVector{K}(ntuple(i -> b[i], Val(K))) : throw(DimensionMismatch(string("Tried to multiply arrays of size ", size(a), " and ", size(b))))
@inline kron(a::StaticMatrix{M,N}, b::StaticMatrix{P,Q}) where {M,N,P,Q} =
    joined(a, Size(M * P, N * Q), ntuple(k -> (i = (k - 1) % (M * P); j = div(k - 1, M * P); a[div(i, P)+1, div(j, Q)+1] * b[i%P+1, j%Q+1]), Val(M * P * N * Q)))
@inline LinearAlgebra.mul!(c::StaticArray, a::StaticMatrix, b::StaticArray) = (p = a * b; for i in eachindex(c); c[i] = p[i]; end; c)

# ---- determinants and inverses -------------------------------------------------------------------------

@inline det(a::StaticMatrix{0,0}) = one(eltype(a))
@inline det(a::StaticMatrix{1,1}) = @inbounds a[1]
@inline det(a::StaticMatrix{2,2}) = @inbounds a[1] * a[4] - a[3] * a[2]
@inline det(a::StaticMatrix{3,3}) = @inbounds a[1] * (a[5] * a[9] - a[8] * a[6]) - a[4] * (a[2] * a[9] - a[8] * a[3]) + a[7] * (a[2] * a[6] - a[5] * a[3])
@inline function det(a::StaticMatrix{4,4})
    @inbounds begin
        p1, p2, p3 = a[1] * a[6] - a[2] * a[5], a[1] * a[7] - a[3] * a[5], a[1] * a[8] - a[4] * a[5]
        p4, p5, p6 = a[2] * a[7] - a[3] * a[6], a[2] * a[8] - a[4] * a[6], a[3] * a[8] - a[4] * a[7]
        q1, q2, q3 = a[9] * a[14] - a[10] * a[13], a[9] * a[15] - a[11] * a[13], a[9] * a[16] - a[12] * a[13]
        q4, q5, q6 = a[10] * a[15] - a[11] * a[14], a[10] * a[16] - a[12] * a[14], a[11] * a[16] - a[12] * a[15]
        return p1 * q6 - p2 * q5 + p3 * q4 + p4 * q3 - p5 * q2 + p6 * q1
    end
end
det(a::StaticMatrix{N,N}) where {N} = det(Matrix(a))
@inline inv(a::StaticMatrix{1,1}) = joined(a, Size(1, 1), (inv(a[1]),))
@inline function inv(a::StaticMatrix{2,2})
    d = det(a)
    return @inbounds joined(a, Size(2, 2), (a[4] / d, -a[2] / d, -a[3] / d, a[1] / d))
end
@inline function inv(a::StaticMatrix{3,3})
    @inbounds begin
        x, y, z = a[:, 1], a[:, 2], a[:, 3]
        yz, zx, xy = cross(y, z), cross(z, x), cross(x, y)
        d = dot_plain(x, yz)
        return joined(a, Size(3, 3), (yz[1] / d, zx[1] / d, xy[1] / d, yz[2] / d, zx[2] / d, xy[2] / d, yz[3] / d, zx[3] / d, xy[3] / d))
    end
end
@inline dot_plain(a, b) = sum(map(*, Tuple(a), Tuple(b)))
# the other sizes by elimination on a mutable copy
function inv(a::StaticMatrix{N,N}) where {N}
    T = typeof(one(eltype(a)) / one(eltype(a)))
    b = MMatrix{N,N,T}(Tuple(a))
    c = MMatrix{N,N,T}(Tuple(one(SMatrix{N,N,T})))
    for k in 1:N
        at = k
        for i in k+1:N
            abs(b[i, k]) > abs(b[at, k]) && (at = i)
        end
        for j in 1:N
            b[k, j], b[at, j] = b[at, j], b[k, j]
            c[k, j], c[at, j] = c[at, j], c[k, j]
        end
        d = inv(b[k, k])
        for j in 1:N
            b[k, j] *= d
            c[k, j] *= d
        end
        for i in 1:N
            i == k && continue
            f = b[i, k]
            for j in 1:N
                b[i, j] -= f * b[k, j]
                c[i, j] -= f * c[k, j]
            end
        end
    end
    return similar_type(a, T)(Tuple(c))
end
@inline \(a::StaticMatrix{1,1}, b::StaticVector{1}) = mapped(b, (b[1] / a[1],))
@inline function \(a::StaticMatrix{2,2}, b::StaticVector{2})
    d = det(a)
    return @inbounds joined(b, Size(2), ((a[4] * b[1] - a[3] * b[2]) / d, (a[1] * b[2] - a[2] * b[1]) / d))
end
@inline \(a::StaticMatrix{N,N}, b::StaticVector{N}) where {N} = inv(a) * b
@inline \(a::StaticMatrix{N,N}, b::StaticMatrix{N}) where {N} = inv(a) * b
@inline /(b::StaticMatrix, a::StaticMatrix{N,N}) where {N} = b * inv(a)
Base.Matrix(a::StaticMatrix{M,N,T}) where {M,N,T} = copyto!(Matrix{T}(undef, M, N), a)
opnorm(a::StaticMatrix, p::Real = 2) = opnorm(Matrix(a), p)
LinearAlgebra.issymmetric(a::StaticMatrix{N,N}) where {N} = all(k -> a[k] == a[((k-1)%N)*N+div(k - 1, N)+1], 1:N*N)
