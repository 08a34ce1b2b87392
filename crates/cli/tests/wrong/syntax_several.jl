f(x = = 2
y = )
z = 3
