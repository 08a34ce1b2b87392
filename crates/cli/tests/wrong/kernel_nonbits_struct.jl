using CUDA

struct Material
    name::String
    density::Float64
    tags::Vector{Symbol}
end
struct Body
    mass::Float64
    material::Material
end

function weigh!(y, b)
    y[threadIdx().x] = b.mass * b.material.density
    return
end

y = CUDA.zeros(Float64, 4)
@cuda threads = 4 weigh!(y, Body(1.0, Material("iron", 7.8, [:metal])))
