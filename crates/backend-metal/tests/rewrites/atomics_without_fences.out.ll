define void @relaxed(ptr addrspace(1) %p) {
  %1 = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %p, i32 1, i32 0, i32 2, i1 true)
  ret void
}

define void @ordered(ptr addrspace(1) %p) {
  %1 = atomicrmw add ptr addrspace(1) %p, i32 1 acq_rel, align 4
  %2 = load atomic i32, ptr addrspace(1) %p acquire, align 4
  fence release
  ret void
}

declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)
