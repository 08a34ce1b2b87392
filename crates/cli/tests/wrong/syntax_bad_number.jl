mask = 0x
println(mask)
