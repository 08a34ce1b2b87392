f(x, i) = @inbounds x i
