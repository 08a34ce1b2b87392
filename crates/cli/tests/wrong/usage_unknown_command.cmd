rnu file.jl
