define i32 @hinted(i32 %x) {
  %slot = alloca i32, align 4
  %c = icmp sgt i32 %x, 0
  store i32 %x, ptr %slot, align 4
  %y = load i32, ptr %slot, align 4
  ret i32 %y
}
