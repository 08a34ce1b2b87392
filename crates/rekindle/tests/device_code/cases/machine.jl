using CUDA

# What only the machine has: places, barriers, warps, clocks, the read-only cache.

places!(p) = (CUDA.unsafe_store!(p, threadIdx().x + 2blockIdx().y + 4blockDim().z + 8gridDim().x, 1); return)
# kernel: places!(Core.LLVMPtr{Int32,1})
# has: %tid.x
# has: %ctaid.y
# has: %ntid.z
# has: %nctaid.x
# kernel: places!(Core.LLVMPtr{Int32,1})
# stage: llvm
# has: range(i32 0, 1024) ~tid.x

counts!(p, x) = (CUDA.unsafe_store!(p, sync_threads_count(x > 0) + sync_threads_and(x) + sync_threads_or(x), 1); return)
# kernel: counts!(Core.LLVMPtr{Int32,1}, Int32)
# has: red.popc.u32
# has: red.and.pred
# has: red.or.pred

warps!(p, x) = (CUDA.unsafe_store!(p, shfl_sync(0xffffffff, x, 3), 1); sync_warp(); return)
# kernel: warps!(Core.LLVMPtr{Float64,1}, Float64)
# count 2: shfl.sync.idx.b32
# has: bar.warp.sync
# kernel: warps!(Core.LLVMPtr{UInt8,1}, UInt8)
# count 1: shfl.sync.idx.b32
# kernel: warps!(Core.LLVMPtr{ComplexF32,1}, ComplexF32)
# count 2: shfl.sync.idx.b32
downs!(p, x) = (CUDA.unsafe_store!(p, shfl_down_sync(0xffffffff, x, 1) + shfl_up_sync(0xffffffff, x, 1) + shfl_xor_sync(0xffffffff, x, 1), 1); return)
# kernel: downs!(Core.LLVMPtr{Int32,1}, Int32)
# has: shfl.sync.down.b32
# has: shfl.sync.up.b32
# has: shfl.sync.bfly.b32
votes!(p, x) = (CUDA.unsafe_store!(p, vote_any_sync(0xffffffff, x > 0) & vote_all_sync(0xffffffff, x > 1) & vote_uni_sync(0xffffffff, x > 2), 1); return)
# kernel: votes!(Core.LLVMPtr{Bool,1}, Int32)
# has: vote.sync.any.pred
# has: vote.sync.all.pred
# has: vote.sync.uni.pred

waits!(p) = (t = clock(UInt64); nanosleep(UInt32(16)); CUDA.unsafe_store!(p, clock(UInt64) - t, 1); return)
# kernel: waits!(Core.LLVMPtr{UInt64,1})
# has: nanosleep.u32
# count 2: %clock64

caches!(a, b) = (i = threadIdx().x; @inbounds a[i] = ldg(b, i); return)
# kernel: caches!(CuDeviceVector{Float32,1}, CuDeviceVector{Float32,1})
# has: ld.global.nc.b32
constant!(a, b) = (i = threadIdx().x; @inbounds a[i] = CUDA.Const(b)[i]; return)
# kernel: constant!(CuDeviceVector{Float64,1}, CuDeviceVector{Float64,1})
# has: ld.global.nc.b64

# A tuple of the arguments indexed at run time is read where it lies.
indexes!(p, t) = (@inbounds CUDA.unsafe_store!(p, t[threadIdx().x], 1); return)
# kernel: indexes!(Core.LLVMPtr{Int64,1}, NTuple{4,Int64})
# not: .local
selects!(a, b, x) = (i = threadIdx().x; c = x > 0 ? a : b; @inbounds c[i] = x; return)
# kernel: selects!(CuDeviceVector{Float32,1}, CuDeviceVector{Float32,1}, Float32)
# not: .local

shared!(p) = (s = CuStaticSharedArray(Int32, 32); i = threadIdx().x; @inbounds s[i] = i; sync_threads(); @inbounds s[i] += s[33 - i]; @inbounds CUDA.unsafe_store!(p, s[i], i); return)
# kernel: shared!(Core.LLVMPtr{Int32,1})
# stage: llvm
# not: inttoptr
# kernel: shared!(Core.LLVMPtr{Int32,1})
# has: .shared .align 16 .b8 ~[128]
# not: exit;

