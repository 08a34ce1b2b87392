function f()
    struct P
        x
    end
end
