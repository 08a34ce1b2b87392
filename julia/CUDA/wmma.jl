# Products of matrices by the machine's matrix units: the threads of a warp hold fragments of the matrices together.
# Only NVIDIA's machines have this; a kernel that uses it is compiled for them alone.
module WMMA

import Core: LLVMPtr
using Base: VecElement

export Config, Fragment, RowMajor, ColMajor, load_a, load_b, load_c, mma, store_d, fill_c

struct RowMajor end
struct ColMajor end
struct Unspecified end
layout_name(::Type{RowMajor}) = "row"
layout_name(::Type{ColMajor}) = "col"

# An `M` by `K` matrix times a `K` by `N` one, in `Float16`, plus an `M` by `N` one, into a matrix of `D`.
struct Config{M,N,K,D} end
shape_name(::Type{<:Config{M,N,K}}) where {M,N,K} =
    (M, N, K) in ((16, 16, 16), (32, 8, 16), (8, 32, 16)) ? string("m", M, "n", N, "k", K) : throw(ArgumentError("WMMA: no such shape"))

result_type(::Type{Config{M,N,K,D}}) where {M,N,K,D} = D

# A thread's part of the matrix `Use` (`:a`, `:b`, `:c`) of the shape of a config. `x` is a tuple of numbers.
struct Fragment{Use,Layout,C,T,N}
    x::NTuple{N,T}
end
Base.eltype(::Fragment{Use,Layout,C,T}) where {Use,Layout,C,T} = T
Base.length(::Fragment{Use,Layout,C,T,N}) where {Use,Layout,C,T,N} = N
@inline Base.getindex(f::Fragment, i::Integer) = f.x[i]
@inline Base.map(f, a::Fragment{Use,Layout,C,T,N}) where {Use,Layout,C,T,N} = Fragment{Use,Layout,C,T,N}(map(x -> convert(T, f(x)), a.x))

const Half2 = NTuple{2,VecElement{Float16}}
# Registers of a fragment, and back.
@inline packed(x::NTuple{N,Float32}) where {N} = x
@inline packed(x::NTuple{16,Float16}) = ntuple(i -> (VecElement(x[2i-1]), VecElement(x[2i])), Val(8))
@inline packed(x::NTuple{8,Float16}) = ntuple(i -> (VecElement(x[2i-1]), VecElement(x[2i])), Val(4))
@inline unpacked(x::NTuple{N,Float32}) where {N} = x
@inline unpacked(x::NTuple{8,Half2}) = ntuple(i -> x[(i + 1) >> 1][2 - (i & 1)].value, Val(16))
@inline unpacked(x::NTuple{4,Half2}) = ntuple(i -> x[(i + 1) >> 1][2 - (i & 1)].value, Val(8))
type_name(::Type{Float16}) = "f16"
type_name(::Type{Float32}) = "f32"
registers(use, ::Type{Float16}) = use === :c ? NTuple{4,Half2} : NTuple{8,Half2}
registers(use, ::Type{Float32}) = NTuple{8,Float32}

@generated function load(::Val{use}, p::LLVMPtr{T,A}, stride, ::Type{L}, ::Type{C}) where {use,T,A,L,C}
    name = string("llvm.nvvm.wmma.", shape_name(C), ".load.", use, ".", layout_name(L), ".stride.", type_name(T), ".p", A)
    regs = registers(use, T)
    kept = use === :c ? Unspecified : L
    return quote
        Base.@inline
        x = unpacked(ccall($name, llvmcall, $regs, (LLVMPtr{$T,$A}, Int32), p, stride % Int32))
        Fragment{$(QuoteNode(use)),$kept,$C,$T,length(x)}(x)
    end
end
# `stride`: the distance between columns (`ColMajor`) or rows, in elements.
@inline load_a(p::LLVMPtr{Float16}, stride, ::Type{L}, ::Type{C}) where {L,C<:Config} = load(Val(:a), p, stride, L, C)
@inline load_b(p::LLVMPtr{Float16}, stride, ::Type{L}, ::Type{C}) where {L,C<:Config} = load(Val(:b), p, stride, L, C)
@inline load_c(p::LLVMPtr, stride, ::Type{L}, ::Type{C}) where {L,C<:Config} = load(Val(:c), p, stride, L, C)
@inline fill_c(value::T, ::Type{C}) where {T<:Union{Float16,Float32},C<:Config} = Fragment{:c,Unspecified,C,T,8}(ntuple(i -> value, Val(8)))

# `a * b + c`.
@generated function mma(a::Fragment{:a,LA,C,Float16,16}, b::Fragment{:b,LB,C,Float16,16}, c::Fragment{:c,Unspecified,C,T,8}, ::Type{C}) where {LA,LB,C<:Config,T}
    D = result_type(C)
    name = string("llvm.nvvm.wmma.", shape_name(C), ".mma.", layout_name(LA), ".", layout_name(LB), ".", type_name(D), ".", type_name(T))
    count = T === Float32 ? 8 : 4
    types = Expr(:tuple, fill(Half2, 16)..., fill(T === Float32 ? Float32 : Half2, count)...)
    operands = Any[[:(x[$i]) for i in 1:8]; [:(y[$i]) for i in 1:8]; [:(z[$i]) for i in 1:count]]
    return quote
        Base.@inline
        x, y, z = packed(a.x), packed(b.x), packed(c.x)
        Fragment{:c,Unspecified,$C,$D,8}(unpacked(ccall($name, llvmcall, $(registers(:c, D)), $types, $(operands...))))
    end
end

@generated function store_d(p::LLVMPtr{T,A}, d::Fragment{:c,Unspecified,C,T,8}, stride, ::Type{L}, ::Type{C}) where {T,A,L,C<:Config}
    name = string("llvm.nvvm.wmma.", shape_name(C), ".store.d.", layout_name(L), ".stride.", type_name(T), ".p", A)
    count = T === Float32 ? 8 : 4
    types = Expr(:tuple, LLVMPtr{T,A}, fill(T === Float32 ? Float32 : Half2, count)..., Int32)
    return quote
        Base.@inline
        x = packed(d.x)
        ccall($name, llvmcall, Nothing, $types, p, $([:(x[$i]) for i in 1:count]...), stride % Int32)
        nothing
    end
end

end
