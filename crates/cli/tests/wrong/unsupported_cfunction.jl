double(x) = 2x
pointer = @cfunction(double, Cint, (Cint,))
