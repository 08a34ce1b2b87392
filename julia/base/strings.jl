# Strings: UTF-8 bytes with byte indices, substrings as windows, searching, splitting, padding, case.

codeunit(s::String) = UInt8
codeunit(s::AbstractString) = UInt8
ncodeunits(s::String) = Core.sizeof(s)
sizeof(s::String) = Core.sizeof(s)
sizeof(s::AbstractString) = ncodeunits(s)
@inline function codeunit(s::String, i::Integer)
    @boundscheck 1 <= i <= ncodeunits(s) || throw_boundserror(s, i)
    return Core.Host.string_byte(s, Int(i))
end
codeunits(s::String) = CodeUnits(s)
codeunits(s::AbstractString) = CodeUnits(String(s))
struct CodeUnits{T,S<:AbstractString} <: DenseArray{T,1}
    s::S
end
CodeUnits(s::S) where {S<:AbstractString} = CodeUnits{UInt8,S}(s)
size(c::CodeUnits) = (ncodeunits(c.s),)
IndexStyle(::Type{<:CodeUnits}) = IndexLinear()
getindex(c::CodeUnits, i::Int) = codeunit(c.s, i)
Vector{UInt8}(s::AbstractString) = codeunit_vector(s)
Array{UInt8}(s::AbstractString) = codeunit_vector(s)
Vector{UInt8}(c::CodeUnits) = codeunit_vector(c.s)
Vector{Char}(s::AbstractString) = collect(s)
String(v::Vector{UInt8}) = (s = Core.Host.bytes_to_string(v); empty!(v); s)
String(v::AbstractVector{UInt8}) = Core.Host.bytes_to_string(collect(v))
String(c::CodeUnits) = String(c.s)
String(s::String) = s
String(s::Symbol) = Core.Host.symbol_name(s)
String(v::AbstractVector{<:AbstractChar}) = join(v)
String(s::AbstractString) = print_to_string_chars(s)
print_to_string_chars(s) = (io = fresh_buffer(); for c in s; write(io, c); end; Core.Host.bytes_to_string(io.data))
unsafe_string(s::String) = s
convert(::Type{String}, s::AbstractString) = String(s)
convert(::Type{String}, s::String) = s
convert(::Type{T}, s::T) where {T<:AbstractString} = s
convert(::Type{AbstractString}, s::AbstractString) = s
convert(::Type{Symbol}, s::Symbol) = s
promote_rule(::Type{String}, ::Type{<:AbstractString}) = String
isless(a::Symbol, b::Symbol) = isless(string(a), string(b))
==(a::Symbol, b::Symbol) = a === b
gensym() = Core.Host.gensym("")
gensym(s::Union{Symbol,AbstractString}) = Core.Host.gensym(string(s))

# ---- positions ----------------------------------------------------------------------------------

is_continuation(b::UInt8) = b & 0xc0 == 0x80
function isvalid(s::String, i::Integer)
    1 <= i <= ncodeunits(s) || return false
    return Core.Host.string_thisind(s, Int(i)) == i
end
isvalid(s::AbstractString, i::Integer) = (1 <= i <= ncodeunits(s)) && thisind(s, i) == i
isvalid(s::String) = Core.Host.string_is_valid(s)
isvalid(s::AbstractString) = isvalid(String(s))
isvalid(::Type{String}, s) = isvalid(String(s))
thisind(s::AbstractString, i::Integer) = thisind(s, Int(i))
function thisind(s::String, i::Int)
    n = ncodeunits(s)
    i == n + 1 && return i
    i == 0 && return 0
    1 <= i <= n || throw_boundserror(s, i)
    return Core.Host.string_thisind(s, i)
end
nextind(s::AbstractString, i::Integer) = nextind(s, Int(i))
function nextind(s::String, i::Int)
    i == 0 && return 1
    n = ncodeunits(s)
    1 <= i <= n || throw_boundserror(s, i)
    return Core.Host.string_nextind(s, i)
