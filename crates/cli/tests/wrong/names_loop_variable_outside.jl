for i in 1:3
    last_seen = i
end
println(last_seen)
