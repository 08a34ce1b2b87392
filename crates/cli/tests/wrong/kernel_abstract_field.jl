using KernelAbstractions

struct Options
    gain::Real
end

@kernel function f!(y, o)
    i = @index(Global)
    y[i] *= o.gain
end

f!(CPU(), 4)(zeros(8), Options(2); ndrange = 8)
