# y ← a·x + y, the group's size left to the launch
const n = 1 << 20
const sizes = (n,)
const work = n
arrays() = (Float32[0.5f0 * (i % 7) for i in 1:n], Float32[0.001f0 * i for i in 1:n])

@kernel function saxpy!(y, a, @Const(x))
    i = @index(Global)
    @inbounds y[i] = muladd(a, x[i], y[i])
end
launch(y, x) = saxpy!(CPU())(y, 1.0f-3, x; ndrange = n)
