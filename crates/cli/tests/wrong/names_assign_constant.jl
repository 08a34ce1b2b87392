const limit = 10
limit = "many"
