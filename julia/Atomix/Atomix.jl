# Atomic access to array elements: `@atomic a[i] += x`, `@atomicswap`, `@atomicreplace`.
module Atomix

import Base.Device
export @atomic, @atomicswap, @atomicreplace

# `a[i] op= x` gives the new value, `a[i] op x` and `op(a[i], x)` give `old => new`.
macro atomic(args...)
    return Device.atomic_macro(args, :new)
end
macro atomicswap(args...)
    return Device.atomic_swap_macro(args)
end
macro atomicreplace(args...)
    return Device.atomic_replace_macro(args)
end

# The functions behind, on references to elements.
struct IndexableRef{A,I}
    data::A
    indices::I
end
place(r::IndexableRef) = Device.element_pointer(r.data, r.indices...)
get(r::IndexableRef, order = nothing) = Device.atomic_load(place(r))
set!(r::IndexableRef, x, order = nothing) = Device.atomic_store(place(r), x)
modify!(r::IndexableRef, op, x, order = nothing) = Device.atomic_update(place(r), op, x)
swap!(r::IndexableRef, x, order = nothing) = Device.atomic_swap(place(r), x)
replace!(r::IndexableRef, expected, desired, orders...) = Device.atomic_replace(place(r), expected, desired)

end
