# Accelerations of all bodies by all.
const n = 1024
const sizes = (n,)
const work = n
arrays() = (zeros(Float32, n), zeros(Float32, n), zeros(Float32, n), Float32[cos(k) for k in 1:n], Float32[sin(1.7k) for k in 1:n], Float32[cos(2.3k) for k in 1:n], Float32[1 / (k + 1) for k in 1:n])

@kernel function accelerate!(ax, ay, az, @Const(x), @Const(y), @Const(z), @Const(m))
    i = @index(Global)
    @inbounds begin
        px, py, pz = x[i], y[i], z[i]
        sx, sy, sz = 0.0f0, 0.0f0, 0.0f0
        for j in 1:length(x)
            dx, dy, dz = x[j] - px, y[j] - py, z[j] - pz
            r2 = muladd(dx, dx, muladd(dy, dy, muladd(dz, dz, 0.01f0)))
            w = m[j] / (r2 * sqrt(r2))
            sx = muladd(w, dx, sx)
            sy = muladd(w, dy, sy)
            sz = muladd(w, dz, sz)
        end
        ax[i], ay[i], az[i] = sx, sy, sz
    end
end
launch(ax, ay, az, x, y, z, m) = accelerate!(CPU(), 128)(ax, ay, az, x, y, z, m; ndrange = n)
