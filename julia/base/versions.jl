# Version numbers: three numbers, marks of a release before it and of its build.

struct VersionNumber
    major::UInt32
    minor::UInt32
    patch::UInt32
    prerelease::Tuple{Vararg{Union{UInt64,String}}}
    build::Tuple{Vararg{Union{UInt64,String}}}
    function VersionNumber(major::Integer, minor::Integer = 0, patch::Integer = 0, pre::Tuple = (), bld::Tuple = ())
        for (name, n) in (("major", major), ("minor", minor), ("patch", patch))
            n >= 0 || throw(ArgumentError(string("invalid negative ", name, " version: ", n)))
        end
        return new(major, minor, patch, map(version_mark, pre), map(version_mark, bld))
    end
end
version_mark(x::Integer) = UInt64(x)
version_mark(x::AbstractString) = String(x)
VersionNumber(v::VersionNumber) = v
VersionNumber(t::Tuple) = VersionNumber(t...)
VersionNumber(s::AbstractString) = parse(VersionNumber, s)
version_marks(s) = Tuple(Union{UInt64,String}[all(isdigit, p) ? parse(UInt64, p) : String(p) for p in split(s, '.')])
function tryparse(::Type{VersionNumber}, s::AbstractString)
    s == "∞" && return typemax(VersionNumber)
    m = match(r"^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-((?:[0-9A-Za-z-]+\.)*[0-9A-Za-z-]+)?|([a-z][0-9a-z-]*(?:\.[0-9a-z-]+)*))?(?:(\+)((?:[0-9A-Za-z-]+\.)*[0-9A-Za-z-]+)?)?$", s)
    m === nothing && return nothing
    number(x) = x === nothing ? 0 : parse(Int, x)
    minus = occursin('-', first(split(s, '+')))
    pre = m[4] !== nothing ? version_marks(m[4]) : m[5] !== nothing ? version_marks(m[5]) : minus ? ("",) : ()
    bld = m[7] !== nothing ? version_marks(m[7]) : m[6] !== nothing ? ("",) : ()
    return VersionNumber(number(m[1]), number(m[2]), number(m[3]), pre, bld)
end
parse(::Type{VersionNumber}, s::AbstractString) = (v = tryparse(VersionNumber, s); v === nothing ? throw(ArgumentError(string("invalid version string: ", s))) : v)
convert(::Type{VersionNumber}, v::VersionNumber) = v
convert(::Type{VersionNumber}, v::Union{Integer,Tuple}) = VersionNumber(v)
typemax(::Type{VersionNumber}) = VersionNumber(typemax(UInt32), typemax(UInt32), typemax(UInt32), (), ("",))
typemin(::Type{VersionNumber}) = VersionNumber(0, 0, 0, ("",))

function print(io::IO, v::VersionNumber)
    v == typemax(VersionNumber) && return print(io, "∞")
    print(io, v.major, '.', v.minor, '.', v.patch)
    isempty(v.prerelease) || print(io, '-', join(v.prerelease, '.'))
    isempty(v.build) || print(io, '+', join(v.build, '.'))
    return nothing
end
show(io::IO, v::VersionNumber) = print(io, "v\"", v, "\"")

# numbers come before words, and fewer marks before more
mark_less(a::UInt64, b::UInt64) = a < b
mark_less(a::String, b::String) = a < b
mark_less(a::UInt64, b::String) = true
mark_less(a::String, b::UInt64) = false
function marks_less(a::Tuple, b::Tuple)
    for i in 1:min(length(a), length(b))
        mark_less(a[i], b[i]) && return true
        mark_less(b[i], a[i]) && return false
    end
    return length(a) < length(b)
end
function isless(a::VersionNumber, b::VersionNumber)
    x, y = (a.major, a.minor, a.patch), (b.major, b.minor, b.patch)
    x == y || return isless(x, y)
    # a release comes after what leads to it
    p, q = a.prerelease, b.prerelease
    p == q || return isempty(p) ? false : isempty(q) ? true : p == ("",) ? true : q == ("",) ? false : marks_less(p, q)
    p, q = a.build, b.build
    return p == q ? false : p == ("",) ? false : q == ("",) ? true : marks_less(p, q)
end
==(a::VersionNumber, b::VersionNumber) = a.major == b.major && a.minor == b.minor && a.patch == b.patch && a.prerelease == b.prerelease && a.build == b.build
hash(v::VersionNumber, h::UInt) = hash((v.major, v.minor, v.patch, v.prerelease, v.build), h ⊻ 0x8ff4ffdb75f9fede)
thispatch(v::VersionNumber) = VersionNumber(v.major, v.minor, v.patch)
thisminor(v::VersionNumber) = VersionNumber(v.major, v.minor)
thismajor(v::VersionNumber) = VersionNumber(v.major)
nextpatch(v::VersionNumber) = v < thispatch(v) ? thispatch(v) : VersionNumber(v.major, v.minor, v.patch + 1)
nextminor(v::VersionNumber) = v < thisminor(v) ? thisminor(v) : VersionNumber(v.major, v.minor + 1)
nextmajor(v::VersionNumber) = v < thismajor(v) ? thismajor(v) : VersionNumber(v.major + 1)
const VERSION = VersionNumber(1, 11, 7)
