; rewrite: expand prototypes
declare i64 @llvm.fshl.i64(i64, i64, i64)
declare i32 @llvm.fshr.i32(i32, i32, i32)
declare i8 @llvm.scmp.i8.i32(i32, i32)
declare i32 @llvm.ucmp.i32.i64(i64, i64)
declare i1 @llvm.is.fpclass.f32(float, i32)
declare i1 @llvm.is.fpclass.f16(half, i32)
define i64 @left(i64 %x, i64 %y, i64 %n) {
  %r = call i64 @llvm.fshl.i64(i64 %x, i64 %y, i64 %n)
  ret i64 %r
}
define i32 @right(i32 %x, i32 %y, i32 %n) {
  %r = call i32 @llvm.fshr.i32(i32 %x, i32 %y, i32 %n)
  ret i32 %r
}
define i8 @signed(i32 %x, i32 %y) {
  %r = call i8 @llvm.scmp.i8.i32(i32 %x, i32 %y)
  ret i8 %r
}
define i32 @unsigned(i64 %x, i64 %y) {
  %r = call i32 @llvm.ucmp.i32.i64(i64 %x, i64 %y)
  ret i32 %r
}
; Positive zeros and infinities, and all that is not a number.
define i1 @classes(float %x) {
  %r = call i1 @llvm.is.fpclass.f32(float %x, i32 579)
  ret i1 %r
}
; What is normal, of either sign.
define i1 @normal(half %x) {
  %r = call i1 @llvm.is.fpclass.f16(half %x, i32 264)
  ret i1 %r
}
