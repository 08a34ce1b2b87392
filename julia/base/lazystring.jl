# Strings made when they are needed, and texts with a MIME type of their own.

mutable struct LazyString <: AbstractString
    parts::Any
    text::Union{Nothing,String}
    LazyString(parts...) = new(parts, nothing)
end
function String(l::LazyString)
    l.text === nothing && (l.text = string(l.parts...))
    return l.text::String
end
ncodeunits(l::LazyString) = ncodeunits(String(l))
codeunit(l::LazyString, i::Integer) = codeunit(String(l), i)
isvalid(l::LazyString, i::Integer) = isvalid(String(l), i)
thisind(l::LazyString, i::Int) = thisind(String(l), i)
nextind(l::LazyString, i::Int) = nextind(String(l), i)
getindex(l::LazyString, i::Int) = getindex(String(l), i)
iterate(l::LazyString, i::Int = 1) = iterate(String(l), i)
length(l::LazyString) = length(String(l))
string(l::LazyString) = String(l)
macro lazy_str(text)
    ex = Meta.parse(string('"', escape_string(text), '"'))
    parts = ex isa Expr && ex.head === :string ? map(esc, ex.args) : Any[ex]
    return :(LazyString($(parts...)))
end

struct Text{T}
    content::T
end
show(io::IO, t::Text) = print(io, "Text{", typeof(t.content), "}(", repr(t.content), ")")
print(io::IO, t::Text) = print(io, t.content)
show(io::IO, ::MIME"text/plain", t::Text) = print(io, t.content)
struct HTML{T}
    content::T
end
macro text_str(s)
    return :(Text($s))
end
macro html_str(s)
    return :(HTML($s))
end

# `s"…"`: what replaces a match, with `\\1` for its groups.
struct SubstitutionString <: AbstractString
    string::String
end
ncodeunits(s::SubstitutionString) = ncodeunits(s.string)
codeunit(s::SubstitutionString, i::Integer) = codeunit(s.string, i)
isvalid(s::SubstitutionString, i::Integer) = isvalid(s.string, i)
thisind(s::SubstitutionString, i::Int) = thisind(s.string, i)
nextind(s::SubstitutionString, i::Int) = nextind(s.string, i)
getindex(s::SubstitutionString, i::Int) = getindex(s.string, i)
iterate(s::SubstitutionString, i::Int = 1) = iterate(s.string, i)
String(s::SubstitutionString) = s.string
show(io::IO, s::SubstitutionString) = print(io, "s\"", s.string, "\"")
macro s_str(s)
    return SubstitutionString(s)
end
function write_replacement(io, r::SubstitutionString, whole, pat)
    m = pat isa Regex ? match(pat, whole) : nothing
    t = r.string
    i = 1
    while i <= ncodeunits(t)
        c = t[i]
        i = nextind(t, i)
        if c != '\\' || i > ncodeunits(t)
            print(io, c)
            continue
        end
        c = t[i]
        i = nextind(t, i)
        if isdigit(c)
            n = c - '0'
            while i <= ncodeunits(t) && isdigit(t[i])
                n = 10n + (t[i] - '0')
                i = nextind(t, i)
            end
            write_group(io, whole, m, n)
        elseif c == 'g' && i <= ncodeunits(t) && t[i] == '<'
            stop = findnext('>', t, i)
            stop === nothing && throw(ArgumentError(string("bad replacement string: ", t)))
            name = SubString(t, i + 1, stop - 1)
            write_group(io, whole, m, all(isdigit, name) ? parse(Int, name) : String(name))
            i = stop + 1
        elseif c == '\\'
            print(io, c)
        else
            throw(ArgumentError(string("bad replacement string: ", t)))
        end
    end
end
function write_group(io, whole, m, which)
    which === 0 && return print(io, whole)
    m === nothing && throw(ArgumentError("the pattern has no groups"))
    text = m[which]
    text === nothing || print(io, text)
    return nothing
end
