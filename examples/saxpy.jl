# y ← a·x + y, the smallest useful kernel.
using KernelAbstractions
using Test

@kernel function saxpy!(y, a, @Const(x))
    i = @index(Global)
    @inbounds y[i] = a * x[i] + y[i]
end

n = 10_000
x = Float32[sin(0.001f0 * i) for i in 1:n]
y = ones(Float32, n)
expected = 2f0 .* x .+ y

backend = CPU()
saxpy!(backend, 256)(y, 2f0, x; ndrange = n)
KernelAbstractions.synchronize(backend)

@test y ≈ expected
println("saxpy: ", n, " elements, y[1:3] = ", y[1:3])
