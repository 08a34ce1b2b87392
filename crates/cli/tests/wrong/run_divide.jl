using KernelAbstractions
@kernel function f!(y, d)
    i = @index(Global)
    y[i] = div(i, d)
end
f!(CPU(), 4)(zeros(Int, 8), 0; ndrange = 8)
