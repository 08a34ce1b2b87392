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

# ---- ranges, pairs, tuples ----------------------------------------------------------------------

show(io::IO, r::AbstractRange) = (show(io, first(r)); print(io, ":"); show(io, step(r)); print(io, ":"); show(io, last(r)))
show(io::IO, r::AbstractUnitRange) = (show(io, first(r)); print(io, ":"); show(io, last(r)))
show(io::IO, r::OneTo) = print(io, "Base.OneTo(", r.stop, ")")
show(io::IO, r::LinRange) = (print(io, "LinRange{", eltype(r), "}("); show(io, first(r)); print(io, ", "); show(io, last(r)); print(io, ", ", length(r), ")"))
function show(io::IO, r::StepRangeLen)
    if !iszero(step(r))
        show(io, first(r)); print(io, ":"); show(io, step(r)); print(io, ":"); show(io, last(r))
    else
        print(io, "StepRangeLen("); show(io, first(r)); print(io, ", "); show(io, step(r)); print(io, ", ", length(r), ")")
    end
end
show(io::IO, ::MIME"text/plain", r::AbstractRange) = show(io, r)
function show(io::IO, ::MIME"text/plain", r::LinRange)
    print(io, summary(r))
    isempty(r) && return
    print(io, ":\n ")
    for (i, x) in enumerate(r)
        i > 1 && print(io, ", ")
        show(IOContext(io, :typeinfo => eltype(r)), x)
    end
end
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
show(io::IO, x::Some) = (print(io, "Some("); show(io, x.value); print(io, ")"))
function show(io::IO, p::Pairs)
    print(io, "pairs(")
    show(io, parent_of_pairs(p))
    print(io, ")")
end
parent_of_pairs(p::Pairs) = getfield(p, :data)

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
end
print(io::IO, T::Type) = show(io, T)
show(io::IO, v::Core.SimpleVector) = (print(io, "svec("); join(io, map(repr, collect(v)), ", "); print(io, ")"))
show(io::IO, ::UndefInitializer) = print(io, "UndefInitializer()")
show(io::IO, p::Ptr) = print(io, typeof(p), " @0x", string(UInt(p); base = 16, pad = 16))
show(io::IO, r::RefValue) = (print(io, typeof(r), "("); isdefined(r, :x) ? show(IOContext(io, :typeinfo => Any), r.x) : print(io, "#undef"); print(io, ")"))
show(io::IO, m::Method) = print(io, Core.Host.method_string(m))
show(io::IO, ::MIME"text/plain", m::Method) = show(io, m)
dump(x; kw...) = dump(stdout, x; kw...)
function dump(io::IO, x; maxdepth::Integer = 8, indent = "")
    T = typeof(x)
    if x isa Symbol
        print(io, "Symbol ", x)
    elseif x isa AbstractString
        print(io, "String ", repr(x))
    elseif x isa Type
        print(io, x)
    elseif nfields(x) == 0 || x isa Number && Core.Host.isprimitivetype(T)
        print(io, T, " ")
        show(io, x)
    elseif x isa Array
        print(io, "Array{", eltype(x), "}(", size(x), ")")
        for (i, v) in enumerate(x)
            print(io, "\n", indent, "  ", i, ": ")
            dump(io, v; indent = string(indent, "  "))
        end
        isempty(indent) && println(io)
        return nothing
    else
        print(io, T)
        for f in fieldnames(T)
            print(io, "\n", indent, "  ", f, ": ")
            isdefined(x, f) ? dump(io, getfield(x, f); indent = string(indent, "  ")) : print(io, "#undef")
        end
    end
    isempty(indent) && println(io)
    return nothing
end

# ---- summaries ----------------------------------------------------------------------------------

summary(io::IO, x) = print(io, typeof(x))
summary(io::IO, s::AbstractString) = print(io, isempty(s) ? "empty" : string(ncodeunits(s), "-codeunit"), " ", typeof(s))
summary(x) = sprint(summary, x)
dims2string(d) = length(d) == 0 ? "0-dimensional" : length(d) == 1 ? string(d[1], "-element") : join(map(string, d), '×')
summary(io::IO, a::AbstractArray) = (print(io, dims2string(size(a)), " "); showarg(io, a, true))
showarg(io::IO, x, top) = print(io, top ? string(typeof(x)) : string("::", typeof(x)))
function showarg(io::IO, v::SubArray, top)
    print(io, "view(")
    showarg(io, parent(v), false)
    for i in parentindices(v)
        print(io, ", ", i isa Slice ? ":" : repr(i))
    end
    print(io, ")")
    top && print(io, " with eltype ", eltype(v))
