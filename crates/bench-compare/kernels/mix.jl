# A hash of every integer: shifts, exclusive ors, multiplications.
const n = 1 << 20
const sizes = (n,)
const work = n
arrays() = (zeros(UInt32, n), UInt32[UInt32(k) for k in 1:n])

@inline function mix(h)
    h ⊻= h >> 16
    h *= 0x85ebca6b
    h ⊻= h >> 13
    h *= 0xc2b2ae35
    return h ⊻ (h >> 16)
end
@kernel function hash!(out, @Const(x))
    i = @index(Global)
    @inbounds out[i] = mix(mix(x[i]))
end
launch(out, x) = hash!(CPU(), 1024)(out, x; ndrange = n)
