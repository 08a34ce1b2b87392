# Arrays whose size is part of their type, kept in tuples: no allocation, all loops unrolled.
module StaticArrays

import LinearAlgebra
import LinearAlgebra: dot, norm, normalize, cross, det, tr, diag, kron, opnorm
import Base: getindex, setindex!, size, length, axes, iterate, +, -, *, /, \, ==, map, sum, prod, minimum, maximum, any, all, reduce, mapreduce, foldl, zero, one, oneunit, ones, zeros, fill, rand, randn,
    transpose, adjoint, inv, vcat, hcat, reverse, similar, convert, copy, eltype, pointer, reshape, vec, promote_rule, extrema, count, Tuple, @propagate_inbounds, tail

export StaticArray, StaticVector, StaticMatrix, StaticVecOrMat, SArray, SVector, SMatrix, MArray, MVector, MMatrix, Scalar, SA, SA_F32, SA_F64, FieldVector, FieldMatrix, FieldArray, Size, SOneTo, Length,
    @SVector, @SMatrix, @SArray, @MVector, @MMatrix, @MArray, similar_type, push, pop, pushfirst, popfirst, insert, deleteat, setindex, SizedArray, SizedVector, SizedMatrix

include("types.jl")
include("construct.jl")
include("arithmetic.jl")
include("matrices.jl")
include("broadcast.jl")
include("macros.jl")

end
