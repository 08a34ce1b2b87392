; rewrite: math prototypes
declare float @llvm.sqrt.f32(float)
declare half @llvm.sqrt.f16(half)
declare float @llvm.floor.f32(float)
declare float @llvm.ceil.f32(float)
declare float @llvm.trunc.f32(float)
declare float @llvm.rint.f32(float)
declare float @llvm.fma.f32(float, float, float)
declare half @llvm.fma.f16(half, half, half)
declare <4 x float> @llvm.sqrt.v4f32(<4 x float>)
declare bfloat @llvm.fabs.bf16(bfloat)
declare float @llvm.copysign.f32(float, float)
declare double @llvm.sqrt.f64(double)
define void @precise(float %x, half %h, ptr %out) {
  %1 = call float @llvm.sqrt.f32(float %x)
  %2 = call float @llvm.floor.f32(float %1)
  %3 = call float @llvm.ceil.f32(float %2)
  %4 = call float @llvm.trunc.f32(float %3)
  %5 = call float @llvm.rint.f32(float %4)
  %6 = call float @llvm.fma.f32(float %5, float %x, float %x)
  %7 = call half @llvm.fma.f16(half %h, half %h, half %h)
  store float %6, ptr %out
  store half %7, ptr %out
  ret void
}
; There are fast ones in single precision, but for what is exact anyway.
define void @fast(float %x, half %h, ptr %out) {
  %1 = call afn float @llvm.sqrt.f32(float %x)
  %2 = call fast float @llvm.floor.f32(float %1)
  %3 = call afn half @llvm.sqrt.f16(half %h)
  %4 = call fast float @llvm.fma.f32(float %x, float %x, float %2)
  store half %3, ptr %out
  store float %4, ptr %out
  ret void
}
define bfloat @brain(bfloat %x) {
  %r = call bfloat @llvm.fabs.bf16(bfloat %x)
  ret bfloat %r
}
define float @signs(float %x, float %y) {
  %r = call float @llvm.copysign.f32(float %x, float %y)
  ret float %r
}
define <4 x float> @vectors(<4 x float> %x) {
  %r = call <4 x float> @llvm.sqrt.v4f32(<4 x float> %x)
  ret <4 x float> %r
}
define double @refused_later(double %x) {
  %r = call double @llvm.sqrt.f64(double %x)
  ret double %r
}
