using KernelAbstractions
@kernel function f!(y, x)
    i = @index(Global)
    y[i] = Int(x[i])
end
f!(CPU(), 4)(zeros(Int, 8), fill(1.5, 8); ndrange = 8)
