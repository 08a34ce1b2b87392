for i in 1:3
    known = i
    fresh = i
end
while true
    known += 1
    break
end
try
    known = 1
catch
end
let
    known = 1
end
begin
    local l = 1
    l + 1
end
function shadows(x)
    let x = x + 1
        x
    end
    for x in 1:2
        x
    end
    x
end
function globals()
    global gg
    gg = 1
    function inner()
        gg = 2
    end
end
function inner_local()
    a = 1
    function inner()
        local a = 2
        b = a
    end
    b = 3
    inner()
end
if true
    in_if = 1
end
function possibly(c)
    if c
        z = 1
    end
    z
end
function comprehension_scope(x)
    y = [x for x in 1:x]
    x
end
