# Bitonic sort of any isbits element by any order, in OpenCL spelling.
using OpenCL
using Test

function compare_swap!(a, lt, k, j)
    i = get_global_id(1) - 1
    other = i ⊻ j
    if other > i
        up = (i & k) == 0
        x, y = a[i+1], a[other+1]
        if up ? lt(y, x) : lt(x, y)
            a[i+1], a[other+1] = y, x
        end
    end
    return
end

function bitonic_sort(v; lt = isless)
    n = nextpow(2, length(v))
    n == length(v) || throw(ArgumentError("the length must be a power of two, got $(length(v))"))
    a = CLArray(v)
    k = 2
    while k <= n
        j = k ÷ 2
        while j > 0
            @opencl global_size = n local_size = min(n, 64) compare_swap!(a, lt, k, j)
            j ÷= 2
        end
        k *= 2
    end
    return Array(a)
end

v = [(k * 7919) % 1009 for k in 1:512]
@test bitonic_sort(v) == sort(v)
@test bitonic_sort(Float32.(v); lt = >) == sort(Float32.(v); rev = true)
pairs = [(k % 7, k) for k in 1:64]
@test bitonic_sort(reverse(pairs)) == sort(pairs)
@test_throws ArgumentError bitonic_sort([3, 1, 2])
println("bitonic sort: ", bitonic_sort(v)[1:8])
