# How values print: `show` for literals' form, `show(io, MIME"text/plain"(), x)` for the prompt's form.

# ---- scalars ------------------------------------------------------------------------------------

show(io::IO, ::Nothing) = print(io, "nothing")
show(io::IO, ::Missing) = print(io, "missing")
show(io::IO, b::Bool) = print(io, nonmissing_type(get(io, :typeinfo, Any)) === Bool ? (b ? "1" : "0") : (b ? "true" : "false"))
show(io::IO, n::Signed) = (write(io, string(n)); nothing)
show(io::IO, n::Unsigned) = print(io, "0x", string(n; pad = 2 * sizeof(n), base = 16))
print(io::IO, n::Unsigned) = print(io, string(n))
print(io::IO, b::Bool) = print(io, b ? "true" : "false")
string(b::Bool) = b ? "true" : "false"
string(x::Union{Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128}) = Core.Host.integer_string(x, 10, 1)
function string(n::Integer; base::Integer = 10, pad::Integer = 1)
    2 <= base <= 62 || throw(DomainError(base, "base must satisfy 2 ≤ abs(base) ≤ 62"))
    return Core.Host.integer_string(n isa Bool ? Int(n) : n, Int(base), Int(pad))
end
bitstring(x) = Core.Host.bits_string(x)
bin_digits(n, pad) = string(n; base = 2, pad)

function show(io::IO, x::Union{Float16,Float32,Float64})
    compact = get(io, :compact, false)
    if compact || get(io, :typeinfo, Any) === typeof(x)
        # the type shows elsewhere; the letter of a Float32's exponent stays
        s = compact ? Core.Host.float_string_compact(x) : Core.Host.float_string(x)
        write(io, x isa Float32 && isfinite(x) ? replace(s, 'e' => 'f') : s)
    else
        write(io, float_literal(x))
    end
    return nothing
end
print(io::IO, x::Union{Float16,Float32,Float64}) = (write(io, get(io, :compact, false) ? Core.Host.float_string_compact(x) : Core.Host.float_string(x)); nothing)
string(x::Union{Float16,Float32,Float64}) = Core.Host.float_string(x)
float_literal(x::Float64) = Core.Host.float_string(x)
function float_literal(x::Float32)
    isnan(x) && return "NaN32"
    isinf(x) && return x > 0 ? "Inf32" : "-Inf32"
    s = Core.Host.float_string(x)
    return occursin('e', s) ? replace(s, 'e' => 'f') : string(s, "f0")
end
function float_literal(x::Float16)
    isnan(x) && return "NaN16"
    isinf(x) && return x > 0 ? "Inf16" : "-Inf16"
    return string("Float16(", Core.Host.float_string(x), ")")
end


function show(io::IO, c::AbstractChar)
    print(io, '\'', Core.Host.escape_char(Char(c)), '\'')
end
function show(io::IO, ::MIME"text/plain", c::Char)
    show(io, c)
    get(io, :compact, false) && return nothing
    code = category_code(c)
    if ismalformed(c)
        print(io, ": Malformed UTF-8")
    else
        print(io, ": ", isascii(c) ? "ASCII/" : "", "Unicode U+", uppercase(string(UInt32(c); base = 16, pad = 4)))
    end
    abbreviation, words = code == 31 ? ("Ma", "Malformed, bad data") : category_names[code+1]
    print(io, " (category ", abbreviation, ": ", words, ")")
