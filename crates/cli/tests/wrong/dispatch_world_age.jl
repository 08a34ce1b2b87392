function f()
    @eval g() = 1
    return g()
end
f()