end
nextind(s::AbstractString, i::Integer, n::Integer) = (for _ in 1:n; i = nextind(s, i); end; Int(i))
prevind(s::AbstractString, i::Integer) = prevind(s, Int(i))
function prevind(s::AbstractString, i::Int)
    n = ncodeunits(s)
    1 <= i <= n + 1 || throw_boundserror(s, i)
    return i == 1 ? 0 : thisind(s, i - 1)
end
prevind(s::AbstractString, i::Integer, n::Integer) = (for _ in 1:n; i = prevind(s, i); end; Int(i))
firstindex(s::AbstractString) = 1
lastindex(s::AbstractString) = (n = ncodeunits(s); n == 0 ? 0 : thisind(s, n))
eachindex(s::AbstractString) = EachStringIndex(s)
keys(s::AbstractString) = EachStringIndex(s)
struct EachStringIndex{S<:AbstractString}
    s::S
end
length(e::EachStringIndex) = length(e.s)
first(e::EachStringIndex) = 1
last(e::EachStringIndex) = lastindex(e.s)
eltype(::Type{<:EachStringIndex}) = Int
iterate(e::EachStringIndex, i = 1) = i > ncodeunits(e.s) ? nothing : (i, nextind(e.s, i))
pairs(s::AbstractString) = Pairs(s, eachindex(s))
keytype(::Type{<:AbstractString}) = Int
valtype(::Type{<:AbstractString}) = Char

# ---- characters ---------------------------------------------------------------------------------

@noinline function throw_string_index(s::AbstractString, i::Integer)
    n = ncodeunits(s)
    1 <= i <= n || throw_boundserror(s, i)
    throw(StringIndexError(s, Int(i)))
end
function iterate(s::String, i::Int = 1)
    1 <= i <= ncodeunits(s) || return nothing
    return Core.Host.string_char(s, i), Core.Host.string_nextind(s, i)
end
iterate(s::AbstractString, i::Integer) = iterate(s, Int(i))
function getindex(s::String, i::Int)
    isvalid(s, i) || throw_string_index(s, i)
    return Core.Host.string_char(s, i)
end
getindex(s::AbstractString, i::Integer) = getindex(s, Int(i))
function getindex(s::AbstractString, r::AbstractUnitRange{<:Integer})
    isempty(r) && return ""
    i, j = Int(first(r)), Int(last(r))
    (1 <= i && j <= ncodeunits(s)) || throw_boundserror(s, (r,))
    isvalid(s, i) || throw_string_index(s, i)
    isvalid(s, j) || throw_string_index(s, j)
    return string_between(s, i, nextind(s, j) - 1)
end
string_between(s::String, i, j) = Core.Host.string_slice(s, i, j)
string_between(s::AbstractString, i, j) = String(SubString(s, i, j))
getindex(s::AbstractString, ::Colon) = s
getindex(s::AbstractString, v::AbstractVector{<:Integer}) = join(Char[s[i] for i in v])
length(s::String) = Core.Host.string_length(s)
length(s::AbstractString) = (n = 0; for _ in s; n += 1; end; n)
length(s::AbstractString, i::Integer, j::Integer) = (n = 0; while i <= j; n += 1; i = nextind(s, i); end; n)
isempty(s::AbstractString) = ncodeunits(s) == 0
eltype(::Type{<:AbstractString}) = Char
IteratorSize(::Type{<:AbstractString}) = HasLength()
ndims(::AbstractString) = 1
collect(s::AbstractString) = collect_typed(Char, s, HasLength())
isascii(s::AbstractString) = all(isascii, s)
get(s::AbstractString, i::Integer, default) = isvalid(s, i) ? s[i] : default
checkbounds(::Type{Bool}, s::AbstractString, i::Integer) = 1 <= i <= ncodeunits(s)
checkbounds(s::AbstractString, i) = checkbounds(Bool, s, i) || throw_boundserror(s, i)
first(s::AbstractString) = s[1]
last(s::AbstractString) = s[end]
first(s::AbstractString, n::Integer) = (k = 0; for (j, i) in enumerate(eachindex(s)); j > n && break; k = i; end; k == 0 ? "" : s[1:k])
function last(s::AbstractString, n::Integer)
    L = length(s)
    n >= L && return String(s)
    n == 0 && return ""
    return s[nextind(s, 0, L - Int(n) + 1):end]
