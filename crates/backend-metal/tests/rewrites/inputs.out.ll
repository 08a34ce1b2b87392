declare <3 x i32> @julia.air.thread_position_in_grid.v3i32()

declare i32 @julia.air.thread_index_in_simdgroup.i32()

declare i16 @julia.air.threads_per_simdgroup.i16()

declare i32 @julia.air.threads_per_grid.i32()

declare i32 @julia.air.weather.i32()

define internal i32 @nothing(i32 %x) {
  ret i32 %x
}

define internal i32 @lane(i32 %0) {
  ret i32 %0
}

; Function Attrs: noinline
define internal i32 @helper(ptr addrspace(1) %0, i32 %1, i32 %2, <3 x i32> %3) #0 {
  %5 = call i32 @lane(i32 %2)
  %e = extractelement <3 x i32> %3, i64 0
  %s = add i32 %5, %e
  %t = add i32 %s, %1
  store i32 %t, ptr addrspace(1) %0, align 4
  ret i32 %t
}

; Function Attrs: nounwind
define void @kernel(ptr addrspace(1) noalias %0, i32 %1, <3 x i32> %2, i16 %3) #1 {
  %x = zext i16 %3 to i32
  %5 = call i32 @helper(ptr addrspace(1) nonnull %0, i32 %x, i32 %1, <3 x i32> %2)
  %z = call i32 @nothing(i32 %5)
  %u = call i32 @julia.air.weather.i32()
  store i32 %u, ptr addrspace(1) %0, align 4
  ret void
}

attributes #0 = { noinline }
attributes #1 = { nounwind }
