struct Meters <: Float64
end
