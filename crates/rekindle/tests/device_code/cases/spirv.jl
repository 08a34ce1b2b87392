using CUDA
import OpenCL
# target: spirv spirv1.0 spirv1.2

# What is SPIR-V's own: conventions, aggregates, ends of work-items, address spaces, capabilities.

struct Pair2; a::Int64; b::Float64; end
struct Wide; x::Int128; y::UInt8; end

# ---- entries ------------------------------------------------------------------------------------------

@noinline child(x) = x * 3 + 1
parent!(p, x) = (CUDA.unsafe_store!(p, child(x) + child(x + 1), 1); return)
# kernel: parent!(Core.LLVMPtr{Int64,1}, Int64)
# stage: llvm
# count 1: spir_kernel
# has: define spir_kernel void @parent_bang(ptr addrspace(1) ~, i64
# has: define internal spir_func i64 @unit.1(i64
# count 2: call spir_func i64 @unit.1(i64
# kernel: parent!(Core.LLVMPtr{Int64,1}, Int64)
# count 1: OpEntryPoint Kernel ~"parent_bang"
# count 2: OpFunction ~
# count 2: OpFunctionCall
# function: child(Int64)
# not: OpEntryPoint
calls!(p, x) = (CUDA.unsafe_store!(p, expensive(x) + expensive(2x), 1); return)
function expensive(x)
    for i in 1:4
        x = sin(x) * cos(x) + tan(x) / exp(x) + log(abs(x)) + atan(x) + x^3.5 + sinh(x) + asin(cos(x)) + x^1.5
    end
    return x
end
# kernel: calls!(Core.LLVMPtr{Float64,1}, Float64)
# inline: always
# stage: llvm
# not: @unit.1(

@noinline function never!(p, t)
    CUDA.unsafe_store!(p, t.a + Int64(t.b > 0), 1)
    return
end
# kernel: never!(Core.LLVMPtr{Int64,1}, Pair2)
# has: OpFunctionCall
# has: FuncParamAttr ByVal
# kernel: never!(Core.LLVMPtr{Int64,1}, Pair2)
# stage: raw
# has: ptr byval({ [2 x i64] }) align 8

# ---- arguments ----------------------------------------------------------------------------------------

takes!(p, pair) = (CUDA.unsafe_store!(p, pair.a + Int64(pair.b > 0), 1); return)
# kernel: takes!(Core.LLVMPtr{Int64,1}, Pair2)
# stage: llvm
# has: @takes_bang(ptr addrspace(1) ~, ptr byval({ [2 x i64] }) align 8
# not: addrspacecast
# kernel: takes!(Core.LLVMPtr{Int64,1}, Pair2)
# has: FuncParamAttr ByVal
# count 1: OpTypeStruct
scaled!(a, x) = (i = threadIdx().x; @inbounds a[i] *= x; return)
# kernel: scaled!(CuDeviceVector{Float32,1}, Float32)
# not: Generic
# has: CrossWorkgroup
pointed!(p, x) = (unsafe_store!(p, x, 1); return)
# kernel: pointed!(Ptr{Int64}, Int64)
# stage: llvm
# has: @pointed_bang(ptr addrspace(1)
named!(p, name) = (CUDA.unsafe_store!(p, name === :double ? 2 : 1, 1); return)
# kernel: named!(Core.LLVMPtr{Int64,1}, Symbol)
# stage: llvm
# has: @named_bang(ptr addrspace(1) ~, ptr addrspace(1) ~, ptr addrspace(1)
# kernel: named!(Core.LLVMPtr{Int64,1}, Symbol)
# count 1: OpEntryPoint
indexes!(p, t) = (@inbounds CUDA.unsafe_store!(p, t[threadIdx().x], 1); return)
# kernel: indexes!(Core.LLVMPtr{Int64,1}, NTuple{4,Int64})
# not: OpVariable ~Function
const weights = (3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3)
weighs!(p, i) = (@inbounds CUDA.unsafe_store!(p, weights[i], 1); return)
# kernel: weighs!(Core.LLVMPtr{Int64,1}, Int64)
# has: OpVariable ~CrossWorkgroup

