# C's formatted output: `@printf`, `@sprintf`, `Printf.format`.
module Printf

export @printf, @sprintf, Format, format

# One conversion. Width and precision -1: not given; -2: taken from an argument (`*`).
struct Spec
    kind::Char
    left::Bool
    plus::Bool
    space::Bool
    zero::Bool
    alternate::Bool
    width::Int
    precision::Int
end
# Literal pieces around the conversions: one more than those.
struct Format
    pieces::Vector{String}
    specs::Vector{Spec}
    nargs::Int
end

struct InvalidFormatStringError <: Exception
    message::String
    format::String
end
Base.showerror(io::IO, e::InvalidFormatStringError) = print(io, "InvalidFormatStringError: ", e.message, "\n  ", repr(e.format))

function Format(f::AbstractString)
    s = collect(f)
    n = length(s)
    bad(msg) = throw(InvalidFormatStringError(msg, String(f)))
    pieces, specs = String[], Spec[]
    literal = IOBuffer()
    i, nargs = 1, 0
    while i <= n
        c = s[i]
        i += 1
        if c != '%'
            print(literal, c)
            continue
        end
        i <= n || bad("Format specifier is incomplete")
        if s[i] == '%'
            print(literal, '%')
            i += 1
            continue
        end
        left = plus = space = zero = alternate = false
        while i <= n && s[i] in ('-', '+', ' ', '0', '#')
            s[i] == '-' && (left = true)
            s[i] == '+' && (plus = true)
            s[i] == ' ' && (space = true)
            s[i] == '0' && (zero = true)
            s[i] == '#' && (alternate = true)
            i += 1
        end
        width = -1
        if i <= n && s[i] == '*'
            width = -2
            nargs += 1
            i += 1
        else
            while i <= n && isdigit(s[i])
                width = 10 * max(width, 0) + (s[i] - '0')
                i += 1
            end
        end
        precision = -1
        if i <= n && s[i] == '.'
            i += 1
            precision = 0
            if i <= n && s[i] == '*'
                precision = -2
                nargs += 1
                i += 1
            else
                while i <= n && isdigit(s[i])
                    precision = 10 * precision + (s[i] - '0')
                    i += 1
                end
            end
        end
        while i <= n && s[i] in ('h', 'l', 'L', 'q', 'j', 'z', 't')
            i += 1
        end
        i <= n || bad("Format specifier is incomplete")
        kind = s[i]
        i += 1
        kind in ('d', 'i', 'u', 'x', 'X', 'o', 'c', 's', 'f', 'F', 'e', 'E', 'g', 'G', 'a', 'A', 'p', 'n') || bad(string("'", kind, "' is not a valid type specifier"))
        nargs += 1
        push!(pieces, String(take!(literal)))
        push!(specs, Spec(kind, left, plus, space, zero && !left, alternate, width, precision))
    end
    push!(pieces, String(take!(literal)))
    return Format(pieces, specs, nargs)
end

macro format_str(s)
    return Format(unescape_string(s))
end

function format(io::IO, f::Format, args...)
    length(args) == f.nargs || throw(ArgumentError(string("mismatch between # of format specifiers and provided args: ", f.nargs, " != ", length(args))))
    k = 0
    for (i, spec) in enumerate(f.specs)
        print(io, f.pieces[i])
        width, precision = spec.width, spec.precision
        left = spec.left
        if width == -2
            k += 1
            width = Int(args[k])
            width < 0 && ((left, width) = (true, -width))
        end
        if precision == -2
            k += 1
            precision = Int(args[k])
        end
        k += 1
        print(io, pad(render(spec, precision, args[k]), width, left, spec.zero && !left, spec.kind, precision))
    end
    print(io, f.pieces[end])
    return nothing
end
format(f::Format, args...) = sprint(format, f, args...)
format(io::IO, f::AbstractString, args...) = format(io, Format(f), args...)
format(f::AbstractString, args...) = format(Format(f), args...)

