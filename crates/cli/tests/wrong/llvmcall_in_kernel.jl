using CUDA
clocks(x) = Base.llvmcall(("declare i32 @llvm.nvvm.read.ptx.sreg.clock()\ndefine i32 @entry() {\n%1 = call i32 @llvm.nvvm.read.ptx.sreg.clock()\nret i32 %1\n}", "entry"), Int32, Tuple{})
function kernel(y)
    y[threadIdx().x] = clocks(1)
    return
end
@cuda threads=2 kernel(CUDA.zeros(Int32, 2))
