# Reflection, the process and its surroundings, raw pointers, copying, locks, atomic fields.

# ---- reflection ---------------------------------------------------------------------------------

# The methods of one function, newest last.
struct MethodList <: AbstractArray{Method,1}
    of::Any
    list::Vector{Any}
end
size(l::MethodList) = (length(l.list),)
length(l::MethodList) = length(l.list)
IndexStyle(::Type{MethodList}) = IndexLinear()
getindex(l::MethodList, i::Int) = l.list[i]
iterate(l::MethodList, i::Int = 1) = i > length(l.list) ? nothing : (l.list[i], i + 1)
function show(io::IO, l::MethodList)
    n = length(l)
    home = l.of isa Type ? nothing : parentmodule(l.of)
    print(io, "# ", n, n == 1 ? " method" : " methods", " for ", l.of isa Type ? "type constructor" : string("generic function ", repr(string(nameof(l.of))), " from ", home), ":")
    width = ndigits(n)
    for (i, m) in enumerate(l.list)
        text, place = split(Core.Host.method_string(m), " @ "; limit = 2)
        place = m.module === home ? last(split(place, ' '; limit = 2)) : place
        print(io, "\n ", lpad(string("[", i, "]"), width + 2), " ", text, "\n     @ ", place)
    end
end
show(io::IO, ::MIME"text/plain", l::MethodList) = show(io, l)
methods(f) = MethodList(f, Core.Host.methods(f))
methods(f, t) = MethodList(f, Core.Host.methods(f, tuple_type_of(t)))
methods(f, t, ::Module) = methods(f, t)
methods(f, m::Module) = MethodList(f, filter(x -> Core.Host.method_module(x) === m, Core.Host.methods(f)))
# Do some arguments match both methods, with neither more specific, and no third one between them?
# Arguments that no value has (`Union{}` as a type) count only on demand.
function isambiguous(m1::Method, m2::Method; ambiguous_bottom::Bool = false)
    both = typeintersect(m1.sig, m2.sig)
    both === Bottom && return false
    !ambiguous_bottom && has_bottom_parameter(both) && return false
    (morespecific(m1, m2) || morespecific(m2, m1)) && return false
    m1.sig == m2.sig && return false
    f = fieldtype(unwrap_unionall(m1.sig), 1)
    isdefined(f, :instance) || return true
    return !any(m -> both <: m.sig && morespecific(m, m1) && morespecific(m, m2), methods(f.instance))
end
unwrap_unionall(t) = t isa UnionAll ? unwrap_unionall(t.body) : t
has_bottom_parameter(t::UnionAll) = has_bottom_parameter(t.body)
has_bottom_parameter(t::DataType) = any(has_bottom_parameter, t.parameters)
has_bottom_parameter(t::Union) = has_bottom_parameter(t.a) && has_bottom_parameter(t.b)
has_bottom_parameter(t::TypeVar) = t.ub === Bottom
has_bottom_parameter(t) = t === Bottom
# argument types come as a tuple type, a tuple or a vector
tuple_type_of(t::Type) = t
tuple_type_of(t::Tuple) = Tuple{t...}
tuple_type_of(t::AbstractVector) = Tuple{t...}
hasmethod(f, t; world = nothing) = Core.Host.hasmethod(f, tuple_type_of(t))
hasmethod(f, t, kwnames; world = nothing) = Core.Host.hasmethod(f, tuple_type_of(t), kwnames)
function which(f, t)
    m = Core.Host.which(f, tuple_type_of(t))
    m === nothing && throw(ErrorException("no unique matching method found for the specified argument types"))
    return m
