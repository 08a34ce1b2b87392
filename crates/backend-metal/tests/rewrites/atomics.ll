; rewrite: atomics
target datalayout = "e-p:64:64:64-i64:64:64-n8:16:32"
define void @device(ptr addrspace(1) %p, i32 %x, float %f, ptr addrspace(1) %out) {
  %1 = atomicrmw add ptr addrspace(1) %p, i32 %x monotonic
  %2 = atomicrmw umax ptr addrspace(1) %p, i32 %1 monotonic
  %3 = atomicrmw min ptr addrspace(1) %p, i32 %2 monotonic
  %4 = atomicrmw xchg ptr addrspace(1) %p, i32 %3 syncscope("device") monotonic
  %5 = atomicrmw fadd ptr addrspace(1) %p, float %f monotonic
  %6 = load atomic i32, ptr addrspace(1) %p monotonic, align 4
  store atomic i32 %6, ptr addrspace(1) %p unordered, align 4
  store i32 %4, ptr addrspace(1) %out
  store float %5, ptr addrspace(1) %out
  ret void
}
define i1 @group(ptr addrspace(3) %p, i32 %x, float %f) {
  %1 = atomicrmw xor ptr addrspace(3) %p, i32 %x monotonic
  %2 = cmpxchg ptr addrspace(3) %p, i32 %1, i32 %x monotonic monotonic
  %3 = extractvalue { i32, i1 } %2, 1
  %4 = load atomic float, ptr addrspace(3) %p monotonic, align 4
  store atomic float %4, ptr addrspace(3) %p monotonic, align 4
  ret i1 %3
}
; Orders are made of fences.
define void @ordered(ptr addrspace(1) %p, i32 %x) {
  %1 = atomicrmw sub ptr addrspace(1) %p, i32 %x acq_rel
  %2 = load atomic i32, ptr addrspace(1) %p acquire, align 4
  store atomic i32 %2, ptr addrspace(1) %p release, align 4
  %3 = cmpxchg ptr addrspace(1) %p, i32 %x, i32 %1 seq_cst acquire
  fence syncscope("device") release
  ret void
}
; What AIR has no form for is left, and found later.
define void @left(ptr %p, ptr addrspace(3) %s, ptr addrspace(1) %w, float %f) {
  %1 = atomicrmw add ptr %p, i32 1 monotonic
  %2 = atomicrmw fadd ptr addrspace(3) %s, float %f monotonic
  %3 = atomicrmw add ptr addrspace(1) %w, i64 1 monotonic
  ret void
}
