
define void @fields(ptr addrspace(1) %p, ptr addrspace(1) %q, ptr addrspace(1) %r) {
  %1 = getelementptr inbounds i8, ptr addrspace(1) %p, i64 32
  %2 = load i64, ptr addrspace(1) %1, align 8, !tbaa !0
  %3 = load i64, ptr addrspace(1) %p, align 8, !tbaa !0
  store i64 0, ptr addrspace(1) %p, align 8
  store i64 %3, ptr addrspace(1) %q, align 8
  store i64 %2, ptr addrspace(1) %r, align 8
  ret void
}

define i32 @packed(ptr addrspace(1) %p) {
  %1 = getelementptr inbounds i8, ptr addrspace(1) %p, i64 11
  %2 = load i32, ptr addrspace(1) %1, align 1
  %3 = getelementptr inbounds i8, ptr addrspace(1) %p, i64 1
  %4 = load i32, ptr addrspace(1) %3, align 1
  %s = add i32 %4, %2
  ret i32 %s
}

define void @whole(ptr addrspace(1) %p, ptr addrspace(1) %q) {
  %all = load { i64, i64 }, ptr addrspace(1) %p, align 8
  %a = extractvalue { i64, i64 } %all, 0
  store { i64, i64 } %all, ptr addrspace(1) %q, align 8
  store i64 %a, ptr addrspace(1) %q, align 8
  %volatile = load volatile { i64, i64 }, ptr addrspace(1) %p, align 8
  %b = extractvalue { i64, i64 } %volatile, 0
  store i64 %b, ptr addrspace(1) %q, align 8
  %unused = load { i64, i64 }, ptr addrspace(1) %p, align 8
  ret void
}

!0 = !{!1, !1, i64 0}
!1 = !{!"data", !2}
!2 = !{!"root"}