end

# ---- comparing ----------------------------------------------------------------------------------

==(a::String, b::String) = a === b
==(a::AbstractString, b::AbstractString) = String(a) === String(b)
cmp(a::AbstractString, b::AbstractString) = Core.Host.string_cmp(String(a), String(b))
isless(a::AbstractString, b::AbstractString) = cmp(a, b) < 0
isequal(a::AbstractString, b::AbstractString) = a == b
hash(s::AbstractString, h::UInt) = Core.Host.hash_string(String(s), h)
*(a::Union{AbstractString,AbstractChar}, b::Union{AbstractString,AbstractChar}...) = string(a, b...)
^(s::Union{AbstractString,AbstractChar}, n::Integer) = repeat(s, n)
one(::Type{<:AbstractString}) = ""
one(::AbstractString) = ""
function repeat(s::AbstractString, n::Integer)
    n < 0 && throw(ArgumentError(string("can't repeat a string ", n, " times")))
    return Core.Host.string_repeat(String(s), Int(n))
end
repeat(c::AbstractChar, n::Integer) = repeat(string(c), n)

# ---- substrings ---------------------------------------------------------------------------------

struct SubString{T<:AbstractString} <: AbstractString
    string::T
    offset::Int
    ncodeunits::Int
end
function SubString(s::T, i::Int, j::Int) where {T<:AbstractString}
    i <= j || return SubString{T}(s, 0, 0)
    (1 <= i && j <= ncodeunits(s)) || throw_boundserror(s, (i:j,))
    isvalid(s, i) || throw_string_index(s, i)
    return SubString{T}(s, i - 1, nextind(s, thisind(s, j)) - i)
end
SubString(s::AbstractString, i::Integer, j::Integer = lastindex(s)) = SubString(s, Int(i), Int(j))
SubString(s::AbstractString, r::AbstractUnitRange{<:Integer}) = SubString(s, first(r), last(r))
SubString(s::AbstractString) = SubString(s, 1, lastindex(s))
SubString(s::SubString, i::Int, j::Int) = i <= j ? SubString(s.string, s.offset + i, s.offset + j) : SubString(s.string, 1, 0)
SubString{T}(s::T) where {T<:AbstractString} = SubString(s)
SubString{String}(s::AbstractString) = SubString(String(s))
convert(::Type{SubString{S}}, s::AbstractString) where {S<:AbstractString} = SubString(convert(S, s))
convert(::Type{SubString{S}}, s::SubString{S}) where {S<:AbstractString} = s
String(s::SubString{String}) = Core.Host.string_slice(s.string, s.offset + 1, s.offset + s.ncodeunits)
ncodeunits(s::SubString) = s.ncodeunits
codeunit(s::SubString, i::Integer) = codeunit(s.string, s.offset + i)
length(s::SubString{String}) = length(String(s))
function iterate(s::SubString, i::Int = 1)
    1 <= i <= ncodeunits(s) || return nothing
    c, j = iterate(s.string, s.offset + i)
    return c, j - s.offset
end
function getindex(s::SubString, i::Int)
    1 <= i <= ncodeunits(s) || throw_boundserror(s, i)
    return s.string[s.offset+i]
end
thisind(s::SubString, i::Int) = i == 0 ? 0 : i == ncodeunits(s) + 1 ? i : (1 <= i <= ncodeunits(s) || throw_boundserror(s, i); thisind(s.string, s.offset + i) - s.offset)
nextind(s::SubString, i::Int) = i == 0 ? 1 : (1 <= i <= ncodeunits(s) || throw_boundserror(s, i); nextind(s.string, s.offset + i) - s.offset)
parent(s::SubString) = s.string
view(s::AbstractString, r::AbstractUnitRange{<:Integer}) = SubString(s, r)
maybeview(s::AbstractString, r::AbstractUnitRange{<:Integer}) = SubString(s, r)

