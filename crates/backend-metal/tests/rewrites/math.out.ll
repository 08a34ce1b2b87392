; Function Attrs: nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none)
declare <4 x float> @llvm.sqrt.v4f32(<4 x float>) #0

; Function Attrs: nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none)
declare double @llvm.sqrt.f64(double) #0

define void @precise(float %x, half %h, ptr %out) {
  %1 = call float @air.sqrt.f32(float %x)
  %2 = call float @air.floor.f32(float %1)
  %3 = call float @air.ceil.f32(float %2)
  %4 = call float @air.trunc.f32(float %3)
  %5 = call float @air.rint.f32(float %4)
  %6 = call float @air.fma.f32(float %5, float %x, float %x)
  %7 = call half @air.fma.f16(half %h, half %h, half %h)
  store float %6, ptr %out, align 4
  store half %7, ptr %out, align 2
  ret void
}

define void @fast(float %x, half %h, ptr %out) {
  %1 = call afn float @air.fast_sqrt.f32(float %x)
  %2 = call fast float @air.fast_floor.f32(float %1)
  %3 = call afn half @air.sqrt.f16(half %h)
  %4 = call fast float @air.fma.f32(float %x, float %x, float %2)
  store half %3, ptr %out, align 2
  store float %4, ptr %out, align 4
  ret void
}

define bfloat @brain(bfloat %x) {
  %1 = fpext bfloat %x to float
  %2 = call float @air.fabs.f32(float %1)
  %3 = fptrunc float %2 to bfloat
  ret bfloat %3
}

define float @signs(float %x, float %y) {
  %1 = bitcast float %x to i32
  %2 = and i32 %1, 2147483647
  %3 = bitcast float %y to i32
  %4 = and i32 %3, -2147483648
  %5 = or i32 %2, %4
  %6 = bitcast i32 %5 to float
  ret float %6
}

define <4 x float> @vectors(<4 x float> %x) {
  %r = call <4 x float> @llvm.sqrt.v4f32(<4 x float> %x)
  ret <4 x float> %r
}

define double @refused_later(double %x) {
  %r = call double @llvm.sqrt.f64(double %x)
  ret double %r
}

declare float @air.sqrt.f32(float)

declare float @air.floor.f32(float)

declare float @air.ceil.f32(float)

declare float @air.trunc.f32(float)

declare float @air.rint.f32(float)

declare float @air.fma.f32(float, float, float)

declare half @air.fma.f16(half, half, half)

declare float @air.fast_sqrt.f32(float)

declare float @air.fast_floor.f32(float)

declare half @air.sqrt.f16(half)

declare float @air.fabs.f32(float)

attributes #0 = { nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none) }
