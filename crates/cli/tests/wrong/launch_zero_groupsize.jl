using KernelAbstractions
@kernel function f!(y)
    i = @index(Global)
    y[i] = i
end
f!(CPU(), 0)(zeros(8); ndrange = 8)