# ---- searching ----------------------------------------------------------------------------------

const StringOrChar = Union{AbstractString,AbstractChar}
find_bytes(needle, hay, from) = Core.Host.string_find(String(hay), string(needle), Int(from))
occursin(needle::StringOrChar, hay::AbstractString) = find_bytes(needle, hay, 1) > 0
occursin(hay) = Fix2(occursin, hay)
contains(hay::AbstractString, needle) = occursin(needle, hay)
contains(needle) = Fix2(contains, needle)
in(c::AbstractChar, s::AbstractString) = any(==(c), s)
in(a::AbstractString, b::AbstractString) = error("use occursin(needle, haystack) for string containment")
function findnext(t::StringOrChar, s::AbstractString, i::Integer)
    k = find_bytes(t, s, i)
    k == 0 && return nothing
    t isa AbstractChar && return k
    return isempty(t) ? (k:k-1) : (k:(k + lastindex(t) - 1))
end
findfirst(t::AbstractString, s::AbstractString) = findnext(t, s, 1)
findfirst(c::AbstractChar, s::AbstractString) = findnext(c, s, 1)
findlast(c::AbstractChar, s::AbstractString) = findlast(==(c), s)
function findlast(t::AbstractString, s::AbstractString)
    r = nothing
    i = 1
    while true
        q = findnext(t, s, i)
        q === nothing && return r
        r = q
        i = nextind(s, first(q))
        i > ncodeunits(s) && return r
    end
end
function findnext(f::Function, s::AbstractString, i::Integer)
    n = ncodeunits(s)
    while i <= n
        f(s[i]) && return Int(i)
        i = nextind(s, i)
    end
    return nothing
end
function findprev(f::Function, s::AbstractString, i::Integer)
    while i >= 1
        f(s[i]) && return Int(i)
        i = prevind(s, i)
    end
    return nothing
end
findprev(c::AbstractChar, s::AbstractString, i::Integer) = findprev(==(c), s, i)
# the last occurrence that ends at `i` or before
function findprev(t::AbstractString, s::AbstractString, i::Integer)
    found = nothing
    for r in findall(t, s; overlap = true)
        last(r) > i && break
        found = r
    end
    return found
end
findfirst(f::Function, s::AbstractString) = findnext(f, s, 1)
findlast(f::Function, s::AbstractString) = findprev(f, s, lastindex(s))
findall(f::Function, s::AbstractString) = Int[i for i in eachindex(s) if f(s[i])]
findall(c::AbstractChar, s::AbstractString) = findall(==(c), s)
function findall(t::AbstractString, s::AbstractString; overlap::Bool = false)
    r = UnitRange{Int}[]
    i = 1
    while i <= ncodeunits(s)
        q = findnext(t, s, i)
        q === nothing && break
        push!(r, q)
        i = overlap || isempty(q) ? nextind(s, first(q)) : nextind(s, last(q))
    end
    return r
end
count(t::StringOrChar, s::AbstractString; overlap::Bool = false) = length(findall(t isa AbstractChar ? string(t) : t, s; overlap))
startswith(s::AbstractString, p::AbstractString) = Core.Host.string_starts_with(String(s), String(p))
startswith(s::AbstractString, c::AbstractChar) = !isempty(s) && first(s) == c
startswith(s::AbstractString, cs) = !isempty(s) && first(s) in cs
startswith(p) = Fix2(startswith, p)
endswith(s::AbstractString, p::AbstractString) = Core.Host.string_ends_with(String(s), String(p))
endswith(s::AbstractString, c::AbstractChar) = !isempty(s) && last(s) == c
endswith(s::AbstractString, cs) = !isempty(s) && last(s) in cs
endswith(p) = Fix2(endswith, p)
chopprefix(s::AbstractString, p::AbstractString) = startswith(s, p) ? SubString(s, 1 + ncodeunits(p)) : SubString(s)
chopsuffix(s::AbstractString, p::AbstractString) = endswith(s, p) && !isempty(p) ? SubString(s, 1, prevind(s, ncodeunits(s) - ncodeunits(p) + 1)) : SubString(s)

