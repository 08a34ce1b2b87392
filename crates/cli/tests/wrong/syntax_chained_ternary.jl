x = 3
y = x > 2 ? 1
println(y)
