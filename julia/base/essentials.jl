# Properties, conversion, equality and the small value types everything else mentions.

# ---- properties ---------------------------------------------------------------------------------

getproperty(x, f::Int) = getfield(x, f)
getproperty(x, f::Symbol, order::Symbol) = getfield(x, f, order)
getproperty(x::Tuple, f::Int) = getfield(x, f)
@inline function setproperty!(x, f::Symbol, v)
    T = fieldtype(typeof(x), f)
    return setfield!(x, f, v isa T ? v : convert(T, v))
end
setproperty!(x::Module, f::Symbol, v) = Core.setglobal!(x, f, convert(Core.get_binding_type(x, f), v))
setproperty!(x::Type, f::Symbol, v) = error("setfield! fields of Types should not be changed")
setproperty!(x::Tuple, f::Int, v) = error("setfield!: immutable struct of type Tuple cannot be changed")
setproperty!(x, f::Symbol, v, order::Symbol) = setfield!(x, f, convert(fieldtype(typeof(x), f), v), order)
swapproperty!(x, f::Symbol, v, order::Symbol = :not_atomic) = Core.swapfield!(x, f, convert(fieldtype(typeof(x), f), v), order)
modifyproperty!(x, f::Symbol, op, v, order::Symbol = :not_atomic) = Core.modifyfield!(x, f, op, v, order)
replaceproperty!(x, f::Symbol, expected, desired, success::Symbol = :not_atomic, fail::Symbol = success) =
    Core.replacefield!(x, f, expected, convert(fieldtype(typeof(x), f), desired), success, fail)
dotgetproperty(x, f) = getproperty(x, f)

# ---- conversion ---------------------------------------------------------------------------------

convert(::Type{Any}, x) = x
convert(::Type{T}, x::T) where {T} = x
convert(::Type{Type}, x::Type) = x
convert(::Type{Union{}}, x) = throw(MethodError(convert, (Union{}, x)))
oftype(x, y) = y isa typeof(x) ? y : convert(typeof(x), y)::typeof(x)
identity(x) = x
cconvert(T::Type, x) = x isa T ? x : convert(T, x)
unsafe_convert(::Type{T}, x::T) where {T} = x

# Throwing is kept out of line: callers stay small and do not build messages.
@noinline throw_inexacterror(f::Symbol, ::Type{T}, x) where {T} = throw(InexactError(f, T, x))
@noinline throw_boundserror(A, I) = throw(BoundsError(A, I))
@noinline throw_domainerror(x, msg) = throw(DomainError(x, msg))
@noinline throw_diverror() = throw(DivideError())
@noinline throw_argerror(msg) = throw(ArgumentError(msg))

# ---- symbols ------------------------------------------------------------------------------------

Symbol(s::String) = Core.Host.make_symbol(s)
Symbol(s::AbstractString) = Core.Host.make_symbol(String(s))
Symbol(s::Symbol) = s
Symbol(c::AbstractChar) = Symbol(string(c))
Symbol(xs...) = Symbol(string(xs...))

# ---- logic and identity -------------------------------------------------------------------------

!(x::Bool) = not_int(x)
!==(x, y) = !(x === y)
const ≡ = ===
const ≢ = !==
==(x, y) = x === y
!=(x, y) = !(x == y)
const ≠ = !=
isequal(x, y) = (x == y)::Bool
ifelse(c::Bool, x, y) = Core.ifelse(c, x, y)
|>(x, f) = f(x)
sizeof(x) = Core.sizeof(x)

# `:` is both the whole-dimension index and the function that makes ranges.
struct Colon <: Function end
const (:) = Colon()

struct Val{x} end
Val(x) = Val{x}()
# a condition that is not known yet gives one of two types, not any
Val(x::Bool) = x ? Val{true}() : Val{false}()

isnothing(x) = x === nothing

# ---- missing values -----------------------------------------------------------------------------

struct Missing end
const missing = Missing()
ismissing(x) = x === missing
struct MissingException <: Exception
    msg::AbstractString