# ---- trimming, splitting, joining, padding ------------------------------------------------------

matches_char(f::Function) = f
matches_char(c::AbstractChar) = ==(c)
matches_char(cs) = c -> c in cs
function lstrip(f, s::AbstractString)
    p = matches_char(f)
    for i in eachindex(s)
        p(s[i]) || return SubString(s, i, lastindex(s))
    end
    return SubString(s, lastindex(s) + 1, lastindex(s))
end
function rstrip(f, s::AbstractString)
    p = matches_char(f)
    i = lastindex(s)
    while i >= 1
        p(s[i]) || return SubString(s, 1, i)
        i = prevind(s, i)
    end
    return SubString(s, 1, 0)
end
lstrip(s::AbstractString) = lstrip(isspace, s)
rstrip(s::AbstractString) = rstrip(isspace, s)
lstrip(s::AbstractString, cs) = lstrip(cs, s)
rstrip(s::AbstractString, cs) = rstrip(cs, s)
strip(s::AbstractString) = lstrip(rstrip(s))
strip(f, s::AbstractString) = lstrip(f, rstrip(f, s))
strip(s::AbstractString, cs) = lstrip(rstrip(s, cs), cs)
function chomp(s::AbstractString)
    endswith(s, "\r\n") && return SubString(s, 1, lastindex(s) - 2)
    endswith(s, '\n') && return SubString(s, 1, prevind(s, lastindex(s)))
    return SubString(s)
end
function chop(s::AbstractString; head::Integer = 0, tail::Integer = 1)
    L = length(s)
    head + tail >= L && return SubString(s, 1, 0)
    return SubString(s, nextind(s, 0, head + 1), nextind(s, 0, L - tail))
end
split_positions(s, d::AbstractString, i) = (q = findnext(d, s, i); q === nothing ? nothing : (first(q), isempty(q) ? first(q) : nextind(s, last(q))))
split_positions(s, d, i) = (k = findnext(matches_char(d), s, i); k === nothing ? nothing : (k, nextind(s, k)))
function split(s::AbstractString, d; limit::Integer = 0, keepempty::Bool = true)
    out = SubString{String}[]
    str = s isa SubString{String} ? s : String(s)
    if d == ""
        for (k, i) in enumerate(eachindex(str))
            if limit > 0 && k == limit
                push!(out, SubString(str, i, lastindex(str)))
                return out
            end
            push!(out, SubString(str, i, i))
        end
        return out
    end
    start = 1
    n = ncodeunits(str)
    i = 1
    while i <= n && !(limit > 0 && length(out) == limit - 1)
        p = split_positions(str, d, i)
        p === nothing && break
        a, b = p
        piece = SubString(str, start, a > start ? prevind(str, a) : start - 1)
        (keepempty || !isempty(piece)) && push!(out, piece)
        start = i = b
    end
    piece = start > n ? SubString(str, 1, 0) : SubString(str, start, lastindex(str))
    (keepempty || !isempty(piece)) && push!(out, piece)
    return out
end
split(s::AbstractString; limit::Integer = 0, keepempty::Bool = false) = split(s, isspace; limit, keepempty)
rsplit(s::AbstractString; limit::Integer = 0, keepempty::Bool = false) = rsplit(s, isspace; limit, keepempty)
function rsplit(s::AbstractString, d; limit::Integer = 0, keepempty::Bool = true)
    parts = split(s, d; keepempty)
    (limit <= 0 || length(parts) <= limit) && return parts
    k = length(parts) - limit + 1
    f, l = parts[1], parts[k]
    return vcat(SubString(f.string, f.offset + 1, l.offset + l.ncodeunits), parts[k+1:end])
