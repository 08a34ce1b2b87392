run --fast host_key.jl
