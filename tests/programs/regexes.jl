# Regular expressions: named groups, iteration, searches, replacement.
m = match(r"(?<y>\d+)(b)", "ab12b")
println(m, " ", m[:y], m["y"], m[2], " ", m.offset, " ", haskey(m, :y), haskey(m, "z"))
println(match(r"(\d)(\d)?", "1z").captures, " ", match(r"z", "abc"))
println([x.match for x in eachmatch(r"\w+", "one two")], " ", [x.offset for x in eachmatch(r"a", "banana")])
println(findall(r"a", "banana"), " ", findall(r"ana", "banana"; overlap = true), " ", count(r"a", "banana"), " ", findfirst(r"n+", "banana"))
println(replace("banana", r"a(n)?" => s"<\1>"), " ", replace("hello", r"l+" => x -> length(x)), " ", split("a,b;c", r"[,;]"), " ", startswith("abc", r"a."), endswith("abc", r"b?c"))
println(typeof(collect(eachmatch(r"\d", "1a2"))), " ", r"a" == r"a", " ", r"a"i == r"a")
println(findprev('a', "banana", 5), " ", findprev("an", "banana", 4), " ", findprev(==('n'), "banana", 4))
