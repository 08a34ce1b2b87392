1 = 2
f(x) += 1
break
function f1() continue end
function f2(a, a) end
function f3(a; a = 1) end
function f4(a, b = 1, c) end
function f5(a..., b) end
function f6(x::T) where T; T = 1 end
function f7(x); local x = 1; end
function f8(x); global x = 1; end
function f9(); local y; global y; end
function f10(); const z = 1; end
const w
function f11(); struct S end end
function f12(); module M end end
function f13(); using A; end
new(1)
struct S1; x; x; end
struct S2; x; S2(a) = new(a, a, a); end
struct S3{T}; x::T; S3(a) = new(a); end
struct S4; x = 1; end
struct S5{T, T} end
x...
f(a = 1, a = 2)
(a = 1, a = 2)
$x
macro m(; k = 1) end
_ + 1
@goto nowhere
function f14(); @label a; @label a; end
function f15(); @goto inside; try; @label inside; catch; end; end
for outer k in 1:3; end
function f16(); x::Int = 1; x::Float64 = 2; end
(a, b) += 1
[a b] = c
a, b..., c... = d
f17(x) = (global g17() = x)
ccall(f, Int, (Int,), 1)
ccall(:f, Int, (Int, Int), 1)
@cfunction(f, Int, (Int,))
function f18(); import A; export b; end
[return 1 for i in 1:2]
f19(x.y) = 1
f20(; x.y = 1) = 1
T where 1
struct S6; const x; end
function f21(); T = Int; g(x::T) = x; end
x = 3; <: 4
{1, 2}
f(a; b = 1, 3)
let 1; end
function f22(); global gt::Int = 1; end
let c1 = 1; const c1 = 2; end
@simd while true end
type_error{T = 1}
function f23(x) break; y = end_; 1 = 2; end
