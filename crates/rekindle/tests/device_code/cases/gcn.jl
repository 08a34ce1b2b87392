using CUDA
import AMDGPU
# target: gfx90a gfx1030 gfx1100 gfx942

# What is AMD's own: conventions, arguments in constant memory, waves, shared memory.

struct Pair2; a::Int64; b::Float64; end
struct Big; t::NTuple{20,Float64}; end

# ---- entries ------------------------------------------------------------------------------------------

@noinline child(x) = x * 3 + 1
parent1!(p, x) = (CUDA.unsafe_store!(p, child(x), 1); return)
parent2!(p, x) = (CUDA.unsafe_store!(p, child(x) + child(x + 1), 1); return)
# kernel: parent1!(Core.LLVMPtr{Int64,1}, Int64)
# stage: llvm
# count 1: amdgpu_kernel
# has: define amdgpu_kernel void @parent1_bang(ptr addrspace(1) ~, i64
# has: define internal ~i64 @unit.1(i64
# kernel: parent1!(Core.LLVMPtr{Int64,1}, Int64)
# stage: symbols
# has: OBJECT ~GLOBAL ~parent1_bang.kd
# has: FUNC ~GLOBAL PROTECTED ~parent1_bang
# has: FUNC ~LOCAL ~unit.1
# not: unit.1.kd
# kernel: parent1!(Core.LLVMPtr{Int64,1}, Int64)
# has: .amdhsa_kernel parent1_bang
# count 1: .amdhsa_kernel
# count 1: unit.1:
# kernel: parent2!(Core.LLVMPtr{Int64,1}, Int64)
# count 2: swappc_b64
# function: child(Int64)
# has: child:
# not: .amdhsa_kernel child

# ---- arguments ----------------------------------------------------------------------------------------

takes!(p, pair) = (CUDA.unsafe_store!(p, pair.a + Int64(pair.b > 0), 1); return)
# kernel: takes!(Core.LLVMPtr{Int64,1}, Pair2)
# stage: llvm
# has: @takes_bang(ptr addrspace(1) ~, ptr addrspace(4) ~byref([16 x i8]) align 8
# not: addrspacecast
# kernel: takes!(Core.LLVMPtr{Int64,1}, Pair2)
# stage: raw
# has: @takes_bang(ptr addrspace(1) ~, ptr addrspace(4) ~byref([16 x i8]) align 8
# kernel: takes!(Core.LLVMPtr{Int64,1}, Pair2)
# has: s_load_
# has: .amdhsa_private_segment_fixed_size 0
# not: scratch_load
# not: buffer_load

@noinline sum_of(big, i) = @inbounds big.t[i] + big.t[20]
large!(p, big, i) = (@inbounds CUDA.unsafe_store!(p, sum_of(big, i), 1); return)
# kernel: large!(Core.LLVMPtr{Float64,1}, Big, Int64)
# stage: llvm
# has: ptr addrspace(4) ~byref([160 x i8])
# count 1: byref
# has: @unit.1(ptr
scaled!(a, x) = (i = threadIdx().x; @inbounds a[i] *= x; return)
# kernel: scaled!(CuDeviceVector{Float32,1}, Float32)
# has: global_store_
# not: flat_load
# not: flat_store

# ---- exceptions ---------------------------------------------------------------------------------------

bounds!(a, i) = (a[i] = 1f0; return)
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# has: gpu_report_exception
# not: rk_throw
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# debug: 2
# has: gpu_report_exception
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# debug: 0
# has: s_endpgm
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# stage: llvm
# has: @bounds_bang(ptr addrspace(1) noalias
function folds!(p, x, y)
    q, r = fldmod1(x, y)
    CUDA.unsafe_store!(p, q + r, 1)
    return
end
# kernel: folds!(Core.LLVMPtr{Int32,1}, Int32, Int32)
# not: rk_throw
converts!(p, x) = (CUDA.unsafe_store!(p, Int32(x), 1); return)
# kernel: converts!(Core.LLVMPtr{Int32,1}, Float32)
# has: v_cvt_i32_f32
# kernel: converts!(Core.LLVMPtr{Int32,1}, Int64)
# has: s_endpgm
unchecked!(p, x) = (CUDA.unsafe_store!(p, unsafe_trunc(Int32, x), 1); return)
# kernel: unchecked!(Core.LLVMPtr{Int32,1}, Float64)
# has: v_cvt_i32_f64
# not: gpu_report_exception