end
which(s::Symbol) = which(Main, s)
which(m::Module, s::Symbol) = Core.Host.binding_module(m, s)
binding_module(m::Module, s::Symbol) = Core.Host.binding_module(m, s)
const applicable = Core.applicable
const invokelatest = Core.invokelatest
const invoke_in_world = Core._call_in_world
get_world_counter() = Core.Host.current_world()
names(m::Module; all::Bool = false, imported::Bool = false) = Core.Host.module_names(m, all, imported)
isexported(m::Module, s::Symbol) = Core.Host.is_exported(m, s)
ispublic(m::Module, s::Symbol) = Core.Host.is_public(m, s)
isconst(m::Module, s::Symbol) = Core.Host.is_const(m, s)
isconst(T, s::Symbol) = Core.Host.field_is_const(T, s)
isconst(T, i::Integer) = isconst(T, fieldname(T, i))
functionloc(m::Method) = (string(Core.Host.method_file(m)), Core.Host.method_line(m))
functionloc(f, t) = functionloc(which(f, t))
functionloc(f) = (ms = methods(f); length(ms) == 1 ? functionloc(ms[1]) : error("could not determine location of method definition"))
getproperty(m::Method, s::Symbol) = s === :name ? Core.Host.method_name(m) : s === :module ? Core.Host.method_module(m) :
    s === :sig ? Core.Host.method_sig(m) : s === :file ? Core.Host.method_file(m) : s === :line ? Int32(Core.Host.method_line(m)) :
    s === :nargs ? Int32(Core.Host.method_nargs(m)) : s === :isva ? Core.Host.method_is_varargs(m) : getfield(m, s)
return_types(f, t = Tuple) = Any[promote_op_type(f, t)]
promote_op_type(f, t) = Core.Host.return_type(f, fieldtypes(tuple_type_of(t))...)
infer_return_type(f, t = Tuple) = promote_op_type(f, t)
promote_op(f, S::Type...) = Core.Host.return_type(f, S...)
delete_method(m::Method) = Core.Host.delete_method(m)
typename(T) = TypeNameView(T)
# stands for `Core.TypeName`
struct TypeNameView
    type::Any
end
getproperty(t::TypeNameView, s::Symbol) = s === :name ? nameof(getfield(t, :type)) : s === :module ? parentmodule(getfield(t, :type)) :
    s === :wrapper ? Core.Host.type_wrapper(getfield(t, :type)) : getfield(t, s)
isinteractive() = false

macro which(ex)
    (ex isa Expr && ex.head === :call) || throw(ArgumentError("expression is not a function call"))
    return :(which($(esc(ex.args[1])), Tuple{map(typeof, ($(map(esc, ex.args[2:end])...),))...}))
end
macro functionloc(ex)
    return :(functionloc(@which $(esc(ex))))
end
macro edit(ex...)
    return :(throw(ArgumentError("@edit: there is no editor here")))
end
macro less(ex...)
    return :(throw(ArgumentError("@less: there is no pager here")))
end
macro __FILE__()
    __source__.file === nothing && return nothing
    f = String(__source__.file)
    return isfile(f) ? abspath(f) : f
end
macro __LINE__()
    return __source__.line
end
macro __DIR__()
    __source__.file === nothing && return nothing
    return dirname(abspath(String(__source__.file)))
end
for name in (:code_lowered, :code_typed, :code_warntype, :code_llvm, :code_native)
    @eval macro $name(args...)
        ex = args[end]
        (ex isa Expr && ex.head === :call) || throw(ArgumentError("expression is not a function call"))
        f = GlobalRef(Base, $(QuoteNode(name)))
        return :($f($(esc(ex.args[1])), Tuple{map(typeof, ($(map(esc, ex.args[2:end])...),))...}))
    end
end
code_lowered(f, t) = Core.Host.code_lowered(f, tuple_type_of(t))
code_typed(f, t) = Core.Host.code_typed_string(f, tuple_type_of(t))
code_warntype(f, t) = println(Core.Host.code_typed_string(f, tuple_type_of(t)))
code_llvm(f, t) = throw(ArgumentError("code_llvm: use `rekindle code llvm`"))
code_native(f, t) = throw(ArgumentError("code_native: use `rekindle code asm`"))

# ---- the process --------------------------------------------------------------------------------

