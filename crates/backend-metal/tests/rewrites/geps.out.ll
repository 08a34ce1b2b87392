define void @chain(ptr addrspace(1) %p, i64 %i) {
  %1 = add i64 %i, 1
  %2 = getelementptr inbounds i8, ptr addrspace(1) %p, i64 %1
  store i8 0, ptr addrspace(1) %2, align 1
  ret void
}

define void @blocks(ptr addrspace(1) %p, i64 %i, i64 %a, i64 %b) {
entry:
  br label %first

last:                                             ; preds = %first
  %0 = add i64 %a, %b
  %1 = add i64 %i, %0
  %2 = getelementptr i8, ptr addrspace(1) %p, i64 %1
  store i8 0, ptr addrspace(1) %2, align 1
  ret void

first:                                            ; preds = %entry
  br label %last
}

define i8 @kept(ptr addrspace(1) %p, i32 %i, i64 %j) {
  %a = getelementptr i8, ptr addrspace(1) %p, i32 %i
  %1 = sext i32 %i to i64
  %2 = add i64 %1, %j
  %3 = getelementptr i8, ptr addrspace(1) %p, i64 %2
  store i8 0, ptr addrspace(1) %3, align 1
  %x = load i8, ptr addrspace(1) %a, align 1
  ret i8 %x
}

define void @others(ptr addrspace(1) %p, i64 %i) {
  %a = getelementptr float, ptr addrspace(1) %p, i64 %i
  %b = getelementptr i8, ptr addrspace(1) %a, i64 2
  store i8 0, ptr addrspace(1) %b, align 1
  ret void
}
