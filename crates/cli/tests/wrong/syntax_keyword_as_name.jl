struct for
    x
end
