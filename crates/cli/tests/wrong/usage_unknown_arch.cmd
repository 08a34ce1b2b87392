build --target ptx --arch sm_7 --entry "f(Int)" ok.jl
