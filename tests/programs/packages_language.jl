# Language that packages use: modules that use each other, bare modules, keywords with types of static parameters, callable types with
# result types, versions, names of mathematics.
module Outer
export shift, absent, Left
module Left
using ..Outer
export shift, absent
up(x) = shift(x)
end
module Right
using ..Outer, ..Left
export shift, absent
shift(x) = x + 1
end
using .Left, .Right
end
println(Outer.Left.up(1), " ", Outer.shift(2), " ", isdefined(Outer, :absent), " ", isdefined(Outer.Left, :absent))

baremodule Bare
const Pairs2 = NTuple{2,Any}
end
println(Bare.Pairs2)

# A module of one's own may bear the name of one that is used.
module Shadowing
using Test
module Test
own() = "own"
end
end
println(Shadowing.Test.own())

keyed(; at::T = 1, kind = typeof(at)) where {T} = (at, kind, T)
println(keyed(), " ", keyed(at = 2.5), " ", keyed(at = Main))
bounded(x::S; by::T = x) where {S,T<:Real} = (S, T)
println(bounded(1; by = 2.0), " ", try bounded(1; by = "a") catch e; typeof(e) end)

struct Kernel{T} end
function (::Kernel{T})(i, more...)::T where {T}
    return i + length(more)
end
function (k::Kernel)(s::String)::String
    return s
end
println(Kernel{Float32}()(3, 4), " ", Kernel{Int}()("text"))

∀(xs, p) = all(p, xs)
∃ = any
∠ = 0.5
println(∀([1, 2], >(0)), " ", ∃([false, true]), " ", ∠)
macro ∀(ex)
    return esc(ex)
end
println(@∀ 1 + 1)

println(v"∞" > v"9", " ", VERSION >= v"1.10", " ", v"1.11-" <= VERSION, " ", v"1.2.3-rc.1+b5")
println(sort([v"1.0", v"0.9", v"1.0-rc2", v"1.0-rc10", v"1.0-2", v"1.0+1", v"1.0-"]))
println(v"2.1".minor, " ", VersionNumber(1, 2) == v"1.2", " ", try VersionNumber("x.y") catch e; e end)

# Modules are initialised, inner ones first, when the outermost is complete.
module Order
const seen = Symbol[]
module Inside
import ..Order
__init__() = push!(Order.seen, Order.last_one)
end
const last_one = :inside
__init__() = push!(seen, :outside)
end
println(Order.seen)

# A tuple without parentheses goes on after a comma at the end of a line.
sides = map(1:2) do d
    d,
    10d
end
println(sides)
a, b = 1,
    2
println(a, b)

# A union is before a tuple of open length when one of its members is.
ranged(f, dims::NTuple{N,Integer}, x...) where {N} = "general"
ranged(f, dims::Union{Integer,NTuple{2,Integer},NTuple{3,Integer}}, x...) = "up to three"
println(ranged(+, (1, 2), 3), ", ", ranged(+, (1, 2, 3)), ", ", ranged(+, (1, 2, 3, 4)), ", ", ranged(+, 1))

# A docstring before a name or a signature is about what is defined elsewhere.
"of a name"
later
"of a signature"
later(x::Int)
@doc "in words" later
later(x) = x + 1
println(later(1))

# The type of a permuted array has the permutation and its inverse.
println(typeof(PermutedDimsArray(zeros(2, 3, 4), (3, 1, 2))))
