# Softmax of the rows of a matrix, a row per work-item.
const n = 4096
const m = 32
const sizes = (n, m)
const work = n
arrays() = (zeros(Float32, n, m), Float32[sin(0.1f0 * (i + 3j)) for i in 1:n, j in 1:m])

@kernel function softmax!(y, @Const(x))
    i = @index(Global)
    @inbounds begin
        top = x[i, 1]
        for j in 2:size(x, 2)
            top = ifelse(x[i, j] > top, x[i, j], top)
        end
        sum = 0.0f0
        for j in 1:size(x, 2)
            e = exp(x[i, j] - top)
            y[i, j] = e
            sum += e
        end
        for j in 1:size(x, 2)
            y[i, j] /= sum
        end
    end
end
launch(y, x) = softmax!(CPU(), 256)(y, x; ndrange = n)
