; rewrite: region
; Claims about a pointer's memory go, however it is reached; those about others stay.
define i64 @copied(ptr %arg, ptr %other, i1 %c) {
  %field = getelementptr inbounds [3 x i64], ptr %arg, i64 0, i64 1
  %x = load i64, ptr %field, !tbaa !0, !invariant.load !3, !alias.scope !4, !noalias !7
  %some = select i1 %c, ptr %field, ptr %other
  %y = load i64, ptr %some, !invariant.load !3
  %z = load i64, ptr %other, !tbaa !0, !invariant.load !3, !alias.scope !4, !noalias !7
  %s = add i64 %x, %y
  %t = add i64 %s, %z
  ret i64 %t
}
define i64 @slots(ptr addrspace(1) %p) {
  %slot = alloca [2 x i64]
  %v = load [2 x i64], ptr addrspace(1) %p, !invariant.load !3
  store [2 x i64] %v, ptr %slot
  %second = getelementptr i8, ptr %slot, i64 8
  %x = load i64, ptr %second, !invariant.load !3
  ret i64 %x
}
!0 = !{!1, !1, i64 0}
!1 = !{!"const", !2, i64 0}
!2 = !{!"root"}
!3 = !{}
!4 = !{!5}
!5 = !{!"constants", !6}
!6 = !{!"memory"}
!7 = !{!8}
!8 = !{!"stack", !6}
