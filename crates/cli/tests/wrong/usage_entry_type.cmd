build --target ptx --entry "f(Strnig)" ok.jl
