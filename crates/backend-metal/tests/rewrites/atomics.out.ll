
define void @device(ptr addrspace(1) %p, i32 %x, float %f, ptr addrspace(1) %out) {
  %1 = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %p, i32 %x, i32 0, i32 2, i1 true)
  %2 = call i32 @air.atomic.global.max.u.i32(ptr addrspace(1) %p, i32 %1, i32 0, i32 2, i1 true)
  %3 = call i32 @air.atomic.global.min.s.i32(ptr addrspace(1) %p, i32 %2, i32 0, i32 2, i1 true)
  %4 = call i32 @air.atomic.global.xchg.i32(ptr addrspace(1) %p, i32 %3, i32 0, i32 2, i1 true)
  %5 = call float @air.atomic.global.add.f32(ptr addrspace(1) %p, float %f, i32 0, i32 2, i1 true)
  %6 = call i32 @air.atomic.global.load.i32(ptr addrspace(1) %p, i32 0, i32 2, i1 true)
  call void @air.atomic.global.store.i32(ptr addrspace(1) %p, i32 %6, i32 0, i32 2, i1 true)
  store i32 %4, ptr addrspace(1) %out, align 4
  store float %5, ptr addrspace(1) %out, align 4
  ret void
}

define i1 @group(ptr addrspace(3) %p, i32 %x, float %f) {
  %1 = alloca i32, align 4
  %2 = call i32 @air.atomic.local.xor.u.i32(ptr addrspace(3) %p, i32 %x, i32 0, i32 1, i1 true)
  store i32 %2, ptr %1, align 4
  %3 = call i32 @air.atomic.local.cmpxchg.weak.i32(ptr addrspace(3) %p, ptr %1, i32 %x, i32 0, i32 0, i32 1, i1 true)
  %4 = icmp eq i32 %3, %2
  %5 = insertvalue { i32, i1 } poison, i32 %3, 0
  %6 = insertvalue { i32, i1 } %5, i1 %4, 1
  %7 = extractvalue { i32, i1 } %6, 1
  %8 = call i32 @air.atomic.local.load.i32(ptr addrspace(3) %p, i32 0, i32 1, i1 true)
  %9 = bitcast i32 %8 to float
  %10 = bitcast float %9 to i32
  call void @air.atomic.local.store.i32(ptr addrspace(3) %p, i32 %10, i32 0, i32 1, i1 true)
  ret i1 %7
}

define void @ordered(ptr addrspace(1) %p, i32 %x) {
  %1 = alloca i32, align 4
  call void @air.atomic.fence(i32 3, i32 5, i32 2)
  %2 = call i32 @air.atomic.global.sub.u.i32(ptr addrspace(1) %p, i32 %x, i32 0, i32 2, i1 true)
  call void @air.atomic.fence(i32 3, i32 5, i32 2)
  %3 = call i32 @air.atomic.global.load.i32(ptr addrspace(1) %p, i32 0, i32 2, i1 true)
  call void @air.atomic.fence(i32 3, i32 5, i32 2)
  call void @air.atomic.fence(i32 3, i32 5, i32 2)
  call void @air.atomic.global.store.i32(ptr addrspace(1) %p, i32 %3, i32 0, i32 2, i1 true)
  call void @air.atomic.fence(i32 3, i32 5, i32 2)
  store i32 %x, ptr %1, align 4
  %4 = call i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1) %p, ptr %1, i32 %2, i32 0, i32 0, i32 2, i1 true)
  call void @air.atomic.fence(i32 3, i32 5, i32 2)
  %5 = icmp eq i32 %4, %x
  %6 = insertvalue { i32, i1 } poison, i32 %4, 0
  %7 = insertvalue { i32, i1 } %6, i1 %5, 1
  call void @air.atomic.fence(i32 3, i32 5, i32 2)
  ret void
}

define void @left(ptr %p, ptr addrspace(3) %s, ptr addrspace(1) %w, float %f) {
  %1 = atomicrmw add ptr %p, i32 1 monotonic, align 4
  %2 = atomicrmw fadd ptr addrspace(3) %s, float %f monotonic, align 4
  %3 = atomicrmw add ptr addrspace(1) %w, i64 1 monotonic, align 8
  ret void
}

declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)

declare i32 @air.atomic.global.max.u.i32(ptr addrspace(1), i32, i32, i32, i1)

declare i32 @air.atomic.global.min.s.i32(ptr addrspace(1), i32, i32, i32, i1)

declare i32 @air.atomic.global.xchg.i32(ptr addrspace(1), i32, i32, i32, i1)

declare float @air.atomic.global.add.f32(ptr addrspace(1), float, i32, i32, i1)

declare i32 @air.atomic.global.load.i32(ptr addrspace(1), i32, i32, i1)

declare void @air.atomic.global.store.i32(ptr addrspace(1), i32, i32, i32, i1)

declare i32 @air.atomic.local.xor.u.i32(ptr addrspace(3), i32, i32, i32, i1)

declare i32 @air.atomic.local.cmpxchg.weak.i32(ptr addrspace(3), ptr, i32, i32, i32, i32, i1)

declare i32 @air.atomic.local.load.i32(ptr addrspace(3), i32, i32, i1)

declare void @air.atomic.local.store.i32(ptr addrspace(3), i32, i32, i32, i1)

declare void @air.atomic.fence(i32, i32, i32)

declare i32 @air.atomic.global.sub.u.i32(ptr addrspace(1), i32, i32, i32, i1)

declare i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1), ptr, i32, i32, i32, i32, i1)