end

# ---- optional values ----------------------------------------------------------------------------

struct Some{T}
    value::T
end
Some(::Type{T}) where {T} = Some{Type{T}}(T)
convert(::Type{T}, x::T) where {T<:Some} = x
convert(::Type{Some{T}}, x::Some) where {T} = Some{T}(convert(T, x.value))
==(a::Some, b::Some) = a.value == b.value
isequal(a::Some, b::Some) = isequal(a.value, b.value)
something() = throw(ArgumentError("No value arguments present"))
something(x::Nothing, xs...) = something(xs...)
something(x::Some, xs...) = x.value
something(x, xs...) = x
coalesce() = missing
coalesce(x::Missing, xs...) = coalesce(xs...)
coalesce(x, xs...) = x

macro something(args...)
    ex = :(something(nothing))
    i = length(args)
    while i > 0
        ex = :(val = $(esc(args[i])); val !== nothing ? something(val) : $ex)
        i -= 1
    end
    return :(let val; $ex; end)
end
macro coalesce(args...)
    ex = :missing
    i = length(args)
    while i > 0
        ex = :(val = $(esc(args[i])); val !== missing ? val : $ex)
        i -= 1
    end
    return :(let val; $ex; end)
end

# ---- references ---------------------------------------------------------------------------------

mutable struct RefValue{T} <: Ref{T}
    x::T
    RefValue{T}() where {T} = new{T}()
    RefValue{T}(x) where {T} = new{T}(x)
end
RefValue(x::T) where {T} = RefValue{T}(x)
Ref(x::T) where {T} = RefValue{T}(x)
Ref{T}() where {T} = RefValue{T}()
Ref{T}(x) where {T} = RefValue{T}(x)
Ref(x::Ref) = x
getindex(r::RefValue) = r.x
setindex!(r::RefValue, x) = (r.x = x; r)
isassigned(r::RefValue) = isdefined(r, :x)
eltype(::Type{<:Ref{T}}) where {T} = T
length(::Ref) = 1
size(::Ref) = ()
axes(::Ref) = ()
ndims(::Ref) = 0
ndims(::Type{<:Ref}) = 0
iterate(r::Ref) = (r[], nothing)
iterate(r::Ref, ::Any) = nothing
convert(::Type{Ref{T}}, x::Ref{T}) where {T} = x
convert(::Type{Ref{T}}, x::Ref) where {T} = RefValue{T}(x[])

# ---- functions of types -------------------------------------------------------------------------

isconcretetype(T) = Core.Host.isconcretetype(T)
isabstracttype(T) = Core.Host.isabstracttype(T)
isprimitivetype(T) = Core.Host.isprimitivetype(T)
isbitstype(T) = Core.Host.isbitstype(T)
isbits(x) = isbitstype(typeof(x))
ismutabletype(T) = Core.Host.ismutabletype(T)
ismutable(x) = ismutabletype(typeof(x))
isimmutable(x) = !ismutable(x)
isstructtype(T) = Core.Host.isstructtype(T)
issingletontype(T) = isconcretetype(T) && isstructtype(T) && !ismutabletype(T) && Core.Host.isghosttype(T)
isdispatchtuple(T) = Core.Host.isdispatchtuple(T)
supertype(T::Union{DataType,UnionAll}) = Core.Host.supertype(T)
fieldcount(T) = Core.Host.fieldcount(T)
fieldnames(T) = Core.Host.fieldnames(T)
function fieldname(T, i::Integer)
    i > 0 || throw(ArgumentError(string("Field numbers must be positive integers. ", i, " is invalid.")))
    n = fieldcount(T)
    i <= n || throw(ArgumentError(string("Cannot access field ", i, " since type ", T, " only has ", n, n == 1 ? " field." : " fields.")))
    return fieldnames(T)[i]
