module Shapes
area(r) = 3.0 * r^2
end
println(Shapes.perimeter(2))
