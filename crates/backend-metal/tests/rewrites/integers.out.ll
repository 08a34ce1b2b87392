; Function Attrs: nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none)
declare i24 @llvm.umin.i24(i24, i24) #0

define void @all(i32 %x, i32 %y, i64 %l, i16 %s, i8 %b, <2 x i64> %v, i24 %o, ptr %out) {
  %1 = call i32 @air.abs.s.i32(i32 %x)
  %2 = call i32 @air.min.s.i32(i32 %1, i32 %y)
  %3 = call i32 @air.max.u.i32(i32 %2, i32 %y)
  %4 = call i32 @air.clz.i32(i32 %3, i1 false)
  %5 = call i64 @air.ctz.i64(i64 %l, i1 true)
  %6 = call i16 @air.popcount.i16(i16 %s)
  %7 = call i8 @air.reverse_bits.i8(i8 %b)
  %8 = call <2 x i64> @air.max.s.v2i64(<2 x i64> %v, <2 x i64> %v)
  %9 = call i24 @llvm.umin.i24(i24 %o, i24 1)
  store i32 %4, ptr %out, align 4
  store i64 %5, ptr %out, align 4
  store i16 %6, ptr %out, align 2
  store i8 %7, ptr %out, align 1
  store <2 x i64> %8, ptr %out, align 16
  store i24 %9, ptr %out, align 4
  ret void
}

declare i32 @air.abs.s.i32(i32)

declare i32 @air.min.s.i32(i32, i32)

declare i32 @air.max.u.i32(i32, i32)

declare i32 @air.clz.i32(i32, i1)

declare i64 @air.ctz.i64(i64, i1)

declare i16 @air.popcount.i16(i16)

declare i8 @air.reverse_bits.i8(i8)

declare <2 x i64> @air.max.s.v2i64(<2 x i64>, <2 x i64>)

attributes #0 = { nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none) }
