using NoSuchPackage
println("never")
