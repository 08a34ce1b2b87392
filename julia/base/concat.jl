# Concatenation: `vcat`, `hcat`, `cat`, and the functions that array literals call.

promote_eltypeof() = Bottom
promote_eltypeof(x) = typeof(x)
promote_eltypeof(x::AbstractArray) = eltype(x)
cat_eltype() = Bottom
cat_eltype(x) = promote_eltypeof(x)
cat_eltype(x, y, rest...) = promote_type(promote_eltypeof(x), cat_eltype(y, rest...))
cat_size(x, d) = 1
cat_size(x::AbstractArray, d) = size(x, d)
cat_length(x) = 1
cat_length(x::AbstractArray) = length(x)
cat_ndims(x) = 0
cat_ndims(x::AbstractArray) = ndims(x)
# the kind of array that results: that of the first argument
cat_similar(x, ::Type{T}, dims) where {T} = Array{T,length(dims)}(undef, dims)
cat_similar(x::AbstractArray, ::Type{T}, dims) where {T} = similar(x, T, dims)

vcat() = Any[]
hcat() = Any[]
vcat(xs::Number...) = vect_of(promote_typeof(xs...), xs)
vcat(xs...) = cat_dim(1, cat_eltype(xs...), xs)
hcat(xs::Number...) = row_of(promote_typeof(xs...), xs)
function row_of(::Type{T}, xs) where {T}
    r = Matrix{T}(undef, 1, length(xs))
    for (i, x) in enumerate(xs)
        r[i] = x
    end
    return r
end
hcat(xs...) = cat_dim(2, cat_eltype(xs...), xs)
typed_vcat(::Type{T}, xs...) where {T} = cat_dim(1, T, xs)
typed_hcat(::Type{T}, xs...) where {T} = cat_dim(2, T, xs)
typed_vcat(::Type{T}) where {T} = Vector{T}()
typed_hcat(::Type{T}) where {T} = Vector{T}()
vcat(xs::AbstractVector...) = vcat_vectors(cat_eltype(xs...), xs)
typed_vcat(::Type{T}, xs::AbstractVector...) where {T} = vcat_vectors(T, xs)
function vcat_vectors(::Type{T}, xs) where {T}
    n = 0
    for x in xs
        n += length(x)
    end
    r = cat_similar(xs[1], T, (n,))
    k = 0
    for x in xs, v in x
        k += 1
        r[k] = v
    end
    return r
end
function vcat(xs::Union{AbstractVector,Number}...)
    r = Vector{cat_eltype(xs...)}(undef, 0)
    for x in xs
        x isa AbstractVector ? append!(r, x) : push!(r, x)
    end
    return r
end
function vect_of(::Type{T}, xs) where {T}
    r = Vector{T}(undef, length(xs))
    for i in 1:length(xs)
        r[i] = xs[i]
    end
    return r
end

@noinline throw_cat_mismatch(d, got, ndims_of_all) = throw(DimensionMismatch(
    d == 1 ? string("number of columns of each array must match (got ", got, ")") : ndims_of_all == 1 ? "vectors must have same lengths" :
    string("number of rows of each array must match (got ", got, ")")))

function cat_dim(d::Int, ::Type{T}, xs::Tuple) where {T}
    N = d
    for x in xs
        N = max(N, cat_ndims(x))
    end
    d == 2 && N < 2 && (N = 2)
    d == 1 && N == 1 && all(x -> !(x isa AbstractArray), xs) && return vect_of(T, xs)
    return cat_general(Val(N), d, T, xs)
end
function cat_general(::Val{N}, d::Int, ::Type{T}, xs::Tuple) where {N,T}
    total = 0
    for x in xs
        total += cat_size(x, d)
    end
    for k in 1:N
        k == d && continue
        n = cat_size(xs[1], k)
        all(x -> cat_size(x, k) == n, xs) && continue
        N == 2 && throw_cat_mismatch(d, map(x -> cat_size(x, k), xs), maximum(map(cat_ndims, xs)))
        throw(DimensionMismatch(string("mismatch in dimension ", k, " (expected ", n, " got ", first(filter(!=(n), map(x -> cat_size(x, k), xs))), ")")))
    end
    dims = ntuple(k -> k == d ? total : cat_size(xs[1], k), Val(N))
    r = cat_similar(xs[1], T, dims)
    off = 0
    for x in xs
        place_block!(r, x, ntuple(k -> k == d ? off : 0, Val(N)))
        off += cat_size(x, d)
    end
    return r
