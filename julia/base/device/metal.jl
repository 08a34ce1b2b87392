# What Apple's machines have instructions for: methods in the table that only code for them looks in.

# `@metal f(args...) = body`: the method of `f` in code for Apple's machines.
macro metal(definition)
    return esc(override(METAL_TABLE, definition))
end

# A barrier of the SIMD-group, with the memory of the group and of the device.
@metal @inline sync_warp(mask = FULL_MASK) = ccall("extern air.simdgroup.barrier", llvmcall, Nothing, (Int32, Int32), Int32(3), Int32(4))

# Half-precision numbers are multiplied and added with one rounding.
@metal @inline Base.fma(x::Float16, y::Float16, z::Float16) = Core.Intrinsics.fma_float(x, y, z)
