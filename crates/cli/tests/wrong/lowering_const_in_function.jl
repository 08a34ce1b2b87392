function f()
    const n = 3
    return n
end
