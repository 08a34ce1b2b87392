# Gravitation with parametric structs as array elements; energy is conserved.
using KernelAbstractions
using Test

struct Vec3{T}
    x::T
    y::T
    z::T
end
Base.:+(a::Vec3, b::Vec3) = Vec3(a.x + b.x, a.y + b.y, a.z + b.z)
Base.:-(a::Vec3, b::Vec3) = Vec3(a.x - b.x, a.y - b.y, a.z - b.z)
Base.:*(s::Number, a::Vec3) = Vec3(s * a.x, s * a.y, s * a.z)
dot3(a, b) = a.x * b.x + a.y * b.y + a.z * b.z
Base.zero(::Type{Vec3{T}}) where {T} = Vec3(zero(T), zero(T), zero(T))

struct Body{T}
    pos::Vec3{T}
    vel::Vec3{T}
    mass::T
end

@kernel function accelerate!(new, @Const(bodies), dt, eps2)
    i = @index(Global)
    b = bodies[i]
    a = zero(typeof(b.pos))
    for j in eachindex(bodies)
        o = bodies[j]
        d = o.pos - b.pos
        r2 = dot3(d, d) + eps2
        a = a + (o.mass / (r2 * sqrt(r2))) * d
    end
    new[i] = Body(b.pos, b.vel + dt * a, b.mass)
end

@kernel function move!(bodies, dt)
    i = @index(Global)
    b = bodies[i]
    bodies[i] = Body(b.pos + dt * b.vel, b.vel, b.mass)
end

function energy(bs, eps2)
    e = sum(b -> 0.5 * b.mass * dot3(b.vel, b.vel), bs)
    for i in eachindex(bs), j in 1:i-1
        d = bs[i].pos - bs[j].pos
        e -= bs[i].mass * bs[j].mass / sqrt(dot3(d, d) + eps2)
    end
    return e
end

n = 48
bodies = [Body(Vec3(cos(k), sin(1.7k), cos(2.3k)), Vec3(0.1sin(k), 0.1cos(k), 0.0), 1.0 / n) for k in 1:n]
eps2 = 0.01
e0 = energy(bodies, eps2)
p0 = sum(b -> b.mass * b.vel.x, bodies)
for step in 1:40
    new = similar(bodies)
    accelerate!(CPU(), 16)(new, bodies, 0.005, eps2; ndrange = n)
    move!(CPU(), 16)(new, 0.005; ndrange = n)
    global bodies = new
end
e1 = energy(bodies, eps2)
@test abs(e1 - e0) < 0.01 * abs(e0)
@test abs(sum(b -> b.mass * b.vel.x, bodies) - p0) < 1e-12
println("nbody: energy ", round(e0; digits = 5), " → ", round(e1; digits = 5))
