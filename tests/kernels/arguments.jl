# What kernels take: plain data of every shape, functions, any number of arguments.
using CUDA, KernelAbstractions, Adapt, LinearAlgebra, Test

struct Nothingness end
struct Pair2{A,B}
    a::A
    b::B
end
struct Wide
    tag::UInt8
    big::UInt128
    z::ComplexF32
    rest::NTuple{3,Int16}
end
struct OnHost end
struct OnDevice end
value(::OnHost) = 1
value(::OnDevice) = 2
Adapt.adapt_structure(::CUDA.KernelAdaptor, ::OnHost) = OnDevice()
struct Grid{T,A<:AbstractArray{T}}
    data::A
    spacing::NTuple{2,T}
end
Adapt.@adapt_structure Grid
(g::Grid)(i, j) = g.data[i, j] * g.spacing[1]

# runs `f` as a kernel of one work-item whose result lands in an element
stored!(out, f, args...) = (out[1] = f(args...); return)
function on_device(f, args...; type = Int)
    out = CuArray(zeros(type, 1))
    @cuda stored!(out, f, args...)
    return Array(out)[1]
end

@testset "structs, tuples and what has no size" begin
    @test on_device((a, n, b) -> a + b, 1, Nothingness(), 2) == 3
    @test on_device((t, u) -> t[1] + t[2][2] + length(u), (1, (2, 3)), ()) == 4
    @test on_device(nt -> nt.x * nt.y.z, (x = 3, y = (z = 4,))) == 12
    @test on_device(p -> p.a + p.b.a, Pair2(Int8(1), Pair2(10, Nothingness()))) == 11
    w = Wide(0x07, UInt128(2)^100 + 5, 1.0f0 + 2.0f0im, (Int16(-1), Int16(2), Int16(3)))
    @test on_device(w -> w.big + w.tag, w; type = UInt128) == UInt128(2)^100 + 12
    @test on_device(w -> w.z * w.z, w; type = ComplexF32) == -3.0f0 + 4.0f0im
    @test on_device(w -> sum(w.rest), w) == 4
    @test on_device((x, y) -> x - y, Int128(2)^90, Int128(1); type = Int128) == Int128(2)^90 - 1
    @test on_device(r -> r[], Ref(7)) == 7
    @test on_device((r, i) -> r[i], 3:2:9, 3) == 7
    @test on_device(((::Val{N}, x) where {N}) -> x^N, Val(3), 2) == 8
    @test on_device(x -> x === nothing ? 1 : 2, nothing) == 1
    typed!(out, ::Type{T}, x, s) where {T} = (out[1] = T(x) + one(T) + (s === :one ? 10 : 20); return)
    out = CUDA.zeros(Int, 1)
    @cuda typed!(out, Int16, 4.0, :one)
    @test Array(out) == [15]
end

@testset "conversion of arguments reaches into tuples, structs and closures" begin
    host = OnHost()
    @test on_device(value, host) == 2
    @test on_device(t -> value(t[1]) + value(t[2].h), (host, (h = host,))) == 4
    @test on_device(() -> value(host)) == 2
    @test on_device((r, i) -> value(r[]) + i, Ref(host), 1) == 3
    # a struct without a rule stays as it is
    @test on_device(p -> value(p.a), Pair2(host, 1)) == 1
    g = Grid(CuArray([1.0 2.0; 3.0 4.0]), (10.0, 1.0))
    @test on_device(g -> g(2, 1), g; type = Float64) == 30
    @test on_device((g, i) -> sum(view(g.data, i, :)), g, 2; type = Float64) == 7
end

@testset "addresses of device arrays are pointers into global memory" begin
    function counted!(p::Core.LLVMPtr{Float32}, n)
        for i in 1:n
            unsafe_store!(p, unsafe_load(p, i) + i, i)
        end
        return
    end
    a = CUDA.ones(Float32, 4)
    @cuda counted!(pointer(a), 3)
    @cuda counted!(pointer(a, 3), 2)
    @test Array(a) == [2, 3, 5, 3] && pointer(a, 2) - pointer(a) == 4
end

@testset "functions, closures and callable structs" begin
    scale = 3
    inner(x) = scale * x
    compose(f, g) = x -> f(g(x))
    @test on_device(compose(inner, abs), -2) == 6
    @test on_device(+, 1, 2) == 3
    @test on_device(Base.Fix2(-, 1), 5) == 4
    @test on_device(sqrt ∘ abs, -16.0; type = Float64) == 4
    @test on_device((f, xs) -> f(xs...), max, (3, 9, 4)) == 9
    @test on_device((fs, x) -> fs[1](x) + fs[2](x), (inner, abs), -1) == -2
    table = CuArray([5, 6, 7])
    looked = i -> table[i]
    @test on_device(looked, 2) == 6
    twice(f) = function (x)
        f(f(x))
    end
    @test on_device(twice(twice(x -> x + 1)), 0) == 4
end

