; rewrite: geps
; Offsets in bytes are added up, however many, and also where their blocks are listed in another order than they run in.
define void @chain(ptr addrspace(1) %p, i64 %i) {
  %a = getelementptr inbounds i8, ptr addrspace(1) %p, i64 %i
  %b = getelementptr inbounds i8, ptr addrspace(1) %a, i64 1
  store i8 0, ptr addrspace(1) %b
  ret void
}
define void @blocks(ptr addrspace(1) %p, i64 %i, i64 %a, i64 %b) {
entry:
  br label %first
last:
  %g3 = getelementptr i8, ptr addrspace(1) %g2, i64 %b
  store i8 0, ptr addrspace(1) %g3
  ret void
first:
  %g1 = getelementptr i8, ptr addrspace(1) %p, i64 %i
  %g2 = getelementptr inbounds i8, ptr addrspace(1) %g1, i64 %a
  br label %last
}
; The inner offset is needed elsewhere; offsets of different widths are signed.
define i8 @kept(ptr addrspace(1) %p, i32 %i, i64 %j) {
  %a = getelementptr i8, ptr addrspace(1) %p, i32 %i
  %b = getelementptr i8, ptr addrspace(1) %a, i64 %j
  store i8 0, ptr addrspace(1) %b
  %x = load i8, ptr addrspace(1) %a
  ret i8 %x
}
; Elements of other sizes are not byte offsets.
define void @others(ptr addrspace(1) %p, i64 %i) {
  %a = getelementptr float, ptr addrspace(1) %p, i64 %i
  %b = getelementptr i8, ptr addrspace(1) %a, i64 2
  store i8 0, ptr addrspace(1) %b
  ret void
}
