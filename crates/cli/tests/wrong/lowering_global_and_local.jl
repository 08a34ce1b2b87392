function f()
    local n = 1
    global n = 2
end
