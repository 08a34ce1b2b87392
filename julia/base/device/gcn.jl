# What AMD's machines have instructions for: methods in the table that only code for them looks in.

# `@gcn f(args...) = body`: the method of `f` in code for AMD's machines.
macro gcn(definition)
    return esc(override(GCN_TABLE, definition))
end

# Lanes of a wave need no vote to be together.
@gcn @inline sync_warp(mask = FULL_MASK) = (ccall("llvm.amdgcn.wave.barrier", llvmcall, Nothing, ()); gpu_fence(:group))
