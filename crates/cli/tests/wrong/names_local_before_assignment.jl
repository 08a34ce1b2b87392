function f(flag)
    if flag
        y = 1
    end
    return y
end
f(false)
