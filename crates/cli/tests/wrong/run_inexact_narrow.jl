using KernelAbstractions
@kernel function f!(y, x)
    i = @index(Global)
    y[i] = x[i]
end
f!(CPU(), 4)(zeros(Int8, 8), fill(300, 8); ndrange = 8)
