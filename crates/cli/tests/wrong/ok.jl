f(x) = nothing
