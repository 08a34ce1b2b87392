# Numbers from text.

@noinline throw_bad_digit(c::Char, base, s) = throw(ArgumentError(string("invalid base ", base, " digit ", repr(c), " in ", repr(s))))

# What is wrong with `s`, which is no integer of base `base`.
@noinline function throw_no_integer(T, s::String, base::Int)
    t = strip(s)
    isempty(t) && throw(ArgumentError(isempty(s) ? "input string is empty or only contains whitespace" :
                                      "input string is empty or only contains whitespace"))
    i = 1
    first(t) in ('+', '-') && (i = nextind(t, i))
    i > ncodeunits(t) && throw(ArgumentError(string("premature end of integer: ", repr(s))))
    b = base
    if base == 0
        b = 10
        if t[i] == '0' && i < ncodeunits(t)
            k = t[i+1]
            b = k == 'x' ? 16 : k == 'o' ? 8 : k == 'b' ? 2 : 10
            b == 10 || (i += 2)
            i > ncodeunits(t) && throw(ArgumentError(string("premature end of integer: ", repr(s))))
        end
    end
    while i <= ncodeunits(t)
        c = t[i]
        if isspace(c)
            all(isspace, SubString(t, i)) || throw(ArgumentError(string("extra characters after whitespace in ", repr(s))))
            break
        end
        digit_value(c, b) < b || throw_bad_digit(c, b, s)
        i = nextind(t, i)
    end
    throw(ArgumentError(string("invalid base ", b, " integer ", repr(s))))
end
function digit_value(c::AbstractChar, base::Int)
    '0' <= c <= '9' && return c - '0'
    'A' <= c <= 'Z' && return c - 'A' + 10
    'a' <= c <= 'z' && return c - 'a' + (base <= 36 ? 10 : 36)
    return typemax(Int)
end
@noinline throw_parse_base(b) = throw(ArgumentError(string("invalid base: base must be 2 ≤ base ≤ 62, got ", b)))

function parse(::Type{T}, s::AbstractString; base::Union{Nothing,Integer} = nothing) where {T<:Integer}
    r = parse_integer(T, String(s), base)
    if r === :overflow
        T <: Unsigned && startswith(lstrip(s), '-') && throw_bad_digit('-', base === nothing ? 10 : Int(base), String(s))
        throw(OverflowError(string("overflow parsing ", repr(String(s)))))
    end
    r === nothing && throw_no_integer(T, String(s), base === nothing ? 0 : Int(base))
    return r::T
end
function tryparse(::Type{T}, s::AbstractString; base::Union{Nothing,Integer} = nothing) where {T<:Integer}
    r = parse_integer(T, String(s), base)
    return r isa T ? r : nothing
end
function parse_integer(::Type{T}, s::String, base) where {T<:Integer}
    b = base === nothing ? 0 : Int(base)
    (b == 0 || 2 <= b <= 62) || throw_parse_base(b)
    return Core.Host.parse_int(T, s, b)
end
function parse_integer(::Type{BigInt}, s::String, base)
    t = strip(s)
    negative = startswith(t, '-')
    (negative || startswith(t, '+')) && (t = SubString(t, 2))
    b = base === nothing ? 10 : Int(base)
    2 <= b <= 62 || throw_parse_base(b)
    if base === nothing && ncodeunits(t) > 2 && t[1] == '0'
        k = t[2]
        b = k == 'x' ? 16 : k == 'o' ? 8 : k == 'b' ? 2 : 10
        b == 10 || (t = SubString(t, 3))
    end
    (isempty(t) || any(c -> digit_value(c, b) >= b, t)) && return nothing
    n = Core.Host.big_parse(String(t), b)
    n === nothing && return nothing
    return negative ? -n : n
end
function parse_integer(::Type{Bool}, s::String, base)
    t = strip(s)
    t == "true" && return true
    t == "false" && return false
    t == "1" && return true
    t == "0" && return false
    return nothing
end
function parse(::Type{Bool}, s::AbstractString)
    isempty(strip(s)) && throw(ArgumentError("input string is empty or only contains whitespace"))
    r = parse_integer(Bool, String(s), nothing)
    r === nothing && throw(ArgumentError(string("invalid Bool representation: ", repr(String(strip(s))))))
    return r
