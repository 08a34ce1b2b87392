@one = internal addrspace(2) constant i8 1
@two = internal addrspace(2) constant i8 2
@three = internal addrspace(3) global i8 undef
@address = internal addrspace(1) global ptr @taken

define internal i8 @different(ptr %p) {
  %x = load i8, ptr %p, align 1
  ret i8 %x
}

define i8 @exported(ptr %p) {
  %x = load i8, ptr %p, align 1
  ret i8 %x
}

define internal i8 @taken(ptr %p) {
  %x = load i8, ptr %p, align 1
  ret i8 %x
}

define internal i8 @loads(ptr %p) {
  %q = load ptr, ptr %p, align 8
  %x = call i8 @loads(ptr %q)
  ret i8 %x
}

define void @entry(ptr addrspace(1) %d) {
  %g = addrspacecast ptr addrspace(1) %d to ptr
  %s = addrspacecast ptr addrspace(3) @three to ptr
  %1 = call i8 @agreed(ptr addrspace(2) nonnull @one)
  %2 = call i8 @agreed(ptr addrspace(2) nonnull @two)
  %3 = call i8 @different(ptr %g)
  %4 = call i8 @different(ptr %s)
  %5 = call i8 @exported(ptr %g)
  %6 = call i8 @taken(ptr %g)
  %7 = call i8 @recursive(ptr addrspace(2) @one, i1 true)
  %8 = call i8 @loads(ptr %g)
  %9 = call i8 @middle(ptr addrspace(1) %d)
  ret void
}

; Function Attrs: nounwind
define internal i8 @agreed(ptr addrspace(2) nonnull %0) #0 {
  %2 = addrspacecast ptr addrspace(2) %0 to ptr
  %x = load i8, ptr %2, align 1
  ret i8 %x
}

define internal i8 @recursive(ptr addrspace(2) %0, i1 %1) {
  %3 = addrspacecast ptr addrspace(2) %0 to ptr
  br i1 %1, label %again, label %other

again:                                            ; preds = %2
  %4 = call i8 @recursive(ptr addrspace(2) %0, i1 false)
  ret i8 %4

other:                                            ; preds = %2
  %5 = call i8 @recursive(ptr addrspace(2) @two, i1 true)
  ret i8 %5
}

define internal i8 @middle(ptr addrspace(1) %0) {
  %2 = addrspacecast ptr addrspace(1) %0 to ptr
  %3 = call i8 @leaf(ptr addrspace(1) %0)
  ret i8 %3
}

define internal i8 @leaf(ptr addrspace(1) %0) {
  %2 = addrspacecast ptr addrspace(1) %0 to ptr
  %x = load i8, ptr %2, align 1
  ret i8 %x
}

attributes #0 = { nounwind }