# ---- ends of work-items -------------------------------------------------------------------------------

bounds!(a, i) = (a[i] = 1f0; return)
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# not: OpUnreachable
# not: trap
# has: OpReturn
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# stage: llvm
# not: unreachable
# not: llvm.trap
# has: @bounds_bang(ptr addrspace(1) noalias
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# debug: 0
# not: OpUnreachable
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# debug: 2
# not: OpUnreachable
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# stage: raw
# not: unreachable
@noinline checked(x) = x > 0 ? x * x : throw(DomainError(x))
@noinline doubled(x) = checked(x) + checked(x + 1)
deep!(p, x) = (CUDA.unsafe_store!(p, doubled(x) + child(x), 1); return)
# kernel: deep!(Core.LLVMPtr{Int64,1}, Int64)
# not: OpUnreachable
# stage: llvm
# kernel: deep!(Core.LLVMPtr{Int64,1}, Int64)
# stage: llvm
# has: define internal spir_func void @gpu_report_exception.1
# count 1: define internal spir_func i64
function folds!(p, x, y)
    q, r = fldmod1(x, y)
    CUDA.unsafe_store!(p, q + r, 1)
    return
end
# kernel: folds!(Core.LLVMPtr{Int32,1}, Int32, Int32)
# not: OpUnreachable
converts!(p, x) = (CUDA.unsafe_store!(p, Int32(x), 1); return)
# kernel: converts!(Core.LLVMPtr{Int32,1}, Float32)
# has: OpConvertFToS
adds!(p, x) = (CUDA.unsafe_store!(p, Base.checked_add(x, x) - Base.checked_mul(x, 3), 1); return)
# kernel: adds!(Core.LLVMPtr{Int64,1}, Int64)
# not: OpUnreachable

# Pairs that come together from several places are taken apart: the back-end has no phis of structs.
@noinline pair(x) = (x + 1, x > 0 ? 2.0 : 3.0)
@noinline other(x) = (x - 1, x > 0 ? 5.0 : 7.0)
function pairs!(p, x)
    a, b = x > 10 ? pair(x) : x < -10 ? other(x) : (0, 1.0)
    CUDA.unsafe_store!(p, a + unsafe_trunc(Int, b), 1)
    return
end
# kernel: pairs!(Core.LLVMPtr{Int64,1}, Int64)
# stage: llvm
# not: phi {
# kernel: pairs!(Core.LLVMPtr{Int64,1}, Int64)
# count 1: OpEntryPoint
cosines!(p, x) = (CUDA.unsafe_store!(p, cos(complex(x, -x)) / exp(complex(x, x)), 1); return)
# kernel: cosines!(Core.LLVMPtr{ComplexF64,1}, Float64)
# stage: llvm
# not: phi {

# ---- places, barriers, sub-groups ---------------------------------------------------------------------

places!(p) = (CUDA.unsafe_store!(p, threadIdx().x + 2blockIdx().y + 4blockDim().z + 8gridDim().x, 1); return)
# kernel: places!(Core.LLVMPtr{Int32,1})
# has: BuiltIn LocalInvocationId
# has: BuiltIn WorkgroupId
# has: BuiltIn WorkgroupSize
# has: BuiltIn NumWorkgroups
shared!(p) = (s = CuStaticSharedArray(Int32, 32); i = threadIdx().x; @inbounds s[i] = i; sync_threads(); @inbounds s[i] += s[33 - i]; @inbounds CUDA.unsafe_store!(p, s[i], i); return)
# kernel: shared!(Core.LLVMPtr{Int32,1})
# has: OpVariable ~Workgroup
# has: OpControlBarrier
dynamic!(p) = (s = CuDynamicSharedArray(Int32, 32); i = threadIdx().x; @inbounds s[i] = i; sync_threads(); @inbounds CUDA.unsafe_store!(p, s[33 - i], i); return)
# kernel: dynamic!(Core.LLVMPtr{Int32,1})
# stage: llvm
# has: @dynamic_bang(ptr addrspace(1) ~, ptr addrspace(3)
warps!(p, x) = (CUDA.unsafe_store!(p, shfl_down_sync(0xffffffff, x + threadIdx().x, 1) + count_ones(vote_ballot_sync(0xffffffff, x > 0)), 1); return)
# kernel: warps!(Core.LLVMPtr{Int32,1}, Int32)
# target: spirv spirv1.3
# has: OpGroupNonUniformShuffle
# has: OpGroupNonUniformBallot
# has: SubgroupSize 32
# kernel: warps!(Core.LLVMPtr{Int32,1}, Int32)
# target: spirv1.2
# error: `gpu_shfl` is not supported in SPIR-V code
prints!(x) = (@cuprintln("x is ", x); return)
# kernel: prints!(Int64)
# has: printf

