using KernelAbstractions
@kernel function f!(y)
    i = @index(Global)
    y[i] < 0 && error("negative input")
    y[i] = 1
end
f!(CPU(), 4)(fill(-1.0, 8); ndrange = 8)
