# Escape times.
const n = 256
const sizes = (n,)
const work = n
arrays() = (zeros(Int32, n, n),)

@kernel function escape!(out, limit)
    i, j = @index(Global, NTuple)
    cx = -2.0f0 + 3.0f0 * Float32(i - 1) / Float32(n)
    cy = -1.5f0 + 3.0f0 * Float32(j - 1) / Float32(n)
    x, y = 0.0f0, 0.0f0
    k = Int32(0)
    while k < limit
        xx, yy = x * x, y * y
        xx + yy > 4.0f0 && break
        y = muladd(2.0f0 * x, y, cy)
        x = xx - yy + cx
        k += Int32(1)
    end
    @inbounds out[i, j] = k
end
launch(out) = escape!(CPU(), (256, 1))(out, Int32(256); ndrange = (n, n))
