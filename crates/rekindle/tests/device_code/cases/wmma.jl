using CUDA
using CUDA: WMMA

# Matrix units: 16 by 16 by 16 and its siblings, each layout, global and shared memory.

function product!(a, b, c, d, ::Type{C}, ::Type{LA}, ::Type{LB}) where {C,LA,LB}
    x = WMMA.load_a(a, 16, LA, C)
    y = WMMA.load_b(b, 16, LB, C)
    z = WMMA.load_c(c, 16, WMMA.ColMajor, C)
    WMMA.store_d(d, WMMA.mma(x, y, z, C), 16, WMMA.RowMajor, C)
    return
end
# not: .local
# kernel: product!(Core.LLVMPtr{Float16,1}, Core.LLVMPtr{Float16,1}, Core.LLVMPtr{Float32,1}, Core.LLVMPtr{Float32,1}, Type{WMMA.Config{16,16,16,Float32}}, Type{WMMA.ColMajor}, Type{WMMA.RowMajor})
# target: sm_75 sm_90 sm_100
# has: wmma.load.a.sync.aligned.col.m16n16k16.global.f16
# has: wmma.load.b.sync.aligned.row.m16n16k16.global.f16
# has: wmma.load.c.sync.aligned.col.m16n16k16.global.f32
# has: wmma.mma.sync.aligned.col.row.m16n16k16.f32.f32
# has: wmma.store.d.sync.aligned.row.m16n16k16.global.f32
# kernel: product!(Core.LLVMPtr{Float16,3}, Core.LLVMPtr{Float16,3}, Core.LLVMPtr{Float16,1}, Core.LLVMPtr{Float16,1}, Type{WMMA.Config{32,8,16,Float16}}, Type{WMMA.RowMajor}, Type{WMMA.ColMajor})
# has: wmma.load.a.sync.aligned.row.m32n8k16.shared.f16
# has: wmma.mma.sync.aligned.row.col.m32n8k16.f16.f16
# kernel: product!(Core.LLVMPtr{Float16,1}, Core.LLVMPtr{Float16,1}, Core.LLVMPtr{Float32,1}, Core.LLVMPtr{Float16,1}, Type{WMMA.Config{8,32,16,Float16}}, Type{WMMA.RowMajor}, Type{WMMA.RowMajor})
# has: wmma.mma.sync.aligned.row.row.m8n32k16.f16.f32
# kernel: product!(Core.LLVMPtr{Float16,1}, Core.LLVMPtr{Float16,1}, Core.LLVMPtr{Float32,1}, Core.LLVMPtr{Float32,1}, Type{WMMA.Config{16,16,16,Float32}}, Type{WMMA.ColMajor}, Type{WMMA.RowMajor})
# target: cpu
# stage: llvm
# error: NVIDIA's machines

scaled!(a, d) = (C = WMMA.Config{16,16,16,Float32}; x = WMMA.load_a(a, 16, WMMA.ColMajor, C); y = WMMA.fill_c(2f0, C); WMMA.store_d(d, map(v -> v * 3f0, y), 16, WMMA.ColMajor, C); return)
# kernel: scaled!(Core.LLVMPtr{Float16,1}, Core.LLVMPtr{Float32,1})
# has: wmma.store.d.sync.aligned.col.m16n16k16.global.f32
