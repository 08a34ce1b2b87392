# Results made from values whose types are known only at run time, into arrays like the argument.
acc = Ref(10)
println(map(i -> (acc[] -= i), 1:3), " ", acc[])
grow = Any[1, 2, 2.5, "x"]
println(map(x -> x, view(grow, 1:4)), " ", map(i -> grow[i], 1:2), " ", map(i -> grow[i], 1:3), " ", map(i -> grow[i], 2:4))
counted = Ref(0)
f(_) = (counted[] += 1; isodd(counted[]) ? counted[] : nothing)
println(map(f, 1:4), " ", map(f, (1:2)'))
