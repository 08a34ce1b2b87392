# y[to[i]] = a·x[from[i]], checked for bounds.
const n = 1 << 18
const sizes = (n,)
const work = n
arrays() = (zeros(Float32, n), Float32[0.5f0 * (i % 11) for i in 1:n], Int32[1 + (i * 40503) % n for i in 0:n-1], Int32[1 + (i * 26681) % n for i in 0:n-1])

@kernel function gather!(y, @Const(x), @Const(from), @Const(to))
    i = @index(Global)
    y[to[i]] = 1.5f0 * x[from[i]]
end
launch(y, x, from, to) = gather!(CPU(), 256)(y, x, from, to; ndrange = n)
