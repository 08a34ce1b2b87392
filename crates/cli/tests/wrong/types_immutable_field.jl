struct P
    x::Int
end
p = P(1)
p.x = 2
