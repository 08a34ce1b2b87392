module Shapes
struct Square
    side::Int
end
area(s::Square) = s.side^2
paint(s) = "colourless"
end
