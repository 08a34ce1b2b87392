; rewrite: minmax prototypes
declare float @llvm.minimum.f32(float, float)
declare float @llvm.minnum.f32(float, float)
declare half @llvm.maximum.f16(half, half)
declare bfloat @llvm.maximum.bf16(bfloat, bfloat)
declare bfloat @llvm.minnum.bf16(bfloat, bfloat)
; What is not a number is passed on, and zeros are told apart.
define float @careful(float %x, float %y) {
  %r = call float @llvm.minimum.f32(float %x, float %y)
  ret float %r
}
define half @careful_half(half %x, half %y) {
  %r = call half @llvm.maximum.f16(half %x, half %y)
  ret half %r
}
define float @number(float %x, float %y) {
  %r = call float @llvm.minnum.f32(float %x, float %y)
  ret float %r
}
; Where everything is a number, the machine's own are enough, the fast one in single precision.
define float @fast(float %x, float %y) {
  %r = call nnan float @llvm.minimum.f32(float %x, float %y)
  ret float %r
}
define half @fast_half(half %x, half %y) {
  %r = call nnan half @llvm.maximum.f16(half %x, half %y)
  ret half %r
}
define bfloat @brain(bfloat %x, bfloat %y) {
  %a = call bfloat @llvm.maximum.bf16(bfloat %x, bfloat %y)
  %b = call bfloat @llvm.minnum.bf16(bfloat %a, bfloat %y)
  %c = call nnan bfloat @llvm.maximum.bf16(bfloat %b, bfloat %y)
  ret bfloat %c
}
