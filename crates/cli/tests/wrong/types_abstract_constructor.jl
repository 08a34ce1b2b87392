abstract type Shape end
Shape(1)
