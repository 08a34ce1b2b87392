# Work-items that wait for each other: barriers with counts, warps, cooperative groups, shared memory.
using CUDA, Test

@testset "barriers tell how many work-items, and whether all or any, came with a true predicate" begin
    function counted!(count, every, some, flags)
        i = threadIdx().x
        count[i] = sync_threads_count(flags[i])
        every[i] = sync_threads_and(flags[i])
        some[i] = sync_threads_or(flags[i])
        return
    end
    for (flags, n) in ((Bool[1, 0, 1, 1, 0], 3), (trues(5), 5), (falses(5), 0)), T in (Bool, Int32)
        count, every, some = CUDA.zeros(Int32, 5), CuArray(zeros(Int32, 5)), CuArray(zeros(Int32, 5))
        @cuda threads = 5 counted!(count, every, some, CuArray(T.(flags)))
        @test Array(count) == fill(n, 5) && all(==(n == 5), Array(every)) && all(==(n > 0), Array(some))
    end
end

@testset "numbers of every width travel between the lanes of a warp" begin
    function turned!(a)
        i = threadIdx().x
        a[i] = shfl_sync(FULL_MASK, a[i], 33 - i)
        return
    end
    function moved!(up, down, crossed, a)
        i = threadIdx().x
        up[i] = shfl_up_sync(FULL_MASK, a[i], 2)
        down[i] = shfl_down_sync(FULL_MASK, a[i], 3)
        crossed[i] = shfl_xor_sync(FULL_MASK, a[i], 1)
        return
    end
    for T in (Int8, UInt16, Int32, UInt64, Int128, UInt128, Float16, Float32, Float64, ComplexF32, ComplexF64, Bool, Tuple{Int8,Float64})
        x = T <: Tuple ? [(Int8(i), i / 2) for i in 1:32] : rand(T, 32)
        a = CuArray(x)
        @cuda threads = 32 turned!(a)
        @test Array(a) == reverse(x)
        up, down, crossed = similar(a), similar(a), similar(a)
        @cuda threads = 32 moved!(up, down, crossed, CuArray(x))
        @test Array(up) == [x[1:2]; x[1:30]]
        @test Array(down) == [x[4:32]; x[30:32]]
        @test Array(crossed) == [x[isodd(i) ? i + 1 : i - 1] for i in 1:32]
    end
end

@testset "votes of a warp, and of its part that is there" begin
    function voted!(out, limit)
        i = threadIdx().x
        v = vote_ballot_sync(FULL_MASK, i <= limit)
        every, some, same = vote_all_sync(FULL_MASK, i <= limit), vote_any_sync(FULL_MASK, i <= limit), vote_uni_sync(FULL_MASK, i <= limit)
        i == 1 && (out[1] = v; out[2] = every; out[3] = some; out[4] = same)
        return
    end
    for (n, limit, want) in ((32, 3, [7, 0, 1, 0]), (32, 32, [0xffffffff, 1, 1, 1]), (8, 0, [0, 0, 0, 1]), (8, 8, [255, 1, 1, 0]))
        out = CUDA.zeros(UInt32, 4)
        @cuda threads = n voted!(out, limit)
        @test Array(out)[1:3] == want[1:3]
        n == 32 && @test Array(out)[4] == want[4]
    end
    function lanes!(out)
        i = threadIdx().x
        out[i] = laneid() + 100 * count_ones(lanemask(<)) + 10000 * count_ones(active_mask())
        return
    end
    out = CUDA.zeros(Int32, 40)
    @cuda threads = 40 lanes!(out)
    @test Array(out) == [mod1(i, 32) + 100 * (mod1(i, 32) - 1) + 10000 * (i <= 32 ? 32 : 8) for i in 1:40]
end

@testset "groups as values" begin
    function reversed!(d)
        block = CG.this_thread_block()
        t, n = CG.thread_rank(block), CG.num_threads(block)
        s = CuDynamicSharedArray(eltype(d), n)
        s[t] = d[t]
        CG.sync(block)
        d[t] = s[n-t+1]
        return
    end
    d = CuArray(collect(1:48))
    @cuda threads = 48 shmem = 48 * 8 reversed!(d)
    @test Array(d) == 48:-1:1
    # one update for all lanes that come
    function tickets!(counter, out)
        i = threadIdx().x
        if i % 3 == 0
            g = CG.coalesced_threads()
            base = Int32(0)
            if CG.thread_rank(g) == 1
                base = CUDA.atomic_add!(pointer(counter), Int32(CG.num_threads(g)))
            end
            out[i] = CG.shfl(g, base, 1) + CG.thread_rank(g)
        end
        return
    end
    counter, out = CUDA.zeros(Int32, 1), CUDA.zeros(Int32, 64)
    @cuda threads = 64 tickets!(counter, out)
    @test Array(counter) == [21] && sort(filter(>(0), Array(out))) == 1:21
    whole!(out) = (g = CG.this_grid(); out[CG.thread_rank(g)] = CG.block_rank(g) + 10 * CG.num_blocks(g); return)
    out = CUDA.zeros(Int, 6)
    @cuda threads = 2 blocks = 3 whole!(out)
    @test Array(out) == [31, 31, 32, 32, 33, 33]
    synced!() = (CG.sync(CG.this_grid()); return)
    @cuda threads = 4 synced!()
    @test_throws ErrorException @cuda threads = 4 blocks = 2 synced!()
    @test_throws ArgumentError @cuda blocks = 4 clustersize = 2 synced!()
end

@testset "several arrays lie in one block of dynamic shared memory" begin
    function split!(out)
        n, i = blockDim().x, threadIdx().x
        a = CuDynamicSharedArray(Float64, n)
        b = CuDynamicSharedArray(Int16, (n, 2), sizeof(a))
        a[i] = i / 2
        b[i, 1], b[i, 2] = i, -i
        sync_threads()
        j = n - i + 1
        out[i] = a[j] + b[j, 1] * 100 + b[j, 2]
        return
    end
    out = CUDA.zeros(Float64, 16)
    @cuda threads = 16 shmem = 16 * (8 + 2 * 2) split!(out)
    @test Array(out) == [99.5 * j for j in 16:-1:1]
end

@testset "barriers hold where some work-items have left, or wait in a loop" begin
    function halved!(out, x)
        i = threadIdx().x
        s = CuStaticSharedArray(eltype(x), 64)
        s[i] = x[i]
        step = 32
        while step > 0
            sync_threads()
            i <= step && (s[i] += s[i+step])
            step >>= 1
        end
        i == 1 && (out[1] = s[1])
        return
    end
    for T in (Float32, Int64, ComplexF64, Int128)
        x = T.(1:64)
        out = CuArray(zeros(T, 1))
        @cuda threads = 64 halved!(out, CuArray(x))
        @test Array(out)[1] == sum(x)
    end
end
