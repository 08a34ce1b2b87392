t = Task(() -> println("working"))
schedule(t)
wait(t)