end
function showarg(io::IO, a::ReshapedArray, top)
    print(io, "reshape(")
    showarg(io, a.parent, false)
    print(io, ", ", join(a.dims, ", "), ")")
    top && print(io, " with eltype ", eltype(a))
end
function showarg(io::IO, a::ReinterpretArray{T}, top) where {T}
    print(io, "reinterpret(", T, ", ")
    showarg(io, parent(a), false)
    print(io, ")")
end
function showarg(io::IO, a::PermutedDimsArray{T,N,perm}, top) where {T,N,perm}
    print(io, "PermutedDimsArray(")
    showarg(io, parent(a), false)
    print(io, ", ", perm, ")")
    top && print(io, " with eltype ", eltype(a))
end
function showarg(io::IO, a::Adjoint, top)
    top && return print(io, "adjoint(", sprint(showarg, a.parent, false), ") with eltype ", eltype(a))
    print(io, "adjoint("); showarg(io, a.parent, false); print(io, ")")
end
function showarg(io::IO, a::Transpose, top)
    top && return print(io, "transpose(", sprint(showarg, a.parent, false), ") with eltype ", eltype(a))
    print(io, "transpose("); showarg(io, a.parent, false); print(io, ")")
end
summary(io::IO, d::AbstractDict) = print(io, typeof(d), " with ", length(d), length(d) == 1 ? " entry" : " entries")
summary(io::IO, s::AbstractSet) = print(io, typeof(s), " with ", length(s), length(s) == 1 ? " element" : " elements")
summary(io::IO, s::KeySet) = print(io, "KeySet for a ", typeof(s.dict), " with ", length(s), length(s) == 1 ? " entry. Keys" : " entries. Keys")

# ---- arrays in one line -------------------------------------------------------------------------

# Types that values in brackets have by themselves, so that they need no prefix.
type_is_implicit(T) = T === Float64 || T === Int || T === Char || T === String || T === Symbol || Core.Host.isghosttype(T) ||
    (isconcretetype(T) && ((T <: Array && type_is_implicit(eltype(T))) ||
     ((T <: Tuple || T <: NamedTuple || T <: Pair) && all(type_is_implicit, fieldtypes(T))) ||
     (T <: AbstractDict && type_is_implicit(keytype(T)) && type_is_implicit(valtype(T)))))
# the type of the elements of what the context says is being shown; `nothing` if it says nothing of elements
context_eltype(T) = T === Union{} ? nothing : T <: AbstractArray || T <: AbstractDict || T <: AbstractSet ? eltype(T) : nothing
# What stands before the bracket or parenthesis, and whether the elements must say their types themselves.
function typeinfo_prefix(io, X)
    ti = get(io, :typeinfo, Any)
    X isa ti || (ti = Any)
    ctx = context_eltype(ti)
    E = eltype(X)
    if X isa AbstractDict
        short = string(nameof(typeof(X)))
        E === ctx && return short, false
        !isempty(X) && type_is_implicit(keytype(X)) && type_is_implicit(valtype(X)) && return short, true
        return string(typeof(X)), false
    end
    E === ctx && return "", false
    !isempty(X) && type_is_implicit(E) && return "", true
    return string(E), false
end
function show(io::IO, a::AbstractArray)
    ndims(a) == 0 && return (print(io, "fill("); show(io, a[]); print(io, ")"))
    ndims(a) == 1 && return show_vector(io, a)
    p, implicit = typeinfo_prefix(io, a)
    inner = implicit ? io : IOContext(io, :typeinfo => eltype(a))
    isempty(a) && return show_empty(inner, a)
    print(io, p, "[")
    show_nd_body(inner, a, ndims(a), ())
    print(io, "]")
end
show_empty(io, a::Array) = print(io, typeof(a), "(undef, ", join(size(a), ", "), ")")
show_empty(io, a) = summary(io, a)
function show_vector(io, v, open = "[", close = "]")
    p, implicit = typeinfo_prefix(io, v)
    print(io, p)
    show_vector_body(implicit ? io : IOContext(io, :typeinfo => eltype(v)), v, open, close)
end
# rows are joined by spaces, columns by `;`, higher dimensions by more semicolons
function show_nd_body(io, a, d, tail_idx)
    if d == 2
        for i in axes(a, 1)
            i > 1 && print(io, "; ")
            for j in axes(a, 2)
                j > 1 && print(io, " ")
                show_element(io, a, i, j, tail_idx...)
            end
        end
        # a single column would read as a vector
        size(a, 2) == 1 && isempty(tail_idx) && ndims(a) == 2 && print(io, ";;")
    else
        for k in axes(a, d)
            k > 1 && print(io, repeat(";", d), " ")
            show_nd_body(io, a, d - 1, (k, tail_idx...))
        end
        # nothing follows that would tell the last dimension
        d == ndims(a) && size(a, d) == 1 && print(io, repeat(";", d))
    end
