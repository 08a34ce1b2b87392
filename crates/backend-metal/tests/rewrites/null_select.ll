; rewrite: null-select
define i1 @equal(i1 %c, ptr addrspace(1) %p) {
  %g = addrspacecast ptr addrspace(1) %p to ptr
  %s = select i1 %c, ptr %g, ptr null
  %r = icmp eq ptr %s, null
  ret i1 %r
}
define i1 @unequal_other_way(i1 %c, ptr addrspace(3) %p) {
  %g = addrspacecast ptr addrspace(3) %p to ptr
  %s = select i1 %c, ptr null, ptr %g
  %r = icmp ne ptr null, %s
  ret i1 %r
}
; Neither is known to point somewhere.
define i1 @left_alone(i1 %c, ptr %p) {
  %s = select i1 %c, ptr %p, ptr null
  %r = icmp eq ptr %s, null
  ret i1 %r
}
