# Counts by atomic additions.
const n = 1 << 18
const sizes = (n,)
const work = n
arrays() = (zeros(Int32, 256), UInt32[(UInt32(k) * 0x9e3779b1) >> 7 for k in 1:n])

@kernel function histogram!(bins, @Const(data))
    i = @index(Global)
    @inbounds b = Int(data[i] & 0x000000ff) + 1
    @inbounds @atomic bins[b] += Int32(1)
end
launch(bins, data) = histogram!(CPU(), 1024)(bins, data; ndrange = n)