end
eachsplit(s::AbstractString, args...; kw...) = split(s, args...; kw...)
function join(io::IO, items, delim = "", last = delim)
    y = iterate(items)
    y === nothing && return nothing
    x, st = y
    print(io, x)
    y = iterate(items, st)
    while y !== nothing
        x, st = y
        y = iterate(items, st)
        print(io, y === nothing ? last : delim)
        print(io, x)
    end
    return nothing
end
join(items) = sprint(join, items)
join(items, delim) = sprint(join, items, delim)
join(items, delim, last) = sprint(join, items, delim, last)
function lpad(s, n::Integer, p::StringOrChar = ' ')
    str = string(s)
    m = Int(n) - textwidth(str)
    m <= 0 && return str
    return string(pad_text(p, m), str)
end
function rpad(s, n::Integer, p::StringOrChar = ' ')
    str = string(s)
    m = Int(n) - textwidth(str)
    m <= 0 && return str
    return string(str, pad_text(p, m))
end
function pad_text(p, m::Int)
    w = textwidth(p)
    q, r = divrem(m, w)
    return r == 0 ? repeat(p, q) : string(repeat(p, q), first(string(p), r))
end
textwidth(s::AbstractString) = sum(textwidth, s; init = 0)
textwidth(c::AbstractChar) = Core.Host.char_width(Char(c))

function replace(s::AbstractString, ps::Pair...; count::Integer = typemax(Int))
    count < 0 && throw(DomainError(count, "`count` must be non-negative."))
    str = String(s)
    io = fresh_buffer()
    i = 1
    n = ncodeunits(str)
    done = 0
    while i <= n
        best = nothing
        bestp = nothing
        if done < count
            for p in ps
                q = find_pattern(p.first, str, i)
                if q !== nothing && (best === nothing || first(q) < first(best))
                    best = q
                    bestp = p
                end
            end
        end
        best === nothing && break
        first(best) > i && write(io, Core.Host.string_slice(str, i, first(best) - 1))
        write_replacement(io, bestp.second, isempty(best) ? "" : SubString(str, first(best), last(best)), bestp.first)
        done += 1
        if isempty(best)
            j = first(best)
            j <= n && write(io, str[j])
            i = j <= n ? nextind(str, j) : j + 1
        else
            i = nextind(str, last(best))
        end
    end
    i <= n && write(io, Core.Host.string_slice(str, i, n))
    if i == n + 1 && done < count
        # the empty place at the end
        k = findfirst(p -> (q = find_pattern(p.first, str, i); q !== nothing && isempty(q)), ps)
        k === nothing || write_replacement(io, ps[k].second, "", ps[k].first)
    end
    return Core.Host.bytes_to_string(io.data)
end
find_pattern(p::AbstractString, s, i) = findnext(p, s, i)
find_pattern(p::AbstractChar, s, i) = (k = findnext(p, s, i); k === nothing ? nothing : (k:k))
find_pattern(p, s, i) = (k = findnext(matches_char(p), s, i); k === nothing ? nothing : (k:k))
write_replacement(io, r::StringOrChar, m, pat) = print(io, r)
write_replacement(io, f::Function, m, pat) = print(io, f(pat isa Union{AbstractChar,Function} ? first(m) : m))
write_replacement(io, r, m, pat) = print(io, r)

uppercase(s::AbstractString) = Core.Host.string_upper(String(s))
lowercase(s::AbstractString) = Core.Host.string_lower(String(s))
uppercasefirst(s::AbstractString) = isempty(s) ? "" : string(uppercase(first(s)), SubString(s, nextind(s, 1)))
lowercasefirst(s::AbstractString) = isempty(s) ? "" : string(lowercase(first(s)), SubString(s, nextind(s, 1)))
function titlecase(s::AbstractString; strict::Bool = true)
    io = fresh_buffer()
    start = true
    for c in s
        if isletter(c)
            print(io, start ? uppercase(c) : strict ? lowercase(c) : c)
            start = false
        else
            print(io, c)
            start = true
        end
    end
    return Core.Host.bytes_to_string(io.data)
