# Public names of modules, names of Main, version numbers, dictionaries of special kinds, scoped values, escapes.
module A
export f
public h, K
f() = 1
h() = 2
const K = 3
hidden() = 4
module Inner
public z
z = 1
end
end
println(names(A), Base.ispublic(A, :h), Base.isexported(A, :h), Base.ispublic(A, :hidden), names(A.Inner))
mine = 1
println(:mine in names(Main), :A in names(Main))
public = 5
println(public)
println(v"1.2.3-rc1+b.5", " ", v"1.2", " ", VersionNumber(1, 2, 3), " ", v"1.2.3-alpha.1" < v"1.2.3-alpha.2" < v"1.2.3-beta" < v"1.2.3" < v"1.2.3+b", " ", v"1.10" > v"1.9", " ", v"2" == v"2.0.0")
show(v"1.0.0-DEV.5"); println(" ", v"3.1.4".minor, " ", v"1.2.3-a.1".prerelease, " ", VERSION >= v"1.11", " ", tryparse(VersionNumber, "x"), " ", Base.nextminor(v"1.2.3"))
try VersionNumber("1.x.y") catch e; println(sprint(showerror, e)) end
d = IdDict{Any,Int}()
a, b = [1], [1]
d[a] = 1; d[b] = 2; d["k"] = 3
println(d[a], d[b], length(d), haskey(d, [1]), get(d, [1], 0), pop!(d, a), length(d), d["k"])
for i in 1:2000; d[i] = i; end
println(sum(d[i] for i in 1:2000), delete!(d, 5) === d, haskey(d, 5), d[2000])
m = Base.ImmutableDict(:a => 1, :b => 2)
println(m[:a], m[:b], length(Base.ImmutableDict(m, :a => 9)), Base.ImmutableDict(m, :a => 9)[:a], get(m, :z, 0), haskey(m, :b))
const depth = ScopedValue(1)
report() = depth[]
println(report(), with(report, depth => 2), with(() -> with(report, depth => 3) + report(), depth => 10), report())
@with depth => 7 println(depth[], fetch(@async depth[]))
println(repr("\x01é\x7f\0a\e[0m"), repr("\u200b1"), escape_string("a\"b", "b"))
println(typeof(x for x in 1:3), " ", (x for x in [1, 2]))
show(stdout, "text/plain", typeof(sin)); println()
show(stdout, "text/plain", typeof(x -> x) <: Function); println()
println(showable("text/html", 1), showable("text/plain", 1), " ", r"a" * "b.c", " ", match(r"a+" * r"b", "xaab").match, " ", r"ab"^2)
println(keys(match(r"(?<y>a)(?<z>b)", "ab")), keys(match(r"(?<y>a)(b)", "ab")), collect(Iterators.accumulate(+, 1:3)))
a..., z = 1:5
println(a, z)
println(retry(() -> 5)(), " ", Base.operator_precedence(:+) < Base.operator_precedence(:*), Base.isidentifier("ab"), Base.moduleroot(A.Inner))
