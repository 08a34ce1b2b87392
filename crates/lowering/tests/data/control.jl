function finally_return()
    try
        return 1
    finally
        cleanup()
    end
end
function loop_finally(xs)
    for x in xs
        try
            x == 1 && continue
            x == 2 && break
            x == 3 && return x
        catch e
            handle(e)
        finally
            done(x)
        end
    end
    0
end
v = try f() catch; 0 end
w = try f() catch e; e else 2 finally g() end
function nested_try()
    while true
        try
            try
                break
            catch
                return 2
            end
        catch
            continue
        end
    end
end
a < b <= c < d
a .< b .< c
x = if a; 1 elseif b; 2 else 3 end
x = a && b || c
if a && (b || c); d; end
function labels(n)
    i = 0
    @label top
    i += 1
    i < n && @goto top
    try
        @goto out
    catch
    end
    @label out
    i
end
for i in 1:2, j in i:3
    i == j && break
end
for (i, (a, b)) in enumerate(xs); println(i, a, b); end
function outer_loop()
    i = 0
    for outer i in 1:3
    end
    i
end
let a = 1, b = a, (c, d) = (b, a), f(x) = x + a, e, g::Int
    f(a)
end
while true
    break
end
x += 1
x .+= 1
a[i][end] .= b.c
a.b .= c .+ 1
a[begin:end-1]
a[f(end), :, g...]
a[f(end), g..., end]
a[b[end], end]
x::Int = 3
a.x = a.y = 3
a, b = b, a
a, b... = 1, 2, 3
a, b..., c = xs
(; p, q) = obj
(a.x, b[1]) = t
a[1], b.c = f()
a, b, _ = t
function simd(a)
    s = 0.0
    @inbounds @simd for i in eachindex(a)
        s += a[i]
    end
    s
end
@boundscheck checkbounds(a, i)
ccall(:sin, Float64, (Float64,), x)
@ccall pow(x::Float64, y::Float64)::Float64
ccall((:f, "lib"), Cvoid, (Ptr{Cvoid}, Cint...), p, 1, 2)
@isdefined x
@isdefined(a.b)
f(x, x = 2)
2x'
-x^2
x^-1
string_value = "a$b$(c)d"
:(a + $b)
:(f($(xs...)))
quote
    x
    $y
end
:x
:(a.$b)
x -> x
A <: B
A >: B
a --> b
[1, 2, 3]
[1 2; 3 4]
[1; 2]
[a...; b]
[a... b; c d]
Int[1 2; 3 4]
Float64[1, 2]
[1 2;;; 3 4]
[1;;2]
[x for x in xs]
Int[f(x) for x in xs]
(x + y for x in a, y in b)
f.(x; k = 1)
f.(x, y...)
@. x
(.+)
x .^ 2
x .&& y .|| z
.!x
.-x
f(g)(x)
x.:y
x."s"
@__LINE__
@__FILE__
@__MODULE__
@eval f() = $x
@doc "text" f(x) = x
"docs"
function documented() end
global g1, g2::Int
global g3 = 4
const C = 1
const C1, C2 = 1, 2
const C3::Int = 3
import A, B.C, ..D
import A: b, c as d
using A.B, .C
using A: @m, +
import A as B
export a, @b, +
public c
