x = ''
println(x)
