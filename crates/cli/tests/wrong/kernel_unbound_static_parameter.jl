using KernelAbstractions

pick(x::T, y::Union{T, S}) where {T, S} = S

@kernel function f!(y)
    i = @index(Global)
    y[i] = sizeof(pick(1.0, 2.0))
end

f!(CPU(), 4)(zeros(8); ndrange = 8)
