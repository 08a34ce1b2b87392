a = [1, 2, (3, 4]
println(a)
