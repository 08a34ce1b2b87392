module ShapesColoursExt
using Shapes, Colours
Shapes.paint(s::Shapes.Square) = string(Colours.red, " square of ", s.side)
end
