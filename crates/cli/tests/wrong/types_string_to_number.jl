n = parse(Int, "12a")
