# Element-wise arithmetic, reductions, changes of length.

@inline same(a::StaticArray, x::Tuple) = similar_type(a, joined_eltype(x), Size(a))(x)
@inline joined_eltype(x::Tuple{}) = Union{}
@inline joined_eltype(x::NTuple{N,T}) where {N,T} = T
@inline joined_eltype(x::Tuple) = Base.promote_typeof(x...)
@inline map(f, a::StaticArray) = mapped(a, map(f, Tuple(a)))
@inline mapped(a::StaticArray, x::Tuple{}) = a
@inline mapped(a::StaticArray, x::Tuple) = similar_type(a, joined_eltype(x), Size(a))(x)
@inline map(f, a::StaticArray{S}, b::StaticArray{S}) where {S} = mapped(a, map(f, Tuple(a), Tuple(b)))
@inline map(f, a::StaticArray{S}, b::StaticArray{S}, c::StaticArray{S}) where {S} = mapped(a, map(f, Tuple(a), Tuple(b), Tuple(c)))
@noinline throw_sizes(a, b) = throw(DimensionMismatch(string("Sizes ", Size(a), " and ", Size(b), " of input arrays do not match")))
map(f, a::StaticArray, b::StaticArray) = throw_sizes(a, b)

@inline +(a::StaticArray{S}, b::StaticArray{S}) where {S} = map(+, a, b)
@inline -(a::StaticArray{S}, b::StaticArray{S}) where {S} = map(-, a, b)
+(a::StaticArray, b::StaticArray) = throw_sizes(a, b)
-(a::StaticArray, b::StaticArray) = throw_sizes(a, b)
@inline +(a::StaticArray, b::AbstractArray) = (check_same(a, b); mapped(a, ntuple(i -> a[i] + b[i], Val(length(typeof(a))))))
@inline -(a::StaticArray, b::AbstractArray) = (check_same(a, b); mapped(a, ntuple(i -> a[i] - b[i], Val(length(typeof(a))))))
@inline +(a::AbstractArray, b::StaticArray) = (check_same(a, b); mapped(b, ntuple(i -> a[i] + b[i], Val(length(typeof(b))))))
@inline -(a::AbstractArray, b::StaticArray) = (check_same(a, b); mapped(b, ntuple(i -> a[i] - b[i], Val(length(typeof(b))))))
check_same(a, b) = size(a) == size(b) || throw(DimensionMismatch(string("dimensions must match: a has dims ", size(a), ", b has dims ", size(b))))
@inline -(a::StaticArray) = map(-, a)
@inline +(a::StaticArray) = a
@inline *(a::StaticArray, x::Number) = map(v -> v * x, a)
@inline *(x::Number, a::StaticArray) = map(v -> x * v, a)
@inline /(a::StaticArray, x::Number) = map(v -> v / x, a)
@inline \(x::Number, a::StaticArray) = map(v -> x \ v, a)
Base.:÷(a::StaticArray, x::Number) = map(v -> v ÷ x, a)
@inline Base.conj(a::StaticArray) = map(conj, a)
@inline Base.real(a::StaticArray) = map(real, a)
@inline Base.imag(a::StaticArray) = map(imag, a)
@inline Base.abs2(a::StaticVector) = sum(abs2, a)
@inline Base.muladd(a::StaticArray, x::Number, b::StaticArray) = map((p, q) -> muladd(p, x, q), a, b)
@inline Base.muladd(x::Number, a::StaticArray, b::StaticArray) = map((p, q) -> muladd(x, p, q), a, b)
@inline ==(a::StaticArray{S}, b::StaticArray{S}) where {S} = Tuple(a) == Tuple(b)
Base.hash(a::StaticArray, h::UInt) = hash(Tuple(a), hash(size(a), h))

