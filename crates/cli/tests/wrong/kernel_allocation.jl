using KernelAbstractions

@kernel function smooth!(y)
    i = @index(Global)
    window = zeros(3)
    window[1] = y[i]
    y[i] = sum(window)
end

smooth!(CPU(), 4)(zeros(8); ndrange = 8)
