x = Array{Float64, 2, 3}(undef, 2, 2)
