; rewrite: aggregates
target datalayout = "e-p:64:64:64-i64:64:64-n8:16:32"
define void @fields(ptr addrspace(1) %p, ptr addrspace(1) %q, ptr addrspace(1) %r) {
  %all = load { i64, float, { float, [3 x i64] } }, ptr addrspace(1) %p, align 8, !tbaa !0
  %a = extractvalue { i64, float, { float, [3 x i64] } } %all, 0
  store i64 0, ptr addrspace(1) %p
  %b = extractvalue { i64, float, { float, [3 x i64] } } %all, 2, 1, 1
  store i64 %a, ptr addrspace(1) %q
  store i64 %b, ptr addrspace(1) %r
  ret void
}
; Fields of packed structs are where they are.
define i32 @packed(ptr addrspace(1) %p) {
  %all = load <{ i8, i32, [2 x <{ i8, i32 }>] }>, ptr addrspace(1) %p, align 8
  %a = extractvalue <{ i8, i32, [2 x <{ i8, i32 }>] }> %all, 1
  %b = extractvalue <{ i8, i32, [2 x <{ i8, i32 }>] }> %all, 2, 1, 1
  %s = add i32 %a, %b
  ret i32 %s
}
; Something wants it whole; nothing may be left out; nobody takes it apart.
define void @whole(ptr addrspace(1) %p, ptr addrspace(1) %q) {
  %all = load { i64, i64 }, ptr addrspace(1) %p
  %a = extractvalue { i64, i64 } %all, 0
  store { i64, i64 } %all, ptr addrspace(1) %q
  store i64 %a, ptr addrspace(1) %q
  %volatile = load volatile { i64, i64 }, ptr addrspace(1) %p
  %b = extractvalue { i64, i64 } %volatile, 0
  store i64 %b, ptr addrspace(1) %q
  %unused = load { i64, i64 }, ptr addrspace(1) %p
  ret void
}
!0 = !{!1, !1, i64 0}
!1 = !{!"data", !2}
!2 = !{!"root"}
