@placed = private addrspace(2) constant i32 1
@changes = internal global i32 0
@elsewhere = external constant i32
@table = private unnamed_addr addrspace(2) constant [4 x float] [float 1.000000e+00, float 2.000000e+00, float 3.000000e+00, float 4.000000e+00], align 16

define float @pick(i64 %i) {
  %p = getelementptr float, ptr addrspacecast (ptr addrspace(2) @table to ptr), i64 %i
  %x = load float, ptr %p, align 4
  ret float %x
}

define ptr @address() {
  ret ptr addrspacecast (ptr addrspace(2) @table to ptr)
}

define i32 @others() {
  %x = load i32, ptr @changes, align 4
  %y = load i32, ptr @elsewhere, align 4
  %z = add i32 %x, %y
  ret i32 %z
}
