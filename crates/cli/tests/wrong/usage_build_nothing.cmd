build --target ptx ok.jl