end
const category_names = (
    ("Cn", "Other, not assigned"), ("Lu", "Letter, uppercase"), ("Ll", "Letter, lowercase"), ("Lt", "Letter, titlecase"),
    ("Lm", "Letter, modifier"), ("Lo", "Letter, other"), ("Mn", "Mark, nonspacing"), ("Mc", "Mark, spacing combining"),
    ("Me", "Mark, enclosing"), ("Nd", "Number, decimal digit"), ("Nl", "Number, letter"), ("No", "Number, other"),
    ("Pc", "Punctuation, connector"), ("Pd", "Punctuation, dash"), ("Ps", "Punctuation, open"), ("Pe", "Punctuation, close"),
    ("Pi", "Punctuation, initial quote"), ("Pf", "Punctuation, final quote"), ("Po", "Punctuation, other"), ("Sm", "Symbol, math"),
    ("Sc", "Symbol, currency"), ("Sk", "Symbol, modifier"), ("So", "Symbol, other"), ("Zs", "Separator, space"),
    ("Zl", "Separator, line"), ("Zp", "Separator, paragraph"), ("Cc", "Other, control"), ("Cf", "Other, format"),
    ("Cs", "Other, surrogate"), ("Co", "Other, private use"), ("Ci", "Invalid, too high"))
const keyword_names = ("baremodule", "begin", "break", "catch", "const", "continue", "do", "else", "elseif", "end", "export", "finally",
    "for", "function", "global", "if", "import", "let", "local", "macro", "module", "quote", "return", "struct", "try", "using", "while")
function show(io::IO, s::Symbol)
    name = string(s)
    if name in (":", "::", ":=", "=", "==", "===", "=>")
        # what would read as a continuation after a colon
        print(io, ":(", name, ")")
    elseif Core.Host.is_identifier(name) || name in keyword_names || Core.Host.is_operator(s) && name != "'"
        print(io, ":", name)
    else
        print(io, "Symbol(", repr(name), ")")
    end
end
function show(io::IO, z::Complex)
    r, i = reim(z)
    compact = get(io, :compact, false)
    show(io, r)
    if signbit(i) && !isnan(i)
        print(io, compact ? "-" : " - ")
        if isa(i, Signed) && !isa(i, BigInt) && i == typemin(typeof(i))
            show(io, -widen(i))
        else
            show(io, -i)
        end
    else
        print(io, compact ? "+" : " + ")
        show(io, i)
    end
    (isa(i, Integer) && !isa(i, Bool) || isa(i, AbstractFloat) && isfinite(i)) || print(io, "*")
    print(io, "im")
end
show(io::IO, z::Complex{Bool}) = print(io, z == im ? "im" : string("Complex(", z.re, ",", z.im, ")"))
print(io::IO, z::Complex{Bool}) = show(io, z)
function show(io::IO, q::Rational)
    show(io, numerator(q))
    # among rationals, a whole number needs no denominator
    isone(denominator(q)) && known_rational(get(io, :typeinfo, Any)) && return nothing
    print(io, "//")
    show(io, denominator(q))
end
known_rational(T) = T isa Type && T !== Union{} && nonmissing_type(T) <: Rational
nonmissing_type(T) = T isa Union ? nonmissingtype(T) : T
show(io::IO, x::AbstractIrrational) = print(io, irrational_name(x))
show(io::IO, ::MIME"text/plain", x::AbstractIrrational) = print(io, irrational_name(x), " = ", Core.Host.irrational_digits(irrational_name(x))[1:15], "...")
irrational_name(::Irrational{s}) where {s} = string(s)
show(io::IO, n::BigInt) = print(io, string(n))
show(io::IO, x::BigFloat) = print(io, string(x))

# ---- pairs, tuples ----------------------------------------------------------------------

# `a => b` says the types of its sides where they are those of the values, or where the context knows them
reads_as_pair(io, p::Pair{K,V}) where {K,V} = typeof(p.first) === K && typeof(p.second) === V || get(io, :typeinfo, Any) === typeof(p)
function show(io::IO, p::Pair)
    reads_as_pair(io, p) || return show_default(io, p)
    ti = get(io, :typeinfo, Any)
    k, v = p isa ti && ti <: Pair && isconcretetype(ti) ? fieldtypes(ti) : (Any, Any)
    show_pair_side(IOContext(io, :typeinfo => k), p.first)
    print(io, get(io, :compact, false) ? "=>" : " => ")
    show_pair_side(IOContext(io, :typeinfo => v), p.second)
