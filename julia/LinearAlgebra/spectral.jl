# Eigenvalues of Hermitian matrices by Jacobi rotations, of general real ones by QR steps; singular values.

struct Eigen{T,V,S}
    values::T
    vectors::V
    sorted::S
end
Base.iterate(F::Eigen) = (F.values, Val(:vectors))
Base.iterate(F::Eigen, ::Val{:vectors}) = (F.vectors, Val(:done))
Base.iterate(F::Eigen, ::Val{:done}) = nothing

# One sweep after the other over all off-diagonal pairs, until they vanish.
function jacobi(A::AbstractMatrix)
    n = require_square(A)
    B = factors(A)
    T = eltype(B)
    V = Matrix{T}(I, n, n)
    for _ in 1:100
        off = sum(abs2(B[i, j]) for i in 1:n, j in 1:n if i != j; init = zero(real(T)))
        sqrt(off) <= eps(real(T)) * norm(B) && break
        for p in 1:n-1, q in p+1:n
            a = B[p, q]
            iszero(a) && continue
            phase = a / abs(a)
            theta = real(B[q, q] - B[p, p]) / (2 * abs(a))
            t = (theta >= 0 ? 1 : -1) / (abs(theta) + sqrt(theta^2 + 1))
            c = 1 / sqrt(t^2 + 1)
            s = t * c
            for k in 1:n
                x, y = B[k, p], B[k, q]
                B[k, p], B[k, q] = c * x - s * conj(phase) * y, s * phase * x + c * y
                x, y = V[k, p], V[k, q]
                V[k, p], V[k, q] = c * x - s * conj(phase) * y, s * phase * x + c * y
            end
            for k in 1:n
                x, y = B[p, k], B[q, k]
                B[p, k], B[q, k] = c * x - s * phase * y, s * conj(phase) * x + c * y
            end
        end
    end
    values = [real(B[i, i]) for i in 1:n]
    order = sortperm(values)
    return values[order], V[:, order]
end
function eigen(A::AbstractMatrix)
    if ishermitian(A)
        w, V = jacobi(A)
        return Eigen(w, V, true)
    end
    w = eigvals(A)
    V = reduce(hcat, [null_vector(A - x * I) for x in w])
    return Eigen(w, V, true)
end
eigen(A::Union{Symmetric,Hermitian}) = ((w, V) = jacobi(Matrix(A)); Eigen(w, V, true))
eigvecs(A) = eigen(A).vectors
eigmax(A) = maximum(eigvals(A))
eigmin(A) = minimum(eigvals(A))
# a unit vector that `B` nearly annihilates, by inverse iteration
function null_vector(B)
    n = size(B, 1)
    F = lu(B + 10 * eps(real(float(eltype(B)))) * max(norm(B), 1) * I; check = false)
    x = ones(eltype(F.factors), n) ./ sqrt(n)
    for _ in 1:5
        F.info == 0 || break
        x = F \ x
        x ./= norm(x)
    end
    return x
end
function eigvals(A::AbstractMatrix)
    ishermitian(A) && return jacobi(A)[1]
    n = require_square(A)
    H = convert(Matrix{ComplexF64}, A)
    values = ComplexF64[]
    m = n
    count = 0
    while m > 1
        small = abs(H[m, m-1]) + 0.0
        for j in 1:m-2
            small += abs(H[m, j])
        end
        if small <= eps() * (abs(H[m, m]) + abs(H[m-1, m-1])) || count > 2000
            push!(values, H[m, m])
            m -= 1
            H = H[1:m, 1:m]
            count = 0
            continue
        end
        count += 1
        shift = count % 11 == 10 ? H[m, m] + abs(H[m, m-1]) : wilkinson(H[m-1, m-1], H[m-1, m], H[m, m-1], H[m, m])
        F = qr(H - shift * I)
        H = F.R * F.Q + shift * I
    end
    push!(values, H[1, 1])
    scale = maximum(abs, values)
    sort!(values; by = z -> (real(z), imag(z)))
    all(z -> abs(imag(z)) <= 1e-10 * max(scale, 1e-300), values) && eltype(A) <: Real && return real.(values)
    return values
