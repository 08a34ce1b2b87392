build --target ptx --entry "f(" ok.jl
