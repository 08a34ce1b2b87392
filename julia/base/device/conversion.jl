# From host values to what a kernel takes.

# The rules of package Adapt; its module passes these names on.
adapt(to, x) = adapt_structure(to, x)
adapt_structure(to, x) = adapt_storage(to, x)
adapt_storage(to, x) = x

adapt_structure(to, x::Tuple) = map(v -> adapt(to, v), x)
adapt_structure(to, x::NamedTuple{names}) where {names} = NamedTuple{names}(map(v -> adapt(to, v), values(x)))
adapt_structure(to, x::SubArray) = adapt_subarray(adapt(to, x.parent), adapt_indices(to, x.indices), x)
adapt_subarray(p, idx, x::SubArray{T,N,P,I,L}) where {T,N,P,I,L} = SubArray{eltype(p),N,typeof(p),typeof(idx),L}(p, idx, x.offset1, x.stride1)
adapt_indices(to, I::Tuple) = map(i -> adapt(to, i), I)
adapt_structure(to, x::Base.ReshapedArray) = reshape(adapt(to, x.parent), x.dims)
adapt_structure(to, x::Base.PermutedDimsArray{T,N,perm,iperm}) where {T,N,perm,iperm} = (p = adapt(to, x.parent); Base.PermutedDimsArray{eltype(p),N,perm,iperm,typeof(p)}(p))
adapt_structure(to, x::Base.Adjoint) = (p = adapt(to, x.parent); Base.Adjoint{eltype(x),typeof(p)}(p))
adapt_structure(to, x::Base.Transpose) = (p = adapt(to, x.parent); Base.Transpose{eltype(x),typeof(p)}(p))
adapt_structure(to, x::Base.ReinterpretArray{T}) where {T} = reinterpret(T, adapt(to, x.parent))
adapt_structure(to, x::Base.Broadcasted) = Base.Broadcasted(x.style, adapt(to, x.f), adapt(to, x.args), x.axes)
adapt_structure(to, x::AbstractRange) = x
adapt_structure(to, x::Pair) = (a = adapt(to, x.first); b = adapt(to, x.second); Pair{typeof(a),typeof(b)}(a, b))
adapt_structure(to, x::ComposedFunction) = ComposedFunction(adapt(to, x.outer), adapt(to, x.inner))
adapt_structure(to, x::Base.Fix1) = Base.Fix1(adapt(to, x.f), adapt(to, x.x))
adapt_structure(to, x::Base.Fix2) = Base.Fix2(adapt(to, x.f), adapt(to, x.x))
adapt_structure(to, x::Union{Symbol,Module,Type}) = x
# Closures are made anew around their converted captures, where conversion changes one.
function adapt_structure(to, f::Function)
    n = nfields(f)
    n == 0 && return f
    captures = ntuple(i -> adapt(to, adapt_capture(getfield(f, i))), n)
    all(i -> captures[i] === getfield(f, i), 1:n) && return f
    return Core.Host.rebuild_closure(f, captures)
end
# a captured variable that is assigned again travels in a box: its value now is what the device gets
adapt_capture(x) = x isa Core.Box ? x.contents : x

# Rebuilds `x` from its converted fields through the type's constructor.
@inline function adapt_fields(to, x::T, make) where {T}
    return make(ntuple(i -> adapt(to, getfield(x, i)), Val(fieldcount(T)))...)
end

# Host values → what a kernel takes.
struct DeviceAdaptor end

function adapt_storage(::DeviceAdaptor, a::Array{T,N}) where {T,N}
    isbitstype(T) || return is_union_array(T) ? union_array(a) : throw_not_plain(a)
    return DeviceArray{T,N,AS.Global}(bitcast(LLVMPtr{T,AS.Global}, pointer(a)), size(a))
end
isbits_union(T) = T isa Union ? isbits_union(T.a) && isbits_union(T.b) : isbitstype(T)
adapt_storage(to::DeviceAdaptor, b::BitArray) = adapt_storage(to, b.data)
adapt_structure(to::DeviceAdaptor, b::BitArray) = adapt_storage(to, b)
@noinline throw_not_plain(a) = throw(ArgumentError(string("an array of type ", typeof(a), " cannot be passed to a kernel: its elements are no plain data")))

# A read-only copy of a `Ref`'s value.
struct DeviceRef{T} <: Ref{T}
    x::T
end
getindex(r::DeviceRef) = r.x
adapt_structure(to::DeviceAdaptor, r::Base.RefValue) = DeviceRef(adapt(to, r.x))
# what `Ref(T)` in a broadcast holds
struct DeviceTypeRef{T} <: Ref{Type{T}} end
getindex(::DeviceTypeRef{T}) where {T} = T
adapt_structure(::DeviceAdaptor, r::Base.RefValue{Type{T}}) where {T} = DeviceTypeRef{T}()

kernel_convert(x) = adapt(DeviceAdaptor(), x)

# A vector over memory that the caller owns: for hosts in other languages.
vector_at(::Type{T}, address::UInt64, n::Int) where {T} =
    DeviceArray{T,1,AS.Global}(bitcast(LLVMPtr{T,AS.Global}, bitcast(Ptr{T}, address)), (n,))
