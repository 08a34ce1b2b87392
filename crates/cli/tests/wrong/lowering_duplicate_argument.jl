blend(a, b, a) = a + b
