; rewrite: atomics-without-fences
; Languages without fences have relaxed accesses alone.
define void @relaxed(ptr addrspace(1) %p) {
  %1 = atomicrmw add ptr addrspace(1) %p, i32 1 monotonic
  ret void
}
define void @ordered(ptr addrspace(1) %p) {
  %1 = atomicrmw add ptr addrspace(1) %p, i32 1 acq_rel
  %2 = load atomic i32, ptr addrspace(1) %p acquire, align 4
  fence release
  ret void
}
