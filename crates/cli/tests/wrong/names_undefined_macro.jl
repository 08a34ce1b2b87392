@kernal function f!(a)
    a[1] = 0
end