@inline sum(a::StaticArray; dims = :) = dims isa Colon ? sum(Tuple(a)) : reduce_dims(+, a, Val(dims))
@inline sum(f, a::StaticArray) = sum(map(f, Tuple(a)))
@inline prod(a::StaticArray; dims = :) = dims isa Colon ? prod(Tuple(a)) : reduce_dims(*, a, Val(dims))
@inline prod(f, a::StaticArray) = prod(map(f, Tuple(a)))
@inline minimum(a::StaticArray) = minimum(Tuple(a))
@inline maximum(a::StaticArray) = maximum(Tuple(a))
@inline minimum(f, a::StaticArray) = minimum(map(f, Tuple(a)))
@inline maximum(f, a::StaticArray) = maximum(map(f, Tuple(a)))
@inline extrema(a::StaticArray) = (minimum(a), maximum(a))
@inline any(a::StaticArray) = any(Tuple(a))
@inline all(a::StaticArray) = all(Tuple(a))
@inline any(f::Function, a::StaticArray) = any(map(f, Tuple(a)))
@inline all(f::Function, a::StaticArray) = all(map(f, Tuple(a)))
@inline count(a::StaticArray{<:Tuple,Bool}) = sum(Tuple(a))
@inline count(f, a::StaticArray) = sum(map(x -> Int(f(x)), Tuple(a)))
@inline reduce(op, a::StaticArray) = Base.afoldl(op, Tuple(a)...)
@inline foldl(op, a::StaticArray) = Base.afoldl(op, Tuple(a)...)
@inline mapreduce(f, op, a::StaticArray) = Base.afoldl(op, map(f, Tuple(a))...)
@inline mapreduce(f, op, a::StaticArray{S}, b::StaticArray{S}) where {S} = Base.afoldl(op, map(f, Tuple(a), Tuple(b))...)
@inline reduce_dims(op, a::StaticMatrix{M,N}, ::Val{1}) where {M,N} = similar_type(a, eltype(a), Size(1, N))(ntuple(j -> Base.afoldl(op, ntuple(i -> a[i, j], Val(M))...), Val(N)))
@inline reduce_dims(op, a::StaticMatrix{M,N}, ::Val{2}) where {M,N} = similar_type(a, eltype(a), Size(M, 1))(ntuple(i -> Base.afoldl(op, ntuple(j -> a[i, j], Val(N))...), Val(M)))
Base.cumsum(a::StaticVector) = mapped(a, accumulate(+, Tuple(a)))
@inline reverse(a::StaticVector) = similar_type(a)(reverse(Tuple(a)))
# By insertion, in memory of its own.
@inline function Base.sort(a::StaticVector{N,T}; lt::F = isless, by::G = identity, rev::Bool = false) where {N,T,F,G}
    m = MVector{N,T}(Tuple(a))
    before(x, y) = rev ? lt(by(y), by(x)) : lt(by(x), by(y))
    for i in 2:N
        x, k = m[i], i
        while k > 1 && before(x, m[k-1])
            m[k] = m[k-1]
            k -= 1
        end
        m[k] = x
    end
    return similar_type(a)(Tuple(m))
end
Base.sortperm(a::StaticVector{N}; kw...) where {N} = SVector{N,Int}(Tuple(sortperm(collect(a); kw...)))
@inline vec(a::StaticArray) = similar_type(a, eltype(a), Size(length(a)))(Tuple(a))
@inline reshape(a::StaticArray, s::Size) = similar_type(a, eltype(a), s)(Tuple(a))
@inline reshape(a::SArray, ::Type{Tuple{}}) = a

@inline vcat(a::StaticVector, b::StaticVector) = joined(a, Size(length(a) + length(b)), (Tuple(a)..., Tuple(b)...))
@inline vcat(a::StaticVector) = a
@inline vcat(a::StaticVector, b::StaticVector, c::StaticVector...) = vcat(vcat(a, b), c...)
@inline vcat(a::StaticVector, x::Number) = joined(a, Size(length(a) + 1), (Tuple(a)..., x))
@inline vcat(x::Number, a::StaticVector) = joined(a, Size(length(a) + 1), (x, Tuple(a)...))
@inline hcat(a::StaticVector{N}, b::StaticVector{N}) where {N} = joined(a, Size(N, 2), (Tuple(a)..., Tuple(b)...))
@inline hcat(a::StaticVector{N}) where {N} = joined(a, Size(N, 1), Tuple(a))
@inline hcat(a::StaticVecOrMat, b::StaticVecOrMat) = size(a, 1) == size(b, 1) ? joined(a, Size(size(a, 1), size(a, 2) + size(b, 2)), (Tuple(a)..., Tuple(b)...)) : throw_sizes(a, b)
@inline hcat(a::StaticVecOrMat, b::StaticVecOrMat, c::StaticVecOrMat...) = hcat(hcat(a, b), c...)
@inline joined(a, s::Size, x::Tuple) = similar_type(a, joined_eltype(x), s)(x)
@inline push(a::StaticVector, x) = similar_type(a, eltype(a), Size(length(a) + 1))((Tuple(a)..., x))
@inline pushfirst(a::StaticVector, x) = similar_type(a, eltype(a), Size(length(a) + 1))((x, Tuple(a)...))
@inline pop(a::StaticVector) = similar_type(a, eltype(a), Size(length(a) - 1))(Base.front(Tuple(a)))
@inline popfirst(a::StaticVector) = similar_type(a, eltype(a), Size(length(a) - 1))(tail(Tuple(a)))
@inline insert(a::StaticVector{N}, i::Integer, x) where {N} = 1 <= i <= N + 1 ? similar_type(a, eltype(a), Size(N + 1))(ntuple(k -> k < i ? a[k] : k == i ? convert(eltype(a), x) : a[k-1], Val(N + 1))) : Base.throw_boundserror(a, i)
@inline deleteat(a::StaticVector{N}, i::Integer) where {N} = 1 <= i <= N ? similar_type(a, eltype(a), Size(N - 1))(ntuple(k -> k < i ? a[k] : a[k+1], Val(N - 1))) : Base.throw_boundserror(a, i)
@inline setindex(a::StaticArray, x, i::Integer) = (checkbounds(a, i); similar_type(a)(ntuple(k -> k == i ? convert(eltype(a), x) : a[k], Val(length(typeof(a))))))
@inline setindex(a::StaticMatrix{M,N}, x, i::Integer, j::Integer) where {M,N} = (checkbounds(a, i, j); setindex(a, x, i + M * (j - 1)))
Base.setindex(a::StaticArray, x, i::Integer...) = setindex(a, x, i...)
