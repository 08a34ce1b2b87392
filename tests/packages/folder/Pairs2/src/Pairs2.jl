module Pairs2
using Alone
include("parts/inner.jl")
const order = String[]
__init__() = push!(order, "Pairs2")
using .Inner: quarter
export quarter
here() = @__DIR__
end
