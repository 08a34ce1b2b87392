using KernelAbstractions

count = 0

@kernel function tally!(y)
    i = @index(Global)
    global count = i
    y[i] = i
end

tally!(CPU(), 4)(ones(8); ndrange = 8)
