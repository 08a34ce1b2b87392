# Types taken apart, and what their memory looks like.

"""
    Base.unwrap_unionall(T)

The type under all `where`s.
"""
unwrap_unionall(@nospecialize(T)) = T isa UnionAll ? unwrap_unionall(T.body) : T

"""
    Base.rewrap_unionall(T, U)

`T` under the `where`s of `U`.
"""
rewrap_unionall(@nospecialize(T), @nospecialize(U)) = U isa UnionAll ? UnionAll(U.var, rewrap_unionall(T, U.body)) : T
unwrapva(@nospecialize(T)) = T isa Core.TypeofVararg && isdefined(T, :T) ? T.T : T
rewrap_va(@nospecialize(T), @nospecialize(U)) = T
isvarargtype(@nospecialize(T)) = T isa Core.TypeofVararg

"""
    Base.uniontypes(T)

The members of a union, as a vector.
"""
uniontypes(@nospecialize(T)) = T isa Union ? append!(uniontypes(T.a), uniontypes(T.b)) : Any[T]
isbitsunion(@nospecialize(T)) = T isa Union && all(isbitstype, uniontypes(T))
allocatedinline(@nospecialize(T)) = isbitstype(T)
function fieldindex(T::DataType, name::Symbol, err::Bool = true)
    i = findfirst(==(name), fieldnames(T))
    i === nothing || return i
    return err ? error("type ", nameof(T), " has no field ", name) : 0
end
tuple_type_head(T::Type) = fieldtype(T, 1)
tuple_type_tail(T::Type{<:Tuple}) = Tuple{T.parameters[2:end]...}
tuple_type_cons(::Type{S}, ::Type{T}) where {S,T<:Tuple} = Tuple{S,T.parameters...}
to_tuple_type(@nospecialize(t::Type)) = t
to_tuple_type(t::Union{Tuple,AbstractArray}) = Tuple{t...}
signature_type(@nospecialize(f), @nospecialize(argtypes)) = (T = to_tuple_type(argtypes); rewrap_unionall(Tuple{Core.Typeof(f),unwrap_unionall(T).parameters...}, T))
# Where an object of a type may lie in memory: at multiples of this.
datatype_alignment(T::DataType) = isprimitivetype(T) ? min(nextpow(2, max(sizeof(T), 1)), 16) : foldl((n, F) -> max(n, field_alignment(F)), fieldtypes(T); init = 1)
field_alignment(@nospecialize(F)) = F isa DataType && isbitstype(F) ? datatype_alignment(F) : isbitsunion(F) ? maximum(datatype_alignment, uniontypes(F)) : 8

"""
    Base.summarysize(x)

About how many bytes of memory `x` takes with all that it refers to.
"""
summarysize(x) = summary_size(x, IdDict{Any,Nothing}())
function summary_size(x, seen)
    T = typeof(x)
    isbitstype(T) && return sizeof(T)
    x isa Union{Symbol,Module,Type,Function,Method} && return 0
    x isa String && return sizeof(Int) + ncodeunits(x)
    haskey(seen, x) && return 0
    seen[x] = nothing
    x isa Array && return 40 + (isbitstype(eltype(x)) ? sizeof(eltype(x)) * length(x) : sum(i -> isassigned(x, i) ? 8 + summary_size(x[i], seen) : 8, eachindex(x); init = 0))
    n = 0
    for i in 1:nfields(x)
        isdefined(x, i) || continue
        v = getfield(x, i)
        n += isbitstype(typeof(v)) ? sizeof(v) : 8 + summary_size(v, seen)
    end
    return n
end

# What inference says, by the names of Julia's compiler.
_return_type(@nospecialize(f), @nospecialize(t)) = promote_op_type(f, t)
Core.eval(Core, :(module Compiler end))
for (name, f) in ((:return_type, _return_type), (:return_types, return_types))
    Core.eval(Core.Compiler, :(const $name = $f))
end
