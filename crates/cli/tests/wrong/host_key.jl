ages = Dict("ada" => 36)
println(ages["grace"])
