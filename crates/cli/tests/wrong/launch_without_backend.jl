using KernelAbstractions
@kernel function f!(y)
    i = @index(Global)
    y[i] = i
end
f!(zeros(8))
