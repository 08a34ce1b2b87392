define float @careful(float %x, float %y) {
  %1 = call float @air.fmin.f32(float %x, float %y)
  %2 = bitcast float %x to i32
  %3 = bitcast float %y to i32
  %4 = or i32 %2, %3
  %5 = bitcast i32 %4 to float
  %6 = fcmp oeq float %x, %y
  %7 = select i1 %6, float %5, float %1
  %8 = fcmp uno float %x, %y
  %9 = fadd float %x, %y
  %10 = select i1 %8, float %9, float %7
  ret float %10
}

define half @careful_half(half %x, half %y) {
  %1 = call half @air.fmax.f16(half %x, half %y)
  %2 = bitcast half %x to i16
  %3 = bitcast half %y to i16
  %4 = and i16 %2, %3
  %5 = bitcast i16 %4 to half
  %6 = fcmp oeq half %x, %y
  %7 = select i1 %6, half %5, half %1
  %8 = fcmp uno half %x, %y
  %9 = fadd half %x, %y
  %10 = select i1 %8, half %9, half %7
  ret half %10
}

define float @number(float %x, float %y) {
  %1 = call float @air.fmin.f32(float %x, float %y)
  ret float %1
}

define float @fast(float %x, float %y) {
  %1 = call nnan float @air.fast_fmin.f32(float %x, float %y)
  ret float %1
}

define half @fast_half(half %x, half %y) {
  %1 = call nnan half @air.fmax.f16(half %x, half %y)
  ret half %1
}

define bfloat @brain(bfloat %x, bfloat %y) {
  %1 = fpext bfloat %x to float
  %2 = fpext bfloat %y to float
  %3 = call float @air.fmax.f32(float %1, float %2)
  %4 = bitcast float %1 to i32
  %5 = bitcast float %2 to i32
  %6 = and i32 %4, %5
  %7 = bitcast i32 %6 to float
  %8 = fcmp oeq float %1, %2
  %9 = select i1 %8, float %7, float %3
  %10 = fcmp uno float %1, %2
  %11 = fadd float %1, %2
  %12 = select i1 %10, float %11, float %9
  %13 = fptrunc float %12 to bfloat
  %14 = fpext bfloat %13 to float
  %15 = fpext bfloat %y to float
  %16 = call float @air.fmin.f32(float %14, float %15)
  %17 = fptrunc float %16 to bfloat
  %18 = fpext bfloat %17 to float
  %19 = fpext bfloat %y to float
  %20 = call nnan float @air.fast_fmax.f32(float %18, float %19)
  %21 = fptrunc float %20 to bfloat
  ret bfloat %21
}

declare float @air.fmin.f32(float, float)

declare half @air.fmax.f16(half, half)

declare float @air.fast_fmin.f32(float, float)

declare float @air.fmax.f32(float, float)

declare float @air.fast_fmax.f32(float, float)
