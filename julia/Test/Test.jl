# `@test`, `@testset` and their relatives.
module Test

export @test, @test_throws, @test_broken, @test_skip, @test_warn, @test_nowarn, @test_logs, @test_deprecated, @testset, @inferred,
    detect_ambiguities, detect_unbound_args, GenericString, GenericSet, GenericDict, GenericArray, GenericOrder, TestSetException, LogRecord

include("results.jl")
include("testsets.jl")
include("macros.jl")

end
