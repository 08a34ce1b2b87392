function area(w, h)
    if w > 0
        return w * h
end
println(area(2, 3))
