# Versions: `1.2.3`, with what comes before a release (`-rc.1`) and of builds of it (`+5`).

const VInt = UInt32
const VersionPart = Union{UInt64,String}

struct VersionNumber
    major::VInt
    minor::VInt
    patch::VInt
    prerelease::Tuple{Vararg{VersionPart}}
    build::Tuple{Vararg{VersionPart}}
    function VersionNumber(major::VInt, minor::VInt, patch::VInt, prerelease::Tuple{Vararg{VersionPart}}, build::Tuple{Vararg{VersionPart}})
        foreach(check_version_part, prerelease)
        foreach(check_version_part, build)
        return new(major, minor, patch, prerelease, build)
    end
end
check_version_part(::Integer) = nothing
check_version_part(s::String) =
    (isempty(s) || occursin(r"^[0-9a-zA-Z-]+$", s) && !occursin(r"^[0-9]+$", s)) || throw(ArgumentError("invalid identifier: $(repr(s))"))
version_part(n::Integer) = UInt64(n)
version_part(s::AbstractString) = String(s)
function VersionNumber(major::Integer, minor::Integer = 0, patch::Integer = 0, prerelease::Tuple = (), build::Tuple = ())
    major >= 0 && minor >= 0 && patch >= 0 || throw(ArgumentError("invalid negative number: $(min(major, minor, patch))"))
    return VersionNumber(VInt(major), VInt(minor), VInt(patch), map(version_part, prerelease), map(version_part, build))
end
VersionNumber(v::VersionNumber) = v
VersionNumber(v::Tuple) = VersionNumber(v...)
function VersionNumber(s::AbstractString)
    v = tryparse(VersionNumber, s)
    v === nothing && throw(ArgumentError("invalid version string: $s"))
    return v
end
parse(::Type{VersionNumber}, s::AbstractString) = VersionNumber(s)

const version_pattern = r"^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(-)|-?([a-zA-Z][0-9a-zA-Z-]*(?:\.[0-9a-zA-Z-]+)*)|-(\d[0-9a-zA-Z-]*(?:\.[0-9a-zA-Z-]+)*))?(?:(\+)|\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$"
function tryparse(::Type{VersionNumber}, s::AbstractString)
    s == "∞" && return typemax(VersionNumber)
    m = match(version_pattern, String(s))
    m === nothing && return nothing
    major, minor, patch, dash, word, number, plus, build = m.captures
    n(x) = x === nothing ? VInt(0) : parse(VInt, x)
    before = dash !== nothing ? ("",) : word !== nothing ? version_parts(word) : number !== nothing ? version_parts(number) : ()
    after = plus !== nothing ? ("",) : build !== nothing ? version_parts(build) : ()
    return VersionNumber(n(major), n(minor), n(patch), before, after)
end
version_parts(s::AbstractString) = Tuple(VersionPart[occursin(r"^\d+$", p) ? parse(UInt64, p) : String(p) for p in split(s, '.')])

typemin(::Type{VersionNumber}) = VersionNumber(0, 0, 0, ("",))
typemax(::Type{VersionNumber}) = VersionNumber(typemax(VInt), typemax(VInt), typemax(VInt), (), ("",))
typemin(::VersionNumber) = typemin(VersionNumber)
typemax(::VersionNumber) = typemax(VersionNumber)

# Numbers come before words, and a part that is missing before one that is there.
compare_parts(a::Integer, b::Integer) = cmp(a, b)
compare_parts(a::Integer, b::String) = isempty(b) ? 1 : -1
compare_parts(a::String, b::Integer) = isempty(a) ? -1 : 1
compare_parts(a::String, b::String) = cmp(a, b)
function compare_parts(a::Tuple, b::Tuple)
    for (x, y) in zip(a, b)
        c = compare_parts(x, y)
        c == 0 || return c
    end
    return cmp(length(a), length(b))
end
==(a::VersionNumber, b::VersionNumber) = !isless(a, b) && !isless(b, a)
function isless(a::VersionNumber, b::VersionNumber)
    c = cmp((a.major, a.minor, a.patch), (b.major, b.minor, b.patch))
    c == 0 || return c < 0
    isempty(a.prerelease) == isempty(b.prerelease) || return isempty(b.prerelease)
    c = compare_parts(a.prerelease, b.prerelease)
    c == 0 || return c < 0
    return compare_parts(a.build, b.build) < 0
end
hash(v::VersionNumber, h::UInt) = hash((v.major, v.minor, v.patch, v.prerelease, v.build), hash(:VersionNumber, h))

thispatch(v::VersionNumber) = VersionNumber(v.major, v.minor, v.patch)
thisminor(v::VersionNumber) = VersionNumber(v.major, v.minor, 0)
thismajor(v::VersionNumber) = VersionNumber(v.major, 0, 0)
nextpatch(v::VersionNumber) = v < thispatch(v) ? thispatch(v) : VersionNumber(v.major, v.minor, v.patch + 1)
nextminor(v::VersionNumber) = v < thisminor(v) ? thisminor(v) : VersionNumber(v.major, v.minor + 1, 0)
nextmajor(v::VersionNumber) = v < thismajor(v) ? thismajor(v) : VersionNumber(v.major + 1, 0, 0)

function print(io::IO, v::VersionNumber)
    v == typemax(VersionNumber) && return print(io, "∞")
    print(io, Int(v.major), ".", Int(v.minor), ".", Int(v.patch))
    isempty(v.prerelease) || (print(io, "-"); join(io, v.prerelease, "."))
    isempty(v.build) || (print(io, "+"); join(io, v.build, "."))
    return
end
show(io::IO, v::VersionNumber) = print(io, "v\"", v, "\"")
broadcastable(v::VersionNumber) = Ref(v)

const VERSION = VersionNumber(1, 11, 7)
