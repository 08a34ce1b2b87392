# What Base's own array code does not need, but packages with arrays of their own name: the kinds of indices, and whether arrays share memory.

const ViewIndex = Union{Real,AbstractArray}
const DimOrInd = Union{Integer,AbstractUnitRange}

unsafe_view(A::AbstractArray, I::Vararg{ViewIndex}) = SubArray(A, map(plain_index, I))

# One `true` for each dimension that an index gives to the result.
index_dimsum() = ()
index_dimsum(::Real, rest...) = index_dimsum(rest...)
index_dimsum(::Colon, rest...) = (true, index_dimsum(rest...)...)
index_dimsum(::AbstractArray{Bool}, rest...) = (true, index_dimsum(rest...)...)
index_dimsum(::AbstractArray{<:Any,N}, rest...) where {N} = (ntuple(Returns(true), Val(N))..., index_dimsum(rest...)...)

_to_linear_index(A::AbstractArray, i::Integer) = i
_to_linear_index(A::AbstractArray, i::Integer, I::Integer...) = linear_index(A, (i, I...))
_to_linear_index(A::AbstractArray) = first(LinearIndices(A))
_sub2ind(A::AbstractArray, I...) = linear_index(A, I)
unsafe_indices(A) = axes(A)
to_dim(n::Integer) = n
to_dim(r) = length(r)

"""
    Base.dataids(A)

What identifies the memory that an array shows: arrays with one in common may share it.
"""
dataids(A::AbstractArray) = isbits(A) ? () : (UInt(objectid(A)),)
dataids(A::Union{ReshapedArray,PermutedDimsArray,ReinterpretArray}) = dataids(parent(A))
dataids(A::SubArray) = (dataids(parent(A))..., index_dataids(A.indices...)...)
dataids(::AbstractRange) = ()
index_dataids() = ()
index_dataids(i, rest...) = index_dataids(rest...)
index_dataids(i::AbstractArray, rest...) = (dataids(i)..., index_dataids(rest...)...)

"""
    Base.mightalias(A, B)

Can a change of `A` be seen in `B`?
"""
mightalias(A::AbstractArray, B::AbstractArray) = !isbits(A) && !isbits(B) && any(in(dataids(B)), dataids(A))
mightalias(x, y) = false

"""
    Base.unalias(dest, A)

`A`, or a copy of it if a change of `dest` could be seen in it.
"""
unalias(dest, A::AbstractArray) = mightalias(dest, A) ? unaliascopy(A) : A
unalias(dest, A::AbstractRange) = A
unalias(dest, A) = A
unaliascopy(A::AbstractArray) = copy(A)

# What kind of order and arithmetic a type of numbers has.
abstract type OrderStyle end
struct Ordered <: OrderStyle end
struct Unordered <: OrderStyle end
OrderStyle(x) = OrderStyle(typeof(x))
OrderStyle(::Type{<:Real}) = Ordered()
OrderStyle(::Type{<:AbstractString}) = Ordered()
OrderStyle(::Type{Symbol}) = Ordered()
OrderStyle(::Type{<:Any}) = Unordered()
OrderStyle(::Type{Union{}}) = Ordered()

abstract type ArithmeticStyle end
struct ArithmeticRounds <: ArithmeticStyle end
struct ArithmeticWraps <: ArithmeticStyle end
struct ArithmeticUnknown <: ArithmeticStyle end
ArithmeticStyle(x) = ArithmeticStyle(typeof(x))
ArithmeticStyle(::Type{<:AbstractFloat}) = ArithmeticRounds()
ArithmeticStyle(::Type{<:Integer}) = ArithmeticWraps()
ArithmeticStyle(::Type{<:Any}) = ArithmeticUnknown()
ArithmeticStyle(::Type{Union{}}) = ArithmeticUnknown()
