using KernelAbstractions

label(i) = "item $i"

@kernel function name!(y)
    i = @index(Global)
    y[i] = length(label(i))
end

name!(CPU(), 4)(zeros(Int, 8); ndrange = 8)