end
function place_block!(r::AbstractArray{T,N}, x::AbstractArray, off::NTuple{N,Int}) where {T,N}
    for (v, I) in zip(x, CartesianIndices(ntuple(k -> size(x, k), Val(N))))
        r[map(+, I.I, off)...] = v
    end
end
place_block!(r::AbstractArray{T,N}, x, off::NTuple{N,Int}) where {T,N} = (r[map(o -> o + 1, off)...] = x)

cat_dims(::Val{D}) where {D} = cat_dims(D)
cat_dims(d::Integer) = Int(d)
cat_dims(ds) = Tuple(ds)
cat(xs...; dims) = cat_along(cat_dims(dims), cat_eltype(xs...), xs)
function cat_along(d::Int, ::Type{T}, xs::Tuple) where {T}
    check_cat_shapes(d, xs)
    return cat_dim(d, T, xs)
end
cat_along(ds::Tuple, ::Type{T}, xs::Tuple) where {T} = length(ds) == 1 ? cat_along(ds[1], T, xs) : cat_block(ds, T, xs)
# Along the other dimensions those that have them must agree; arrays without them fill one place.
function check_cat_shapes(d::Int, xs::Tuple)
    N = maximum(map(cat_ndims, xs))
    slots = Int[1 for _ in 1:max(N, d)]
    for k in 1:N
        k == d && continue
        lengths = Int[cat_size(x, k) for x in xs if cat_ndims(x) >= k]
        slots[k] = lengths[1]
        j = findfirst(!=(lengths[1]), lengths)
        j === nothing || throw(DimensionMismatch(string("mismatch in dimension ", k, " (expected ", lengths[1], " got ", lengths[j], ")")))
    end
    for x in xs
        x isa AbstractArray || continue
        if any(k -> k != d && k > cat_ndims(x) && slots[k] != 1, 1:N)
            slots[d] = cat_size(x, d)
            throw(DimensionMismatch(string("tried to assign ", dims_string(size(x)), " array to ", dims_string(Tuple(slots)), " destination")))
        end
    end
end
# along several dimensions at once: blocks on the diagonal, zeros around them
function cat_block(ds::Tuple, ::Type{T}, xs::Tuple) where {T}
    N = max(maximum(ds), maximum(map(cat_ndims, xs)))
    dims = ntuple(k -> k in ds ? sum(map(x -> cat_size(x, k), xs)) : cat_size(xs[1], k), N)
    r = fill!(cat_similar(xs[1], T, dims), zero(T))
    off = zeros(Int, N)
    for x in xs
        place_block!(r, x, Tuple(off))
        for k in ds
            off[k] += cat_size(x, k)
        end
    end
    return r
end

# ---- matrices --------------------------------------------------------------------------------------

@noinline throw_argument_count(want, got) = throw(ArgumentError(string("argument count does not match specified shape (expected ", want, ", got ", got, ")")))
hvcat(rows::Tuple{Vararg{Int}}, xs...) = typed_hvcat(cat_eltype(xs...), rows, xs...)
hvcat(rows::Tuple{Vararg{Int}}) = Any[]
function typed_hvcat(::Type{T}, rows::Tuple{Vararg{Int}}, xs...) where {T}
    if all(x -> x isa Number, xs)
        nr, nc = length(rows), rows[1]
        nr * nc == length(xs) || throw_argument_count(nr * nc, length(xs))
        for (i, n) in enumerate(rows)
            n == nc || throw(DimensionMismatch(string("row ", i, " has mismatched number of columns (expected ", nc, ", got ", n, ")")))
        end
        a = Matrix{T}(undef, nr, nc)
        k = 0
        for i in 1:nr, j in 1:nc
            k += 1
            a[i, j] = xs[k]
        end
        return a
    end
    parts = Any[]
    k = 0
    for n in rows
        push!(parts, cat_dim(2, T, ntuple(i -> xs[k+i], n)))
        k += n
    end
    return cat_dim(1, T, (parts...,))
end
hvcat(n::Int, xs...) = typed_hvcat(cat_eltype(xs...), n, xs...)
hvcat(n::Int) = Any[]
function typed_hvcat(::Type{T}, n::Int, xs...) where {T}
    rem(length(xs), n) == 0 || throw(ArgumentError(string("number of arrays ", length(xs), " is not a multiple of the requested number of block columns ", n)))
    return typed_hvcat(T, ntuple(_ -> n, length(xs) ÷ n), xs...)
