# Random numbers, dates, copies, reflection, locks, atomics of fields, raw memory.
using Random, Dates, Statistics, Test
@test rand(Xoshiro(42)) === 0.6293451231426089
@test repr(Xoshiro(1)) == "Xoshiro(0xfff0241072ddab67, 0xc53bc12f4c3f0b4e, 0x56d451780b2dd4ba, 0x50a4aa153d208dd8)"
@test (Random.seed!(7); a = rand(3); Random.seed!(7); a == rand(3))
@test all(in(1:6), rand(1:6, 100)) && rand((1, 2)) in (1, 2) && rand("abc") in "abc" && rand(Set([4])) == 4
@test size(rand(2, 3)) == (2, 3) && eltype(rand(Int8, 3)) === Int8 && eltype(randn(Float32, 2)) === Float32
@test sort(shuffle(1:9)) == 1:9 && isperm(randperm(10)) && length(randstring(12)) == 12 && size(bitrand(3)) == (3,)
@test 0.4 < mean(rand(2000)) < 0.6 && abs(mean(randn(2000))) < 0.2 && 0.8 < mean(randexp(2000)) < 1.2
@test_throws ArgumentError rand(1:0)
@test Date(2024, 2, 29) + Day(1) == Date(2024, 3, 1) && Date(2024, 1, 31) + Month(1) == Date(2024, 2, 29)
@test string(DateTime(2024, 1, 1, 12, 30)) == "2024-01-01T12:30:00" && Date(2024, 3, 1) - Date(2024, 2, 1) == Day(29)
@test_throws ArgumentError Date(2023, 2, 29)
@test year(now()) > 2020 && dayofweek(Date(2024, 1, 1)) == 1 && dayofyear(Date(2024, 12, 31)) == 366
@test (mean([1, 2, 3]), median([3, 1, 2, 4]), var([1, 2, 3, 4]), quantile([1, 2, 3, 4], 0.25)) == (2.0, 2.5, 5 / 3, 1.75)
@test cor([1, 2, 3], [2, 4, 6]) == 1.0 && mean([1 2; 3 4]; dims = 1) == [2.0 3.0] && std([2, 4]) ≈ sqrt(2)
mutable struct Link
    v::Int
    next::Union{Nothing,Link}
end
l = Link(1, nothing)
l.next = l
c = deepcopy(l)
@test c.next === c && c !== l
d = Dict(:a => [1, 2])
e = deepcopy(d)
push!(e[:a], 3)
@test d[:a] == [1, 2] && e[:a] == [1, 2, 3]
mutable struct Cell
    @atomic n::Int
end
x = Cell(1)
@test (@atomic x.n += 2) == 3 && (@atomic x.n) == 3 && (@atomicswap x.n = 9) == 3 && (@atomicreplace x.n 9 => 4) == (old = 9, success = true)
v = [1, 2, 3]
GC.@preserve v begin
    p = pointer(v)
    unsafe_store!(p, 7, 1)
    @test unsafe_load(p, 2) == 2 && v[1] == 7 && p + 8 == pointer(v, 2)
end
@test hasmethod(length, Tuple{Vector{Int}}) && applicable(+, 1, 2) && length(methods(Link)) >= 1 && which(deepcopy, Tuple{Int}).name === :deepcopy
@test withenv(() -> ENV["REKINDLE_TEST_NAME"], "REKINDLE_TEST_NAME" => "x") == "x" && !haskey(ENV, "REKINDLE_TEST_NAME")
@test (@elapsed sleep(0.01)) >= 0.01 && (@timed 1 + 1).value == 2 && mktemp((p, io) -> (write(io, "hey"); close(io); read(p, String))) == "hey"
lk = ReentrantLock()
@test lock(() -> 5, lk) == 5 && !islocked(lk)
n = Threads.Atomic{Int}(1)
Threads.@threads for i in 1:4
    Threads.atomic_add!(n, i)
end
@test n[] == 11
@test_logs (:info, "hello") @info "hello"
@test (c = Channel(1); put!(c, 5); take!(c)) == 5 && @test_throws(ArgumentError, Channel(-1)) isa Test.Pass
