using CUDA

# A throw becomes a report to the host; nothing of the host's exceptions is left.

bounds!(a, i) = (a[i] = 1f0; return)
# kernel: bounds!(CuDeviceVector{Float32,1}, Int64)
# target: sm_75 sm_90 sm_100
# not: rk_throw
# has: exit;

divides!(p, x) = (CUDA.unsafe_store!(p, 10 ÷ x, 1); return)
# kernel: divides!(Core.LLVMPtr{Int64,1}, Int64)
# has: exit;

converts!(p, x) = (CUDA.unsafe_store!(p, Int32(x), 1); return)
# kernel: converts!(Core.LLVMPtr{Int32,1}, Float32)
# has: exit;
# kernel: converts!(Core.LLVMPtr{Int32,1}, Int64)
# has: exit;

unchecked!(p, x) = (CUDA.unsafe_store!(p, unsafe_trunc(Int32, x), 1); return)
# kernel: unchecked!(Core.LLVMPtr{Int32,1}, Float64)
# has: cvt.rzi.s32.f64
# not: exit;

asserts!(x) = (@assert x > 0 "positive"; x < 100 || error("too large"); return)
# kernel: asserts!(Int64)
# has: exit;

function folds!(p, x, y)
    q, r = fldmod1(x, y)
    CUDA.unsafe_store!(p, q + r, 1)
    return
end
# kernel: folds!(Core.LLVMPtr{Int32,1}, Int32, Int32)
# not: rk_

# A union of an integer and a Bool needs no object of the host.
either(x) = x > 5 ? x : x > 0
union!(p, x) = (v = either(x); CUDA.unsafe_store!(p, v isa Bool ? Int32(-1) : v, 1); return)
# kernel: union!(Core.LLVMPtr{Int32,1}, Int32)
# not: rekindle_patch
# not: .extern
# kernel: union!(Core.LLVMPtr{Int32,1}, Int32)
# stage: llvm
# not: external global

# Objects of plain data are the code's own: only their types' tags are filled in by the loader.
function boxes!(p, x)
    r = Ref{Any}(1)
    x > 0 && (r[] = 2.5)
    v = r[]
    CUDA.unsafe_store!(p, v isa Int ? 1 : v isa Float64 ? 2 : 3, 1)
    return
end
# kernel: boxes!(Core.LLVMPtr{Int64,1}, Int64)
# not: rk_