const exit_hooks = Any[]
atexit(f) = (pushfirst!(exit_hooks, f); nothing)
# Called by the driver at the end of the program, and by `exit`.
function run_exit_hooks()
    while !isempty(exit_hooks)
        f = popfirst!(exit_hooks)
        try
            f isa Function && applicable(f, exit_code[]) ? f(exit_code[]) : f()
        catch e
            println(stderr, "error in running atexit hook: ", sprint(showerror, e))
        end
    end
    call_finalizers(Core.Host.finalizers_all())
    return nothing
end
const exit_code = Ref{Int}(0)
function exit(code::Integer = 0)
    exit_code[] = Int(code)
    run_exit_hooks()
    Core.Host.exit(Int(code))
end
pwd() = Core.Host.working_dir()

# Environment variables; assignments are seen by this program only.
struct EnvDict <: AbstractDict{String,String}
    changed::Dict{String,Union{Nothing,String}}
end
const ENV = EnvDict(Dict{String,Union{Nothing,String}}())
function get(e::EnvDict, k::AbstractString, default)
    s = String(k)
    haskey(e.changed, s) && return (v = e.changed[s]; v === nothing ? default : v)
    v = Core.Host.env_get(s)
    return v === nothing ? default : v
end
get(f::Function, e::EnvDict, k::AbstractString) = (v = get(e, k, nothing); v === nothing ? f() : v)
haskey(e::EnvDict, k::AbstractString) = get(e, k, nothing) !== nothing
in(k::AbstractString, s::KeySet{String,EnvDict}) = haskey(s.dict, k)
getindex(e::EnvDict, k::AbstractString) = (v = get(e, k, nothing); v === nothing ? throw(KeyError(k)) : v)
setindex!(e::EnvDict, v, k::AbstractString) = (e.changed[String(k)] = string(v); e)
delete!(e::EnvDict, k::AbstractString) = (e.changed[String(k)] = nothing; e)
function env_pairs(e::EnvDict)
    ks = sort!(unique(vcat(collect(String, Core.Host.env_names()), collect(String, keys(e.changed)))))
    return Pair{String,String}[Pair{String,String}(k, e[k]) for k in ks if haskey(e, k)]
end
length(e::EnvDict) = length(env_pairs(e))
iterate(e::EnvDict) = iterate(e, (env_pairs(e), 1))
iterate(e::EnvDict, st) = st[2] > length(st[1]) ? nothing : (st[1][st[2]], (st[1], st[2] + 1))
function withenv(f, ps::Pair...)
    old = Dict{String,Any}(String(p.first) => get(ENV, p.first, nothing) for p in ps)
    try
        for p in ps
            p.second === nothing ? delete!(ENV, p.first) : (ENV[p.first] = p.second)
        end
        return f()
    finally
        for (k, v) in old
            v === nothing ? delete!(ENV, k) : (ENV[k] = v)
        end
    end
end
const ARGS = String[]
# Set by the driver before the script runs.
global PROGRAM_FILE = ""
set_program(file) = (global PROGRAM_FILE = file; append!(empty!(ARGS), Core.Host.args()); nothing)

# ---- evaluation ---------------------------------------------------------------------------------

include_string(m::Module, code::AbstractString, name::AbstractString = "string") = Core.Host.include_string(m, String(code), String(name))
macroexpand(m::Module, x; recursive::Bool = true) = Core.Host.macroexpand(m, x, recursive)
gensym(s = "") = Core.Host.gensym(string(s))

# ---- raw memory ---------------------------------------------------------------------------------

const DevicePtr = Core.LLVMPtr
const AnyPtr{T} = Union{Ptr{T},DevicePtr{T}}

