Timer(t -> println("tick"), 1)
