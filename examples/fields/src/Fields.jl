# A small package: staggered fields on a grid, with operators chosen by the type of the place they live at.
module Fields

using KernelAbstractions

include("places.jl")
include("operators.jl")
include("kernels.jl")

export Field, Center, Face, gradient, divergence, interior

end
