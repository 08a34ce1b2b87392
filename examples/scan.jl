# Inclusive prefix sum of any length: scan blocks, scan their sums, add them.
using KernelAbstractions
using Test

@kernel function scan_blocks!(out, sums, @Const(x), ::Val{B}) where {B}
    i = @index(Global)
    l = @index(Local)
    g = @index(Group)
    buf = @localmem eltype(out) (2, B)
    src = @private Int (1,)
    buf[1, l] = i <= length(x) ? x[i] : zero(eltype(out))
    src[1] = 1
    @synchronize
    d = 1
    while d < B
        s = src[1]
        buf[3-s, l] = l > d ? buf[s, l-d] + buf[s, l] : buf[s, l]
        src[1] = 3 - s
        @synchronize
        d *= 2
    end
    if i <= length(out)
        out[i] = buf[src[1], l]
    end
    if l == B
        sums[g] = buf[src[1], l]
    end
end

@kernel function add_offsets!(out, @Const(offsets), B)
    i = @index(Global)
    g = (i - 1) ÷ B
    if g > 0
        out[i] += offsets[g]
    end
end

function prefix_sum(x; B = 32)
    n = length(x)
    blocks = cld(n, B)
    out, sums = similar(x), similar(x, blocks)
    scan_blocks!(CPU(), B)(out, sums, x, Val(B); ndrange = blocks * B)
    if blocks > 1
        add_offsets!(CPU(), B)(out, prefix_sum(sums; B), B; ndrange = n)
    end
    return out
end

x = [(k * 31) % 17 - 5 for k in 1:3000]
@test prefix_sum(x) == cumsum(x)
@test prefix_sum([7]) == [7]
y = Float64.(x[1:100])
@test prefix_sum(y) == cumsum(y)
println("scan: ", length(x), " elements, last = ", prefix_sum(x)[end])
