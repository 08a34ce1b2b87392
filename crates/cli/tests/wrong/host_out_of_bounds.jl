xs = [1, 2, 3]
i = 4
println(xs[i])