end
reverse(s::AbstractString) = Core.Host.string_reverse(String(s))
map(f, s::AbstractString) = sprint(io -> for c in s
    r = f(c)
    r isa AbstractChar || throw(ArgumentError("map(f, s::AbstractString) requires f to return AbstractChar; try map(f, collect(s)) or a comprehension instead"))
    print(io, r)
end)
filter(f, s::AbstractString) = sprint(io -> for c in s
    f(c) && print(io, c)
end)
foreach(f, s::AbstractString) = (for c in s; f(c); end; nothing)
function ascii(s::AbstractString)
    for (i, c) in pairs(s)
        isascii(c) || throw(ArgumentError(string("invalid ASCII at index ", i, " in ", repr(s))))
    end
    return String(s)
end
function unescape_string(s::AbstractString)
    return Core.Host.unescape(String(s))
end

# ---- escapes ------------------------------------------------------------------------------------

escape_string(s::AbstractString) = escape_string(s, "\"")
escape_string(s::AbstractString, esc) = Core.Host.escape(String(s), string(esc...))
escape_string(io::IO, s::AbstractString, esc = "") = print(io, escape_string(s, esc))
show(io::IO, s::AbstractString) = print(io, '"', escape_string(s, "\"\$"), '"')
macro r_str(s, flags...)
    r = Regex(s, isempty(flags) ? "" : flags[1])   # a pattern that is none is an error here
    return :(Regex($s, $(r.flags)))
end
macro raw_str(s)
    return s
end
macro b_str(s)
    return :(CodeUnits($(unescape_string(s))))
end
macro v_str(s)
    return :(VersionNumber($s))
end

eachrsplit(s::AbstractString, args...; kw...) = reverse(rsplit(s, args...; kw...))
reverseind(s::AbstractString, i::Integer) = thisind(s, ncodeunits(s) - i + 1)
transcode(::Type{String}, b::AbstractVector{UInt8}) = String(copy(b))
transcode(::Type{String}, s::AbstractString) = String(s)
transcode(::Type{UInt8}, s::AbstractString) = codeunit_vector(s)
transcode(::Type{UInt32}, s::AbstractString) = UInt32[codepoint(c) for c in s]
function transcode(::Type{UInt16}, s::AbstractString)
    units = UInt16[]
    for c in s
        u = codepoint(c)
        u < 0x10000 ? push!(units, u) : push!(units, 0xd7c0 + (u >> 10), 0xdc00 | (u & 0x3ff))
    end
    return units
end
function transcode(::Type{String}, units::AbstractVector{UInt16})
    out = fresh_buffer()
    i = 1
    while i <= length(units)
        u = UInt32(units[i])
        if u & 0xfc00 == 0xd800 && i < length(units) && units[i+1] & 0xfc00 == 0xdc00
            i += 1
            u = (u - 0xd7c0) << 10 | UInt32(units[i] & 0x3ff)
        end
        print(out, Char(u))
        i += 1
    end
    return String(take!(out))
end
transcode(::Type{String}, units::AbstractVector{UInt32}) = String(Char.(units))
bytes2hex(bytes::AbstractVector{UInt8}) = join(string(b; base = 16, pad = 2) for b in bytes)
bytes2hex(bytes) = bytes2hex(collect(UInt8, bytes))
bytes2hex(io::IO, bytes) = print(io, bytes2hex(bytes))
function hex2bytes!(out::AbstractVector{UInt8}, s)
    b = hex2bytes(s)
    length(b) == length(out) || throw(ArgumentError("length of byte array must match half of length of string"))
    return copyto!(out, b)
end
hex2bytes(s::AbstractString) = hex2bytes(codeunits(String(s)))
function hex2bytes(s::AbstractVector{UInt8})
    isodd(length(s)) && throw(ArgumentError("length of iterable must be even"))
    return UInt8[hex_nibble(s[i]) << 4 | hex_nibble(s[i+1]) for i in 1:2:length(s)]
end
function hex_nibble(b::UInt8)
    v = digit_value(Char(b), 16)
    v < 16 || throw(ArgumentError("byte is not an ASCII hexadecimal digit"))
    return UInt8(v)
end
