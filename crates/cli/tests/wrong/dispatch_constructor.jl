struct P
    x::Int
    y::Int
end
P(1)
