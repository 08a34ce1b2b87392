using CUDA

# Arithmetic uses the machine's instructions and no library of anybody's.
# not: __nv_

for (name, f) in ((:fma3, :fma), (:muladd3, :muladd))
    @eval $name(p, x, y, z) = (CUDA.unsafe_store!(p, $f(x, y, z), 1); return)
end
# kernel: fma3(Core.LLVMPtr{Float32,1}, Float32, Float32, Float32)
# has: fma.rn.f32
# kernel: fma3(Core.LLVMPtr{Float64,1}, Float64, Float64, Float64)
# has: fma.rn.f64
# kernel: fma3(Core.LLVMPtr{Float16,1}, Float16, Float16, Float16)
# has: fma.rn.f16
# kernel: muladd3(Core.LLVMPtr{Float32,1}, Float32, Float32, Float32)
# has: fma.rn.f32
# kernel: muladd3(Core.LLVMPtr{Float64,1}, Float64, Float64, Float64)
# stage: llvm
# has: llvm.fmuladd.f64

for (name, f) in ((:root, :sqrt), (:inverse, :inv), (:reciprocal_root, :(CUDA.rsqrt)), (:magnitude, :abs), (:down, :floor), (:up, :ceil), (:cut, :trunc))
    @eval $name(p, x) = (CUDA.unsafe_store!(p, $f(x), 1); return)
    @eval $(Symbol(:fast_, name))(p, x) = (CUDA.unsafe_store!(p, @fastmath($f(x)), 1); return)
end
divide(p, x, y) = (CUDA.unsafe_store!(p, x / y, 1); return)
fast_divide(p, x, y) = (CUDA.unsafe_store!(p, @fastmath(x / y), 1); return)
# kernel: root(Core.LLVMPtr{Float32,1}, Float32)
# has: sqrt.rn.f32
# kernel: root(Core.LLVMPtr{Float64,1}, Float64)
# has: sqrt.rn.f64
# kernel: fast_root(Core.LLVMPtr{Float32,1}, Float32)
# has: sqrt.approx.f32
# kernel: root(Core.LLVMPtr{Float32,1}, Float32)
# target: sm_75+fastmath
# has: sqrt.approx.ftz.f32
# kernel: divide(Core.LLVMPtr{Float32,1}, Float32, Float32)
# has: div.rn.f32
# kernel: fast_divide(Core.LLVMPtr{Float32,1}, Float32, Float32)
# has: div.approx.f32
# kernel: divide(Core.LLVMPtr{Float32,1}, Float32, Float32)
# target: sm_75+fastmath
# has: div.approx.ftz.f32
# kernel: divide(Core.LLVMPtr{Float64,1}, Float64, Float64)
# has: div.rn.f64
# kernel: inverse(Core.LLVMPtr{Float32,1}, Float32)
# has: rcp.rn.f32
# kernel: reciprocal_root(Core.LLVMPtr{Float32,1}, Float32)
# has: rsqrt.approx.f32
# kernel: magnitude(Core.LLVMPtr{Float32,1}, Float32)
# has: abs.f32
# kernel: down(Core.LLVMPtr{Float32,1}, Float32)
# has: cvt.rmi.f32.f32
# kernel: up(Core.LLVMPtr{Float64,1}, Float64)
# has: cvt.rpi.f64.f64
# kernel: cut(Core.LLVMPtr{Float32,1}, Float32)
# has: cvt.rzi.f32.f32

for mode in (:rz, :rp, :rm)
    @eval $(Symbol(:rounds_, mode))(p, x, y, z) =
        (CUDA.unsafe_store!(p, CUDA.$(Symbol(:add_, mode))(x, y) + CUDA.$(Symbol(:mul_, mode))(x, y) + CUDA.$(Symbol(:fma_, mode))(x, y, z) + CUDA.$(Symbol(:div_, mode))(x, y), 1); return)
end
# kernel: rounds_rz(Core.LLVMPtr{Float32,1}, Float32, Float32, Float32)
# has: add.rz.f32
# has: mul.rz.f32
# has: fma.rz.f32
# has: div.rz.f32
# kernel: rounds_rp(Core.LLVMPtr{Float64,1}, Float64, Float64, Float64)
# has: add.rp.f64
# has: mul.rp.f64
# has: fma.rp.f64
# has: div.rp.f64
# kernel: rounds_rm(Core.LLVMPtr{Float32,1}, Float32, Float32, Float32)
# has: add.rm.f32

permutes(p, x, y, s) = (CUDA.unsafe_store!(p, CUDA.byte_perm(x, y, s), 1); return)
# kernel: permutes(Core.LLVMPtr{Int32,1}, UInt32, UInt32, UInt32)
# has: prmt.b32
dots(p, x, y, z) = (CUDA.unsafe_store!(p, CUDA.dp4a(x, y, z), 1); return)
# kernel: dots(Core.LLVMPtr{Int32,1}, Int32, Int32, Int32)
# has: dp4a.s32.s32
# kernel: dots(Core.LLVMPtr{Int32,1}, UInt32, Int32, Int32)
# has: dp4a.u32.s32
# kernel: dots(Core.LLVMPtr{UInt32,1}, UInt32, UInt32, UInt32)
# has: dp4a.u32.u32
