# Heat conduction in 3-D: a grid struct that holds arrays is the kernel's argument.
using KernelAbstractions
using Adapt
using Test

struct Grid{A,T}
    temperature::A
    conductivity::A
    spacing::NTuple{3,T}
end
Adapt.@adapt_structure Grid

@inline function flux(g, I, J, h)
    k = (g.conductivity[I] + g.conductivity[J]) / 2
    return k * (g.temperature[J] - g.temperature[I]) / h^2
end

@kernel function diffuse!(new, g, dt)
    I = @index(Global, Cartesian)
    s = zero(eltype(new))
    for d in 1:3
        e = CartesianIndex(ntuple(k -> k == d ? 1 : 0, Val(3)))
        if I[d] > 1
            s += flux(g, I, I - e, g.spacing[d])
        end
        if I[d] < size(new, d)
            s += flux(g, I, I + e, g.spacing[d])
        end
    end
    new[I] = g.temperature[I] + dt * s
end

n = (12, 10, 8)
temperature = zeros(n)
temperature[6, 5, 4] = 1000.0
g = Grid(temperature, ones(n), (1.0, 1.0, 1.0))
total = sum(g.temperature)
for step in 1:25
    new = similar(g.temperature)
    diffuse!(CPU(), (4, 4, 4))(new, g, 0.1; ndrange = size(new))
    global g = Grid(new, g.conductivity, g.spacing)
end
@test sum(g.temperature) ≈ total             # insulated: heat is conserved
@test maximum(g.temperature) < 100
@test argmax(g.temperature) == CartesianIndex(6, 5, 4)
println("heat3d: total ", round(sum(g.temperature); digits = 6), ", peak ", round(maximum(g.temperature); digits = 3))
