# Lazy `f(x) for x in iter`, its collection into arrays, and the traits that choose how.

Generator(f, I1, I2, Is...) = Generator(a -> f(a...), zip(I1, I2, Is...))
Generator(::Type{T}, iter::I) where {T,I} = Generator{I,Type{T}}(T, iter)

@inline function iterate(g::Generator, s...)
    y = iterate(g.iter, s...)
    y === nothing && return nothing
    return g.f(y[1]), y[2]
end
length(g::Generator) = length(g.iter)
size(g::Generator) = size(g.iter)
size(g::Generator, d) = size(g.iter, d)
axes(g::Generator) = axes(g.iter)
ndims(g::Generator) = ndims(g.iter)
keys(g::Generator) = keys(g.iter)
last(g::Generator) = g.f(last(g.iter))
isempty(g::Generator) = isempty(g.iter)
getindex(g::Generator, i...) = g.f(g.iter[i...])

IteratorSize(x) = IteratorSize(typeof(x))
IteratorSize(::Type) = HasLength()
IteratorSize(::Type{Union{}}, slurp...) = throw(ArgumentError("Union{} does not have elements"))
IteratorSize(::Type{Any}) = SizeUnknown()
IteratorSize(::Type{<:Tuple}) = HasLength()
IteratorSize(::Type{<:AbstractArray{<:Any,N}}) where {N} = HasShape{N}()
IteratorSize(::Type{<:AbstractArray}) = HasLength()
IteratorSize(::Type{<:Number}) = HasShape{0}()
IteratorSize(::Type{Generator{I,F}}) where {I,F} = IteratorSize(I)

IteratorEltype(x) = IteratorEltype(typeof(x))
IteratorEltype(::Type) = HasEltype()
IteratorEltype(::Type{Union{}}, slurp...) = throw(ArgumentError("Union{} does not have elements"))
IteratorEltype(::Type{Any}) = EltypeUnknown()
IteratorEltype(::Type{<:Generator}) = EltypeUnknown()

# ---- collect ------------------------------------------------------------------------------------

collect(itr) = collect_iter(itr, IteratorEltype(itr), IteratorSize(itr))
collect(A::AbstractArray) = copyto!(Array{eltype(A),ndims(A)}(undef, size(A)), A)
collect(::Type{T}, itr) where {T} = collect_typed(T, itr, IteratorSize(itr))
function collect_typed(::Type{T}, itr, ::Union{SizeUnknown,IsInfinite}) where {T}
    r = Vector{T}()
    for x in itr
        push!(r, x)
    end
    return r
end
function collect_typed(::Type{T}, itr, ::HasLength) where {T}
    r = Vector{T}(undef, Int(length(itr)))
    i = 0
    for x in itr
        i += 1
        r[i] = x
    end
    return r
end
function collect_typed(::Type{T}, itr, ::HasShape{N}) where {T,N}
    r = Array{T,N}(undef, map(length, axes(itr)))
    i = 0
    for x in itr
        i += 1
        r[i] = x
    end
    return r
end
collect_iter(itr, ::HasEltype, sz) = collect_typed(eltype(itr), itr, sz)
collect_iter(itr, ::HasEltype, sz::SizeUnknown) = collect_typed(eltype(itr), itr, sz)
collect_iter(itr, ::EltypeUnknown, sz) = collect_widening(itr, sz)

new_result(::Type{T}, itr, ::Union{SizeUnknown,IsInfinite}) where {T} = Vector{T}()
new_result(::Type{T}, itr, ::HasLength) where {T} = Vector{T}(undef, Int(length(itr)))
new_result(::Type{T}, itr, ::HasShape{N}) where {T,N} = Array{T,N}(undef, map(length, axes(itr)))

# The element type is that of the values met so far; it is widened, and the array copied, where a value does not fit.
function collect_widening(itr, sz)
    y = iterate(itr)
    y === nothing && return new_result(empty_eltype(itr), itr, sz)
    v, st = y
    return collect_widening_from(new_result(typeof(v), itr, sz), v, itr, st, sz)
end
# without values, what inference says the first would be
empty_eltype(itr) = Core.Host.return_type(first, typeof(itr))
function collect_widening_from(dest::AbstractArray{T}, v1, itr, st, sz::SizeUnknown) where {T}
    push!(dest, v1)
    while true
        y = iterate(itr, st)
        y === nothing && return dest
        v, st = y
        if v isa T
            push!(dest, v::T)
        else
            R = promote_typejoin(T, typeof(v))
            wider = Vector{R}(undef, length(dest))
            copyto!(wider, dest)
            return collect_widening_from(wider, v, itr, st, sz)
        end
    end
end
function collect_widening_from(dest::AbstractArray, v1, itr, st, sz)
    @inbounds dest[1] = v1
    return fill_widening(dest, itr, st, 2)
end
function fill_widening(dest::AbstractArray{T}, itr, st, i) where {T}
    while true
        y = iterate(itr, st)
        y === nothing && return dest
        v, st = y
        if v isa T
            dest[i] = v::T
            i += 1
        else
            R = promote_typejoin(T, typeof(v))
            wider = similar(dest, R)
            for k in 1:i-1
                wider[k] = dest[k]
            end
            wider[i] = v
            return fill_widening(wider, itr, st, i + 1)
        end
    end
end
# into the kind of array that `similar` makes of `cont`
function collect_similar(cont::AbstractArray, itr)
    y = iterate(itr)
    y === nothing && return similar(cont, empty_eltype(itr))
    v, st = y
    dest = similar(cont, typeof(v))
    return collect_similar_from(dest, v, itr, st, eachindex(dest), iterate(eachindex(dest)))
end
collect_similar(cont::Array, itr) = collect(itr)
collect_similar(cont, itr) = collect(itr)
function collect_similar_from(dest::AbstractArray{T}, v, itr, st, places, place) where {T}
    while true
        if !(v isa T)
            wider = similar(dest, promote_typejoin(T, typeof(v)))
            for k in places
                k == place[1] && break
                wider[k] = dest[k]
            end
            return collect_similar_from(wider, v, itr, st, places, place)
        end
        dest[place[1]] = v
        y = iterate(itr, st)
        y === nothing && return dest
        v, st = y
        place = iterate(places, place[2])
    end
end

function grow_to!(dest, itr)
    for x in itr
        push!(dest, x)
    end
    return dest
end
