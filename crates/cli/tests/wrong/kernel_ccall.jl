using KernelAbstractions

@kernel function f!(y)
    i = @index(Global)
    y[i] = ccall(:cos, Float64, (Float64,), y[i])
end

f!(CPU(), 4)(zeros(8); ndrange = 8)
