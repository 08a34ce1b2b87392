using KernelAbstractions
@kernel function f!(y)
    i = @index(Global)
    y[i] = i
end
f!(CPU(), 4, 8)(zeros(16); ndrange = 16)
