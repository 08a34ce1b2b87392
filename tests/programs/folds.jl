# Folds of tuples: from the left, from the right, with and without a start, of any length.
println(foldl(-, (1, 2, 3)), " ", foldr(-, (1, 2, 3)), " ", foldl(-, (1, 2, 3); init = 10), " ", foldr(-, (1, 2, 3); init = 10))
println(foldl(=>, (1, "x", 2.0)), " ", foldr(=>, (1, "x", 2.0)), " ", foldl(=>, (a = 1, b = 2)), " ", mapfoldl(string, *, (1, 'b', "c")))
println(foldl(+, ntuple(identity, 40)), " ", foldr((a, b) -> a - b, ntuple(identity, 35)), " ", foldl(+, (); init = 3))
for f in (+, *, max), t in ((), Int[])
    try
        println(f, " ", foldl(f, t))
    catch e
        println(f, " ", e isa ArgumentError)
    end
end
