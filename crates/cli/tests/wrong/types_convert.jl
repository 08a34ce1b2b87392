struct Celsius
    degrees::Float64
end
x::Celsius = 21.5
