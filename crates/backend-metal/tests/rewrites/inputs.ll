; rewrite: inputs
; Answers reach who asks by way of all callers, each its own; the entry has all.
declare <3 x i32> @julia.air.thread_position_in_grid.v3i32()
declare i32 @julia.air.thread_index_in_simdgroup.i32()
declare i16 @julia.air.threads_per_simdgroup.i16()
declare i32 @julia.air.threads_per_grid.i32()
; No such question.
declare i32 @julia.air.weather.i32()

define internal i32 @lane() {
  %x = call i32 @julia.air.thread_index_in_simdgroup.i32()
  ret i32 %x
}
define internal i32 @helper(ptr addrspace(1) %p, i32 %x) noinline {
  %l = call i32 @lane()
  %v = call <3 x i32> @julia.air.thread_position_in_grid.v3i32()
  %e = extractelement <3 x i32> %v, i64 0
  %s = add i32 %l, %e
  %t = add i32 %s, %x
  store i32 %t, ptr addrspace(1) %p
  ret i32 %t
}
define internal i32 @nothing(i32 %x) {
  ret i32 %x
}
define void @kernel(ptr addrspace(1) noalias %p) nounwind {
  %w = call i16 @julia.air.threads_per_simdgroup.i16()
  %x = zext i16 %w to i32
  %y = call i32 @helper(ptr addrspace(1) nonnull %p, i32 %x)
  %z = call i32 @nothing(i32 %y)
  %u = call i32 @julia.air.weather.i32()
  store i32 %u, ptr addrspace(1) %p
  ret void
}
