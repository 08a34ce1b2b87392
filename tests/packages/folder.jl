# Run with the folder `folder` on the load path.
using Test
using Pairs2, Dotted
@test quarter(8) == 2.0 && Pairs2.order == ["Inner", "Pairs2"]
@test Dotted.twice(4) == 8 && parentmodule(Dotted) === Dotted && string(Dotted.twice) == "twice"
@test endswith(Pairs2.here(), "folder/Pairs2/src") && endswith(pathof(Dotted), "folder/Dotted.jl/src/Dotted.jl")
@test endswith(pkgdir(Dotted), "folder/Dotted.jl") && pkgversion(Dotted) == v"1.2.3" && pathof(Test) === nothing
@test Base.find_package("Alone") !== nothing && Base.find_package("Absent") === nothing
# What fails is no package, now or later.
for _ in 1:2
    err = try
        @eval using Broken
    catch e
        e
    end
    @test err isa LoadError && endswith(err.file, "Broken.jl") && err.error isa UndefVarError
end
@test_throws ErrorException("package Nameless did not define module Nameless") @eval using Nameless
# `LOAD_PATH` counts when a package is looked for.
@test_throws ArgumentError @eval using Shapes
push!(LOAD_PATH, joinpath(@__DIR__, "project", "vendor"))
using Shapes
@test Shapes.area(Shapes.Square(3)) == 9
# The folder of a version in a depot.
@test Base.version_slug("90137ffa-7385-5640-81b9-e52037218182", "eeafab08ae20c62c44c8399ccb9354a04b80db50", 5) == "MSJcA"
