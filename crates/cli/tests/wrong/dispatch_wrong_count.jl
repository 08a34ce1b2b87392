blend(a, b, c) = a + b + c
blend(1, 2)
