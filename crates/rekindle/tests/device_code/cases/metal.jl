using CUDA, Metal
# target: macos14 macos26

# What is Apple's own: arguments in buffers, places as parameters of the entry, constants in memory of their own, AIR's functions.

struct Described; a::Int64; b::Float32; end
struct Table20; t::NTuple{20,Float32}; end

# ---- entries and arguments -----------------------------------------------------------------------------

nothing_of(x) = return
# kernel: nothing_of(Tuple{Int64})
# has: define void @nothing_of(ptr addrspace(1) ~align 8 dereferenceable(8)
# has: !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 1, !"air.arg_type_size", i32 8, !"air.arg_type_align_size", i32 8, !"air.arg_type_name", !"Tuple{Int64}", !"air.arg_name", !"x"}
# kernel: nothing_of(Int64)
# has: define void @nothing_of(ptr addrspace(1) ~align 8 dereferenceable(8)
# has: !"air.arg_type_name", !"Int64"
by_value(x) = x + 1
# function: by_value(Int64)
# has: define i64 @by_value(ptr ~, ptr ~, i64
# not: air.kernel
# has: !air.version = !{
# kernel: nothing_of(Core.LLVMPtr{Float32,1})
# has: !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"Core.LLVMPtr{Float32, 1}"
# kernel: nothing_of(Core.LLVMPtr{Float32,3})
# has: define void @nothing_of(ptr addrspace(3)
# has: !"air.address_space", i32 3, !"air.arg_type_size", i32 4
takes!(p, pair, x, b) = (CUDA.unsafe_store!(p, b ? pair.b : Float32(pair.a) * x, 1); return)
# kernel: takes!(Core.LLVMPtr{Float32,1}, Described, Float32, Bool)
# has: define void @takes_bang(ptr addrspace(1) ~, ptr addrspace(1) noalias readonly align 8 dereferenceable(16) ~, ptr addrspace(1) ~dereferenceable(4) ~, ptr addrspace(1) ~dereferenceable(1)
# has: load float, ptr addrspace(1)
# not: addrspacecast
# not: alloca
# has: !{i32 3, !"air.buffer", !"air.location_index", i32 3, ~!"air.arg_type_size", i32 1, !"air.arg_type_align_size", i32 1, !"air.arg_type_name", !"Bool", !"air.arg_name", !"b"}
# kernel: takes!(Core.LLVMPtr{Float32,1}, Described, Float32, Bool)
# stage: raw
# has: load ~ptr addrspace(1)
@noinline sum_of(big, i) = @inbounds big.t[i] + big.t[20]
large!(p, big, i) = (@inbounds CUDA.unsafe_store!(p, sum_of(big, i), 1); return)
# An argument that is copied is memory like any other.
# kernel: large!(Core.LLVMPtr{Float32,1}, Table20, Int64)
# has: dereferenceable(80)
# not: !invariant.load
# kernel: large!(Core.LLVMPtr{Float32,1}, Table20, Int64)
# inline: always
# not: !invariant.load
scaled!(a, x) = (i = threadIdx().x; @inbounds a[i] *= x; return)
# kernel: scaled!(CuDeviceVector{Float32,1}, Float32)
# has: load ptr addrspace(1), ptr addrspace(1)
# has: load float, ptr addrspace(1)
# has: store float ~, ptr addrspace(1)
# not: addrspacecast

named!(p, name) = (CUDA.unsafe_store!(p, name === :double ? 2 : 1, 1); return)
# An identity is a number in a buffer; the one to compare to comes from the table of references.
# kernel: named!(Core.LLVMPtr{Int64,1}, Symbol)
# has: define void @named_bang(ptr addrspace(1) ~, ptr addrspace(1) ~, ptr addrspace(1) noalias readonly align 8 dereferenceable(8)
# has: !"air.read", ~!"air.arg_name", !"rekindle_table"}
# has: !"air.arg_type_name", !"Symbol"
# not: addrspacecast

# ---- versions and options ------------------------------------------------------------------------------

