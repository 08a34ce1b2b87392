run --device gpu host_key.jl
