using KernelAbstractions

ops = Any[sin, cos]

@kernel function apply!(y, k)
    i = @index(Global)
    f = k == 1 ? sin : i
    y[i] = f(y[i])
end

apply!(CPU(), 4)(zeros(8), 1; ndrange = 8)
