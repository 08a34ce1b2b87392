build --target ptx --entry "g(Int)" ok.jl
