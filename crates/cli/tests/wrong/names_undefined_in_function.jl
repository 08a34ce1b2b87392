function outer(x)
    inner(x)
end
inner(x) = x + offset
outer(1)