pointer_from_objref(x) = ismutable(x) ? Core.Host.pointer_from_objref(x) : error("pointer_from_objref cannot be used on immutable objects")
unsafe_load(p::Ptr{T}, i::Integer = 1) where {T} = Core.Intrinsics.pointerref(p, Int(i), 1)
unsafe_load(p::Ptr, order::Symbol) = Core.Intrinsics.atomic_pointerref(p, order)
@inline unsafe_store!(p::Ptr{T}, x, i::Integer = 1) where {T} = Core.Intrinsics.pointerset(p, convert(T, x)::T, Int(i), 1)
unsafe_store!(p::Ptr{T}, x, order::Symbol) where {T} = Core.Intrinsics.atomic_pointerset(p, convert(T, x)::T, order)
unsafe_swap!(p::Ptr{T}, x, order::Symbol = :sequentially_consistent) where {T} = Core.Intrinsics.atomic_pointerswap(p, convert(T, x)::T, order)
unsafe_modify!(p::Ptr, op, x, order::Symbol = :sequentially_consistent) = Core.Intrinsics.atomic_pointermodify(p, op, x, order)
unsafe_replace!(p::Ptr{T}, old, new, success::Symbol = :sequentially_consistent, fail::Symbol = success) where {T} =
    Core.Intrinsics.atomic_pointerreplace(p, convert(T, old)::T, convert(T, new)::T, success, fail)
function unsafe_copyto!(dest::Ptr{T}, src::Ptr{T}, n::Integer) where {T}
    for i in 1:n
        unsafe_store!(dest, unsafe_load(src, i), i)
    end
    return dest
end
unsafe_copyto!(dest::AbstractArray, d, src::AbstractArray, s, n) = copyto!(dest, d, src, s, n)
unsafe_string(p::Ptr{UInt8}, n::Integer) = Core.Host.unsafe_string(p, Int(n))
function unsafe_string(p::Ptr{UInt8})
    n = 0
    while unsafe_load(p, n + 1) != 0x00
        n += 1
    end
    return unsafe_string(p, n)
end
# The memory is not copied and not owned.
function unsafe_wrap(::Type{Array{T,N}}, p::Ptr{T}, dims::NTuple{N,Int}; own::Bool = false) where {T,N}
    m = Core.Host.unsafe_wrap_memory(Memory{T}, p, prod_dims(dims))
    return wrap_memory(Array{T,N}, Core.memoryrefnew(m), dims)
end
unsafe_wrap(::Type{Array}, p::Ptr{T}, dims::NTuple{N,Int}; own::Bool = false) where {T,N} = unsafe_wrap(Array{T,N}, p, dims; own)
unsafe_wrap(::Type{Array}, p::Ptr{T}, n::Integer; own::Bool = false) where {T} = unsafe_wrap(Array{T,1}, p, (Int(n),); own)
unsafe_wrap(::Type{Vector{T}}, p::Ptr{T}, n::Integer; own::Bool = false) where {T} = unsafe_wrap(Array{T,1}, p, (Int(n),); own)

# ---- deep copies --------------------------------------------------------------------------------

deepcopy(x) = deepcopy_internal(x, IdDict{Any,Any}())
deepcopy_internal(x::Union{Symbol,Function,Type,Module,Method,String,Number}, seen::IdDict) = x isa Function && nfields(x) > 0 ? deepcopy_fields(x, seen) : x
deepcopy_internal(x::Tuple, seen::IdDict) = map(v -> deepcopy_internal(v, seen), x)
function deepcopy_internal(x::Array{T,N}, seen::IdDict) where {T,N}
    haskey(seen, x) && return seen[x]::Array{T,N}
    y = Array{T,N}(undef, size(x))
    seen[x] = y
    isbitstype(T) && return copyto!(y, x)
    for i in 1:length(x)
        isassigned(x, i) && (y[i] = deepcopy_internal(x[i], seen))
    end
    return y
end
function deepcopy_internal(d::Dict{K,V}, seen::IdDict) where {K,V}
    haskey(seen, d) && return seen[d]::Dict{K,V}
    e = Dict{K,V}()
    seen[d] = e
    for (k, v) in d
        e[deepcopy_internal(k, seen)] = deepcopy_internal(v, seen)
    end
    return e
