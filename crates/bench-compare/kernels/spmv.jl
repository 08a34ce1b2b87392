# A sparse matrix by a vector, a row per work-item (CUDA spelling, with the range check that it needs).
const rows = 20_000
const per_row = 12
const sizes = (rows,)
const work = rows
arrays() = map(CuArray, (zeros(Float64, rows), Int32[1 + (k - 1) * per_row for k in 1:rows+1], Int32[1 + (k * 7919) % rows for k in 1:rows*per_row], Float64[sin(k) for k in 1:rows*per_row], Float64[cos(k) for k in 1:rows]))

function spmv!(y, first, column, value, x)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    i > length(y) && return
    s = 0.0
    @inbounds for k in first[i]:first[i+1]-1
        s = muladd(value[k], x[column[k]], s)
    end
    @inbounds y[i] = s
    return
end
launch(y, first, column, value, x) = (@cuda threads = 256 blocks = cld(rows, 256) spmv!(y, first, column, value, x); nothing)
