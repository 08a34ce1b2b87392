run not_there.jl
