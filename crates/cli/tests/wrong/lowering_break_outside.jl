function f(x)
    break
    return x
end