end

# ---- any number of dimensions ------------------------------------------------------------------------

# `[a; b;; c; d]`: the literal's dimensions or, where its rows differ, the numbers of values at each level; whether the
# values stand row by row; the values in reading order.
hvncat(dim::Int) = Array{Any,dim}(undef, ntuple(_ -> 0, dim))
typed_hvncat(::Type{T}, dim::Int) where {T} = Array{T,dim}(undef, ntuple(_ -> 0, dim))
hvncat(dim::Int, xs...) = cat_along(dim, cat_eltype(xs...), xs)
typed_hvncat(::Type{T}, dim::Int, xs...) where {T} = cat_along(dim, T, xs)
hvncat(dim::Int, row_first::Bool, xs...) = cat_along(dim, cat_eltype(xs...), xs)
hvncat(shape::Tuple, row_first::Bool, xs...) = typed_hvncat(cat_eltype(xs...), shape, row_first, xs...)
function typed_hvncat(::Type{T}, dims::Tuple{Vararg{Int}}, row_first::Bool, xs...) where {T}
    N = length(dims)
    order = reading_order(N, row_first)
    if all(x -> !(x isa AbstractArray), xs)
        prod_dims(dims) == length(xs) || throw_argument_count(prod_dims(dims), length(xs))
        a = Array{T,N}(undef, dims)
        for (x, I) in zip(xs, CartesianIndices(ntuple(i -> dims[order[i]], N)))
            a[ntuple(i -> I.I[position_of(order, i)], N)...] = x
        end
        return a
    end
    # join along one dimension after the other
    parts = Any[xs...]
    for d in order
        n = dims[d]
        parts = Any[cat_along(d, T, (parts[(i-1)*n+1:i*n]...,)) for i in 1:length(parts)÷n]
    end
    return parts[1]
end
reading_order(N, row_first) = row_first ? (2, 1, ntuple(k -> k + 2, N - 2)...) : ntuple(identity, N)
function typed_hvncat(::Type{T}, shape::Tuple{Tuple,Vararg{Tuple}}, row_first::Bool, xs...) where {T}
    N = length(shape)
    order = reading_order(N, row_first)
    check_literal_shape(shape, order, xs)
    # `counts[i]`: how many values went into part i
    parts, counts = Any[xs...], ones(Int, length(xs))
    for (level, d) in enumerate(order)
        joined, joined_counts = Any[], Int[]
        k = 1
        for n in shape[level]
            from, have = k, 0
            while have < n
                have += counts[k]
                k += 1
            end
            push!(joined, cat_along(d, T, (parts[from:k-1]...,)))
            push!(joined_counts, have)
        end
        parts, counts = joined, joined_counts
    end
    r = parts[1]
    return r isa AbstractArray && ndims(r) == N ? r : reshape(r, ntuple(k -> size(r, k), max(N, ndims(r))))
end
# Goes through the values in order and adds up the extent of each open block; blocks that close must agree.
function check_literal_shape(shape, order, xs)
    N = length(shape)
    nd = max(N, maximum(map(cat_ndims, xs)))
    out, current, counts, at = fill(-1, nd), zeros(Int, nd), zeros(Int, nd), ones(Int, nd)
    for (j, x) in enumerate(xs)
        started = false
        for (i, d) in enumerate(order)
            n = cat_size(x, d)
            counts[i] += 1
            if i == 1 || counts[i] == 1 || started
                current[d] += n
            elseif n != cat_size(xs[j-1], d)
                throw(DimensionMismatch(string("argument ", j, " has a mismatched number of elements along axis ", d, "; expected ", cat_size(xs[j-1], d), ", got ", n)))
            end
            started = counts[i] == 1
            counts[i] == shape[i][at[i]] || continue
            if out[d] == -1
                out[d] = current[d]
            elseif out[d] != current[d]
                throw(DimensionMismatch(string("argument ", j, " has a mismatched number of elements along axis ", d, "; expected ", abs(out[d] - (current[d] - n)), ", got ", n)))
            end
            current[d] = 0
            counts[i] = 0
            at[i] += 1
            i > 1 && counts[i-1] != 0 && throw(DimensionMismatch(string("shape in level ", i, " is inconsistent; level counts must nest evenly into each other")))
        end
    end
end
