struct Cell
    count::Int
end
Cell(2.5)
