# Regular expressions; the host's engine matches.

Regex(p::AbstractString) = Regex(String(p), "")
show(io::IO, r::Regex) = print(io, "r\"", r.pattern, "\"", r.flags)
==(a::Regex, b::Regex) = a.pattern == b.pattern && a.flags == b.flags
hash(r::Regex, h::UInt) = hash(r.flags, hash(r.pattern, h))
abstract type AbstractMatch end
struct RegexMatch{S<:AbstractString} <: AbstractMatch
    match::SubString{S}
    captures::Vector{Union{Nothing,SubString{S}}}
    offset::Int
    offsets::Vector{Int}
    regex::Regex
    names::Vector{String}      # of the groups, empty where a group has none
end
# Joined patterns match one after the other; strings stand for themselves.
function *(a::Union{Regex,AbstractString,AbstractChar}, rest::Union{Regex,AbstractString,AbstractChar}...)
    parts = (a, rest...)
    rs = filter(p -> p isa Regex, parts)
    all(r -> r.flags == rs[1].flags, rs) || throw(ArgumentError("cannot multiply regexes: incompatible options"))
    return Regex(join(p isa Regex ? string("(?:", p.pattern, ")") : string("\\Q", replace(string(p), "\\E" => "\\E\\\\E\\Q"), "\\E") for p in parts), rs[1].flags)
end
^(r::Regex, n::Integer) = Regex(string("(?:", r.pattern, "){", n, "}"), r.flags)
# flat result of the engine: start, stop (inclusive bytes) of the match and of each group; 0 for no group
regex_find(r::Regex, s::String, i::Int) = Core.Host.regex_find(r.pattern, r.flags, s, i)
function match(r::Regex, s::AbstractString, i::Integer = 1)
    str = String(s)
    v = regex_find(r, str, Int(i))
    v === nothing && return nothing
    sub(k) = v[2k-1] == 0 ? nothing : byte_window(str, v[2k-1], v[2k])
    caps = Union{Nothing,SubString{String}}[sub(k) for k in 2:length(v)÷2]
    offsets = Int[v[2k-1] for k in 2:length(v)÷2]
    return RegexMatch{String}(sub(1), caps, v[1], offsets, r, collect(String, Core.Host.regex_names(r.pattern, r.flags)))
end
byte_window(s::String, i::Int, j::Int) = SubString{String}(s, i - 1, j - i + 1)
# a group by its number or name
keys(m::RegexMatch) = map(i -> isempty(m.names[i]) ? i : m.names[i], eachindex(m.names))
group_number(m::RegexMatch, name) = findfirst(==(string(name)), m.names)
getindex(m::RegexMatch, i::Integer) = m.captures[i]
function getindex(m::RegexMatch, name::Union{AbstractString,Symbol})
    i = group_number(m, name)
    i === nothing && error("no capture group named ", name, " found in regex")
    return m.captures[i]
end
haskey(m::RegexMatch, i::Integer) = 1 <= i <= length(m.captures)
haskey(m::RegexMatch, name::Union{AbstractString,Symbol}) = group_number(m, name) !== nothing
iterate(m::RegexMatch, s...) = iterate(m.captures, s...)
length(m::RegexMatch) = length(m.captures)
eltype(m::RegexMatch) = eltype(m.captures)
function show(io::IO, m::RegexMatch)
    print(io, "RegexMatch(")
    show(io, m.match)
    for (k, c) in zip(keys(m), m.captures)
        print(io, ", ", k, "=")
        show(io, c)
    end
    print(io, ")")
end
struct RegexMatchIterator{S<:AbstractString}
    regex::Regex
    string::S
    overlap::Bool
end
IteratorSize(::Type{<:RegexMatchIterator}) = SizeUnknown()
eltype(::Type{<:RegexMatchIterator}) = RegexMatch{String}
eachmatch(r::Regex, s::AbstractString; overlap::Bool = false) = RegexMatchIterator(r, s, overlap)
function iterate(it::RegexMatchIterator, i = 1)
    i <= ncodeunits(it.string) + 1 || return nothing
    m = match(it.regex, it.string, i)
    m === nothing && return nothing
    # behind an empty match the search goes on one character further
    next = it.overlap || isempty(m.match) ? nextind(it.string, min(m.offset, ncodeunits(it.string) + 1)) : m.offset + ncodeunits(m.match)
    return m, next
end
occursin(r::Regex, s::AbstractString) = regex_find(r, String(s), 1) !== nothing
function findnext(r::Regex, s::AbstractString, i::Integer)
    v = regex_find(r, String(s), Int(i))
    return v === nothing ? nothing : v[2] < v[1] ? (v[1]:v[2]) : (v[1]:thisind(s, v[2]))
end
findfirst(r::Regex, s::AbstractString) = findnext(r, s, 1)
function findall(r::Regex, s::AbstractString; overlap::Bool = false)
    found = UnitRange{Int}[]
    for m in eachmatch(r, s; overlap)
        push!(found, m.offset:thisind(s, m.offset + ncodeunits(m.match) - 1))
    end
    return found
end
find_pattern(r::Regex, s, i) = findnext(r, s, i)
split_positions(s, r::Regex, i) = (q = findnext(r, s, i); q === nothing ? nothing : (first(q), isempty(q) ? first(q) : nextind(s, last(q))))
write_replacement(io, f::Function, m, pat::Regex) = print(io, f(m))
count(r::Regex, s::AbstractString; overlap::Bool = false) = count(Returns(true), eachmatch(r, s; overlap))
startswith(s::AbstractString, r::Regex) = (q = findnext(r, s, 1); q !== nothing && first(q) == 1)
endswith(s::AbstractString, r::Regex) = occursin(Regex(string("(?:", r.pattern, ")\\z"), r.flags), s)
