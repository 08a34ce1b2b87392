# Sparse matrix times vector in CSR form: a callable matrix type with multiple dispatch around the kernel. Metal spelling.
using Metal
using Test

struct CSR{V,I}
    nrows::Int
    rowptr::I
    cols::I
    vals::V
end

function spmv!(y, rowptr, cols, vals, x)
    row = thread_position_in_grid_1d()
    row > length(y) && return
    acc = zero(eltype(y))
    for k in rowptr[row]:rowptr[row+1]-1
        acc += vals[k] * x[cols[k]]
    end
    y[row] = acc
    return
end

function (A::CSR)(x)
    y = similar(x, A.nrows)
    @metal threads = 32 groups = cld(A.nrows, 32) spmv!(y, A.rowptr, A.cols, A.vals, x)
    return y
end

# the second-difference matrix
n = 200
rowptr, cols, vals = Int32[1], Int32[], Float32[]
for i in 1:n
    for (j, v) in ((i - 1, -1f0), (i, 2f0), (i + 1, -1f0))
        1 <= j <= n || continue
        push!(cols, j)
        push!(vals, v)
    end
    push!(rowptr, length(cols) + 1)
end
A = CSR(n, MtlArray(rowptr), MtlArray(cols), MtlArray(vals))
x = Float32[i^2 for i in 1:n]
y = Array(A(MtlArray(x)))
@test all(==(-2f0), y[2:n-1])
@test y[1] == 2x[1] - x[2] && y[n] == 2x[n] - x[n-1]
println("spmv: ", length(vals), " entries, y[1:3] = ", y[1:3])
