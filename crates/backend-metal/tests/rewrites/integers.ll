; rewrite: integers prototypes
declare i32 @llvm.abs.i32(i32, i1)
declare i32 @llvm.smin.i32(i32, i32)
declare i32 @llvm.umax.i32(i32, i32)
declare i32 @llvm.ctlz.i32(i32, i1)
declare i64 @llvm.cttz.i64(i64, i1)
declare i16 @llvm.ctpop.i16(i16)
declare i8 @llvm.bitreverse.i8(i8)
declare <2 x i64> @llvm.smax.v2i64(<2 x i64>, <2 x i64>)
declare i24 @llvm.umin.i24(i24, i24)
define void @all(i32 %x, i32 %y, i64 %l, i16 %s, i8 %b, <2 x i64> %v, i24 %o, ptr %out) {
  %1 = call i32 @llvm.abs.i32(i32 %x, i1 true)
  %2 = call i32 @llvm.smin.i32(i32 %1, i32 %y)
  %3 = call i32 @llvm.umax.i32(i32 %2, i32 %y)
  %4 = call i32 @llvm.ctlz.i32(i32 %3, i1 false)
  %5 = call i64 @llvm.cttz.i64(i64 %l, i1 true)
  %6 = call i16 @llvm.ctpop.i16(i16 %s)
  %7 = call i8 @llvm.bitreverse.i8(i8 %b)
  %8 = call <2 x i64> @llvm.smax.v2i64(<2 x i64> %v, <2 x i64> %v)
  %9 = call i24 @llvm.umin.i24(i24 %o, i24 1)
  store i32 %4, ptr %out
  store i64 %5, ptr %out
  store i16 %6, ptr %out
  store i8 %7, ptr %out
  store <2 x i64> %8, ptr %out
  store i24 %9, ptr %out
  ret void
}