end
show_element(io, a, I...) = isassigned(a, I...) ? show(io, a[I...]) : print(io, "#undef")
function show_vector_body(io, a, open, close)
    print(io, open)
    n = length(a)
    show_circular(io, a) && return print(io, close)
    inner = IOContext(io, :SHOWN_SET => a)
    limited = get(io, :limit, false) && n > 20
    for (k, i) in enumerate(a isa AbstractArray ? eachindex(a) : a)
        if limited && k == 11
            print(io, "  …  ")
            continue
        end
        limited && 11 < k <= n - 10 && continue
        (k > 1 && !(limited && k == n - 9)) && print(io, ", ")
        a isa AbstractArray ? show_element(inner, a, i) : show(inner, i)
    end
    print(io, close)
end
show(io::IO, r::CodeUnits) = show(io, collect(r))

# ---- arrays at the prompt -----------------------------------------------------------------------

# how far an element reaches left and right of its alignment point
element_alignment(s, x) = (0, textwidth(s))
element_alignment(s, x::Integer) = (textwidth(s), 0)
element_alignment(s, x::Bool) = (textwidth(s), 0)
function element_alignment(s, x::Real)
    k = findfirst(c -> c == '.' || c == 'e' || c == 'f', s)
    k === nothing && return (textwidth(s), 0)
    return (k - 1, textwidth(s) - k + 1)
end
function element_alignment(s, x::Rational)
    k = findfirst("//", s)
    k === nothing && return (textwidth(s), 0)
    return (first(k) + 0, textwidth(s) - first(k))
end
function element_alignment(s, x::Complex)
    # the sign between the parts
    k = findnext(c -> c == '+' || c == '-', s, 2)
    while k !== nothing && k > 1 && s[k-1] == 'e'
        k = findnext(c -> c == '+' || c == '-', s, k + 1)
    end
    k === nothing && return (textwidth(s), 0)
    return (k - 1, textwidth(s) - k + 1)
end
element_alignment(s, x::Missing) = (textwidth(s), 0)
element_alignment(s, x::Nothing) = (0, textwidth(s))
function element_alignment(s, x::Pair)
    k = findfirst(" => ", s)
    k === nothing && return (0, textwidth(s))
    return (textwidth(SubString(s, 1, first(k))), textwidth(s) - textwidth(SubString(s, 1, first(k))))
end

function show_columns(io::IO, a, rows, cols, at, pre = " ", sep = "  ")
    ctx = IOContext(io, :typeinfo => eltype(a), :compact => length(cols) > 1 || get(io, :compact, false))
    limit = get(io, :limit, false)
    h, w = displaysize(io)
    shown_rows = rows
    elide_rows = limit && length(rows) > h - 4
    top = elide_rows ? (h - 4 + 1) ÷ 2 : length(rows)
    bottom = elide_rows ? (h - 4) ÷ 2 : 0
    rowlist = elide_rows ? vcat(rows[1:top], rows[end-bottom+1:end]) : collect(rows)
    cells = Matrix{String}(undef, length(rowlist), length(cols))
    lefts = Matrix{Int}(undef, length(rowlist), length(cols))
    L, R = zeros(Int, length(cols)), zeros(Int, length(cols))
    for (q, j) in enumerate(cols), (p, i) in enumerate(rowlist)
        if at_assigned(a, at(i, j))
            x = a[at(i, j)...]
            # what the prompt shows of one, where that is a line; the plain form gives the alignment
            s = sprint(show, x; context = ctx)
            l, r = element_alignment(s, x)
            rich = sprint(show, MIME("text/plain"), x; context = ctx)
            occursin('\n', rich) || (s = rich)
        else
            s = "#undef"
            l, r = 0, 6
        end
        cells[p, q] = s
        lefts[p, q] = l
        L[q] = max(L[q], l)
        R[q] = max(R[q], r)
    end
    # columns that do not fit are elided in the middle
    colpick = collect(1:length(cols))
    gap = 0
    if limit
        total = length(pre) + sum(L) + sum(R) + length(sep) * (length(cols) - 1)
        if total > w
            room = w - length(pre) - 5
            left, used = 0, 0
            half = room ÷ 2
            while left < length(cols) && used + L[left+1] + R[left+1] + length(sep) <= half + (room - 2half)
                left += 1
                used += L[left] + R[left] + length(sep)
            end
            right, usedr = 0, 0
            while right < length(cols) - left && usedr + L[end-right] + R[end-right] + length(sep) <= half
                right += 1
                usedr += L[end-right+1] + R[end-right+1] + length(sep)
            end
            colpick = vcat(1:left, length(cols)-right+1:length(cols))
            gap = left
        end
    end
    for p in 1:length(rowlist)
        if elide_rows && p == top + 1
            print(io, pre)
            for (k, q) in enumerate(colpick)
                width = L[q] + R[q]
                print(io, rpad(lpad("⋮", L[q] == 0 ? 1 : L[q]), k == length(colpick) ? 0 : width))
                k < length(colpick) && print(io, gap > 0 && k == gap ? "  ⋱  " : sep)
            end
            println(io)
        end
        print(io, pre)
        for (k, q) in enumerate(colpick)
            print(io, repeat(" ", L[q] - lefts[p, q]), cells[p, q])
            if k < length(colpick)
                print(io, repeat(" ", max(0, R[q] - (textwidth(cells[p, q]) - lefts[p, q]))))
                print(io, gap > 0 && k == gap ? (p == 1 || p == length(rowlist) ? "  …  " : "     ") : sep)
            end
        end
        p < length(rowlist) && println(io)
    end
