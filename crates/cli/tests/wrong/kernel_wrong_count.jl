using KernelAbstractions

@kernel function f!(y, a)
    i = @index(Global)
    y[i] = a
end

f!(CPU(), 4)(zeros(8); ndrange = 8)
