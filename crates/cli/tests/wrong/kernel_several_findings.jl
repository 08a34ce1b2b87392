using KernelAbstractions

offset = [1]
inner(x) = x + offset[1]
outer(x) = inner(2x)

@kernel function f!(y)
    i = @index(Global)
    print(i)
    y[i] = outer(y[i]) + missing_function(i)
end

f!(CPU(), 4)(zeros(8); ndrange = 8)
