function f(n)
    @goto done
    return n
end
