using KernelAbstractions
@kernel function f!(y)
    i = @index(Global)
    @assert y[i] >= 0
    y[i] = 1
end
f!(CPU(), 4)(fill(-1.0, 8); ndrange = 8)
