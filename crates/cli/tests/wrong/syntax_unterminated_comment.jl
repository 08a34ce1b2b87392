x = 1
#= a comment that nobody closes
println(x)
