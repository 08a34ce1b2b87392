build --target vulkan --entry "f(Int)" ok.jl
