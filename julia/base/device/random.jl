# Random numbers in kernels: each work-item draws from its own stream, which a seed determines.

struct KernelGenerator <: Base.AbstractRNG end

# What a work-item keeps: the seed's bits, how many numbers it has drawn, and a mark that says that a seed was given. The
# compiler clears such memory (its name starts with `item_`) where a work-item starts.
const random_items = 1024
const seeded_mark = 0x9e3779b9
@noinline throw_random_items() = error("random numbers in kernels: a group has at most 1024 work-items that draw them")
@inline function random_state()
    i = linear_local_id()
    i < Int32(random_items) || throw_random_items()
    return add_ptr(gpu_shared(UInt32, 3 * (random_items + 1), :item_random), (12 * Int(i)) % UInt)
end
@inline function random_item()
    group = gpu_group_id(0) + gpu_num_groups(0) * (gpu_group_id(1) + gpu_num_groups(1) * gpu_group_id(2))
    items = gpu_group_size(0) * gpu_group_size(1) * gpu_group_size(2)
    return (Int(group) * Int(items) + Int(linear_local_id())) % UInt64
end
@inline cycles() = ccall("llvm.readcyclecounter", llvmcall, Int64, ()) % UInt64

# A bijection of 64-bit words that spreads every bit over all.
@inline function scramble(x::UInt64)
    x = (x ⊻ (x >> 30)) * 0xbf58476d1ce4e5b9
    x = (x ⊻ (x >> 27)) * 0x94d049bb133111eb
    return x ⊻ (x >> 31)
end
@inline function kernel_word()
    p = random_state()
    key, count, mark = pointerref(p, 1, 4), pointerref(p, 2, 4), pointerref(p, 3, 4)
    pointerset(p, count + UInt32(1), 2, 4)
    # Without a seed the time makes the numbers of each launch others.
    start = mark == key ⊻ seeded_mark ? UInt64(key) : cycles()
    return scramble(scramble(start * 0x9e3779b97f4a7c15 + random_item()) + UInt64(count) * 0xd1342543de82ef95)
end
@inline function seed_kernel(seed::Integer)
    p = random_state()
    key = (scramble(seed % UInt64) >> 32) % UInt32
    pointerset(p, key, 1, 4)
    pointerset(p, UInt32(0), 2, 4)
    pointerset(p, key ⊻ seeded_mark, 3, 4)
    return nothing
end
@inline seed_kernel(::Nothing) = seed_kernel(cycles())

@override DEVICE_TABLE @inline Base.default_generator() = KernelGenerator()
Base.next_word(::KernelGenerator) = only_in_kernels(:rand)
@override DEVICE_TABLE @inline Base.next_word(::KernelGenerator) = kernel_word()
