# TOML texts, and names of Base that packages import.
using TOML, Test
t = TOML.parse(raw"""
name = "x" # comment
n = -1_000
hex = 0xff
f = [1.5, 2e3, -inf]
mixed = [1, "a"]
when = 1979-05-27T07:32:00Z
[a.b]
"quoted key" = 'raw \n'
c = { d = true, e.f = [] }
[[list]]
k = "\u00e9\n"
[[list]]
k = '''
two
lines'''
""")
@test t["name"] == "x" && t["n"] === -1000 && t["hex"] === 255 && t["f"] == [1.5, 2000.0, -Inf] && t["mixed"] == Any[1, "a"]
@test t["when"] == "1979-05-27T07:32:00Z" && t["a"]["b"]["quoted key"] == "raw \\n"
@test t["a"]["b"]["c"]["d"] === true && isempty(t["a"]["b"]["c"]["e"]["f"])
@test [e["k"] for e in t["list"]] == ["é\n", "two\nlines"]
@test_throws TOML.ParserError TOML.parse("a = ")
@test_throws TOML.ParserError TOML.parse("a = 1\na = 2")
@test TOML.tryparse("[x") isa TOML.ParserError

module Imports
import Base: @propagate_inbounds, @pure, @_inline_meta, @__doc__
using Base: @inline as @fold
@propagate_inbounds at(a, i) = a[i]
@fold double(x) = (@_inline_meta; 2x)
macro documented(ex)
    return esc(:(Core.@__doc__ $ex))
end
"text"
@documented triple(x) = 3x
end
@test Imports.at([5, 6], 2) == 6 && Imports.double(2) == 4 && Imports.triple(2) == 6
@test Base.unwrap_unionall(Vector) === Vector.body && Base.rewrap_unionall(Vector.body, Vector) == Vector
@test Set(Base.uniontypes(Union{Int,Nothing,Bool})) == Set([Int, Nothing, Bool]) && Base.isbitsunion(Union{Int,Nothing})
@test Base.datatype_alignment(ComplexF64) == 8 && Base.datatype_alignment(Tuple{Int8,Int16}) == 2 && Base.fieldindex(Complex{Int}, :im) == 2
a = zeros(4)
@test Base.mightalias(a, view(a, 1:2)) && !Base.mightalias(a, copy(a)) && Base.unalias(a, view(a, 1:2)) isa Vector
