# BitSet: a set of integers as a row of bits, one word per 64 neighbours.

mutable struct BitSet <: AbstractSet{Int}
    words::Vector{UInt64}
    first::Int          # the word that `words[1]` is; word k holds 64k … 64k + 63
end
BitSet() = BitSet(UInt64[], 0)
BitSet(itr) = union!(BitSet(), itr)
BitSet(s::BitSet) = copy(s)
word_of(n::Int) = n >> 6
bit_of(n::Int) = UInt64(1) << (n & 63)

# Makes room for word `k`.
function reach_word!(s::BitSet, k::Int)
    if isempty(s.words)
        s.first = k
        push!(s.words, UInt64(0))
    elseif k < s.first
        s.words = vcat(zeros(UInt64, s.first - k), s.words)
        s.first = k
    else
        while k >= s.first + length(s.words)
            push!(s.words, UInt64(0))
        end
    end
    return s
end
word_at(s::BitSet, k::Int) = s.first <= k < s.first + length(s.words) ? s.words[k-s.first+1] : UInt64(0)
function push!(s::BitSet, n::Integer)
    i = Int(n)
    reach_word!(s, word_of(i))
    s.words[word_of(i)-s.first+1] |= bit_of(i)
    return s
end
push!(s::BitSet, ns::Integer...) = (for n in ns; push!(s, n); end; s)
in(n::Integer, s::BitSet) = typemin(Int) <= n <= typemax(Int) && word_at(s, word_of(Int(n))) & bit_of(Int(n)) != 0
in(x, s::BitSet) = isinteger_value(x) && Int(x) in s
isinteger_value(x) = x isa Real && isinteger(x)
function delete!(s::BitSet, n::Integer)
    n in s && (s.words[word_of(Int(n))-s.first+1] &= ~bit_of(Int(n)))
    return s
end
function pop!(s::BitSet, n::Integer)
    n in s || throw(KeyError(n))
    delete!(s, n)
    return n
end
pop!(s::BitSet, n::Integer, default) = n in s ? pop!(s, n) : default
pop!(s::BitSet) = pop!(s, last(s))
popfirst!(s::BitSet) = pop!(s, first(s))
empty!(s::BitSet) = (empty!(s.words); s)
empty(::BitSet) = BitSet()
copy(s::BitSet) = BitSet(copy(s.words), s.first)
copy!(a::BitSet, b::BitSet) = (a.words = copy(b.words); a.first = b.first; a)
sizehint!(s::BitSet, n; kws...) = s
length(s::BitSet) = sum(count_ones, s.words; init = 0)
isempty(s::BitSet) = all(iszero, s.words)
function iterate(s::BitSet, at::Tuple{Int,UInt64} = (1, isempty(s.words) ? UInt64(0) : s.words[1]))
    k, w = at
    while w == 0
        k += 1
        k > length(s.words) && return nothing
        w = s.words[k]
    end
    return 64 * (s.first + k - 1) + trailing_zeros(w), (k, w & (w - 1))
end
function last(s::BitSet)
    for k in length(s.words):-1:1
        w = s.words[k]
        w == 0 || return 64 * (s.first + k - 1) + 63 - leading_zeros(w)
    end
    throw(ArgumentError("collection must be non-empty"))
end
minimum(s::BitSet) = first(s)
maximum(s::BitSet) = last(s)
extrema(s::BitSet) = (first(s), last(s))
filter!(f, s::BitSet) = (for n in collect(s); f(n) || delete!(s, n); end; s)
filter(f, s::BitSet) = filter!(f, copy(s))
unique(s::BitSet) = collect(s)
union!(s::BitSet, ns::AbstractArray{<:Integer}) = (for n in ns; push!(s, n); end; s)
set_like(::BitSet, T) = T <: Integer ? BitSet() : Set{T}()
union(s::BitSet, others::BitSet...) = union!(copy(s), others...)
intersect(s::BitSet, other::BitSet) = filter(in(other), s)
setdiff(s::BitSet, others...) = setdiff!(copy(s), others...)
==(a::BitSet, b::BitSet) = all(k -> word_at(a, k) == word_at(b, k), min(a.first, b.first):max(a.first + length(a.words), b.first + length(b.words)))
