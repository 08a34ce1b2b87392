using KernelAbstractions
struct Overload <: Exception
    load::Int
end
@kernel function f!(y)
    i = @index(Global)
    i > 4 && throw(Overload(i))
    y[i] = 1
end
f!(CPU(), 4)(fill(-1.0, 8); ndrange = 8)