end
at_assigned(a, I) = isassigned(a, I...)
isassigned(a::AbstractArray, c::CartesianIndex) = isassigned(a, c.I...)

function show(io::IO, ::MIME"text/plain", a::AbstractArray)
    isempty(a) && (a isa Vector || get(io, :compact, false)) && return show(io, a)
    summary(io, a)
    isempty(a) && return nothing
    if ndims(a) == 0
        print(io, ":\n")
        show(IOContext(io, :typeinfo => eltype(a)), a[])
        return nothing
    end
    print(io, ":\n")
    if ndims(a) == 1
        show_columns(io, a, axes(a, 1), 1:1, (i, j) -> (i,))
    elseif ndims(a) == 2
        show_columns(io, a, axes(a, 1), axes(a, 2), (i, j) -> (i, j))
    else
        firstslice = true
        for K in CartesianIndices(ntuple(k -> size(a, k + 2), ndims(a) - 2))
            firstslice || print(io, "\n\n")
            firstslice = false
            print(io, "[:, :, ", join(K.I, ", "), "] =\n")
            show_columns(io, a, axes(a, 1), axes(a, 2), (i, j) -> (i, j, K.I...))
        end
    end
    return nothing
end
function show(io::IO, m::MIME"text/plain", a::CodeUnits)
    show(io, m, collect(a))
end

# ---- dictionaries and sets ----------------------------------------------------------------------

function show(io::IO, d::AbstractDict)
    print(io, typeinfo_prefix(io, d)[1], "(")
    if !isempty(d) && !show_circular(io, d)
        inner = IOContext(io, :SHOWN_SET => d, :typeinfo => eltype(d))
        limit = get(io, :limit, false)
        for (n, p) in enumerate(d)
            n > 1 && print(io, ", ")
            show(inner, p)
            limit && n >= 10 && (print(io, "…"); break)
        end
    end
    print(io, ")")
end
function show(io::IO, ::MIME"text/plain", d::AbstractDict)
    isempty(d) && return (summary(io, d); print(io, ""); nothing)
    summary(io, d)
    print(io, ":")
    ks = String[sprint(show, k; context = IOContext(io, :typeinfo => keytype(d))) for k in keys(d)]
    w = maximum(textwidth, ks)
    for (s, v) in zip(ks, values(d))
        print(io, "\n  ", rpad(s, w), " => ")
        show(IOContext(io, :typeinfo => valtype(d)), v)
    end
end
function show(io::IO, s::AbstractSet)
    isempty(s) && return print(io, get(io, :typeinfo, Any) === typeof(s) ? nameof(typeof(s)) : typeof(s), "()")
    print(io, nameof(typeof(s)), "(")
    show_vector(io, s)
    print(io, ")")
end
function show(io::IO, ::MIME"text/plain", s::AbstractSet)
    isempty(s) && return (print(io, typeof(s), "()"); nothing)
    summary(io, s)
    print(io, ":")
    for x in s
        print(io, "\n  ")
        show(IOContext(io, :typeinfo => eltype(s)), x)
    end
end
show(io::IO, s::Union{KeySet,ValueIterator}) = show_vector(io, s)
function show(io::IO, ::MIME"text/plain", v::ValueIterator)
    print(io, "ValueIterator for a ", typeof(v.dict), " with ", length(v), length(v) == 1 ? " entry" : " entries", ". Values:")
    for x in v
        print(io, "\n  ")
        show(io, x)
    end
end
show(io::IO, g::Generator) = (print(io, "Base.Generator("); show(io, g.f); print(io, ", "); show(io, g.iter); print(io, ")"))

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
