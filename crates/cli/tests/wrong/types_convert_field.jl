struct Cell
    count::Int
end
Cell("three")
