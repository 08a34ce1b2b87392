# Arithmetic that reports overflow instead of wrapping.

module Checked

import ..Base: BitInteger, BitSigned, BitUnsigned, power_by_squaring, checked_sadd_int, checked_uadd_int, checked_ssub_int,
    checked_usub_int, checked_smul_int, checked_umul_int

export checked_neg, checked_abs, checked_add, checked_sub, checked_mul, checked_div, checked_rem,
    checked_fld, checked_mod, checked_cld, checked_pow, checked_length, add_with_overflow, sub_with_overflow, mul_with_overflow

add_with_overflow(x::T, y::T) where {T<:BitSigned} = checked_sadd_int(x, y)
add_with_overflow(x::T, y::T) where {T<:BitUnsigned} = checked_uadd_int(x, y)
add_with_overflow(x::Bool, y::Bool) = (x + y, false)
sub_with_overflow(x::T, y::T) where {T<:BitSigned} = checked_ssub_int(x, y)
sub_with_overflow(x::T, y::T) where {T<:BitUnsigned} = checked_usub_int(x, y)
sub_with_overflow(x::Bool, y::Bool) = (x - y, false)
mul_with_overflow(x::T, y::T) where {T<:BitSigned} = checked_smul_int(x, y)
mul_with_overflow(x::T, y::T) where {T<:BitUnsigned} = checked_umul_int(x, y)
mul_with_overflow(x::Bool, y::Bool) = (x * y, false)

@noinline throw_binary(op, x, y) = throw(OverflowError(string(x, " ", op, " ", y, " overflowed for type ", typeof(x))))
@noinline throw_negation(x) = throw(OverflowError(string("checked arithmetic: cannot compute -x for x = ", x, "::", typeof(x))))
@noinline throw_absolute(x) = throw(OverflowError(string("checked arithmetic: cannot compute |x| for x = ", x, "::", typeof(x))))

@inline function checked_add(x::T, y::T) where {T<:BitInteger}
    r = add_with_overflow(x, y)
    r[2] && throw_binary(:+, x, y)
    return r[1]
end
@inline function checked_sub(x::T, y::T) where {T<:BitInteger}
    r = sub_with_overflow(x, y)
    r[2] && throw_binary(:-, x, y)
    return r[1]
end
@inline function checked_mul(x::T, y::T) where {T<:BitInteger}
    r = mul_with_overflow(x, y)
    r[2] && throw_binary(:*, x, y)
    return r[1]
end
# Types that cannot overflow, and mixed arguments.
checked_add(x::Integer, y::Integer) = of_common_type(checked_add, +, x, y)
checked_sub(x::Integer, y::Integer) = of_common_type(checked_sub, -, x, y)
checked_mul(x::Integer, y::Integer) = of_common_type(checked_mul, *, x, y)
of_common_type(f, op, x::T, y::T) where {T<:Integer} = op(x, y)
of_common_type(f, op, x, y) = f(promote(x, y)...)
checked_add(x) = x
checked_add(x::Bool) = Int(x)
checked_mul(x) = x
checked_add(x, y, z, more...) = checked_add(checked_add(x, y), z, more...)
checked_mul(x, y, z, more...) = checked_mul(checked_mul(x, y), z, more...)
checked_neg(x::T) where {T<:BitUnsigned} = x == zero(T) ? x : throw_negation(x)
checked_neg(x::T) where {T<:BitSigned} = x == typemin(T) ? throw_binary(:-, zero(T), x) : -x
checked_neg(x::Integer) = -x
checked_abs(x::BitUnsigned) = x
checked_abs(x::T) where {T<:BitSigned} = x == typemin(T) ? throw_absolute(x) : abs(x)
checked_abs(x::Integer) = abs(x)
checked_div(x::Integer, y::Integer) = div(x, y)
checked_rem(x::Integer, y::Integer) = rem(x, y)
checked_fld(x::Integer, y::Integer) = fld(x, y)
checked_mod(x::Integer, y::Integer) = mod(x, y)
checked_cld(x::Integer, y::Integer) = cld(x, y)
function checked_pow(x::T, p::Integer) where {T<:Integer}
    p == 0 && return one(x)
    p < 0 && return power_by_squaring(x, p)
    r, b, e = one(x), x, p
    while true
        rem(e, 2) == 1 && (r = checked_mul(r, b))
        e = div(e, 2)
        e == 0 && return r
        b = checked_mul(b, b)
    end
end
checked_length(r) = length(r)

end

using .Checked
