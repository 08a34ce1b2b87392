; rewrite: constants
@table = private unnamed_addr constant [4 x float] [float 1.0, float 2.0, float 3.0, float 4.0], align 16
@placed = private addrspace(2) constant i32 1
@changes = internal global i32 0
@elsewhere = external constant i32

define float @pick(i64 %i) {
  %p = getelementptr float, ptr @table, i64 %i
  %x = load float, ptr %p
  ret float %x
}
define ptr @address() {
  ret ptr @table
}
define i32 @others() {
  %x = load i32, ptr @changes
  %y = load i32, ptr @elsewhere
  %z = add i32 %x, %y
  ret i32 %z
}
