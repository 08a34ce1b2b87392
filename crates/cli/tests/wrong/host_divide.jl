average(xs) = div(sum(xs), length(xs))
average(Int[])