# Zeros go between sign or prefix and digits.
function pad(t::String, width::Int, left::Bool, zeros::Bool, kind::Char, precision::Int)
    n = textwidth(t)
    n >= width && return t
    left && return rpad(t, width)
    numeric = kind in ('d', 'i', 'u', 'x', 'X', 'o')
    if zeros && kind != 's' && kind != 'c' && !(numeric && precision >= 0) && !any(c -> c in ('I', 'N'), t)
        k = 0
        t != "" && t[1] in ('-', '+', ' ') && (k = 1)
        startswith(SubString(t, k + 1), r"0[xX]") && (k += 2)
        return string(SubString(t, 1, k), "0"^(width - n), SubString(t, k + 1))
    end
    return lpad(t, width)
end
signed_text(spec, negative, t) = negative ? string("-", t) : spec.plus ? string("+", t) : spec.space ? string(" ", t) : t

function render(spec::Spec, precision::Int, x)
    kind = spec.kind
    if kind in ('d', 'i', 'u')
        return render_integer(spec, precision, x, 10)
    elseif kind == 'x' || kind == 'X'
        x isa AbstractFloat && !isinteger(x) && return render_hexfloat(spec, precision, Float64(x))
        t = render_integer(spec, precision, x, 16)
        return kind == 'X' ? uppercase(t) : t
    elseif kind == 'o'
        return render_integer(spec, precision, x, 8)
    elseif kind == 'c'
        return string(x isa Integer ? Char(x) : x isa AbstractString ? first(x) : Char(x))
    elseif kind == 's'
        t = spec.alternate ? repr(x) : string(x)
        return precision >= 0 ? first(t, precision) : t
    elseif kind == 'p'
        return string("0x", string(UInt(x); base = 16, pad = 16))
    elseif kind == 'n'
        return ""
    end
    return render_float(spec, precision, x)
end
as_integer(x::Integer) = x
as_integer(x::Union{AbstractFloat,Rational}) = isinteger(x) ? BigInt(x) : nothing
as_integer(x::Ptr) = UInt(x)
as_integer(x::AbstractChar) = UInt32(x)
as_integer(x) = Integer(x)
function render_integer(spec::Spec, precision::Int, x, base::Int)
    n = as_integer(x)
    # a number with a fraction is rounded
    n === nothing && return render_float(Spec('f', spec.left, spec.plus, spec.space, spec.zero, spec.alternate, spec.width, 0), 0, x)
    negative = n < 0
    t = n isa BigInt ? string(abs(n); base) : string(magnitude(n); base)
    length(t) < precision && (t = string("0"^(precision - length(t)), t))
    precision == 0 && iszero(n) && (t = "")
    if spec.alternate
        base == 16 && !iszero(n) && (t = string("0x", t))
        base == 8 && !startswith(t, "0") && (t = string("0", t))
    end
    return signed_text(spec, negative, t)
end
magnitude(n::Unsigned) = n
magnitude(n::Bool) = Int(n)
magnitude(n::Signed) = n == typemin(typeof(n)) ? abs(BigInt(n)) : abs(n)
magnitude(n::Integer) = abs(n)

function render_float(spec::Spec, precision::Int, x)
    upper = isuppercase(spec.kind)
    v = x isa Union{BigFloat,BigInt} ? x : float(x)
    if !isfinite(v)
        t = isnan(v) ? "NaN" : "Inf"
        return signed_text(spec, signbit(v) && !isnan(v), t)
    end
    kind = lowercase(spec.kind)
    kind == 'a' && (t = render_hexfloat(spec, precision, Float64(v)); return upper ? uppercase(t) : t)
    p = precision < 0 ? 6 : precision
    negative = signbit(v)
    a = v isa BigFloat ? abs(v) : abs(Float64(v))
    t = if kind == 'f'
        fixed_text(a, p)
    elseif kind == 'e'
        exponent_text(a, p)
    else
        general_text(a, p, spec.alternate)
    end
    spec.alternate && p == 0 && kind == 'f' && (t = string(t, "."))
    spec.alternate && p == 0 && kind == 'e' && (t = replace(t, "e" => ".e"))
    return signed_text(spec, negative, upper ? uppercase(t) : t)
