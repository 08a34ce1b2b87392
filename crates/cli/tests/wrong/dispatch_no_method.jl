scale(x::Int, k::Int) = x * k
scale(x::Float64, k::Float64) = x * k
scale(1, 2.0)
