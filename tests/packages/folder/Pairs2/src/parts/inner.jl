# Inner modules are initialised when the package is complete: `order` is defined after this one.
module Inner
using ..Pairs2: Pairs2, half
quarter(x) = half(half(x))
__init__() = push!(Pairs2.order, "Inner")
end
