# Arithmetic that may be reassociated and that takes NaN and Inf not to occur.

module FastMath

export @fastmath

import ..Base: IEEEFloat, add_float_fast, sub_float_fast, mul_float_fast, div_float_fast, rem_float_fast, neg_float_fast,
    eq_float_fast, ne_float_fast, lt_float_fast, le_float_fast, sqrt_llvm_fast

add_fast(x::T, y::T) where {T<:IEEEFloat} = add_float_fast(x, y)
sub_fast(x::T, y::T) where {T<:IEEEFloat} = sub_float_fast(x, y)
mul_fast(x::T, y::T) where {T<:IEEEFloat} = mul_float_fast(x, y)
div_fast(x::T, y::T) where {T<:IEEEFloat} = div_float_fast(x, y)
rem_fast(x::T, y::T) where {T<:IEEEFloat} = rem_float_fast(x, y)
sub_fast(x::IEEEFloat) = neg_float_fast(x)
eq_fast(x::T, y::T) where {T<:IEEEFloat} = eq_float_fast(x, y)
ne_fast(x::T, y::T) where {T<:IEEEFloat} = ne_float_fast(x, y)
lt_fast(x::T, y::T) where {T<:IEEEFloat} = lt_float_fast(x, y)
le_fast(x::T, y::T) where {T<:IEEEFloat} = le_float_fast(x, y)
gt_fast(x, y) = lt_fast(y, x)
ge_fast(x, y) = le_fast(y, x)
sqrt_fast(x::IEEEFloat) = sqrt_llvm_fast(x)
min_fast(x, y) = ifelse(lt_fast(y, x), y, x)
max_fast(x, y) = ifelse(lt_fast(y, x), x, y)
minmax_fast(x, y) = ifelse(lt_fast(y, x), (y, x), (x, y))
add_fast(x::Number, y::Number) = fast_promoted(add_fast, +, promote(x, y)...)
sub_fast(x::Number, y::Number) = fast_promoted(sub_fast, -, promote(x, y)...)
mul_fast(x::Number, y::Number) = fast_promoted(mul_fast, *, promote(x, y)...)
div_fast(x::Number, y::Number) = fast_promoted(div_fast, /, promote(x, y)...)
rem_fast(x::Number, y::Number) = fast_promoted(rem_fast, rem, promote(x, y)...)
fast_promoted(f, op, x::T, y::T) where {T<:IEEEFloat} = f(x, y)
fast_promoted(f, op, x, y) = op(x, y)
add_fast(x, y) = x + y
sub_fast(x, y) = x - y
mul_fast(x, y) = x * y
div_fast(x, y) = x / y
rem_fast(x, y) = rem(x, y)
sub_fast(x) = -x
add_fast(x) = x
add_fast(x, y, z, more...) = add_fast(add_fast(x, y), z, more...)
mul_fast(x, y, z, more...) = mul_fast(mul_fast(x, y), z, more...)
min_fast(x, y, z, more...) = min_fast(min_fast(x, y), z, more...)
max_fast(x, y, z, more...) = max_fast(max_fast(x, y), z, more...)
eq_fast(x, y) = x == y
ne_fast(x, y) = x != y
lt_fast(x, y) = x < y
le_fast(x, y) = x <= y
cmp_fast(x, y) = ifelse(x == y, 0, ifelse(x < y, -1, 1))
isnan_fast(x) = false
isinf_fast(x) = false
isfinite_fast(x) = true
sqrt_fast(x) = sqrt(x)
abs_fast(x) = abs(x)
inv_fast(x) = div_fast(one(x), x)
sign_fast(x) = sign(x)
pow_fast(x, y) = x^y
pow_fast(x::IEEEFloat, y::Integer) = x^y
@inline pow_fast(x, ::Val{p}) where {p} = Base.literal_pow(^, x, Val(p))

const fast_names = Dict{Symbol,Symbol}(
    :+ => :add_fast, :- => :sub_fast, :* => :mul_fast, :/ => :div_fast, :% => :rem_fast, :rem => :rem_fast,
    :(==) => :eq_fast, :(!=) => :ne_fast, :≠ => :ne_fast, :< => :lt_fast, :(<=) => :le_fast, :≤ => :le_fast, :> => :gt_fast, :(>=) => :ge_fast, :≥ => :ge_fast,
    :min => :min_fast, :max => :max_fast, :minmax => :minmax_fast, :cmp => :cmp_fast, :isnan => :isnan_fast, :isinf => :isinf_fast, :isfinite => :isfinite_fast,
    :sqrt => :sqrt_fast, :abs => :abs_fast, :inv => :inv_fast, :sign => :sign_fast, :^ => :pow_fast)
const fast_updates = Dict{Symbol,Symbol}(:+= => :add_fast, :-= => :sub_fast, :*= => :mul_fast, :/= => :div_fast, :%= => :rem_fast, :^= => :pow_fast)

make_fast(ex) = ex
make_fast(s::Symbol) = haskey(fast_names, s) ? GlobalRef(FastMath, fast_names[s]) : s
function make_fast(ex::Expr)
    (ex.head === :quote || ex.head === :inert || ex.head === :macrocall) && return ex
    if ex.head === :call && length(ex.args) == 3 && ex.args[1] === :^ && ex.args[3] isa Integer
        return Expr(:call, GlobalRef(FastMath, :pow_fast), make_fast(ex.args[2]), Expr(:call, GlobalRef(Base, :Val), ex.args[3]))
    elseif haskey(fast_updates, ex.head)
        target = ex.args[1]
        # only plain variables and indexing by side-effect free expressions are updated in place
        return Expr(:(=), target, Expr(:call, GlobalRef(FastMath, fast_updates[ex.head]), make_fast_operand(target), make_fast(ex.args[2])))
    elseif ex.head === :(=) || ex.head === :kw
        return Expr(ex.head, ex.args[1] isa Symbol ? ex.args[1] : make_fast(ex.args[1]), map(make_fast, ex.args[2:end])...)
    end
    return Expr(ex.head, map(make_fast, ex.args)...)
end
make_fast_operand(s::Symbol) = s
make_fast_operand(ex) = make_fast(ex)

macro fastmath(ex)
    return esc(make_fast(ex))
end

end

using .FastMath
