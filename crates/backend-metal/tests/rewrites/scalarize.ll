; rewrite: scalarize prototypes
declare <4 x float> @llvm.minimum.v4f32(<4 x float>, <4 x float>)
declare <2 x float> @llvm.maxnum.v2f32(<2 x float>, <2 x float>)
declare float @llvm.minimum.f32(float, float)
define <4 x float> @vectors(<4 x float> %a, <4 x float> %b, <2 x float> %c, <2 x float> %d) {
  %mn = call <4 x float> @llvm.minimum.v4f32(<4 x float> %a, <4 x float> %b)
  %mx = call nnan <2 x float> @llvm.maxnum.v2f32(<2 x float> %c, <2 x float> %d)
  %e = extractelement <2 x float> %mx, i32 0
  %r = insertelement <4 x float> %mn, float %e, i32 0
  ret <4 x float> %r
}
define float @scalar(float %a, float %b) {
  %r = call float @llvm.minimum.f32(float %a, float %b)
  ret float %r
}
