# `@enum`: a primitive type with named values.

function instances end

module Enums

import ..Base: Integer, convert, show, print, isless, typemin, typemax, hash, cconvert, bitcast, Symbol, instances
export Enum, @enum

abstract type Enum{T<:Integer} end

function namemap end
basetype(::Type{<:Enum{T}}) where {T<:Integer} = T
(::Type{T})(x::Enum{S}) where {T<:Integer,S<:Integer} = T(bitcast(S, x))::T
convert(::Type{T}, x::Enum) where {T<:Integer} = T(x)
isless(x::T, y::T) where {T<:Enum} = isless(basetype(T)(x), basetype(T)(y))
hash(x::Enum{T}, h::UInt) where {T<:Integer} = hash(T(x), hash(typeof(x), h))
Symbol(x::Enum) = namemap(typeof(x))[Integer(x)]
Integer(x::Enum{T}) where {T<:Integer} = T(x)
print(io::IO, x::Enum) = print(io, Symbol(x))
show(io::IO, x::Enum) = print(io, Symbol(x))
function show(io::IO, ::MIME"text/plain", x::Enum)
    print(io, x, "::")
    show(io, typeof(x))
    print(io, " = ")
    show(io, Integer(x))
end
function show(io::IO, ::MIME"text/plain", T::Type{<:Enum})
    if !isconcretetype(T)
        show(io, T)
        return nothing
    end
    print(io, "Enum ")
    show(io, T)
    print(io, ":")
    for x in instances(T)
        print(io, "\n", Symbol(x), " = ")
        show(io, Integer(x))
    end
end
@noinline throw_invalid_value(T, x) = throw(ArgumentError(string("invalid value for Enum ", T, ": ", x)))

macro enum(T, syms...)
    base = Int32
    name = T
    if T isa Expr && T.head === :(::)
        name = T.args[1]
        base = Core.eval(__module__, T.args[2])
    end
    list = Any[]
    for s in syms
        if s isa Expr && s.head === :block
            append!(list, filter(x -> !(x isa LineNumberNode), s.args))
        else
            push!(list, s)
        end
    end
    next = zero(base)
    values = Pair{Symbol,Any}[]
    first_one = true
    for s in list
        if s isa Symbol
            first_one || next == zero(base) && !isempty(values) && throw(ArgumentError(string("overflow in value \"", s, "\" of Enum ", name)))
            v = next
            id = s
        elseif s isa Expr && (s.head === :(=) || s.head === :kw)
            v = Core.eval(__module__, s.args[2])
            v isa Integer || throw(ArgumentError(string("invalid value for Enum ", name, ", ", s, "; values must be integers")))
            v = convert(base, v)
            id = s.args[1]
        else
            throw(ArgumentError(string("invalid argument for Enum ", name, ": ", s)))
        end
        any(p -> p.second == v, values) && throw(ArgumentError(string("both ", id, " and ", first(filter(p -> p.second == v, values)).first, " have value ", v, " in Enum ", name, "; values must be unique")))
        any(p -> p.first === id, values) && throw(ArgumentError(string("name \"", id, "\" in Enum ", name, " is not unique")))
        push!(values, id => v)
        next = v + one(v)
        first_one = false
    end
    isempty(values) && throw(ArgumentError(string("no arguments given for Enum ", name)))
    names = Dict{base,Symbol}(p.second => p.first for p in values)
    sorted = sort!(Any[p.second for p in values])
    allowed = Expr(:call, :in, :x, Expr(:tuple, sorted...))
    bits = 8 * sizeof(base)
    e = esc(name)
    blk = quote
        nothing
        function $e(x::Integer)
            $(allowed) || throw_invalid_value($(QuoteNode(name)), x)
            return bitcast($e, convert($base, x))
        end
        Enums.namemap(::Type{$e}) = $names
        Base.typemin(x::Type{$e}) = $e($(first(sorted)))
        Base.typemax(x::Type{$e}) = $e($(last(sorted)))
        Base.instances(::Type{$e}) = ($((:($e($v)) for v in sorted)...),)
    end
    filter!(x -> !(x isa LineNumberNode), blk.args)
    blk.args[1] = Expr(:primitive, Expr(:<:, e, Expr(:curly, GlobalRef(Enums, :Enum), base)), bits)
    for p in values
        push!(blk.args, :(const $(esc(p.first)) = $e($(p.second))))
    end
    push!(blk.args, nothing)
    return Expr(:toplevel, blk.args...)
end

end

using .Enums
