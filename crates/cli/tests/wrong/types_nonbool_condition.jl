n = 3
if n
    println("positive")
end
