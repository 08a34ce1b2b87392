; rewrite: fuse prototypes
declare i32 @air.min.s.i32(i32, i32)
declare i32 @air.max.u.i32(i32, i32)
declare i32 @air.max.s.i32(i32, i32)
define i32 @first(i32 %a, i32 %b, i32 %c) {
  %i = call i32 @air.min.s.i32(i32 %a, i32 %b)
  %o = call i32 @air.min.s.i32(i32 %i, i32 %c)
  ret i32 %o
}
define i32 @second(i32 %a, i32 %b, i32 %c) {
  %i = call i32 @air.max.u.i32(i32 %a, i32 %b)
  %o = call i32 @air.max.u.i32(i32 %c, i32 %i)
  ret i32 %o
}
define i32 @five(i32 %a, i32 %b, i32 %c, i32 %d, i32 %e) {
  %i = call i32 @air.min.s.i32(i32 %a, i32 %b)
  %j = call i32 @air.min.s.i32(i32 %i, i32 %c)
  %k = call i32 @air.min.s.i32(i32 %j, i32 %d)
  %l = call i32 @air.min.s.i32(i32 %k, i32 %e)
  ret i32 %l
}
; The first is needed by itself; the two are not the same.
define i32 @used(i32 %a, i32 %b, i32 %c, ptr %p) {
  %i = call i32 @air.min.s.i32(i32 %a, i32 %b)
  %o = call i32 @air.min.s.i32(i32 %i, i32 %c)
  store i32 %i, ptr %p
  ret i32 %o
}
define i32 @mixed(i32 %a, i32 %b, i32 %c) {
  %i = call i32 @air.max.u.i32(i32 %a, i32 %b)
  %o = call i32 @air.max.s.i32(i32 %i, i32 %c)
  %q = call i32 @air.min.s.i32(i32 %o, i32 %c)
  ret i32 %q
}