end
deepcopy_internal(x, seen::IdDict) = deepcopy_fields(x, seen)
function deepcopy_fields(x, seen::IdDict)
    T = typeof(x)
    (isbitstype(T) || nfields(x) == 0 && !ismutable(x)) && return x
    if ismutable(x)
        haskey(seen, x) && return seen[x]
        y = Core.Host.allocate_like(x)
        seen[x] = y
        for i in 1:nfields(x)
            isdefined(x, i) && Core.Host.init_field(y, i, deepcopy_internal(getfield(x, i), seen))
        end
        return y
    end
    fields = Any[]
    for i in 1:nfields(x)
        isdefined(x, i) || break
        push!(fields, deepcopy_internal(getfield(x, i), seen))
    end
    return Core.Host.new_struct(T, fields)
end

# ---- macros ---------------------------------------------------------------------------------------

macro deprecate(old, new, exported = true)
    if old isa Symbol
        return :($(esc(old))(args...; kw...) = $(esc(new))(args...; kw...))
    end
    return Expr(:(=), esc(old), esc(new))
end

# ---- finalizers -----------------------------------------------------------------------------------

# Called by `GC.gc`, and for all that is left at the end of the program: never amid other code.
finalize(x) = (call_finalizers(Core.Host.finalizers_of(x)); nothing)
run_finalizers() = call_finalizers(Core.Host.finalizers_ready())
function call_finalizers(calls)
    for i in 1:2:length(calls)
        try
            Core.invokelatest(calls[i], calls[i+1])
        catch e
            println(stderr, "error in running finalizer: ", sprint(showerror, e))
        end
    end
    return nothing
end

# Code in LLVM's language; with a text and types that are not constants where it stands, it is compiled for each.
const llvmcall = Core.Intrinsics.llvmcall
llvmcall_text(code::String) = Val(Symbol(code))
llvmcall_text(code::Tuple{String,String}) = Val(map(Symbol, code))
llvmcall_text(code) = error("llvmcall: the code must be a string, or a module's text and a function's name")
@generated function compiled_llvmcall(::Val{text}, ::Type{R}, ::Type{A}, args...) where {text,R,A}
    code = text isa Symbol ? String(text) : map(String, text)
    :(Core.Intrinsics.llvmcall($code, $R, $A, args...))
end

# Garbage collection cannot move or miss what lives in a frame: keeping alive is keeping referenced.
module GC
gc(full::Bool = true) = (Core.Host.gc(full); Base.run_finalizers())
enable(on::Bool) = true
enable_finalizers(on::Bool = true) = nothing
safepoint() = nothing
macro preserve(args...)
    return Expr(:block, map(x -> esc(x), args[1:end-1])..., esc(args[end]))
end
end

# ---- atomic fields ------------------------------------------------------------------------------

const atomic_orders = (:not_atomic, :unordered, :monotonic, :acquire, :release, :acquire_release, :sequentially_consistent)
order_symbol(x) = x isa QuoteNode && x.value in atomic_orders ? x.value : x isa Expr && x.head === :quote && x.args[1] in atomic_orders ? x.args[1] : nothing
is_field(x) = x isa Expr && x.head === :. && length(x.args) == 2
field_of(x) = x.args[2] isa QuoteNode ? x.args[2] : x.args[2] isa Expr && x.args[2].head === :quote ? QuoteNode(x.args[2].args[1]) : x.args[2]
function atomic_field_form(order, ex)
    o = QuoteNode(order)
    if is_field(ex)
        return :(getproperty($(esc(ex.args[1])), $(esc(field_of(ex))), $o))
    elseif ex isa Expr && ex.head === :(=) && is_field(ex.args[1])
        f = ex.args[1]
        return :(setproperty!($(esc(f.args[1])), $(esc(field_of(f))), $(esc(ex.args[2])), $o))
    elseif ex isa Expr && length(ex.args) == 2 && is_field(ex.args[1]) && endswith(string(ex.head), "=")
        f = ex.args[1]
        op = Symbol(chop(string(ex.head)))
        return :(modifyproperty!($(esc(f.args[1])), $(esc(field_of(f))), $(esc(op)), $(esc(ex.args[2])), $o)[2])
    elseif ex isa Expr && ex.head === :call && length(ex.args) == 3 && is_field(ex.args[2])
        f = ex.args[2]
        return :(modifyproperty!($(esc(f.args[1])), $(esc(field_of(f))), $(esc(ex.args[1])), $(esc(ex.args[3])), $o))
    end
    error("could not parse @atomic expression ", ex)
