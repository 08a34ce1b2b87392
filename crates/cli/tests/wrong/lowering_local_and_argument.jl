function f(x)
    local x = 2
    return x
end
f(1)
