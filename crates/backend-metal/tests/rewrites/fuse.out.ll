declare i32 @air.min.s.i32(i32, i32)

declare i32 @air.max.u.i32(i32, i32)

declare i32 @air.max.s.i32(i32, i32)

define i32 @first(i32 %a, i32 %b, i32 %c) {
  %1 = call i32 @air.min3.s.i32(i32 %a, i32 %b, i32 %c)
  ret i32 %1
}

define i32 @second(i32 %a, i32 %b, i32 %c) {
  %1 = call i32 @air.max3.u.i32(i32 %a, i32 %b, i32 %c)
  ret i32 %1
}

define i32 @five(i32 %a, i32 %b, i32 %c, i32 %d, i32 %e) {
  %1 = call i32 @air.min3.s.i32(i32 %a, i32 %b, i32 %c)
  %2 = call i32 @air.min3.s.i32(i32 %1, i32 %d, i32 %e)
  ret i32 %2
}

define i32 @used(i32 %a, i32 %b, i32 %c, ptr %p) {
  %i = call i32 @air.min.s.i32(i32 %a, i32 %b)
  %o = call i32 @air.min.s.i32(i32 %i, i32 %c)
  store i32 %i, ptr %p, align 4
  ret i32 %o
}

define i32 @mixed(i32 %a, i32 %b, i32 %c) {
  %i = call i32 @air.max.u.i32(i32 %a, i32 %b)
  %o = call i32 @air.max.s.i32(i32 %i, i32 %c)
  %q = call i32 @air.min.s.i32(i32 %o, i32 %c)
  ret i32 %q
}

declare i32 @air.min3.s.i32(i32, i32, i32)

declare i32 @air.max3.u.i32(i32, i32, i32)