@noinline child(x) = x * 3 + 1
parent1!(p, x) = (CUDA.unsafe_store!(p, child(x), 1); return)
parent2!(p, x) = (CUDA.unsafe_store!(p, child(x) + child(x + 1), 1); return)
# kernel: parent1!(Core.LLVMPtr{Int64,1}, Int64)
# has: call.uni
# has: .func
# kernel: parent2!(Core.LLVMPtr{Int64,1}, Int64)
# count 2: call.uni

closed!(f, p) = (CUDA.unsafe_store!(p, f(2), 1); return)
adder(n) = x -> x + n
# kernel: closed!(typeof(adder(1)), Core.LLVMPtr{Int64,1})
# has: closed_bang_param_0

featured!(p) = (CUDA.unsafe_store!(p, 1, 1); return)
# kernel: featured!(Core.LLVMPtr{Int64,1})
# target: sm_90
# has: .target sm_90
# not: .target sm_90a
# kernel: featured!(Core.LLVMPtr{Int64,1})
# target: sm_90a
# has: .target sm_90a
# kernel: featured!(Core.LLVMPtr{Int64,1})
# target: sm_100f
# has: .target sm_100f
# kernel: featured!(Core.LLVMPtr{Int64,1})
# target: sm_75a
# error: no architecture `sm_75a`

# ---- functions as pointers -----------------------------------------------------------------------------

@noinline twice(x) = 2x
@noinline thrice(x) = 3x
function chooses!(p, x)
    f = Base.Device.deferred(twice, Tuple{Float32})
    g = Base.Device.deferred(thrice, Tuple{Float32})
    h = x > 0 ? f : Base.Device.DeviceFunction{Float32,Tuple{Float32},typeof(twice)}(g.address, twice)
    CUDA.unsafe_store!(p, h(x), 1)
    return
end
# kernel: chooses!(Core.LLVMPtr{Float32,1}, Float32)
# target: sm_75 sm_90 sm_100
# count 2: .func~unit

# ---- KernelAbstractions --------------------------------------------------------------------------------

using KernelAbstractions
@kernel function copies!(a, @Const(b))
    i = @index(Global)
    @inbounds a[i] = b[i]
end
# kernel: gpu_copies!(typeof(KernelAbstractions.Context{1,false}(KernelAbstractions.StaticSize(64), (1024,))), CuDeviceVector{Float32,1}, CuDeviceVector{Float32,1})
# has: ld.global.nc.b32
# has: st.global.b32

# ---- inlining on demand --------------------------------------------------------------------------------

# Too expensive to be inlined at several places unasked.
function expensive(x)
    for i in 1:4
        x = sin(x) * cos(x) + tan(x) / exp(x) + log(abs(x)) + atan(x) + x^3.5 + sinh(x) + asin(cos(x)) + x^1.5
    end
    return x
end
costs!(p, x) = (CUDA.unsafe_store!(p, expensive(x) + expensive(2x) + expensive(3x), 1); return)
# kernel: costs!(Core.LLVMPtr{Float64,1}, Float64)
# count 3: call.uni (retval0), unit_$_1,
# kernel: costs!(Core.LLVMPtr{Float64,1}, Float64)
# inline: always
# not: unit_$_1,

# Code in LLVM's language keeps what it says of itself.
const MASK = ("""
    declare i32 @llvm.nvvm.activemask()
    define i32 @entry() convergent nounwind { %m = call i32 @llvm.nvvm.activemask()
      ret i32 %m }""", "entry")
masked!(p) = (CUDA.unsafe_store!(p, Base.llvmcall(MASK, UInt32, Tuple{}), 1); return)
# kernel: masked!(Core.LLVMPtr{UInt32,1})
# has: activemask.b32
apart!(p, x) = (CUDA.unsafe_store!(p, Base.llvmcall(("define i32 @entry(i32 %x) convergent noinline { %y = mul i32 %x, 3\n ret i32 %y }", "entry"), Int32, Tuple{Int32}, x), 1); return)
# kernel: apart!(Core.LLVMPtr{Int32,1}, Int32)
# stage: llvm
# has: define internal
# has: convergent
spaces!(p) = (Base.llvmcall("store i32 7, i32 addrspace(1)* %0, align 4\nret void", Cvoid, Tuple{Core.LLVMPtr{Int32,1}}, p); return)
# kernel: spaces!(Core.LLVMPtr{Int32,1})
# has: st.global.b32
