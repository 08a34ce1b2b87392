function once(x)
    y = x + 1
    () -> x + y
end
function counter()
    n = 0
    function bump(by)
        n += by
        return n
    end
    bump
end
function recursive(n)
    fact(k) = k <= 1 ? 1 : k * fact(k - 1)
    fact(n)
end
function mutual(n)
    even(k) = k == 0 ? true : odd(k - 1)
    odd(k) = k == 0 ? false : even(k - 1)
    even(n)
end
function loop_fresh(fs)
    for i in 1:3
        j = 2i
        push!(fs, () -> i + j)
    end
end
function loop_shared(fs)
    local j
    for i in 1:3
        j = 2i
        push!(fs, () -> j)
    end
end
function argument_reassigned(x)
    x = x + 1
    () -> x
end
function sparam(x::T) where {T}
    y -> (y::T, T)
end
function methods_of_one(a)
    g(x) = a
    g(x, y) = a + y
    g
end
function branch(c)
    if c
        x = 1
    else
        x = 2
    end
    () -> x
end
function nested(a)
    b -> c -> a + b + c
end
function nested_assign(a)
    b -> begin
        a += b
        () -> a
    end
end
function typed()
    x::Float64 = 1
    f() = (x = 2)
    f(), x
end
function keywords(a)
    g(x; k = a, rest...) = x + k
    g(1; k = 2)
end
let n = 0
    global tick() = (n += 1)
end
let c = 5
    global value() = c
end
for T in (Int, Float64)
    g = x -> convert(T, x)
    Base.foo(x::T) = g(x)
end
function do_block(xs)
    total = 0
    foreach(xs) do x
        total += x
    end
    total
end
function early(f)
    g = () -> later
    later = 3
    g()
end
compose(f, g) = (xs...; kw...) -> f(g(xs...; kw...))
generator(xs, k) = (x * k for x in xs if x > k)
nested_generator(n) = [(i, j) for i in 1:n for j in 1:i]
product_comprehension(a, b) = Int[x + y for x in a, y in b]
self_assigned() = (f = x -> f; f = 3; f)
function undefined_capture(c)
    if c
        v = 1
    end
    () -> v
end