# kernel: nothing_of(Int64)
# target: macos13
# has: target triple = "air64-apple-macosx13.0.0"
# has: !{i32 2, i32 5, i32 0}
# has: !{!"Metal", i32 3, i32 0, i32 0}
# kernel: nothing_of(Int64)
# target: macos15
# has: target triple = "air64_v27-apple-macosx15.0.0"
# has: !{i32 2, i32 7, i32 0}
# has: !{!"Metal", i32 3, i32 2, i32 0}
# has: !{i32 2, !"SDK Version", [2 x i32] [i32 15, i32 0]}
# kernel: nothing_of(Int64)
# target: macos26
# has: target triple = "air64_v28-apple-macosx26.0.0"
# has: target datalayout = "e-p:64:64:64-i1:8:8-~n8:16:32"
# has: !{!"Metal", i32 4, i32 0, i32 0}
# has: !{i32 7, !"air.max_device_buffers", i32 31}
# has: !{i32 7, !"air.max_constant_buffers", i32 31}
# has: !{i32 7, !"air.max_threadgroup_buffers", i32 31}
# has: !{i32 7, !"air.max_textures", i32 128}
# has: !{i32 7, !"air.max_read_write_textures", i32 8}
# has: !{i32 7, !"air.max_samplers", i32 16}
# has: !air.compile_options = !{
# has: !{!"air.compile.denorms_disable"}
# has: !{!"air.compile.fast_math_disable"}
# has: !{!"air.compile.framebuffer_fetch_enable"}
# kernel: nothing_of(Int64)
# target: macos26+fastmath+denormals
# has: !{!"air.compile.denorms_enable"}
# has: !{!"air.compile.fast_math_enable"}

# ---- places ---------------------------------------------------------------------------------------------

function stores!(ptr)
    i = ccall("extern julia.air.thread_position_in_threadgroup.i32", llvmcall, UInt32, ()) + 1
    CUDA.unsafe_store!(ptr, 42, i)
    return
end
# kernel: stores!(Core.LLVMPtr{Int64,1})
# has: define void @stores_bang(ptr addrspace(1) ~, i32 ~)
# has: !{i32 1, !"air.thread_position_in_threadgroup", !"air.arg_type_name", !"uint"}
# not: @julia.air
# function: stores!(Core.LLVMPtr{Int64,1})
# has: define void @stores_bang(ptr ~, ptr ~, ptr addrspace(1)
# has: call i32 @julia.air.thread_position_in_threadgroup.i32()
asks_nothing!(ptr) = (CUDA.unsafe_store!(ptr, ccall("extern julia.air.weather.i32", llvmcall, UInt32, ()), 1); return)
# kernel: asks_nothing!(Core.LLVMPtr{UInt32,1})
# error: metal.function
places!(p) = (CUDA.unsafe_store!(p, threadIdx().x + 2blockIdx().y + 4blockDim().z + 8gridDim().x, 1); return)
# kernel: places!(Core.LLVMPtr{Int32,1})
# has: define void @places_bang(ptr addrspace(1) ~, ptr addrspace(1) ~, <3 x i32> ~, <3 x i32> ~, <3 x i32> ~, <3 x i32>
# has: !{i32 2, !"air.thread_position_in_threadgroup", !"air.arg_type_name", !"uint3"}
# has: !{i32 3, !"air.threadgroup_position_in_grid", !"air.arg_type_name", !"uint3"}
# has: !{i32 4, !"air.threadgroups_per_grid", !"air.arg_type_name", !"uint3"}
# has: !{i32 5, !"air.threads_per_threadgroup", !"air.arg_type_name", !"uint3"}
@noinline asks(x) = threadIdx().x + x
passes!(p, x) = (CUDA.unsafe_store!(p, asks(x) + asks(x + Int32(1)), 1); return)
# kernel: passes!(Core.LLVMPtr{Int32,1}, Int32)
# has: define internal i32 @unit.1(i32 ~, <3 x i32> ~)
# count 2: call i32 @unit.1(i32
# has: define void @passes_bang(ptr addrspace(1) ~, ptr addrspace(1) ~, <3 x i32> ~)
wide!(p) = (CUDA.unsafe_store!(p, thread_position_in_grid().x + threads_per_threadgroup().x, 1); return)
# kernel: wide!(Core.LLVMPtr{Int32,1})
# has: air.threads_per_threadgroup

# ---- exceptions -----------------------------------------------------------------------------------------

