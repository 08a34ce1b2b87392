using KernelAbstractions

@kernel function f!(y, mode)
    i = @index(Global)
    y[i] = mode == "fast" ? 1 : 2
end

f!(CPU(), 4)(zeros(8), "fast"; ndrange = 8)
