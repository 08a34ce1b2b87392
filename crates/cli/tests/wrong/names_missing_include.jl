include("not_there.jl")
