module Kernels

using KernelAbstractions
using ..Fields: δ

@kernel function difference!(out, where_, @Const(a), dx)
    i = @index(Global)
    out[i] = δ(where_, a, i) / dx
end

end

function derivative(f::Field)
    to = opposite(place(f))
    n = size_at(ncells(f), to)
    out = similar(f.data, n)
    Kernels.difference!(CPU(), 32)(out, to, f.data, f.dx; ndrange = n)
    return Field{typeof(to)}(out, f.dx)
end
gradient(f::Field{Center}) = derivative(f)
divergence(f::Field{Face}) = derivative(f)
interior(f::Field) = f.data