end
function parse(::Type{T}, c::AbstractChar; base::Integer = 10) where {T<:Integer}
    2 <= base <= 62 || throw(ArgumentError(string("invalid base: base must be 2 ≤ base ≤ 62, got ", base)))
    d = digit_value(c, Int(base))
    d < base || throw(ArgumentError(string("invalid base ", base, " digit ", repr(c))))
    return convert(T, d)
end
function tryparse(::Type{T}, c::AbstractChar; base::Integer = 10) where {T<:Integer}
    d = digit_value(c, Int(base))
    return d < base ? convert(T, d) : nothing
end
parse(::Type{Integer}, s::AbstractString; kw...) = parse(Int, s; kw...)

tryparse(::Type{T}, s::AbstractString) where {T<:Union{Float16,Float32,Float64}} = Core.Host.parse_float(T, String(s))::Union{Nothing,T}
tryparse(::Type{AbstractFloat}, s::AbstractString) = tryparse(Float64, s)
function tryparse(::Type{BigFloat}, s::AbstractString)
    t = lowercase(strip(s))
    negative = startswith(t, '-')
    (negative || startswith(t, '+')) && (t = SubString(t, 2))
    t in ("inf", "infinity") && return big_special(negative ? -1 : 1)
    t == "nan" && return big_special(2)
    e = 0
    k = findfirst(c -> c == 'e' || c == 'p', t)
    if k !== nothing
        t[k] == 'p' && return nothing
        x = tryparse(Int, SubString(t, k + 1))
        x === nothing && return nothing
        e = x
        t = SubString(t, 1, k - 1)
    end
    k = findfirst(==('.'), t)
    if k !== nothing
        e -= ncodeunits(t) - k
        t = string(SubString(t, 1, k - 1), SubString(t, k + 1))
    end
    (isempty(t) || !all(isdigit, t)) && return nothing
    return big_from_decimal(t, e, negative)
end
function parse(::Type{T}, s::AbstractString) where {T<:AbstractFloat}
    r = tryparse(T, s)
    r === nothing && throw(ArgumentError(isempty(strip(s)) ? "input string is empty or only contains whitespace" :
                                         string("cannot parse ", repr(String(s)), " as ", T)))
    return r
end
parse(::Type{AbstractFloat}, s::AbstractString) = parse(Float64, s)

# `a+bim` and its shorter forms
function tryparse(::Type{Complex{T}}, s::AbstractString) where {T<:Real}
    t = String(filter(c -> !isspace(c), s))
    isempty(t) && return nothing
    ends = endswith(t, "im") ? 2 : endswith(t, "i") || endswith(t, "j") ? 1 : 0
    if ends == 0
        r = tryparse(T, t)
        return r === nothing ? nothing : Complex{T}(r)
    end
    body = SubString(t, 1, ncodeunits(t) - ends)
    endswith(body, "*") && (body = SubString(body, 1, ncodeunits(body) - 1))
    k = findlast(c -> c == '+' || c == '-', body)
    while k !== nothing && k > 1 && body[k-1] in ('e', 'E', 'f', 'p')
        k = findprev(c -> c == '+' || c == '-', body, k - 1)
    end
    if k === nothing || k == 1
        i = imaginary_part(T, body)
        return i === nothing ? nothing : Complex{T}(zero(T), i)
    end
    r = tryparse(T, SubString(body, 1, k - 1))
    i = imaginary_part(T, SubString(body, k))
    return r === nothing || i === nothing ? nothing : Complex{T}(r, i)
end
imaginary_part(T, t) = t == "" || t == "+" ? one(T) : t == "-" ? -one(T) : tryparse(T, t)
function parse(::Type{Complex{T}}, s::AbstractString) where {T<:Real}
    r = tryparse(Complex{T}, s)
    r === nothing && throw(ArgumentError(string("cannot parse ", repr(String(s)), " as ", Complex{T})))
    return r
end
function tryparse(::Type{Rational{T}}, s::AbstractString) where {T<:Integer}
    k = findfirst("//", s)
    if k === nothing
        n = tryparse(T, s)
        return n === nothing ? nothing : Rational{T}(n)
    end
    n = tryparse(T, SubString(s, 1, first(k) - 1))
    d = tryparse(T, SubString(s, last(k) + 1))
    return n === nothing || d === nothing ? nothing : n // d
end
function parse(::Type{Rational{T}}, s::AbstractString) where {T<:Integer}
    r = tryparse(Rational{T}, s)
    r === nothing && throw(ArgumentError(string("cannot parse ", repr(String(s)), " as ", Rational{T})))
    return r
end
