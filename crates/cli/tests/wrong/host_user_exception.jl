struct TooHot <: Exception
    degrees::Float64
end
Base.showerror(io::IO, e::TooHot) = print(io, "too hot: ", e.degrees, " degrees")
function check(t)
    t > 30 && throw(TooHot(t))
    return t
end
check(35)