end
function show_pair_side(io, x)
    wrap = x isa Pair && reads_as_pair(io, x) || x isa Function && Core.Host.is_operator(nameof(x))
    wrap && print(io, "(")
    show(io, x)
    wrap && print(io, ")")
    return nothing
end
function show(io::IO, t::Tuple)
    ti = get(io, :typeinfo, Any)
    known = t isa ti && ti <: Tuple && ti isa DataType
    print(io, "(")
    inner = IOContext(io, :SHOWN_SET => t)
    for i in 1:length(t)
        i > 1 && print(io, ", ")
        show(IOContext(inner, :typeinfo => known ? fieldtype(ti, i) : ti), t[i])
    end
    length(t) == 1 && print(io, ",")
    print(io, ")")
end
function show(io::IO, nt::NamedTuple)
    ti = get(io, :typeinfo, Any)
    known = nt isa ti && ti isa DataType && ti <: NamedTuple
    length(nt) == 0 && return print(io, "NamedTuple()")
    if !all(i -> typeof(getfield(nt, i)) === fieldtype(typeof(nt), i), 1:nfields(nt))
        # the short form would lose the declared types
        show(io, typeof(nt))
        print(io, "(")
        show(io, Tuple(nt))
        return print(io, ")")
    end
    print(io, "(")
    for (i, k) in enumerate(keys(nt))
        i > 1 && print(io, ", ")
        show_field_name(io, k)
        print(io, " = ")
        show(IOContext(io, :typeinfo => known ? fieldtype(ti, i) : Any), nt[i])
    end
    length(nt) == 1 && print(io, ",")
    print(io, ")")
end
show_field_name(io, s::Symbol) = (n = string(s); Core.Host.is_identifier(n) || Core.Host.is_operator(s) ? print(io, n) : print(io, "var", repr(n)))
function show(io::IO, x::Some)
    get(io, :typeinfo, Any) == typeof(x) && return show(io, x.value)
    print(io, "Some(")
    show(io, x.value)
    print(io, ")")
end

# ---- structs, functions, modules, types ---------------------------------------------------------

show(io::IO, x) = show_default(io, x)
function show_default(io::IO, x)
    T = typeof(x)
    show(io, T)
    print(io, "(")
    n = nfields(x)
    if n == 0 && Core.Host.isprimitivetype(T)
        print(io, "0x", Core.Host.bits_hex(x))
    end
    show_circular(io, x) && return print(io, ")")
    inner = IOContext(io, :SHOWN_SET => x, :typeinfo => Any)
    for i in 1:n
        i > 1 && print(io, ", ")
        if isdefined(x, i)
            show(inner, getfield(x, i))
        else
            print(io, "#undef")
        end
    end
    print(io, ")")
    return nothing
end
# Says so, where the object is being shown already.
show_circular(io::IO, x) = false
function show_circular(io::IOContext, x)
    depth = 0
    for k in length(io.dict):-1:1
        p = io.dict[k]
        p.first === :SHOWN_SET || continue
        depth += 1
        if p.second === x
            print(io, "#= circular reference @-", depth, " =#")
            return true
        end
    end
    return false
end
# `print` gives the name alone; `show` what evaluates to the function.
print(io::IO, f::Function) = print(io, Core.Host.is_generic_function(f) ? Core.Host.function_name(f) : closure_name(f))
# the type of a closure is named `#name#number`, and `#number#number` where there is no name
function closure_name(f)
    parts = split(string(nameof(typeof(f))), '#')
    length(parts) < 3 && return string(nameof(typeof(f)))
    return all(isdigit, parts[2]) ? string('#', parts[2]) : String(parts[2])
end
function show(io::IO, f::Function)
    Core.Host.is_generic_function(f) || return show_default(io, f)
    name, m = Core.Host.function_name(f), parentmodule(typeof(f))
    get(io, :compact, false) && return print(io, name)
    (isdefined(m, name) && getglobal(m, name) === f) || return show_default(io, f)
    (m === Base || m === Core) && isexported(m, name) || get(io, :module, nothing) === m || print(io, m, ".")
    show_field_name(io, name)
