; rewrite: narrow
@one = internal addrspace(2) constant i8 1
@two = internal addrspace(2) constant i8 2
@three = internal addrspace(3) global i8 undef

; All callers agree. What is said of the parameter stays.
define internal i8 @agreed(ptr nonnull %p) nounwind {
  %x = load i8, ptr %p
  ret i8 %x
}
; Callers do not.
define internal i8 @different(ptr %p) {
  %x = load i8, ptr %p
  ret i8 %x
}
; Others may call it.
define i8 @exported(ptr %p) {
  %x = load i8, ptr %p
  ret i8 %x
}
; Its address is known.
define internal i8 @taken(ptr %p) {
  %x = load i8, ptr %p
  ret i8 %x
}
@address = internal addrspace(1) global ptr @taken
; It calls itself, with its own parameter and with a constant.
define internal i8 @recursive(ptr %p, i1 %c) {
  br i1 %c, label %again, label %other
again:
  %a = call i8 @recursive(ptr %p, i1 false)
  ret i8 %a
other:
  %b = call i8 @recursive(ptr addrspacecast (ptr addrspace(2) @two to ptr), i1 true)
  ret i8 %b
}
; It calls itself with something that may be anywhere.
define internal i8 @loads(ptr %p) {
  %q = load ptr, ptr %p
  %x = call i8 @loads(ptr %q)
  ret i8 %x
}
; Passed on twice: the second is seen once the first is narrow.
define internal i8 @leaf(ptr %p) {
  %x = load i8, ptr %p
  ret i8 %x
}
define internal i8 @middle(ptr %p) {
  %x = call i8 @leaf(ptr %p)
  ret i8 %x
}
define void @entry(ptr addrspace(1) %d) {
  %g = addrspacecast ptr addrspace(1) %d to ptr
  %s = addrspacecast ptr addrspace(3) @three to ptr
  %1 = call i8 @agreed(ptr nonnull addrspacecast (ptr addrspace(2) @one to ptr))
  %2 = call i8 @agreed(ptr nonnull addrspacecast (ptr addrspace(2) @two to ptr))
  %3 = call i8 @different(ptr %g)
  %4 = call i8 @different(ptr %s)
  %5 = call i8 @exported(ptr %g)
  %6 = call i8 @taken(ptr %g)
  %7 = call i8 @recursive(ptr addrspacecast (ptr addrspace(2) @one to ptr), i1 true)
  %8 = call i8 @loads(ptr %g)
  %9 = call i8 @middle(ptr %g)
  ret void
}