# ---- atomics ------------------------------------------------------------------------------------------

counts!(p, x) = (CUDA.atomic_add!(p, x); return)
# kernel: counts!(Core.LLVMPtr{Int32,1}, Int32)
# has: OpAtomicIAdd
# kernel: counts!(Core.LLVMPtr{Int64,1}, Int64)
# has: OpCapability Int64Atomics
# kernel: counts!(Core.LLVMPtr{Float32,1}, Float32)
# has: OpAtomicCompareExchange
# not: OpExtension
# kernel: counts!(Core.LLVMPtr{Int64,1}, Int64)
# target: spirv1.4-int64atomics
# error: an atomic access to 64 bits is not supported in SPIR-V code

# ---- what the machine has none of ---------------------------------------------------------------------

squares!(p, x) = (CUDA.unsafe_store!(p, x * x, 1); return)
# kernel: squares!(Core.LLVMPtr{Int128,1}, Int128)
# error: a 128-bit integer is not supported in SPIR-V code
# kernel: squares!(Core.LLVMPtr{Float64,1}, Float64)
# has: OpCapability Float64
# kernel: squares!(Core.LLVMPtr{Float64,1}, Float64)
# target: spirv1.4-float64
# error: `Float64` is not supported in SPIR-V code
# kernel: squares!(Core.LLVMPtr{Float16,1}, Float16)
# has: OpCapability Float16
# kernel: squares!(Core.LLVMPtr{Float16,1}, Float16)
# target: spirv1.4-float16
# error: `Float16` is not supported in SPIR-V code
moves!(p, x) = (CUDA.unsafe_store!(p, x, 1); return)
# kernel: moves!(Core.LLVMPtr{Int128,1}, Int128)
# error: an integer of 128 bits is not supported in SPIR-V code
@noinline fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)
recurses!(p, n) = (CUDA.unsafe_store!(p, fib(n), 1); return)
# kernel: recurses!(Core.LLVMPtr{Int64,1}, Int64)
# error: recursion is not supported in SPIR-V code: `fib` calls itself
@noinline even(n) = n == 0 ? true : odd(n - 1)
@noinline odd(n) = n == 0 ? false : even(n - 1)
ring!(p, n) = (CUDA.unsafe_store!(p, even(n), 1); return)
# kernel: ring!(Core.LLVMPtr{Bool,1}, Int64)
# error: `even` calls itself `even` calls `odd`; `odd` calls `even`
boxes!(p, x) = (r = Ref{Any}(x); x > 2.5 && (r[] = 1); v = r[]; CUDA.unsafe_store!(p, v isa Int ? 1 : 2, 1); return)
# kernel: boxes!(Core.LLVMPtr{Int64,1}, Float64)
# error: making an object is not supported in SPIR-V code
@noinline twice(x) = 2x
deferred!(p, x) = (CUDA.unsafe_store!(p, Base.Device.deferred(twice, Tuple{Float32})(x), 1); return)
# kernel: deferred!(Core.LLVMPtr{Float32,1}, Float32)
# error: the address of a function is not supported in SPIR-V code
draws!(p) = (CUDA.unsafe_store!(p, rand(Float32), 1); return)
# kernel: draws!(Core.LLVMPtr{Float32,1})
# error: a clock is not supported in SPIR-V code
# kernel: takes!(Core.LLVMPtr{Int64,1}, Pair2)
# target: spirv1.7
# error: there is no architecture `1.7` for spirv; versions are 1.0, 1.1, 1.2, 1.3, 1.4
