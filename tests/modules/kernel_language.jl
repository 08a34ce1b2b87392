# The kernel language of KernelAbstractions: barriers with tails, local and private memory, atomics, launches.
using KernelAbstractions, Adapt, Atomix, Test
using KernelAbstractions.Extras: @unroll
@kernel function group_sum!(out, @Const(x))
    l = @index(Local)
    buf = @localmem Float64 (8,)
    buf[l] = x[@index(Global)]
    @synchronize
    s = @groupsize()[1] ÷ 2
    while s > 0
        if l <= s
            buf[l] += buf[l + s]
        end
        @synchronize
        s ÷= 2
    end
    if l == 1
        out[@index(Group)] = buf[1]
    end
end
o = zeros(3)
group_sum!(CPU(), 8)(o, collect(1.0:24.0); ndrange = 24)
@test o == [36, 100, 164]
@kernel function tails!(out, x)
    i = @index(Global, Linear)
    l = @index(Local, Linear)
    buf = @localmem Int (4,)
    buf[l] = x[i]
    @synchronize
    for k in 1:2
        @synchronize
        out[i] += k * buf[1]
    end
    if i == 2
        return
    end
    out[i] += 1000
end
o = zeros(Int, 6)
tails!(CPU(), 4)(o, collect(1:6); ndrange = 6)
@test o == [1003, 3, 1003, 1003, 1015, 1015]
@kernel function own!(out)
    i = @index(Global)
    p = @private Int (3,)
    for k in 1:3
        p[k] = k * i
    end
    @synchronize
    s = 0
    @unroll for k in 1:3
        s += p[k]
    end
    out[i] = s
end
o = zeros(Int, 5)
own!(CPU(), 2)(o; ndrange = 5)
@test o == 6:6:30
@kernel unsafe_indices = true function by_hand!(out)
    i = (@index(Group, Linear) - 1) * prod(@groupsize()) + @index(Local, Linear)
    if i <= length(out)
        out[i] = i
    end
end
o = zeros(Int, 5)
by_hand!(CPU(), 2)(o; ndrange = 5)
@test o == 1:5
@kernel inbounds = true function four_dims!(out, ::Val{N}) where {N}
    i, j, k, l = @index(Global, NTuple)
    out[@index(Global, Cartesian)] = i + 10j + 100k + 1000l + N
end
o = zeros(Int, 3, 2, 2, 2)
four_dims!(CPU(), (2,))(o, Val(5); ndrange = size(o))
@test o == [i + 10j + 100k + 1000l + 5 for i in 1:3, j in 1:2, k in 1:2, l in 1:2]
@kernel function with_context!(out)
    set_square!(out, KernelAbstractions.@context)
end
@inline set_square!(out, __ctx__) = (i = @index(Global); out[i] = i^2)
o = zeros(Int, 4)
with_context!(CPU(), 2)(o; ndrange = 4)
@test o == [1, 4, 9, 16]
function with_inner(n, c)
    @kernel function inner!(o)
        i = @index(Global)
        o[i] = i * c
    end
    o = zeros(Int, n)
    inner!(CPU(), 2)(o; ndrange = n)
    return o
end
@test with_inner(3, 5) == [5, 10, 15]
@kernel function counters!(a, b)
    i = @index(Global)
    KernelAbstractions.@atomic a[1] += i
    KernelAbstractions.@atomic a[2] = max(a[2], i)
    KernelAbstractions.@atomic b[1] += 0.5
    KernelAbstractions.@atomic b[2] *= 2.0
    KernelAbstractions.@atomic a[3] + 1
    KernelAbstractions.@atomicswap a[4] = i
    KernelAbstractions.@atomicreplace a[5] 0 => i
end
a, b = zeros(Int, 5), [0.0, 1.0]
counters!(CPU(), 4)(a, b; ndrange = 10)
@test a[1:3] == [55, 10, 10] && a[4] in 1:10 && a[5] in 1:10 && b == [5.0, 1024.0]
a = [3, 0]
@test (Atomix.@atomic a[1] += 3) == 6 && (Atomix.@atomic a[2] + 5) == (0 => 5) && (Atomix.@atomic a[1]) == 6
@test (Atomix.@atomicswap a[1] = 9) == 6 && (Atomix.@atomicreplace a[1] 9 => 10) == (old = 9, success = true) && a == [10, 5]
# launches that cannot be
@test_throws "Can not partition kernel" group_sum!(CPU(), 8)(zeros(3), zeros(24))
@test_throws "differ" group_sum!(CPU(), 8, 24)(zeros(3), zeros(24); ndrange = 20)
@test_throws ArgumentError own!(CPU(), (2, 2))(zeros(Int, 4); ndrange = 4)
@test_throws ArgumentError own!(CPU(), 0)(zeros(Int, 4); ndrange = 4)
@test own!(CPU(), 2)(zeros(Int, 0); ndrange = 0) === nothing
@kernel function beyond!(x)
    i = @index(Global)
    x[i + 1] = i
end
@test_throws BoundsError beyond!(CPU(), 2)(zeros(Int, 4); ndrange = 4)
# structs, views, ranges, closures and globals as arguments
struct Grid{T,A<:AbstractArray{T}}
    a::A
    dx::T
end
Adapt.@adapt_structure Grid
Base.getindex(g::Grid, i...) = g.a[i...] * g.dx
@kernel function mixed!(o, g, nt, f)
    i, j = @index(Global, NTuple)
    o[i, j] = f(g[i, j]) + nt.a[i] + nt.b
end
o = zeros(2, 3)
mixed!(CPU(), (2, 2))(o, Grid(ones(2, 3), 0.5), (a = [1, 2], b = 3.0f0), let c = [10.0]
    x -> x + c[1]
end; ndrange = size(o))
@test o == [14.5 14.5 14.5; 15.5 15.5 15.5]
@kernel function windows!(o, v, r, z, b)
    i = @index(Global)
    o[i] = v[i] + r[i] + real(z * conj(z)) + b[i]
end
o = zeros(3)
windows!(CPU(), 2)(o, view([1 2; 3 4; 5 6], :, 2), 1:3, 1 + 2im, [1, 2, 3] .!= 2; ndrange = 3)
@test o == [9, 11, 15]
@kernel function apply!(o, f)
    i = @index(Global)
    o[i] = f(i)
end
factor = 2
times = x -> x * factor
o = zeros(Int, 2)
apply!(CPU(), 2)(o, times; ndrange = 2)
@test o == [2, 4]
factor = 7
apply!(CPU(), 2)(o, times; ndrange = 2)
@test o == [7, 14]
@kernel function slices!(o, x)
    i = @index(Global)
    v = view(x, :, i)
    v .= v .* 2 .+ 1
    @views s = sum(x[:, i])
    t = (1.0, 2.0) .* 2
    o[i] = s + t[1] + sum(abs2, v) + reshape(x, 4)[2i] + reinterpret(Int64, x)[1] % 2
end
x = ones(2, 2)
o = zeros(2)
slices!(CPU(), 2)(o, x; ndrange = 2)
@test x == fill(3.0, 2, 2) && o == [29, 29]
@test get_backend(o) isa CPU && KernelAbstractions.zeros(CPU(), Float32, 2) == Float32[0, 0] && !KernelAbstractions.isgpu(CPU())