@testset "any number of arguments, keywords and defaults" begin
    for n in (1, 7, 20, 34)
        @test on_device(+, 1:n...) == n * (n + 1) ÷ 2
    end
    rest(first, more...) = first + length(more) + (isempty(more) ? 0 : more[end])
    @test on_device(rest, 1) == 1 && on_device(rest, 1, 5, 6) == 9
    keyed(x; a, b = 2a, c...) = x + 10a + 100b + 1000length(c)
    @test on_device(x -> keyed(x; b = 1, a = 2), 3) == 123
    @test on_device(x -> keyed(x, d = 0, a = 1), 3) == 1213
    optional(x, y = x + 1, z::Int = 2y) = x + y + z
    @test on_device(optional, 1) == 7 && on_device(optional, 1, 5) == 16
    variadic!(out, xs...) = (out[1] = prod(map(x -> x + 1, xs)); return)
    out = CUDA.zeros(Int, 1)
    @cuda variadic!(out, 1, 2.0, 0x03)
    @test Array(out) == [24]
end

@testset "unions, missing values and recursion over tuples" begin
    kind(x::Integer) = 1
    kind(::Missing) = 2
    kind(::Nothing) = 3
    picked(x) = x > 2 ? missing : x > 1 ? nothing : x
    @test on_device(x -> kind(picked(x)), 1) == 1 && on_device(x -> kind(picked(x)), 2) == 3 && on_device(x -> kind(picked(x)), 3) == 2
    @test on_device(x -> coalesce(picked(x), 7) === nothing ? 0 : 1, 2) == 0
    choose(flag, x) = flag ? Int32(x) : x > 0
    @test on_device((f, x) -> (y = choose(f, x); y isa Bool ? 10 + y : y), true, 4) == 4
    @test on_device((f, x) -> (y = choose(f, x); y isa Bool ? 10 + y : y), false, 4) == 11
    depth(::Tuple{}) = 0
    depth(t::Tuple) = 1 + depth(Base.tail(t))
    @test on_device(depth, (1, 2.0, 'x', nothing)) == 4
    steps = (sqrt, x -> x + 1, x -> Int(x))
    @test on_device(t -> foldl((x, f) -> f(x), t; init = 9.0), steps) == 4
    @test on_device(t -> foldr((f, x) -> Int(f(x)), t; init = 9), (x -> x - 1, float, abs)) == 8
    @test on_device(t -> Int(2 * reduce(+, t)), (1, 2.5f0, true)) == 9
    @test on_device(t -> Int(2 * mapfoldl(abs, max, t)), (1, -3.5, 0x02)) == 7
    ackermann(m, n) = m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1))
    @test on_device(ackermann, 2, 3) == 9
end

@testset "a kernel made in a function captures what it needs, and its launches see redefinitions" begin
    function filled(n, by)
        @kernel function fill_by!(a)
            i = @index(Global)
            a[i] = by * i
        end
        a = zeros(Int, n)
        fill_by!(CPU())(a; ndrange = n)
        return a
    end
    @test filled(3, 2) == [2, 4, 6] && filled(2, 5) == [5, 10]
    helper(x) = x + 1
    applied!(out) = (out[1] = Main.redefined(out[1]); return)
    @eval redefined(x) = x + 1
    out = CuArray([0])
    @cuda applied!(out)
    @eval redefined(x) = x + 100
    @cuda applied!(out)
    @test Array(out) == [101]
end

struct Bodies{V,T}
    position::V
    mass::V
    gravity::T
end
struct Scene{B}
    bodies::B
    steps::NTuple{2,Int}
end
@testset "structs of arrays need no rules on the CPU" begin
    @kernel function weighed!(o, f, s)
        i = @index(Global)
        o[i] = f(i) + s.bodies.position[i] * s.bodies.mass[i] + s.bodies.gravity + s.steps[2]
        s.bodies.position[i] = 0
    end
    s, o = Scene(Bodies([1.0, 2.0], [3.0, 4.0], 0.5f0), (1, 2)), zeros(2)
    weighed!(CPU())(o, let b = s.bodies
        i -> 10b.mass[i]
    end, s, ndrange = 2)
    @test o == [35.5, 50.5] && s.bodies.position == [0, 0]
    @kernel named!(o, p) = (i = @index(Global); o[i] = p.b.mass[i] + p.c[1][i])
    named!(CPU())(o, (b = s.bodies, c = ([1.0, 2.0], 3)), ndrange = 2)
    @test o == [4, 6]
end
@testset "wrapped arrays" begin
    @kernel function copied!(o, a)
        I = @index(Global, Cartesian)
        o[I] = a[I]
    end
    A, S = reshape(collect(1:6), 2, 3), [1.0 2.0; 3.0 4.0]
    for W in (A', transpose(A), PermutedDimsArray(A, (2, 1)), view(A, 2:-1:1, [1, 3]), view(A', 1:2, :), reinterpret(UInt64, A), view(view(A, :, 1:2), 2, :), vec(A'), Diagonal([1.0, 2.0]), UpperTriangular(S),
            LowerTriangular(S), Symmetric(S), Tridiagonal([1.0], [2.0, 3.0], [4.0]))
        o = zeros(eltype(W), size(W))
        copied!(CPU(), 4)(o, W, ndrange = size(W))
        @test o == W
    end
    function inside!(A)
        i = threadIdx().x
        P = PermutedDimsArray(A, (2, 1))
        P[1, i] += 100
        B = A'
        A[i, 2] = B[1, i] + sum(view(B, 1, i:i))
        return
    end
    d = CuArray([1 0; 2 0])
    @cuda threads = 2 inside!(d)
    @test Array(d) == [101 202; 102 204]
end
