# One step of two species that are carried by a wind, spread, and react, on a plane; sums per group.
function KERNEL(un, vn, u, v, wind, sums, dt, du, dv, feed, kill)
    nx, ny = size(u)
    lx, ly = threadIdx().x, threadIdx().y
    i = (blockIdx().x - 1) * blockDim().x + lx
    j = (blockIdx().y - 1) * blockDim().y + ly
    lane = (ly - 1) * blockDim().x + lx
    lanes = blockDim().x * blockDim().y
    part = CuStaticSharedArray(Float32, 256)
    mass = 0.0f0
    if i <= nx && j <= ny
        left = i == 1 ? nx : i - 1
        right = i == nx ? 1 : i + 1
        down = j == 1 ? ny : j - 1
        up = j == ny ? 1 : j + 1
        @inbounds begin
            uc, vc = u[i, j], v[i, j]
            # spreading, nine points
            lu, lv = -uc, -vc
            for (a, b, w) in ((left, j, 0.2f0), (right, j, 0.2f0), (i, down, 0.2f0), (i, up, 0.2f0))
                lu = muladd(w, u[a, b], lu)
                lv = muladd(w, v[a, b], lv)
            end
            lu = muladd(0.05f0, u[left, down] + u[right, down] + u[left, up] + u[right, up], lu)
            lv = muladd(0.05f0, v[left, down] + v[right, down] + v[left, up] + v[right, up], lv)
            # wind, upstream differences
            wx, wy = wind[1, i, j], wind[2, i, j]
            if wx > 0.0f0
                gu, gv = uc - u[left, j], vc - v[left, j]
            else
                gu, gv = u[right, j] - uc, v[right, j] - vc
            end
            if wy > 0.0f0
                hu, hv = uc - u[i, down], vc - v[i, down]
            else
                hu, hv = u[i, up] - uc, v[i, up] - vc
            end
            carried_u = muladd(wx, gu, wy * hu)
            carried_v = muladd(wx, gv, wy * hv)
            # reaction, with a rate that saturates
            rate = uc * vc * vc / (1.0f0 + 0.1f0 * vc)
            a, b = uc, vc
            for step in 1:4
                s = dt * 0.25f0
                da = muladd(feed, 1.0f0 - a, -rate)
                db = muladd(-(feed + kill), b, rate)
                a = muladd(s, da, a)
                b = muladd(s, db, b)
                rate = a * b * b / (1.0f0 + 0.1f0 * b)
            end
            a = muladd(dt, muladd(du, lu, -carried_u), a)
            b = muladd(dt, muladd(dv, lv, -carried_v), b)
            un[i, j] = clamp(a, 0.0f0, 1.0f0)
            vn[i, j] = clamp(b, 0.0f0, 1.0f0)
            mass = sqrt(a * a + b * b)
        end
    end
    @inbounds part[lane] = mass
    sync_threads()
    half = lanes ÷ 2
    while half > 0
        if lane <= half
            @inbounds part[lane] += part[lane+half]
        end
        sync_threads()
        half ÷= 2
    end
    if lane == 1
        @inbounds sums[blockIdx().x, blockIdx().y] = part[1]
    end
    return
end
