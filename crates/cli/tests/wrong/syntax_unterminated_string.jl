name = "Rekindle
println(name)
