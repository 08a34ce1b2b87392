# The hardware's instructions for what math.jl and device.jl spell out, in code for NVIDIA's machines.

import Base.Device: @ptx

const Word = Union{Int32,UInt32}

@ptx @inline permute_bytes(x::UInt32, y::UInt32, s::UInt32) = ccall("llvm.nvvm.prmt", llvmcall, UInt32, (UInt32, UInt32, UInt32), x, y, s)

for (A, a) in ((Int32, "s"), (UInt32, "u")), (B, b) in ((Int32, "s"), (UInt32, "u"))
    @eval @ptx @inline dp4a(x::$A, y::$B, acc::Word) =
        ccall($("llvm.nvvm.idp4a.$a.$b"), llvmcall, Int32, (UInt32, UInt32, UInt32), x % UInt32, y % UInt32, acc % UInt32) % typeof(acc)
end

@ptx @inline clock(::Type{UInt32}) = ccall("llvm.nvvm.read.ptx.sreg.clock", llvmcall, UInt32, ())
@ptx @inline clock(::Type{T} = UInt64) where {T} = ccall("llvm.nvvm.read.ptx.sreg.clock64", llvmcall, UInt64, ()) % T
@ptx @inline nanosleep(t) = ccall("llvm.nvvm.nanosleep", llvmcall, Nothing, (UInt32,), t % UInt32)

@ptx @inline rsqrt(x::Float32) = ccall("llvm.nvvm.rsqrt.approx.f", llvmcall, Float32, (Float32,), x)
@ptx @inline rsqrt(x::Float64) = ccall("llvm.nvvm.rsqrt.approx.d", llvmcall, Float64, (Float64,), x)
@ptx @inline saturate(x::Float32) = ccall("llvm.nvvm.saturate.f", llvmcall, Float32, (Float32,), x)

# Directed rounding. `ru` and `rd` are other names of `rp` and `rm`.
for (mode, suffix) in ((:rz, "rz"), (:rp, "rp"), (:rm, "rm"), (:ru, "rp"), (:rd, "rm")), (T, t) in ((Float32, "f"), (Float64, "d"))
    named(op) = Symbol(op, :_, mode)
    code(op) = string("llvm.nvvm.", op, ".", suffix, ".", t)
    @eval begin
        @ptx @inline $(named(:add))(x::$T, y::$T) = ccall($(code("add")), llvmcall, $T, ($T, $T), x, y)
        @ptx @inline $(named(:sub))(x::$T, y::$T) = ccall($(code("add")), llvmcall, $T, ($T, $T), x, -y)
        @ptx @inline $(named(:mul))(x::$T, y::$T) = ccall($(code("mul")), llvmcall, $T, ($T, $T), x, y)
        @ptx @inline $(named(:div))(x::$T, y::$T) = ccall($(code("div")), llvmcall, $T, ($T, $T), x, y)
        @ptx @inline $(named(:sqrt))(x::$T) = ccall($(code("sqrt")), llvmcall, $T, ($T,), x)
        @ptx @inline $(named(:rcp))(x::$T) = ccall($(code("rcp")), llvmcall, $T, ($T,), x)
        @ptx @inline $(named(:fma))(x::$T, y::$T, z::$T) = ccall($(code("fma")), llvmcall, $T, ($T, $T, $T), x, y, z)
    end
end
