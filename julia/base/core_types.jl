# Comparison of syntax, and what simple vectors can do.

==(a::QuoteNode, b::QuoteNode) = isequal(a.value, b.value)
==(a::LineNumberNode, b::LineNumberNode) = a.line == b.line && a.file === b.file

length(v::Core.SimpleVector) = Core._svec_len(v)
getindex(v::Core.SimpleVector, i::Int) = Core._svec_ref(v, i)
iterate(v::Core.SimpleVector, i::Int = 1) = i > Core._svec_len(v) ? nothing : (Core._svec_ref(v, i), i + 1)
eltype(::Type{Core.SimpleVector}) = Any
firstindex(v::Core.SimpleVector) = 1
lastindex(v::Core.SimpleVector) = length(v)
keys(v::Core.SimpleVector) = OneTo(length(v))
isempty(v::Core.SimpleVector) = length(v) == 0
==(a::Core.SimpleVector, b::Core.SimpleVector) = length(a) == length(b) && all(i -> a[i] == b[i], 1:length(a))
