# Identifiers of 128 bits.
module UUIDs

export UUID, uuid4, uuid_version

using Base: UUID
using Random

uuid_version(u::UUID) = Int((u.value >> 76) & 0xf)

"""
    uuid4(rng = Random.default_rng())

A random identifier.
"""
uuid4() = uuid4(Random.default_rng())
function uuid4(rng::AbstractRNG)
    bits = rand(rng, UInt128) & ~(UInt128(0xf) << 76) & ~(UInt128(0x3) << 62)
    return UUID(bits | (UInt128(4) << 76) | (UInt128(2) << 62))
end

end
