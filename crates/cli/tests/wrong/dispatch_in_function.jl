norm2(v::Vector{Float64}) = sum(abs2, v)
function report(v)
    n = norm2(v)
    println(n)
end
report([1, 2, 3])
