; Function Attrs: nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none)
declare float @llvm.minimum.f32(float, float) #0

define <4 x float> @vectors(<4 x float> %a, <4 x float> %b, <2 x float> %c, <2 x float> %d) {
  %1 = extractelement <4 x float> %a, i32 0
  %2 = extractelement <4 x float> %b, i32 0
  %3 = call float @llvm.minimum.f32(float %1, float %2)
  %4 = insertelement <4 x float> poison, float %3, i32 0
  %5 = extractelement <4 x float> %a, i32 1
  %6 = extractelement <4 x float> %b, i32 1
  %7 = call float @llvm.minimum.f32(float %5, float %6)
  %8 = insertelement <4 x float> %4, float %7, i32 1
  %9 = extractelement <4 x float> %a, i32 2
  %10 = extractelement <4 x float> %b, i32 2
  %11 = call float @llvm.minimum.f32(float %9, float %10)
  %12 = insertelement <4 x float> %8, float %11, i32 2
  %13 = extractelement <4 x float> %a, i32 3
  %14 = extractelement <4 x float> %b, i32 3
  %15 = call float @llvm.minimum.f32(float %13, float %14)
  %16 = insertelement <4 x float> %12, float %15, i32 3
  %17 = extractelement <2 x float> %c, i32 0
  %18 = extractelement <2 x float> %d, i32 0
  %19 = call nnan float @llvm.maxnum.f32(float %17, float %18)
  %20 = insertelement <2 x float> poison, float %19, i32 0
  %21 = extractelement <2 x float> %c, i32 1
  %22 = extractelement <2 x float> %d, i32 1
  %23 = call nnan float @llvm.maxnum.f32(float %21, float %22)
  %24 = insertelement <2 x float> %20, float %23, i32 1
  %e = extractelement <2 x float> %24, i32 0
  %r = insertelement <4 x float> %16, float %e, i32 0
  ret <4 x float> %r
}

define float @scalar(float %a, float %b) {
  %r = call float @llvm.minimum.f32(float %a, float %b)
  ret float %r
}

; Function Attrs: nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none)
declare float @llvm.maxnum.f32(float, float) #0

attributes #0 = { nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none) }
