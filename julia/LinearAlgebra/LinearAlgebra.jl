# Dense linear algebra: products, norms, factorisations, special matrices.
module LinearAlgebra

import Base: *, +, -, /, \, ^, ==, inv, adjoint, transpose, copy, size, getindex, setindex!, similar, Adjoint, Transpose, AdjOrTrans, eliminate!, factors, require_square,
    solve_factored!, accumulate_product!, SingularException, product_eltype, division_type

export Adjoint, Transpose, Diagonal, Symmetric, Hermitian, UpperTriangular, LowerTriangular, UnitUpperTriangular, UnitLowerTriangular, Bidiagonal, Tridiagonal, SymTridiagonal, UniformScaling, I,
    LU, Cholesky, QR, SingularException, PosDefException, adjoint, adjoint!, transpose, transpose!, axpy!, axpby!, cholesky, cholesky!, cond, cross, det, diag, diagind, diagm, dot, eigen, eigvals, factorize,
    isdiag, ishermitian, isposdef, issymmetric, istril, istriu, kron, kron!, ldiv!, lmul!, logabsdet, logdet, lu, lu!, mul!, norm, normalize, normalize!, nullspace, opnorm, pinv, qr, qr!, rank, rdiv!,
    rmul!, rotate!, svd, svdvals, tr, tril, tril!, triu, triu!, ⋅, ×

include("vectors.jl")
include("special.jl")
include("factorizations.jl")
include("spectral.jl")

module BLAS
using ..LinearAlgebra
export axpy!, dot, gemm!, gemm, gemv!, nrm2, scal!, set_num_threads
const axpy! = LinearAlgebra.axpy!
const nrm2 = LinearAlgebra.norm
scal!(a, x) = LinearAlgebra.rmul!(x, a)
flip(t::Char, A) = t == 'N' ? A : t == 'T' ? transpose(A) : adjoint(A)
gemm!(ta, tb, alpha, A, B, beta, C) = LinearAlgebra.mul!(C, flip(ta, A), flip(tb, B), alpha, beta)
gemm(ta, tb, alpha, A, B) = alpha * (flip(ta, A) * flip(tb, B))
gemv!(ta, alpha, A, x, beta, y) = LinearAlgebra.mul!(y, flip(ta, A), x, alpha, beta)
set_num_threads(n) = nothing
end

end
