# Arrays of static size, on the host and in kernels.
using StaticArrays, LinearAlgebra, KernelAbstractions, Test
v = SVector(1.0, 2.0, 3.0)
w = @SVector [4, 5, 6]
@test v + w === SVector(5.0, 7, 9) && 2v === SVector(2.0, 4, 6) && v .* w === SVector(4.0, 10, 18) && sqrt.(v .+ 1) isa SVector{3,Float64}
@test dot(v, w) == 32 == v'w && norm(SVector(3, 4)) == 5 && cross(v, w) === SVector(-3.0, 6, -3) && sum(v) == 6 && maximum(w) == 6 && isbits(v)
m = @SMatrix [1 2; 3 4]
@test m * m === SMatrix{2,2}(7, 15, 10, 22) && det(m) == -2 && inv(m) == [-2 1; 1.5 -0.5] && m' === SMatrix{2,2}(1, 2, 3, 4) && m * SVector(1, 1) === SVector(3, 7) && m[:, 1] === SVector(1, 3)
@test inv(@SMatrix [2.0 0 0; 0 4 0; 0 0 8]) == Diagonal([0.5, 0.25, 0.125]) && m \ SVector(1.0, 2.0) ≈ [0, 0.5] && m + I == [2 2; 3 5]
@test inv(SMatrix{4,4,Float64}(I) * 2) == 0.5 * SMatrix{4,4,Float64}(I) && det(SMatrix{4,4,Float64}(I) * 2) == 16
a = MMatrix{2,2,Float64}(undef)
a .= 0
a[1, 2] = 5
@test a == [0 5; 0 0] && SMatrix(a) === SMatrix{2,2,Float64}(0, 0, 5, 0)
b = @MVector zeros(3)
b[2] += 1
@test b == [0, 1, 0] && copy(b) !== b
@test SA[1, 2, 3] === SVector(1, 2, 3) && SA[1 2; 3 4] === m && SA_F32[1, 2] === SVector(1.0f0, 2.0f0) && (@SVector [i^2 for i in 1:3]) === SVector(1, 4, 9)
@test zero(SVector{3,Float64}) === SVector(0.0, 0, 0) && ones(SVector{2,Int}) === SVector(1, 1) && SVector{2}([1, 2]) === SVector(1, 2) && SVector{2,Float32}((1, 2)) === SVector(1.0f0, 2.0f0)
@test vcat(v, w) === SVector(1.0, 2, 3, 4, 5, 6) && push(w, 7) === SVector(4, 5, 6, 7) && setindex(w, 9, 1) === SVector(9, 5, 6) && Size(m) === Size(2, 2) && Tuple(w) === (4, 5, 6)
@test_throws DimensionMismatch v + SVector(1, 2)
@test_throws BoundsError v[4]
@test_throws ErrorException v[1] = 2
struct Point <: FieldVector{2,Float64}
    x::Float64
    y::Float64
end
p = Point(1, 2)
@test p.x == 1 && p[2] == 2 && p + p === Point(2, 4) && norm(Point(3, 4)) == 5
@kernel function turn!(out, r, s)
    i = @index(Global)
    q = MVector{2,Float64}(undef)
    for k in 1:2
        q[k] = s[i][k] * k
    end
    q .+= 1
    out[i] = r * SVector(q) .- dot(q, q)
end
s = [SVector(1.0, 2.0), SVector(3.0, 4.0), SVector(0.0, 0.5)]
out = similar(s)
r = @SMatrix [0.0 -1; 1 0]
turn!(CPU(), 2)(out, r, s; ndrange = 3)
@test out == [(q = SVector(t[1] + 1, 2t[2] + 1); r * q .- dot(q, q)) for t in s]
