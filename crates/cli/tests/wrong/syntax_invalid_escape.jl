s = "tab \q"
println(s)
