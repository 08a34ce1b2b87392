# Loops and recursion converge.

sum_to(n) = begin
    s = 0
    for i in 1:n
        s += i
    end
    s
end
#? sum_to, (Int,) => Int64

widens(n) = begin
    s = 0
    for i in 1:n
        s += 0.5
    end
    s
end
#? widens, (Int,) => Union{Float64, Int64}

even(n) = n == 0 ? true : odd(n - 1)
odd(n) = n == 0 ? false : even(n - 1)
#? even, (Int,) => Bool

ackermann(m, n) = m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1))
#? ackermann, (Int, Int) => Int64

growing(t, n) = n == 0 ? t : growing((t..., n), n - 1)
#? growing, (Tuple{}, Int) => Tuple

over_vector(v) = begin
    m = v[1]
    for x in v
        m = max(m, x)
    end
    m
end
#? over_vector, (Vector{Float32},) => Float32

closure(xs) = begin
    k = 3
    f = x -> x * k
    f(xs[1])
end
#? closure, (Vector{Int},) => Int64
