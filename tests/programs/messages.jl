# Messages of errors that say what was asked for.
using Test
said(f) = try
    repr(f())
catch e
    first(split(sprint(showerror, e), '\n'))
end
scaled(x::Int; s::Float64 = 1.0) = x * s
for f in (() -> scaled(1; s = 2), () -> fieldname(Complex, 3), () -> fieldname(Complex, 0), () -> first(Dict()), () -> Int{1}, () -> Union{1,Int},
    () -> stack([[1, 2], [3]]), () -> throw(CompositeException([ErrorException("a"), 2])), () -> supertype(Union{Int,String}), () -> values(5))
    println(said(f))
end
println(repr(!isempty), " ", repr(!(!isempty)), " ", (!isempty)([1]))
println(b"ab", " ", typeof(b"ab"), " ", String(b"ab"), " ", b"ab" .+ 0x01)
show(stdout, MIME("text/plain"), codeunits("é"))
println()
println(:(3a'b), " ", :(2x * y), " ", :((a * b) * c), " ", :(a * b * c), " ", :(a + b - c + d), " ", :(abstract type A end))
println(sprint(show, Test.Fail(:test, :(1 == 2), "1 == 2", false, nothing, LineNumberNode(1, :here), false)))