end
# the eigenvalue of a 2×2 block that is nearer to its last entry
function wilkinson(a, b, c, d)
    t = (a + d) / 2
    r = sqrt(complex(((a - d) / 2)^2 + b * c))
    return abs(t + r - d) < abs(t - r - d) ? t + r : t - r
end

struct SVD{A,B,C}
    U::A
    S::B
    Vt::C
end
Base.getproperty(F::SVD, s::Symbol) = s === :V ? Matrix(adjoint(getfield(F, :Vt))) : getfield(F, s)
Base.iterate(F::SVD) = (F.U, Val(:S))
Base.iterate(F::SVD, ::Val{:S}) = (F.S, Val(:V))
Base.iterate(F::SVD, ::Val{:V}) = (F.V, Val(:done))
Base.iterate(F::SVD, ::Val{:done}) = nothing
# one-sided Jacobi: columns are rotated until they are orthogonal
function svd(A::AbstractMatrix; full::Bool = false)
    m, n = size(A)
    if m < n
        F = svd(Matrix(adjoint(A)))
        return SVD(F.V, F.S, Matrix(adjoint(F.U)))
    end
    U = factors(A)
    T = eltype(U)
    V = Matrix{T}(I, n, n)
    for _ in 1:60
        moved = false
        for p in 1:n-1, q in p+1:n
            alpha = sum(abs2, view(U, :, p))
            beta = sum(abs2, view(U, :, q))
            gamma = dot(U[:, p], U[:, q])
            abs(gamma) <= eps(real(T)) * sqrt(alpha * beta) && continue
            moved = true
            phase = gamma / abs(gamma)
            zeta = (beta - alpha) / (2 * abs(gamma))
            t = (zeta >= 0 ? 1 : -1) / (abs(zeta) + sqrt(1 + zeta^2))
            c = 1 / sqrt(1 + t^2)
            s = c * t
            for M in (U, V), k in axes(M, 1)
                x, y = M[k, p], M[k, q]
                M[k, p], M[k, q] = c * x - s * conj(phase) * y, s * phase * x + c * y
            end
        end
        moved || break
    end
    S = [norm(view(U, :, j)) for j in 1:n]
    order = sortperm(S; rev = true)
    U = U[:, order]
    S = S[order]
    for j in 1:n
        iszero(S[j]) || (U[:, j] ./= S[j])
    end
    return SVD(U, S, Matrix(adjoint(V[:, order])))
end
svdvals(A::AbstractMatrix) = svd(A).S
cond(A::AbstractMatrix, p::Real = 2) = p == 2 ? (s = svdvals(A); s[1] / s[end]) : opnorm(A, p) * opnorm(inv(A), p)
rank(A::AbstractMatrix; rtol = min(size(A)...) * eps(real(float(one(eltype(A)))))) = isempty(A) ? 0 : (s = svdvals(A); count(x -> x > rtol * s[1], s))
function pinv(A::AbstractMatrix; rtol = eps(real(float(one(eltype(A))))) * min(size(A)...))
    F = svd(A)
    limit = isempty(F.S) ? 0.0 : rtol * maximum(F.S)
    d = [s > limit ? inv(s) : zero(s) for s in F.S]
    return F.V * (d .* adjoint(F.U))
end
function nullspace(A::AbstractMatrix; rtol = min(size(A)...) * eps(real(float(one(eltype(A))))))
    n = size(A, 2)
    w, V = jacobi(adjoint(A) * A)
    limit = isempty(w) ? 0.0 : (rtol^2) * maximum(abs, w) * n
    return V[:, [j for j in 1:n if abs(w[j]) <= max(limit, eps() * maximum(abs, w))]]
end
