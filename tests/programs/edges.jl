# Values and errors at the edges of what is allowed.

# globals of modules from outside
module A
global declared
end
A.declared = 3
println(A.declared)
said(f) =
    try
        f()
    catch e
        println(typeof(e), ": ", first(eachline(IOBuffer(sprint(showerror, e)))))
    end
said(() -> A.missing_there = 1)
@eval A made = 1
println(A.made)

# patterns are checked where they are made, even if nobody uses them
for p in ("(", "[", "a)", "*", "[z-a]")
    said(() -> (Regex(p); println("made")))
end
println(Regex("a{2"))

# hashes of what consists of parts
println(hash(1 => 2), " ", hash([1, 2, 3]) == hash(1:3), " ", hash(CartesianIndex()))

# constructors of a type that is named by a `where` expression
struct Kept{T,D}
    data::D
    function (Kept{T,Tuple{Vararg{T}}} where {T})(x)
        new{eltype(x),Tuple{Vararg{eltype(x)}}}(Tuple(x))
    end
end
println((Kept{T,Tuple{Vararg{T}}} where {T})([1, 2, 3]))
struct Both{A,B} end
(Both{A,Int} where {A})(x) = (x, "called")
println((Both{A,Int} where {A})(3))
said(() -> (Both{A,Float64} where {A})(3))

# what packages call of Base's inside
let a = Any["x", "y"]
    Base._unsetindex!(a, 1)
    println(isassigned(a, 1), isassigned(a, 2), ccall(:jl_generating_output, Cint, ()))
    Base.showindices(stdout, 1:2, 0:1)
    println()
end
