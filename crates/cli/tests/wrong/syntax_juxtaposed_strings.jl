println("a" "b")
