# What NVIDIA's machines have instructions for: methods in the table that only code for them looks in.

# `@ptx f(args...) = body`: the method of `f` in code for NVIDIA's machines.
macro ptx(definition)
    return esc(override(PTX_TABLE, definition))
end

# Barriers that count.
@ptx @inline barrier_count(p) = ccall("llvm.nvvm.barrier.cta.red.popc.aligned.all", llvmcall, Int32, (Int32, Bool), Int32(0), as_predicate(p))
@ptx @inline barrier_and(p) = ccall("llvm.nvvm.barrier.cta.red.and.aligned.all", llvmcall, Bool, (Int32, Bool), Int32(0), as_predicate(p))
@ptx @inline barrier_or(p) = ccall("llvm.nvvm.barrier.cta.red.or.aligned.all", llvmcall, Bool, (Int32, Bool), Int32(0), as_predicate(p))

# Votes and waits of a warp.
@ptx @inline vote_any(mask, p) = ccall("llvm.nvvm.vote.any.sync", llvmcall, Bool, (UInt32, Bool), mask % UInt32, as_predicate(p))
@ptx @inline vote_all(mask, p) = ccall("llvm.nvvm.vote.all.sync", llvmcall, Bool, (UInt32, Bool), mask % UInt32, as_predicate(p))
@ptx @inline vote_uni(mask, p) = ccall("llvm.nvvm.vote.uni.sync", llvmcall, Bool, (UInt32, Bool), mask % UInt32, as_predicate(p))
@ptx @inline active_mask() = ccall("llvm.nvvm.activemask", llvmcall, UInt32, ())
@ptx @inline sync_warp(mask = FULL_MASK) = ccall("llvm.nvvm.bar.warp.sync", llvmcall, Nothing, (UInt32,), mask % UInt32)

# Loads of what no work-item writes go through the read-only cache.
@ptx @inline unsafe_cached_load(p::LLVMPtr{T,A}, i::Integer, ::Val{align}) where {T,A,align} = Core.Intrinsics.gpu_load_constant(p, Int(i))

# Half-precision numbers are multiplied and added with one rounding.
@ptx @inline Base.fma(x::Float16, y::Float16, z::Float16) = Core.Intrinsics.fma_float(x, y, z)
@ptx @inline constant(a::DeviceArray) = ConstantArray(a)
