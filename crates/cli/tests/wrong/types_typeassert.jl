half(x) = (x / 2)::Int
half(3)
