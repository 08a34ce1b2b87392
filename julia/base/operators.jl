# Comparison, composition and the n-ary forms of operators.

# ---- order --------------------------------------------------------------------------------------

<(x, y) = isless(x, y)
>(x, y) = y < x
<=(x, y) = (x < y) | (x == y)
>=(x, y) = y <= x
const ≤ = <=
const ≥ = >=
isgreater(x, y) = isunordered(x) || isunordered(y) ? isless(x, y) : isless(y, x)
isunordered(x) = false
isunordered(x::AbstractFloat) = isnan(x)
isunordered(x::Missing) = true
cmp(x, y) = isless(x, y) ? -1 : ifelse(isless(y, x), 1, 0)
max(x, y) = ifelse(isless(y, x), x, y)
min(x, y) = ifelse(isless(y, x), y, x)
minmax(x, y) = isless(y, x) ? (y, x) : (x, y)
max(x) = x
min(x) = x

isless(::Missing, ::Missing) = false
isless(::Missing, ::Any) = false
isless(::Any, ::Missing) = true
isequal(::Missing, ::Missing) = true
isequal(::Missing, ::Any) = false
isequal(::Any, ::Missing) = false

# ---- partial application ------------------------------------------------------------------------

struct Fix1{F,T} <: Function
    f::F
    x::T
    Fix1(f::F, x) where {F} = new{F,typeof(x)}(f, x)
    Fix1(f::Type{F}, x) where {F} = new{Type{F},typeof(x)}(f, x)
end
(f::Fix1)(y) = f.f(f.x, y)
struct Fix2{F,T} <: Function
    f::F
    x::T
    Fix2(f::F, x) where {F} = new{F,typeof(x)}(f, x)
    Fix2(f::Type{F}, x) where {F} = new{Type{F},typeof(x)}(f, x)
end
(f::Fix2)(y) = f.f(y, f.x)
isequal(x) = Fix2(isequal, x)
==(x) = Fix2(==, x)
!=(x) = Fix2(!=, x)
>=(x) = Fix2(>=, x)
<=(x) = Fix2(<=, x)
>(x) = Fix2(>, x)
<(x) = Fix2(<, x)

# `splat(f)((a, b)) == f(a, b)`
struct Splat{F} <: Function
    f::F
    Splat(f) = new{Core.Typeof(f)}(f)
end
(s::Splat)(args) = s.f(args...)
splat(f) = Splat(f)

struct Returns{V} <: Function
    value::V
    Returns{V}(value) where {V} = new{V}(value)
    Returns(value) = new{Core.Typeof(value)}(value)
end
(r::Returns)(args...; kw...) = r.value

struct ComposedFunction{O,I} <: Function
    outer::O
    inner::I
    ComposedFunction{O,I}(outer, inner) where {O,I} = new{O,I}(outer, inner)
    ComposedFunction(outer, inner) = new{Core.Typeof(outer),Core.Typeof(inner)}(outer, inner)
end
(c::ComposedFunction)(x...; kw...) = c.outer(c.inner(x...; kw...))
∘(f) = f
∘(f, g) = ComposedFunction(f, g)
∘(f, g, h...) = ∘(f ∘ g, h...)
!(f::Function) = (!) ∘ f
!(f::ComposedFunction{typeof(!)}) = f.inner

# ---- membership ---------------------------------------------------------------------------------

in(x) = Fix2(in, x)
function in(x, itr)
    anymissing = false
    for y in itr
        v = (y == x)
        if ismissing(v)
            anymissing = true
        elseif v
            return true
        end
    end
    return anymissing ? missing : false
end
const ∈ = in
∉(x, itr) = !∈(x, itr)
∉(itr) = Fix2(∉, itr)
∋(itr, x) = ∈(x, itr)
∋(x) = Fix2(∋, x)
∌(itr, x) = !∋(itr, x)

# ---- n-ary operators ----------------------------------------------------------------------------

# Folds from the left over arguments; unrolls under inference.
@inline afoldl(op, a) = a
@inline afoldl(op, a, b) = op(a, b)
@inline afoldl(op, a, b, c...) = afoldl(op, op(a, b), c...)

@inline +(a, b, c, xs...) = afoldl(+, (a + b) + c, xs...)
@inline *(a, b, c, xs...) = afoldl(*, (a * b) * c, xs...)
@inline (&)(a, b, c, xs...) = afoldl(&, (a & b) & c, xs...)
@inline |(a, b, c, xs...) = afoldl(|, (a | b) | c, xs...)
@inline xor(a, b, c, xs...) = afoldl(xor, xor(xor(a, b), c), xs...)
@inline min(a, b, c, xs...) = afoldl(min, min(min(a, b), c), xs...)
@inline max(a, b, c, xs...) = afoldl(max, max(max(a, b), c), xs...)
const ⊻ = xor
nand(x...) = ~(&)(x...)
nor(x...) = ~(|)(x...)
const ⊼ = nand
const ⊽ = nor

\(x, y) = (y' / x')'
# Exponent literals reach `^` through here, so that small constant powers unroll.
@inline literal_pow(f, x, ::Val{p}) where {p} = f(x, p)

isapprox(y; kw...) = x -> isapprox(x, y; kw...)
const ≈ = isapprox
≉(a, b; kw...) = !≈(a, b; kw...)

adjoint(x::Number) = conj(x)
transpose(x::Number) = x
