# A multi-file package: modules, include, helpers dispatched by type.
include("src/Fields.jl")
using .Fields
using Test

n = 64
dx = 2π / n
u = Field{Center}([sin((i - 0.5) * dx) for i in 1:n], dx)
g = gradient(u)
lap = divergence(g)
@test length(g) == n + 1
@test length(lap) == n
@test maximum(abs, interior(lap) .+ interior(u)) < 2e-3     # u'' = -u
@test_throws MethodError divergence(u)
println("fields: largest error of the Laplacian ", round(maximum(abs, interior(lap) .+ interior(u)); digits = 6))
