using KernelAbstractions

table = [1.0, 2.0, 3.0]

lookup(i) = table[i]
blend(x, i) = x * lookup(i) + missing_weight(i)

@kernel function f!(y)
    i = @index(Global)
    y[i] = blend(y[i], i)
end

f!(CPU(), 4)(zeros(3); ndrange = 3)
