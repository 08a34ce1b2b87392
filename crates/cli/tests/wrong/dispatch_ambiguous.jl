pick(a::Int, b) = 1
pick(a, b::Int) = 2
pick(1, 2)
