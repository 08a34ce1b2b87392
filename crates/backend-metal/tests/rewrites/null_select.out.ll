define i1 @equal(i1 %c, ptr addrspace(1) %p) {
  %g = addrspacecast ptr addrspace(1) %p to ptr
  %s = select i1 %c, ptr %g, ptr null
  %1 = icmp eq ptr addrspace(1) %p, null
  %2 = select i1 %c, i1 %1, i1 true
  ret i1 %2
}

define i1 @unequal_other_way(i1 %c, ptr addrspace(3) %p) {
  %g = addrspacecast ptr addrspace(3) %p to ptr
  %s = select i1 %c, ptr null, ptr %g
  %1 = icmp ne ptr addrspace(3) %p, null
  %2 = select i1 %c, i1 false, i1 %1
  ret i1 %2
}

define i1 @left_alone(i1 %c, ptr %p) {
  %s = select i1 %c, ptr %p, ptr null
  %r = icmp eq ptr %s, null
  ret i1 %r
}
