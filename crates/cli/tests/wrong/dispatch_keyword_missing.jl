area(; width, height) = width * height
area(width = 2)
