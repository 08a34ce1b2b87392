# A wave on a string, in oneAPI's words: kernels by global id, a group's energy through local memory.
# The string is fixed at both ends, so that its energy stays what it is and a standing wave comes back.
using oneAPI

function step!(next, now, before, c2)
    i = get_global_id(1)
    n = length(now)
    if 1 < i < n
        next[i] = 2.0f0 * now[i] - before[i] + c2 * (now[i-1] - 2.0f0 * now[i] + now[i+1])
    end
    return
end

# One partial sum per work-group: kinetic and elastic energy of its points.
function energy!(sums, now, before, c2)
    i, l = get_global_id(1), get_local_id(1)
    part = oneLocalArray(Float32, 64)
    v = i <= length(now) ? now[i] - before[i] : 0.0f0
    d = i < length(now) ? (now[i+1] - now[i]) * (before[i+1] - before[i]) : 0.0f0
    part[l] = 0.5f0 * (v * v + c2 * d)
    half = get_local_size(1) ÷ 2
    while half > 0
        barrier(LOCAL_MEM_FENCE)
        l <= half && (part[l] += part[l+half])
        half ÷= 2
    end
    l == 1 && (sums[get_group_id(1)] = part[1])
    return
end

function energy(now, before, c2)
    sums = oneAPI.zeros(Float32, cld(length(now), 64))
    @oneapi items = 64 groups = length(sums) energy!(sums, now, before, c2)
    return sum(Array(sums))
end

function vibrate(n, steps)
    c2 = 0.25f0
    shape = [sinpi(Float32(i - 1) / (n - 1)) for i in 1:n]
    now, before, next = oneArray(shape), oneArray(shape), oneAPI.zeros(Float32, n)
    start = energy(now, before, c2)
    for _ in 1:steps
        @oneapi items = 64 groups = cld(n, 64) step!(next, now, before, c2)
        before, now, next = now, next, before
    end
    return Array(now), start, energy(now, before, c2)
end

n = 201
# The lowest tone of the discrete string turns by this angle per step.
angle = 2 * asin(0.5 * sin(pi / (2 * (n - 1))))
steps = round(Int, 2pi / angle)
u, start, finish = vibrate(n, steps)
for row in 1:-1:0
    println(join(u[k] >= row * 0.5 ? (u[k] >= row * 0.5 + 0.25 ? '#' : '.') : ' ' for k in 1:4:n))
end
middle = u[(n+1)÷2]
println("after ", steps, " steps the middle is at ", round(middle; digits = 3), ", the energy changed by ", round(100 * abs(finish / start - 1); digits = 2), " %")
@assert u[1] == 0 && abs(u[n]) < 1.0f-6
@assert abs(middle - 1) < 0.02
@assert abs(finish / start - 1) < 0.02
