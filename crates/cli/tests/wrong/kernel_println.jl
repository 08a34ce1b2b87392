using KernelAbstractions

@kernel function loud!(y)
    i = @index(Global)
    println("item ", i)
    y[i] = i
end

loud!(CPU(), 4)(zeros(8); ndrange = 8)
