area(; width::Int = 1) = width
area(width = "wide")
