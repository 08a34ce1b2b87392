x = [1.0, 2.0]
println(nrom(x))