end
function show(io::IO, ::MIME"text/plain", f::Function)
    get(io, :compact, false) && return show(io, f)
    n = length(methods(f))
    name = sprint(print, f)
    own = Core.Host.is_generic_function(f) || '#' in name
    print(io, own ? name : string("(::", typeof(f), ")"), startswith(name, '@') ? " (macro with " : " (generic function with ", n, n == 1 ? " method)" : " methods)")
end
show(io::IO, f::ComposedFunction) = (show(io, f.outer); print(io, " ∘ "); show(io, f.inner))
# what `!f` makes reads as it was written
show(io::IO, f::ComposedFunction{typeof(!)}) = (print(io, "!"); show(io, f.inner))
show(io::IO, f::ComposedFunction{typeof(!),<:ComposedFunction}) = (print(io, "!("); show(io, f.inner); print(io, ")"))
show(io::IO, ::MIME"text/plain", f::ComposedFunction) = show(io, f)
show(io::IO, ::Colon) = print(io, "Colon()")
show(io::IO, ::MIME"text/plain", f::Colon) = show(io, f)
show(io::IO, f::Core.Builtin) = print(io, Core.Host.function_name(f))
show(io::IO, ::MIME"text/plain", f::Core.Builtin) = print(io, Core.Host.function_name(f), " (built-in function)")
show(io::IO, f::Core.IntrinsicFunction) = print(io, Core.Host.function_name(f))
show(io::IO, m::Module) = print(io, Core.Host.module_path(m))
show(io::IO, T::Type) = print(io, Core.Host.type_string(T))
show(io::IO, T::TypeVar) = print(io, Core.Host.type_string(T))
show(io::IO, T::Core.TypeofVararg) = print(io, Core.Host.type_string(T))
function show(io::IO, ::MIME"text/plain", T::Type)
    s = Core.Host.type_string(T)
    print(io, s)
    full = Core.Host.type_string_unaliased(T)
    s == full || T isa Union || print(io, " (alias for ", full, ")")
    # the type of a function that has a name
    if T isa DataType && T <: Function && isconcretetype(T) && fieldcount(T) == 0 && startswith(s, "typeof(") && get(io, :compact, false) === false
        print(io, " (singleton type of function ", chop(s; head = 7, tail = 1), ", subtype of Function)")
    end
end
print(io::IO, T::Type) = show(io, T)
show(io::IO, v::Core.SimpleVector) = (print(io, "svec("); join(io, map(repr, collect(v)), ", "); print(io, ")"))
show(io::IO, ::UndefInitializer) = print(io, "UndefInitializer()")
show(io::IO, p::Ptr) = print(io, typeof(p), " @0x", string(UInt(p); base = 16, pad = 16))
show(io::IO, r::RefValue) = (print(io, typeof(r), "("); isdefined(r, :x) ? show(IOContext(io, :typeinfo => Any), r.x) : print(io, "#undef"); print(io, ")"))
show(io::IO, m::Method) = print(io, Core.Host.method_string(m))
show(io::IO, ::MIME"text/plain", m::Method) = show(io, m)
# ---- summaries ----------------------------------------------------------------------------------

summary(io::IO, x) = print(io, typeof(x))
summary(io::IO, s::AbstractString) = print(io, isempty(s) ? "empty" : string(ncodeunits(s), "-codeunit"), " ", typeof(s))
summary(x) = sprint(summary, x)
# ---- @show --------------------------------------------------------------------------------------

macro show(exs...)
    blk = Expr(:block)
    for ex in exs
        push!(blk.args, :(println($(string(show_unquoted_string(ex), " = ")), repr(begin local value = $(esc(ex)) end))))
    end
    isempty(exs) || push!(blk.args, :value)
    return blk
end
show_unquoted_string(ex) = Core.Host.expr_string(ex)
