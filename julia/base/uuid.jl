# Identifiers of 128 bits, written in groups of hexadecimal digits.

struct UUID
    value::UInt128
end
UUID(u::NTuple{2,UInt64}) = UUID((UInt128(u[1]) << 64) | u[2])
UUID(u::Integer) = UUID(UInt128(u))
function UUID(text::AbstractString)
    u = tryparse(UUID, text)
    u === nothing && throw(ArgumentError("Malformed UUID string: $(repr(text))"))
    return u
end
function tryparse(::Type{UUID}, text::AbstractString)
    occursin(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", text) || return nothing
    return UUID(parse(UInt128, replace(text, "-" => ""); base = 16))
end
parse(::Type{UUID}, text::AbstractString) = UUID(text)
UInt128(u::UUID) = u.value
function print(io::IO, u::UUID)
    digits = string(u.value; base = 16, pad = 32)
    return join(io, (digits[1:8], digits[9:12], digits[13:16], digits[17:20], digits[21:32]), '-')
end
show(io::IO, u::UUID) = print(io, UUID, "(\"", string(u), "\")")
isless(a::UUID, b::UUID) = isless(a.value, b.value)