end
macro atomic(ex)
    if ex isa Expr && ex.head in (:const, :global, :(::)) || ex isa Symbol
        return esc(Expr(:atomic, ex))
    end
    return atomic_field_form(:sequentially_consistent, ex)
end
macro atomic(order, ex)
    o = order_symbol(order)
    return o === nothing ? atomic_field_form(:sequentially_consistent, Expr(:call, ex, order)) : atomic_field_form(o, ex)
end
macro atomic(a, op, b)
    return atomic_field_form(:sequentially_consistent, Expr(:call, op, a, b))
end
macro atomic(order, a, op, b)
    return atomic_field_form(order_symbol(order), Expr(:call, op, a, b))
end
macro atomicswap(ex)
    f = ex.args[1]
    return :(swapproperty!($(esc(f.args[1])), $(esc(field_of(f))), $(esc(ex.args[2])), :sequentially_consistent))
end
macro atomicswap(order, ex)
    f = ex.args[1]
    return :(swapproperty!($(esc(f.args[1])), $(esc(field_of(f))), $(esc(ex.args[2])), $order))
end
macro atomicreplace(f, pair)
    if pair isa Expr && pair.head === :call && pair.args[1] === :(=>)
        return :(replaceproperty!($(esc(f.args[1])), $(esc(field_of(f))), $(esc(pair.args[2])), $(esc(pair.args[3])), :sequentially_consistent, :sequentially_consistent))
    end
    return quote
        local p = $(esc(pair))
        replaceproperty!($(esc(f.args[1])), $(esc(field_of(f))), p.first, p.second, :sequentially_consistent, :sequentially_consistent)
    end
end
macro atomiconce(ex)
    error("@atomiconce is not supported")
end

# ---- libraries of C -----------------------------------------------------------------------------

macro cfunction(args...)
    return :(throw(ArgumentError("@cfunction: callbacks for C are not supported")))
end
macro ccallable(ex)
    return esc(ex)
end

# ---- experimental names that sources use --------------------------------------------------------

module Experimental
# reads through it may assume that nobody writes meanwhile
struct Const{T,N} <: DenseArray{T,N}
    a::Array{T,N}
end
Base.size(c::Const) = size(c.a)
Base.IndexStyle(::Type{<:Const}) = IndexLinear()
Base.getindex(c::Const, i::Int) = c.a[i]
macro aliasscope(ex)
    return esc(ex)
end
macro optlevel(n)
    return nothing
end
macro max_methods(args...)
    return length(args) == 2 ? esc(args[2]) : nothing
end
register_error_hint(f, T) = nothing
end

# The names of a module's ancestors from the root, and its own.
function fullname(m::Module)
    m === Main && return (:Main,)
    p = parentmodule(m)
    return p === m ? (nameof(m),) : (fullname(p)..., nameof(m))
end
# Commands can be written, compared and shown; nothing runs them.
struct Cmd
    exec::Vector{String}
end
Cmd(words::AbstractVector{<:AbstractString}) = Cmd(String[w for w in words])
macro cmd(text)
    # interpolated values are words of their own
    parts = Any[]
    for w in split(text)
        v = startswith(w, '$') ? Meta.parse(String(SubString(w, 2))) : nothing
        push!(parts, v === nothing ? String(strip(w, ('"', '\''))) : esc(v))
    end
    return :(Cmd(command_words($(parts...))))
end
command_words(parts...) = String[string(w) for p in parts for w in (p isa AbstractVector ? p : (p,))]
==(a::Cmd, b::Cmd) = a.exec == b.exec
show(io::IO, c::Cmd) = print(io, '`', join(c.exec, ' '), '`')
run(c::Cmd; kw...) = throw(ArgumentError("run: processes are not supported"))
read(c::Cmd, ::Type{String} = String) = run(c)

mapany(f, itr) = Any[f(x) for x in itr]
