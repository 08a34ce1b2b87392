using KernelAbstractions
@kernel function f!(y)
    i = @index(Global)
    y[i] = sqrt(y[i])
end
f!(CPU(), 4)(fill(-1.0, 8); ndrange = 8)
