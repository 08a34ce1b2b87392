using KernelAbstractions
@kernel function f!(y)
    i = @index(Global)
    y[i] = i
end
f!(CPU(), 100_000)(zeros(200_000); ndrange = 200_000)