bounds!(a, i) = (a[i] = 1f0; return)
# The report is a function that gets the places from the kernel. Its pointer points where the kernel's does.
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# has: define void @bounds_bang(ptr addrspace(1) noalias ~, <3 x i32> ~, <3 x i32>
# has: define internal void @gpu_report_exception~(ptr addrspace(1) ~, <3 x i32> ~, <3 x i32>
# has: call i32 @air.atomic.global.cmpxchg.weak.i32(
# has: !"air.arg_name", !"rekindle_state"}
# not: unreachable
# not: @llvm.trap
# not: noreturn
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# debug: 2
# has: gpu_report_exception
# not: unreachable
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# debug: 0
# not: unreachable
@noinline deeper(x) = x > 2 ? error("too much") : x
deep!(p, x) = (CUDA.unsafe_store!(p, deeper(x) + Int32(1), 1); return)
# kernel: deep!(Core.LLVMPtr{Int32,1}, Int32)
# not: @unit.1
# not: unreachable
converts!(p, x) = (CUDA.unsafe_store!(p, Int32(x), 1); return)
# kernel: converts!(Core.LLVMPtr{Int32,1}, Float32)
# has: fptosi float

# ---- memory of groups, barriers, SIMD-groups -------------------------------------------------------------

shared!(p) = (s = CuStaticSharedArray(Int32, 32); i = threadIdx().x; @inbounds s[i] = i; sync_threads(); @inbounds s[i] += s[33 - i]; @inbounds CUDA.unsafe_store!(p, s[i], i); return)
# kernel: shared!(Core.LLVMPtr{Int32,1})
# has: internal addrspace(3) global [128 x i8] undef
# has: call void @air.wg.barrier(i32 3, i32 1)
# has: store i32 ~, ptr addrspace(3)
# has: declare void @air.wg.barrier(i32, i32)
# not: addrspacecast
groups!(p) = (s = MtlThreadGroupArray(Int32, 32); i = thread_position_in_threadgroup().x; @inbounds s[i] = i; threadgroup_barrier(MemoryFlagThreadGroup); @inbounds CUDA.unsafe_store!(p, s[33 - i], i); return)
# kernel: groups!(Core.LLVMPtr{Int32,1})
# has: internal addrspace(3) global [128 x i8] undef
# has: call void @air.wg.barrier(i32 3, i32 1)
dynamic!(p) = (s = CuDynamicSharedArray(Int32, 32); i = threadIdx().x; @inbounds s[i] = i; sync_threads(); @inbounds CUDA.unsafe_store!(p, s[33 - i], i); return)
# kernel: dynamic!(Core.LLVMPtr{Int32,1})
# has: define void @dynamic_bang(ptr addrspace(1) ~, ptr addrspace(3) ~, <3 x i32> ~)
# has: !{i32 1, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 3,
# has: !{i32 2, !"air.thread_position_in_threadgroup"
downs!(p, x) = (CUDA.unsafe_store!(p, shfl_down_sync(0xffffffff, x + threadIdx().x, 1), 1); return)
# kernel: downs!(Core.LLVMPtr{Int32,1}, Int32)
# has: call i32 @air.simd_shuffle.u.i32(i32 ~, i16
# has: !"air.thread_index_in_simdgroup", !"air.arg_type_name", !"uint"}
votes!(p, x) = (CUDA.unsafe_store!(p, vote_ballot_sync(0xffffffff, x > threadIdx().x), 1); return)
# kernel: votes!(Core.LLVMPtr{UInt32,1}, Int32)
# has: call i64 @air.simd_ballot.i64(i1
waits!(p) = (CUDA.unsafe_store!(p, warpsize(), 1); sync_warp(); CUDA.unsafe_store!(p, warpsize(), 2); return)
# kernel: waits!(Core.LLVMPtr{Int32,1})
# has: call void @air.simdgroup.barrier(i32 3, i32 4)
# has: i32 32
fences!(p) = (CUDA.unsafe_store!(p, Int32(1), 1); threadfence(); CUDA.unsafe_store!(p, Int32(2), 2); return)
# kernel: fences!(Core.LLVMPtr{Int32,1})
# target: macos15 macos26
# has: call void @air.atomic.fence(i32 3, i32 5, i32 2)
# kernel: fences!(Core.LLVMPtr{Int32,1})
# target: macos14
# error: fence

