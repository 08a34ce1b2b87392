; rewrite: hints prototypes
declare void @llvm.lifetime.start.p0(ptr)
declare void @llvm.lifetime.end.p0(ptr)
declare void @llvm.assume(i1)
declare void @llvm.experimental.noalias.scope.decl(metadata)
define i32 @hinted(i32 %x) {
  %slot = alloca i32
  call void @llvm.lifetime.start.p0(ptr %slot)
  call void @llvm.experimental.noalias.scope.decl(metadata !0)
  %c = icmp sgt i32 %x, 0
  call void @llvm.assume(i1 %c)
  call void @llvm.assume(i1 true) [ "align"(ptr %slot, i64 4) ]
  store i32 %x, ptr %slot
  %y = load i32, ptr %slot
  call void @llvm.lifetime.end.p0(ptr %slot)
  ret i32 %y
}
!0 = !{!1}
!1 = !{!1, !2}
!2 = !{!2}
