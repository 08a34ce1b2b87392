using KernelAbstractions

@kernel function f!(y)
    i = @index(Global)
    try
        y[i] = sqrt(y[i])
    catch
        y[i] = 0
    end
end

f!(CPU(), 4)(zeros(8); ndrange = 8)
