# Products, factorisations, special matrices.
using LinearAlgebra, Test
A = [1.0 2; 3 4]
b = [5.0, 6]
@test A * b == [17.0, 39.0] && A * A == [7.0 10; 15 22] && A' * b == [23.0, 34.0] && [1 2; 3 4]^2 == [7 10; 15 22]
@test det(A) ≈ -2 && inv(A) * A ≈ I && A * (A \ b) ≈ b && (b' / A)' ≈ A' \ b
@test dot(b, b) == 61 == b ⋅ b == b' * b && norm([3.0, 4]) == 5 && cross([1, 0, 0], [0, 1, 0]) == [0, 0, 1] && tr(A) == 5
@test A + I == [2.0 2; 3 5] && 2I * A == 2A && Diagonal([1, 2]) * A == [1.0 2; 6 8] && Matrix(1.0I, 2, 2) == [1 0; 0 1] && I(2) == [1 0; 0 1]
F = lu(A)
@test F.L * F.U ≈ A[F.p, :] && F \ b ≈ A \ b && det(F) ≈ det(A)
M = [1.0 2; 3 4; 5 6]
Q, R = qr(M)
@test Q[:, 1:2] * R ≈ M && Q' * Q ≈ I && M \ (M * [1.0, 2]) ≈ [1, 2]
C = cholesky([4.0 2; 2 3])
@test C.L * C.L' ≈ [4.0 2; 2 3] && C.U' * C.U ≈ [4.0 2; 2 3] && C \ [1.0, 2] ≈ [4.0 2; 2 3] \ [1.0, 2]
@test_throws PosDefException cholesky([1.0 2; 2 1])
@test_throws SingularException inv([1.0 2; 2 4])
@test_throws DimensionMismatch A * [1, 2, 3]
@test eigvals([2.0 0; 0 3]) ≈ [2, 3] && eigvals([2.0 1; 1 2]) ≈ [1, 3] && sort(imag(eigvals([0.0 1; -1 0]))) ≈ [-1, 1] && svdvals([3.0 0; 0 4]) ≈ [4, 3]
w, V = eigen(Symmetric([2.0 1; 1 3]))
@test V * Diagonal(w) * V' ≈ [2.0 1; 1 3]
S = svd(M)
@test S.U * Diagonal(S.S) * S.Vt ≈ M && rank([1 2; 2 4]) == 1 && pinv(M) * M ≈ I && cond([2.0 0; 0 1]) ≈ 2
@test kron([1 2], [1, 1]) == [1 2; 1 2] && triu([1 2; 3 4]) == [1 2; 0 4] && tril([1 2; 3 4]) == [1 0; 3 4] && diag([1 2; 3 4]) == [1, 4] && diagm([1, 2]) == [1 0; 0 2]
@test opnorm([1 2; 3 4], 1) == 6 && opnorm([3.0 0; 0 4]) ≈ 4 && normalize([3.0, 4]) == [0.6, 0.8]
@test mul!(zeros(2), A, b) == A * b && mul!(ones(2), A, b, 2, 1) == 2A * b .+ 1 && axpy!(2, [1, 2], [1, 1]) == [3, 5]
@test Symmetric([1 2; 3 4]) == [1 2; 2 4] && UpperTriangular(A) \ b ≈ [2.0, 1.5] && issymmetric([1 2; 2 1]) && isposdef([2.0 0; 0 1]) && !isposdef([0.0 1; 1 0])
@test det(BigInt[1 2; 3 4]) == -2 && [1 // 2 1; 1 3] \ [1, 2] == [2, 0]
@test [1, 2] * [3, 4]' == [3 4; 6 8] && (A')' === A && transpose(A)[1, 2] == 3 && [1 + im 2]' == reshape([1 - im, 2], 2, 1)
