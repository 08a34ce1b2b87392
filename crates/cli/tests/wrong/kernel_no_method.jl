using KernelAbstractions

weight(x::Float32) = 2x

@kernel function f!(y)
    i = @index(Global)
    y[i] = weight(y[i])
end

f!(CPU(), 4)(zeros(8); ndrange = 8)