# ---- atomic accesses -------------------------------------------------------------------------------------

counts!(p, x) = (CUDA.atomic_add!(p, x); return)
# kernel: counts!(Core.LLVMPtr{Int32,1}, Int32)
# has: call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) ~, i32 ~, i32 0, i32 2, i1 true)
# kernel: counts!(Core.LLVMPtr{Int32,3}, Int32)
# has: call i32 @air.atomic.local.add.u.i32(ptr addrspace(3) ~, i32 ~, i32 0, i32 1, i1 true)
# kernel: counts!(Core.LLVMPtr{Float32,1}, Float32)
# has: call float @air.atomic.global.add.f32(ptr addrspace(1)
# Not in the memory of groups: it compares and exchanges.
# kernel: counts!(Core.LLVMPtr{Float32,3}, Float32)
# has: call i32 @air.atomic.local.cmpxchg.weak.i32(ptr addrspace(3)
# not: add.f32
# kernel: counts!(Core.LLVMPtr{Int64,1}, Int64)
# error: an atomic access to 64 bits
extremes!(p, x) = (CUDA.atomic_max!(p, x); CUDA.atomic_min!(p, x); CUDA.atomic_xchg!(p, x); return)
# kernel: extremes!(Core.LLVMPtr{Int32,1}, Int32)
# has: air.atomic.global.max.s.i32
# has: air.atomic.global.min.s.i32
# has: air.atomic.global.xchg.i32
# kernel: extremes!(Core.LLVMPtr{UInt32,1}, UInt32)
# has: air.atomic.global.max.u.i32
# has: air.atomic.global.min.u.i32
exchanges!(p, x, y) = (CUDA.unsafe_store!(p, CUDA.atomic_cas!(p, x, y), 2); return)
# kernel: exchanges!(Core.LLVMPtr{Int32,1}, Int32, Int32)
# has: call i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1) ~, ptr ~, i32 ~, i32 0, i32 0, i32 2, i1 true)
fetches!(p, x) = (Metal.atomic_fetch_add_explicit(p, x); return)
# kernel: fetches!(Core.LLVMPtr{Int32,1}, Int32)
# has: air.atomic.global.add.u.i32

# ---- constants -------------------------------------------------------------------------------------------

const powers = (1f0, 2f0, 4f0, 8f0, 16f0, 32f0, 64f0, 128f0)
power!(p, i) = (CUDA.unsafe_store!(p, powers[i], 1); return)
# kernel: power!(Core.LLVMPtr{Float32,1}, Int64)
# has: addrspace(2) constant 
# has: load ~, ptr addrspace(2)
# not: addrspacecast
inside!(p, i) = (t = (1f0, 3f0, 9f0, 27f0, 81f0, 243f0, 729f0, 2187f0, 6561f0); @inbounds CUDA.unsafe_store!(p, t[i], 1); return)
# kernel: inside!(Core.LLVMPtr{Float32,1}, Int64)
# has: addrspace(2) constant 
# has: load ~, ptr addrspace(2)
# not: addrspacecast
# A union is a tag and the bytes of its members: no object of the host's is named.
@noinline produce(cond::Bool, a::Int32) = cond ? a : true
function consume(cond::Bool, a::Int32)
    x = produce(cond, a)
    x isa Bool && x && return Int32(1)
    return Int32(0)
end
consumes!(p, cond, a) = (CUDA.unsafe_store!(p, consume(cond, a), 1); return)
# kernel: consumes!(Core.LLVMPtr{Int32,1}, Bool, Int32)
# has: store i32
# not: external
# not: rekindle_table

# ---- arithmetic ------------------------------------------------------------------------------------------

