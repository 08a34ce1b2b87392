area(; width = 1, height = 1) = width * height
area(width = 2, hieght = 3)
