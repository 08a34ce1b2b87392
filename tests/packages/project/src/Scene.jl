module Scene
using Shapes
area() = sum(Shapes.area, (Shapes.Square(2), Shapes.Square(3)))
end