# ---- places, barriers, waves --------------------------------------------------------------------------

places!(p) = (CUDA.unsafe_store!(p, threadIdx().x + 2blockIdx().y + 4blockDim().z + 8gridDim().x, 1); return)
# kernel: places!(Core.LLVMPtr{Int32,1})
# stage: llvm
# has: range(i32 0, 1024) ~workitem.id.x
# has: implicitarg.ptr
shared!(p) = (s = CuStaticSharedArray(Int32, 32); i = threadIdx().x; @inbounds s[i] = i; sync_threads(); @inbounds s[i] += s[33 - i]; @inbounds CUDA.unsafe_store!(p, s[i], i); return)
# kernel: shared!(Core.LLVMPtr{Int32,1})
# has: ds_write_b32
# has: s_barrier
# has: .amdhsa_group_segment_fixed_size 128
# target: gfx90a gfx942
# kernel: shared!(Core.LLVMPtr{Int32,1})
# has: ds_store_b32
# has: s_barrier
# target: gfx1100
# kernel: shared!(Core.LLVMPtr{Int32,1})
# stage: llvm
# has: fence syncscope("workgroup") release
# has: fence syncscope("workgroup") acquire
dynamic!(p) = (s = CuDynamicSharedArray(Int32, 32); i = threadIdx().x; @inbounds s[i] = i; sync_threads(); @inbounds CUDA.unsafe_store!(p, s[33 - i], i); return)
# kernel: dynamic!(Core.LLVMPtr{Int32,1})
# has: .amdhsa_group_segment_fixed_size 0
# not: .amdhsa_group_segment_fixed_size 128
downs!(p, x) = (CUDA.unsafe_store!(p, shfl_down_sync(0xffffffff, x + threadIdx().x, 1), 1); return)
# kernel: downs!(Core.LLVMPtr{Int32,1}, Int32)
# has: ds_bpermute_b32
votes!(p, x) = (CUDA.unsafe_store!(p, vote_ballot_sync(0xffffffff, x > threadIdx().x), 1); return)
# kernel: votes!(Core.LLVMPtr{UInt32,1}, Int32)
# has: v_cmp_
# A warp is 32 lanes on machines with waves of 64, too.
waves!(p) = (CUDA.unsafe_store!(p, AMDGPU.wavefrontsize() % Int32 + warpsize(), 1); sync_warp(); return)
# kernel: waves!(Core.LLVMPtr{Int32,1})
# has: 64
# kernel: waves!(Core.LLVMPtr{Int32,1})
# stage: llvm
# has: @llvm.amdgcn.wave.barrier

# ---- atomics ------------------------------------------------------------------------------------------

counts!(p, x) = (CUDA.atomic_add!(p, x); return)
# kernel: counts!(Core.LLVMPtr{Int32,1}, Int32)
# stage: llvm
# has: syncscope("agent")
# kernel: counts!(Core.LLVMPtr{Float64,1}, Float64)
# has: atomic
# kernel: counts!(Core.LLVMPtr{Int32,3}, Int32)
# has: ds_add_

# ---- what the machine has none of ---------------------------------------------------------------------

prints!(x) = (@cuprintln(x); return)
# kernel: prints!(Int64)
# error: printing is not supported in GCN code
allocates!(p, x) = (r = Ref{Any}(x); x > 2.5 && (r[] = 1); v = r[]; CUDA.unsafe_store!(p, v isa Int ? 1 : 2, 1); return)
# kernel: allocates!(Core.LLVMPtr{Int64,1}, Float64)
# error: making an object is not supported in GCN code

# ---- sizes --------------------------------------------------------------------------------------------

struct Wide; x::Int128; y::UInt8; end
wide!(p, w) = (CUDA.unsafe_store!(p, ((w.x * w.x) >> 64) % Int64 + w.y, 1); return)
# kernel: wide!(Core.LLVMPtr{Int64,1}, Wide)
# not: rk_throw
named!(p, name) = (CUDA.unsafe_store!(p, name === :double ? 2 : 1, 1); return)
# kernel: named!(Core.LLVMPtr{Int64,1}, Symbol)
# stage: symbols
# has: OBJECT ~GLOBAL ~rekindle_patch_0
# kernel: takes!(Core.LLVMPtr{Int64,1}, Pair2)
# target: gfx90
# error: no architecture `gfx90`
