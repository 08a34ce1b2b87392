mutable struct P
    x::Int
end
println(P(1).y)
