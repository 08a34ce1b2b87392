define i64 @left(i64 %x, i64 %y, i64 %n) {
  %1 = and i64 %n, 63
  %2 = xor i64 %1, 63
  %3 = shl i64 %x, %1
  %4 = lshr i64 %y, 1
  %5 = lshr i64 %4, %2
  %6 = or i64 %3, %5
  ret i64 %6
}

define i32 @right(i32 %x, i32 %y, i32 %n) {
  %1 = and i32 %n, 31
  %2 = xor i32 %1, 31
  %3 = shl i32 %x, 1
  %4 = shl i32 %3, %2
  %5 = lshr i32 %y, %1
  %6 = or i32 %4, %5
  ret i32 %6
}

define i8 @signed(i32 %x, i32 %y) {
  %1 = icmp slt i32 %x, %y
  %2 = sext i1 %1 to i8
  %3 = icmp slt i32 %y, %x
  %4 = zext i1 %3 to i8
  %5 = or i8 %2, %4
  ret i8 %5
}

define i32 @unsigned(i64 %x, i64 %y) {
  %1 = icmp ult i64 %x, %y
  %2 = sext i1 %1 to i32
  %3 = icmp ult i64 %y, %x
  %4 = zext i1 %3 to i32
  %5 = or i32 %2, %4
  ret i32 %5
}

define i1 @classes(float %x) {
  %1 = bitcast float %x to i32
  %2 = and i32 %1, 2147483647
  %3 = icmp slt i32 %1, 0
  %4 = xor i1 %3, true
  %5 = sub i32 %2, 2139095040
  %6 = icmp ult i32 %5, 1
  %7 = and i1 %6, %4
  %8 = or i1 false, %7
  %9 = sub i32 %2, 0
  %10 = icmp ult i32 %9, 1
  %11 = and i1 %10, %4
  %12 = or i1 %8, %11
  %13 = sub i32 %2, 2139095041
  %14 = icmp ult i32 %13, 4194303
  %15 = or i1 %12, %14
  %16 = sub i32 %2, 2143289344
  %17 = icmp ult i32 %16, 4194304
  %18 = or i1 %15, %17
  ret i1 %18
}

define i1 @normal(half %x) {
  %1 = bitcast half %x to i16
  %2 = and i16 %1, 32767
  %3 = icmp slt i16 %1, 0
  %4 = xor i1 %3, true
  %5 = sub i16 %2, 1024
  %6 = icmp ult i16 %5, 30720
  %7 = or i1 false, %6
  ret i1 %7
}
