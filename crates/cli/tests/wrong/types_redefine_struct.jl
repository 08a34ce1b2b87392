struct P
    x::Int
end
struct P
    x::Float64
    y::Float64
end
