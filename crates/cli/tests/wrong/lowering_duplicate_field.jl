struct Point
    x::Float64
    x::Float64
end
