# Histogram: atomics on shared memory per group, then on global memory.
using KernelAbstractions
using Atomix: @atomic
using Test

@kernel function histogram!(bins, @Const(data), lo, hi)
    i = @index(Global)
    l = @index(Local)
    @uniform n = length(bins)
    @uniform gs = prod(@groupsize())
    mine = @localmem Int32 (64,)
    b = l
    while b <= n
        mine[b] = 0
        b += gs
    end
    @synchronize
    v = data[i]
    if lo <= v < hi
        k = unsafe_trunc(Int, (v - lo) / (hi - lo) * n) + 1
        @atomic mine[min(k, n)] += Int32(1)
    end
    @synchronize
    b = l
    while b <= n
        @atomic bins[b] += mine[b]
        b += gs
    end
end

n = 20_000
data = [100 * sin(0.37 * k)^2 for k in 1:n]
bins = zeros(Int32, 20)
histogram!(CPU(), 128)(bins, data, 0.0, 100.0; ndrange = n)
reference = zeros(Int32, 20)
for v in data
    0 <= v < 100 && (reference[min(20, floor(Int, v / 100 * 20) + 1)] += 1)
end
@test bins == reference
@test sum(bins) == count(v -> 0 <= v < 100, data)
println("histogram:")
for (k, c) in enumerate(bins)
    println(lpad(5(k - 1), 4), "–", rpad(5k, 4), "█"^(c ÷ 60), " ", c)
end
