using CUDA

# What a kernel's entry takes: plain data by value, nothing for singletons, the state first and only where it is needed.

struct Pair2; a::Int64; b::Float64; end
struct Empty end
struct Wide; x::Int128; y::UInt8; end
struct Big; t::NTuple{20,Float64}; end

adds!(p, x, y) = (CUDA.unsafe_store!(p, x + y, 1); return)
# kernel: adds!(Core.LLVMPtr{Float32,1}, Float32, Float32)
# has: .visible .entry adds
# count 3: .param .~ adds
# not: rekindle

takes!(p, pair) = (CUDA.unsafe_store!(p, pair.a + Int64(pair.b > 0), 1); return)
# kernel: takes!(Core.LLVMPtr{Int64,1}, Pair2)
# has: .param .align 8 .b8 takes_bang_param_1[16]
# not: .local

ghosts!(p, ::Empty, x, ::Val{3}, ::typeof(sin), ::Nothing, ::Type{Int}) = (CUDA.unsafe_store!(p, x, 1); return)
# kernel: ghosts!(Core.LLVMPtr{Int64,1}, Empty, Int64, Val{3}, typeof(sin), Nothing, Type{Int})
# count 2: .param .u64 ~ghosts_bang_param

wide!(p, w) = (CUDA.unsafe_store!(p, (w.x >> 64) % Int64 + w.y, 1); return)
# kernel: wide!(Core.LLVMPtr{Int64,1}, Wide)
# has: .b8 wide_bang_param_1[

@noinline sum_of(big, i) = @inbounds big.t[i] + big.t[20]
large!(p, big, i) = (@inbounds CUDA.unsafe_store!(p, sum_of(big, i), 1); return)
# kernel: large!(Core.LLVMPtr{Float64,1}, Big, Int64)
# has: .b8 large_bang_param_1[160]
# has: .func
# not: .visible .func

# ---- the hidden state ---------------------------------------------------------------------------------

@noinline plain(x) = x * x + 1
@noinline checked(x) = x > 0 ? x * x : throw(DomainError(x))
both!(p, x) = (CUDA.unsafe_store!(p, plain(x) + checked(x), 1); return)
# kernel: both!(Core.LLVMPtr{Int64,1}, Int64)
# stage: llvm
# has: define ptx_kernel void @both_bang(ptr noalias
# has: define internal ~ @unit.1(i64
# has: define internal ~ @unit.2(ptr ~, i64
# count 1: ptx_kernel void @
# kernel: both!(Core.LLVMPtr{Int64,1}, Int64)
# stage: raw
# has: define internal ~ @unit.1(i64
# has: define internal ~ @unit.2(ptr ~, i64
# kernel: both!(Core.LLVMPtr{Int64,1}, Int64)
# debug: 2
# stage: llvm
# has: define internal ~ @unit.1(i64
# has: define internal ~ @unit.2(ptr ~, ptr ~, i64
# kernel: both!(Core.LLVMPtr{Int64,1}, Int64)
# debug: 0
# target: sm_75 sm_90 sm_100
# has: exit;
# kernel: both!(Core.LLVMPtr{Int64,1}, Int64)
# debug: 2
# target: sm_75 sm_90 sm_100
# has: exit;

# ---- numbers of arguments ------------------------------------------------------------------------------

one!(p) = (CUDA.unsafe_store!(p, 1, 1); return)
# kernel: one!(Core.LLVMPtr{Int64,1})
# has: one_bang_param_0
many!(p, xs::Vararg{Int32,33}) = (CUDA.unsafe_store!(p, +(xs...), 1); return)
# kernel: many!(Core.LLVMPtr{Int32,1}, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32)
# not: .local

keyworded(x; scale = 2, offset) = x * scale + offset
keywords!(p, x) = (CUDA.unsafe_store!(p, keyworded(x; offset = 3, scale = 5), 1); return)
# kernel: keywords!(Core.LLVMPtr{Int64,1}, Int64)
# not: call

huge!(p, t) = (CUDA.unsafe_store!(p, t[1], 1); return)
# kernel: huge!(Core.LLVMPtr{Float64,1}, NTuple{600,Float64})
# error: has room for 4096
# kernel: huge!(Core.LLVMPtr{Float64,1}, NTuple{600,Float64})
# target: sm_100
# has: huge_bang_param_1[4800]
# kernel: huge!(Core.LLVMPtr{Float64,1}, NTuple{5000,Float64})
# target: sm_100
# error: has room for 32764

# ---- what cannot be a kernel ---------------------------------------------------------------------------

answers(x) = x + 1
# kernel: answers(Int64)
# error: kernel.returns-value
# function: answers(Int64)
# has: .visible .func
# not: .entry

# ---- symbols ---------------------------------------------------------------------------------------------

named!(p, name) = (CUDA.unsafe_store!(p, name === :double ? 2 : 1, 1); return)
# kernel: named!(Core.LLVMPtr{Int64,1}, Symbol)
# count 1: .u64 rekindle_patch_
# has: .param .u64 ~named_bang_param_1
