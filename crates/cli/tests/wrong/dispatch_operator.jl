x = "total: " + 3