bytes!(p, i) = (q = p + i; CUDA.unsafe_store!(q + Int64(1), Int8(0), 1); return)
# kernel: bytes!(Core.LLVMPtr{Int8,1}, Int64)
# count 1: getelementptr
largest(x, y) = ccall("llvm.smax.v2i64", llvmcall, NTuple{2,VecElement{Int64}}, (NTuple{2,VecElement{Int64}}, NTuple{2,VecElement{Int64}}), x, y)
# function: largest(NTuple{2,VecElement{Int64}}, NTuple{2,VecElement{Int64}})
# has: call <2 x i64> @air.max.s.v2i64(
both(x) = Base.llvmcall(("""declare float @air.sincos.f32(float, ptr)
    define float @entry(float %x) {
        %c = alloca float
        %s = call float @air.sincos.f32(float %x, ptr %c)
        %l = load float, ptr %c
        %r = fadd float %s, %l
        ret float %r
    }""", "entry"), Float32, Tuple{Float32}, x)
# function: both(Float32)
# has: declare float @air.sincos.f32(float, ptr writeonly captures(none))
both_fast(x) = Base.llvmcall(("""declare float @air.fast_sincos.f32(float, ptr)
    define float @entry(float %x) {
        %c = alloca float
        %s = call float @air.fast_sincos.f32(float %x, ptr %c)
        %l = load float, ptr %c
        %r = fadd float %s, %l
        ret float %r
    }""", "entry"), Float32, Tuple{Float32}, x)
# function: both_fast(Float32)
# has: declare float @air.fast_sincos.f32(float, ptr writeonly captures(none))
roots(x) = sqrt(abs(x)) + floor(x)
# function: roots(Float32)
# has: call float @air.sqrt.f32(
# has: call float @air.fabs.f32(
# has: call float @air.floor.f32(
# not: @llvm.
# function: roots(Float16)
# has: call half @air.sqrt.f16(
# function: roots(Float32)
# target: macos26+fastmath
# has: @air.fast_sqrt.f32(
# has: @air.fast_floor.f32(
fast_roots(x) = @fastmath sqrt(x) + x
# function: fast_roots(Float32)
# has: @air.fast_sqrt.f32(
fused(x, y, z) = fma(x, y, z) + round(x)
# function: fused(Float32, Float32, Float32)
# has: call float @air.fma.f32(
# has: call float @air.rint.f32(
# function: fused(Float16, Float16, Float16)
# has: call half @air.fma.f16(
smallest(x, y, z) = min(x, y, z)
# function: smallest(Int32, Int32, Int32)
# has: call i32 @air.min3.s.i32(i32
# function: smallest(UInt8, UInt8, UInt8)
# has: call i8 @air.min3.u.i8(i8
bits(x) = leading_zeros(x) + count_ones(x) + trailing_zeros(x) + bitreverse(x)
# function: bits(Int32)
# has: @air.clz.i32(i32 ~, i1
# has: @air.popcount.i32(
# has: @air.ctz.i32(i32 ~, i1
# has: @air.reverse_bits.i32(
signs(x, y) = copysign(x, y)
# function: signs(Float32, Float32)
# not: copysign
turns(x, n) = bitrotate(x, n)
# function: turns(UInt32, Int64)
# not: @llvm.fshl
# Functions of one number need no Float64, and nothing that only LLVM has a name for.
waves(x) = sin(x) + cos(x) + exp(x) + log(x) + tanh(x) + x^2.5f0 + cbrt(x) + atan(x)
# function: waves(Float32)
# not: double
# not: @llvm.

# ---- what the machine has none of -------------------------------------------------------------------------

doubles!(p, x) = (CUDA.unsafe_store!(p, x * x, 1); return)
# kernel: doubles!(Core.LLVMPtr{Float64,1}, Float64)
# error: `Float64` is not supported in Metal code
copies!(p, q) = (CUDA.unsafe_store!(p, CUDA.unsafe_load(q, 1), 1); return)
# kernel: copies!(Core.LLVMPtr{Float64,1}, Core.LLVMPtr{Float64,1})
# error: Float64
# kernel: doubles!(Core.LLVMPtr{Int128,1}, Int128)
# error: a 128-bit integer
prints!(x) = (@cuprintln(x); return)
# kernel: prints!(Int64)
# error: print
@noinline falls(x) = x < 2 ? x : falls(x - 1) + falls(x - 2)
recurses!(p, x) = (CUDA.unsafe_store!(p, falls(x), 1); return)
# kernel: recurses!(Core.LLVMPtr{Int64,1}, Int64)
# error: metal.recursion
