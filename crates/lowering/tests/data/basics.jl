x = 1
f(a, b) = a + b * 2
function g(n)
    s = 0
    for i in 1:n
        i > 3 && continue
        s += i
    end
    return s
end
while x < 3; global x += 1; end
(a, b) = (b, a)
a, (b, c...) = h()
a.b[i, end] += 1
x = y .+ f.(z) .* 2
v = [i^2 for i in 1:3 if isodd(i)]
"a$(x)b"
let x = x; x + 1; end
k(x; y = 1, z) = x + y + z
k(1; y = 2)
adder(n) = x -> x + n