end
fieldtypes(T::Type) = ntuple(i -> fieldtype(T, i), fieldcount(T))
fieldoffset(T, i::Integer) = Core.Host.fieldoffset(T, Int(i))
hasfield(T::Type, name::Symbol) = Core.Host.hasfield(T, name)
nameof(T::Type) = Core.Host.typename_symbol(T)
nameof(f::Function) = Core.Host.function_name(f)
nameof(m::Module) = Core.Host.module_name(m)
parentmodule(x) = Core.Host.parentmodule(x)
objectid(x) = Core.Host.objectid(x)
typejoin() = Bottom
typejoin(T) = T
typejoin(T, S) = Core.Host.typejoin(T, S)
typejoin(T, S, R...) = typejoin(typejoin(T, S), R...)
typeintersect(A, B) = Core.Host.typeintersect(A, B)
# of two signatures, or of two methods by theirs
morespecific(a::Type, b::Type) = Core.Host.morespecific(a, b)
morespecific(a::Method, b::Method) = Core.Host.morespecific(a.sig, b.sig)
promote_typejoin(A, B) = Core.Host.promote_typejoin(A, B)
hasmethod(f, t) = Core.Host.hasmethod(f, t)
propertynames(x) = fieldnames(typeof(x))
propertynames(x, private::Bool) = propertynames(x)
propertynames(m::Module) = names(m)
hasproperty(x, s::Symbol) = s in propertynames(x)
(>:)(A, B) = B <: A
==(A::Type, B::Type) = A === B ? true : (A <: B && B <: A)

# The parts of union `T` that are not subtypes of `S`.
function without_type(::Type{T}, ::Type{S}) where {T,S}
    T <: S && return Bottom
    T isa Union && return Union{without_type(T.a, S),without_type(T.b, S)}
    return T
end
nonnothingtype(::Type{T}) where {T} = without_type(T, Nothing)
nonmissingtype(::Type{T}) where {T} = without_type(T, Missing)
@noinline throw_no_convert(T, x) = throw(MethodError(convert, (T, x)))
function strict_part(::Type{T}, R, x) where {T}
    (R === Bottom || R === T) && throw_no_convert(T, x)
    return R
end
convert(::Type{Nothing}, x) = throw_no_convert(Nothing, x)
convert(::Type{Nothing}, x::Nothing) = nothing
convert(::Type{Missing}, x) = throw_no_convert(Missing, x)
convert(::Type{Missing}, x::Missing) = missing
convert(::Type{T}, x::T) where {T>:Nothing} = x
convert(::Type{T}, x::T) where {T>:Missing} = x
convert(::Type{T}, x::T) where {T>:Union{Missing,Nothing}} = x
convert(::Type{T}, x) where {T>:Nothing} = convert(strict_part(T, nonnothingtype(T), x), x)
convert(::Type{T}, x) where {T>:Missing} = convert(strict_part(T, nonmissingtype(T), x), x)
convert(::Type{T}, x) where {T>:Union{Missing,Nothing}} = convert(strict_part(T, without_type(T, Union{Missing,Nothing}), x), x)

# ---- ends of iterators --------------------------------------------------------------------------

function first(itr)
    y = iterate(itr)
    y === nothing && throw(ArgumentError("collection must be non-empty"))
    return y[1]
end
last(a) = a[end]
axes(x) = map(OneTo, size(x))
isdone(itr, state...) = missing
isempty(itr) = iterate(itr) === nothing
first(itr, n::Integer) = collect(Iterators.take(itr, n))
last(itr, n::Integer) = reverse!(collect(Iterators.take(Iterators.reverse(itr), n)))

# ---- destructuring ------------------------------------------------------------------------------

@inline indexed_iterate(t::Tuple, i::Int, state = 1) = (getfield(t, i), add_int(i, 1))
function indexed_iterate(I, i)
    x = iterate(I)
    x === nothing && throw_boundserror(I, i)
    return x
end
function indexed_iterate(I, i, state)
    x = iterate(I, state)
    x === nothing && throw_boundserror(I, i)
    return x
end
