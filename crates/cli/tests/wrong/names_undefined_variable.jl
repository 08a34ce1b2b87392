width = 3
println(widht * 2)