end
fixed_text(a::Float64, p::Int) = Core.Host.float_fixed(a, p)
exponent_text(a::Float64, p::Int) = Core.Host.float_exponential(a, p)
# exact decimal rounding of big floats: half to even
function fixed_text(a::BigFloat, p::Int)
    num = a.exponent >= 0 ? a.mantissa << a.exponent : a.mantissa
    den = a.exponent >= 0 ? BigInt(1) : BigInt(1) << -a.exponent
    num *= BigInt(10)^p
    q, r = divrem(num, den)
    c = cmp(2r, den)
    (c > 0 || c == 0 && isodd(q)) && (q += 1)
    t = string(q)
    p == 0 && return t
    length(t) <= p && (t = string("0"^(p + 1 - length(t)), t))
    return string(SubString(t, 1, length(t) - p), ".", SubString(t, length(t) - p + 1))
end
function exponent_text(a::BigFloat, p::Int)
    t, e = iszero(a) ? ("0"^(p + 1), 0) : Base.big_digits(a, p + 1)
    m = p == 0 ? t : string(SubString(t, 1, 1), ".", SubString(t, 2))
    return string(m, "e", e < 0 ? "-" : "+", lpad(string(abs(e)), 2, "0"))
end
function general_text(a, p::Int, alternate::Bool)
    p == 0 && (p = 1)
    t = exponent_text(a, p - 1)
    k = findfirst('e', t)
    e = parse(Int, SubString(t, k + 1))
    if -4 <= e < p
        t = fixed_text(a, p - 1 - e)
        alternate || (t = drop_zeros(t))
        return t
    end
    m = SubString(t, 1, k - 1)
    return string(alternate ? m : drop_zeros(String(m)), SubString(t, k))
end
drop_zeros(t::String) = occursin('.', t) ? String(rstrip(rstrip(t, '0'), '.')) : t
function render_hexfloat(spec::Spec, precision::Int, x::Float64)
    a = abs(x)
    if iszero(a)
        return signed_text(spec, signbit(x), string("0x0", precision > 0 ? string(".", "0"^precision) : "", "p+0"))
    end
    bits = reinterpret(UInt64, a)
    e = Int(bits >> 52) - 1023
    m = bits & 0x000fffffffffffff
    lead = UInt64(1)
    if e == -1023
        # subnormal: shift the first one up
        k = leading_zeros(m) - 11
        m = (m << k) & 0x000fffffffffffff
        e = -1022 - k
    end
    digits = 13
    if 0 <= precision < 13
        drop = 4 * (13 - precision)
        rest = m & ((UInt64(1) << drop) - 1)
        m >>= drop
        half = UInt64(1) << (drop - 1)
        (rest > half || rest == half && isodd(precision == 0 ? lead : m)) && (m += 1)
        m >> (4 * precision) != 0 && (lead += 1; m &= (UInt64(1) << (4 * precision)) - 1)
        digits = precision
    end
    t = digits == 0 ? "" : string(m; base = 16, pad = digits)
    precision < 0 && (t = String(rstrip(t, '0')))
    precision > 13 && (t = string(t, "0"^(precision - 13)))
    return signed_text(spec, signbit(x), string("0x", lead, isempty(t) ? "" : string(".", t), "p", e < 0 ? "-" : "+", abs(e)))
end

function parsed_format(f, name)
    f isa AbstractString || throw(ArgumentError(string("First argument to `", name, "` after `io` must be a format string")))
    return Format(f)
end
macro printf(io_or_fmt, args...)
    if io_or_fmt isa AbstractString
        fmt = parsed_format(io_or_fmt, "@printf")
        check_count(fmt, args)
        return :(format(stdout, $fmt, $(map(esc, args)...)))
    end
    isempty(args) && throw(ArgumentError("No format string provided to `@printf` - use like `@printf [io] <format string> [<args...>]."))
    fmt = parsed_format(args[1], "@printf")
    check_count(fmt, args[2:end])
    return :(format($(esc(io_or_fmt)), $fmt, $(map(esc, args[2:end])...)))
end
macro sprintf(fmt, args...)
    fmt isa AbstractString || throw(ArgumentError("First argument to `@sprintf` must be a format string."))
    f = Format(fmt)
    check_count(f, args)
    return :(format($f, $(map(esc, args)...)))
end
function check_count(f::Format, args)
    any(a -> a isa Expr && a.head === :..., args) && return nothing
    length(args) == f.nargs || throw(ArgumentError(string("mismatch between # of format specifiers and provided args: ", f.nargs, " != ", length(args))))
    return nothing
end

end
