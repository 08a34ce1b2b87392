# From `kernel(backend, groupsize, range)` to groups and work-items.

# `W` and `R`: `StaticSize` or `DynamicSize` of the group and of the range.
struct Kernel{B<:Backend,W,R,F}
    backend::B
    f::F
end
make_kernel(b::B, f::F) where {B<:Backend,F} = Kernel{B,DynamicSize,DynamicSize,F}(b, f)
make_kernel(b::B, f::F, w) where {B<:Backend,F} = Kernel{B,size_type(w),DynamicSize,F}(b, f)
make_kernel(b::B, f::F, w, r) where {B<:Backend,F} = Kernel{B,size_type(w),size_type(r),F}(b, f)
size_type(::DynamicSize) = DynamicSize
size_type(::Nothing) = DynamicSize
size_type(::StaticSize{S}) where {S} = StaticSize{S}
size_type(n::Integer) = StaticSize{(Int(n),)}
size_type(t::Tuple) = StaticSize{map(Int, t)}
size_type(x) = throw(ArgumentError(string("a group size or range must be an integer or a tuple of integers, got ", repr(x))))

backend(k::Kernel) = k.backend
workgroupsize(::Kernel{B,W}) where {B,W} = W
ndrange(::Kernel{B,W,R}) where {B,W,R} = R
Base.show(io::IO, k::Kernel) = print(io, "Kernel(", k.backend, ", ", k.f, ")")

as_dims(n::Integer) = (Int(n),)
as_dims(t::Tuple{Vararg{Integer}}) = map(Int, t)
as_dims(r::CartesianIndices) = size(r)
as_dims(x) = throw(ArgumentError(string("a group size or range must be an integer or a tuple of integers, got ", repr(x))))

@noinline no_partition(W, R) = error("Can not partition kernel!\n\nYou created a dynamically sized kernel, but forgot to provide runtime\nparameters for the kernel. Either provide them statically if known\nor dynamically.\nNDRange(Static):  ", R, "\nNDRange(Dynamic): nothing\nWorkgroupsize(Static):  ", W, "\nWorkgroupsize(Dynamic): nothing\n")
@noinline static_mismatch(what, static, given) = error("Static ", what, " ", static, " and launch ", what, " ", given, " differ")
function resolve(what, ::Type{StaticSize{S}}, given) where {S}
    given === nothing || as_dims(given) == S || static_mismatch(what, S, as_dims(given))
    return S
end
resolve(what, ::Type{DynamicSize}, given) = given === nothing ? nothing : as_dims(given)

# Work-items per group where the program does not say: the first dimensions are filled first.
default_limit(::CPU) = 1024
default_limit(::GPU) = 256
default_groupsize(b::Backend, nd::Tuple) = fill_group(default_limit(b), nd)
fill_group(left::Int, ::Tuple{}) = ()
function fill_group(left::Int, nd::Tuple)
    k = clamp(nd[1], 1, max(left, 1))
    return (k, fill_group(div(left, k), Base.tail(nd))...)
end
function pad_groupsize(wg::Tuple, nd::Tuple)
    length(wg) <= length(nd) || throw(ArgumentError(string("the group size ", wg, " has more dimensions than the range ", nd)))
    all(>(0), wg) || throw(ArgumentError(string("group sizes must be positive, got ", wg)))
    return ntuple(d -> d <= length(wg) ? wg[d] : 1, length(nd))
end
static_or(::Type{<:StaticSize}, t) = StaticSize{t}()
static_or(::Type{DynamicSize}, t) = t

function (k::Kernel{B,W,R})(args...; ndrange = nothing, workgroupsize = nothing) where {B,W,R}
    nd = resolve("NDRange", R, ndrange)
    nd === nothing && no_partition(W, R)
    all(>=(0), nd) || throw(ArgumentError(string("the range of a kernel must not be negative, got ", nd)))
    wg = resolve("Workgroupsize", W, workgroupsize)
    group = wg === nothing ? default_groupsize(k.backend, nd) : pad_groupsize(wg, nd)
    any(==(0), nd) && return nothing
    groups = map(cld, nd, group)
    folded = needs_folding(group, groups)
    c = Context{length(nd),folded}(static_or(W, group), static_or(R, nd))
    g3 = folded ? (prod(group), 1, 1) : pad3(group)
    n3 = folded ? (prod(groups), 1, 1) : pad3(groups)
    launch(device_symbol(k.backend), k.f, (c, args...), g3, n3)
    return nothing
end
# The blocks that a launch of `k` consists of, and whether some of them lie partly outside of the range.
function partition(k::Kernel{B,W,R}, range, groupsize) where {B,W,R}
    nd = resolve("NDRange", R, range)
    nd === nothing && no_partition(W, R)
    wg = resolve("Workgroupsize", W, groupsize)
    group = wg === nothing ? default_groupsize(k.backend, nd) : pad_groupsize(wg, nd)
    counts = map(cld, nd, group)
    check = map(*, counts, group) == nd ? NDIteration.NoDynamicCheck() : NDIteration.DynamicCheck()
    fixed(T, t) = T <: StaticSize ? StaticSize{t} : DynamicSize
    items, groups = fixed(W, group), W <: StaticSize && R <: StaticSize ? StaticSize{counts} : DynamicSize
    given(T, t) = T <: StaticSize ? nothing : CartesianIndices(t)
    return NDIteration.NDRange{length(nd),groups,items}(given(groups, counts), given(items, group)), check
end
pad3(t::Tuple) = (get(t, 1, 1), get(t, 2, 1), get(t, 3, 1))
# More than three dimensions, or more groups than grids of all machines have beyond the first dimension.
needs_folding(group, groups) = length(group) > 3 || length(groups) > 1 && groups[2] > 65535 || length(group) == 3 && (groups[3] > 65535 || group[3] > 64)
