using KernelAbstractions

const operations = Any[sin, cos]

@kernel function apply!(y, k)
    i = @index(Global)
    y[i] = operations[k](y[i])
end

apply!(CPU(), 4)(zeros(8), 1; ndrange = 8)
