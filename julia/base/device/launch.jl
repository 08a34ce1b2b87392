# Back-ends and launches.

# Runs `f(args...)` on `ngroups` groups of `groupsize` work-items and waits for it. Arguments are
# those of the host; the caller's frame keeps their memory alive.
function launch(device::Symbol, f, args::Tuple, groupsize::NTuple{3,Int}, ngroups::NTuple{3,Int}, shmem::Int = 0)
    (prod_dims(groupsize) == 0 || prod_dims(ngroups) == 0) && return nothing
    if has_union_arrays(args)
        return with_union_copies(() -> launch_converted(device, launch_convert(device, f), launch_arguments(device, args), groupsize, ngroups, shmem, args))
    end
    return launch_converted(device, launch_convert(device, f), launch_arguments(device, args), groupsize, ngroups, shmem, args)
end
launch_arguments(device::Symbol, args::Tuple) = map(x -> launch_convert(device, x), args)
# Kernels of the CPU itself take what the host has, so that structs need no rules for their arrays there.
function launch_convert(device::Symbol, x)
    y = kernel_convert(x)
    return isbitstype(typeof(y)) || device !== :cpu ? y : convert_fields(y)
end
convert_fields(x::Union{Tuple,NamedTuple}) = map(convert_field, x)
convert_fields(x::Union{Symbol,Module,Type,AbstractString}) = x
function convert_fields(x::T) where {T}
    n = nfields(x)
    (n == 0 || ismutabletype(T) || !all(i -> isdefined(x, i), 1:n)) && return x
    fields = ntuple(i -> convert_field(getfield(x, i)), n)
    all(i -> fields[i] === getfield(x, i), 1:n) && return x
    # where a field's type is said in the definition, there is no such struct
    return try
        Core.Host.rebuild_closure(x, fields)
    catch
        x
    end
end
convert_field(x) = (y = kernel_convert(x); isbitstype(typeof(y)) ? y : convert_fields(y))

# `originals`: what the arguments were before conversion, for exceptions that hold them.
launch_converted(device::Symbol, f, args::Tuple, groupsize::NTuple{3,Int}, ngroups::NTuple{3,Int}, shmem::Int, originals) =
    Core.Host.launch(device, f, args, groupsize, ngroups, shmem, originals)

# A value that a kernel threw, as the host knows it: arrays are those that the launch was given.
kernel_value(x, originals) = adapt(OriginalsAdaptor(originals), x)
struct OriginalsAdaptor{T}
    originals::T
end
function adapt_storage(to::OriginalsAdaptor, a::DeviceArray{T,N}) where {T,N}
    p = bitcast(Ptr{T}, getfield(a, :ptr))
    found = original(to.originals, p, size(a), 4)
    return found === nothing ? unsafe_wrap(Array, p, size(a)) : found
end
adapt_storage(to::OriginalsAdaptor, a::UnionArray) = something(original_union(to.originals, eltype(a), size(a), 4), a)
original_union(x::Array{T}, ::Type{T}, dims, depth) where {T} = size(x) == dims ? x : nothing
original_union(x, T, dims, depth) = depth == 0 ? nothing : first_of_fields(y -> original_union(y, T, dims, depth - 1), x)
adapt_storage(to::OriginalsAdaptor, c::ConstantArray) = adapt_storage(to, getfield(c, :a))
adapt_structure(to::OriginalsAdaptor, r::DeviceRef) = Ref(adapt(to, r.x))
# The array of this memory and size among `x` and its fields.
original(x::Array{T}, p::Ptr{T}, dims, depth) where {T} = pointer(x) == p && size(x) == dims ? x : nothing
original(x, p::Ptr, dims, depth) = depth == 0 ? nothing : first_of_fields(y -> original(y, p, dims, depth - 1), x)
# The first thing but `nothing` that `f` finds in the fields of `x`.
function first_of_fields(f, x)
    for i in 1:nfields(x)
        isdefined(x, i) || continue
        found = f(getfield(x, i))
        found === nothing || return found
    end
    return nothing
end

dims3(n::Integer) = (Int(n), 1, 1)
dims3(t::Tuple{}) = (1, 1, 1)
dims3(t::Tuple{Integer}) = (Int(t[1]), 1, 1)
dims3(t::Tuple{Integer,Integer}) = (Int(t[1]), Int(t[2]), 1)
dims3(t::Tuple{Integer,Integer,Integer}) = (Int(t[1]), Int(t[2]), Int(t[3]))
dims3(t::NamedTuple) = dims3(values(t))
dims3(t) = throw(ArgumentError(string("launch dimensions must be one to three integers, got ", repr(t))))
function check_dims(what, t::NTuple{3,Int})
    all(>(0), t) || throw(ArgumentError(string(what, " dimensions should be positive, got ", t)))
    return t
end

# `@launcher k=v … f(args...)`: options and the call
function split_launch(name, exs)
    isempty(exs) && throw(ArgumentError(string(name, ": a call `f(args...)` is missing")))
    call = exs[end]
    (call isa Expr && call.head === :call) || throw(ArgumentError(string(name, ": last argument should be a function call")))
    options = Any[]
    for e in exs[1:end-1]
        if e isa Symbol
            push!(options, Expr(:kw, e, e))
        elseif e isa Expr && e.head === :(=) && e.args[1] isa Symbol
            push!(options, Expr(:kw, e.args[1], e.args[2]))
        else
            throw(ArgumentError(string(name, ": invalid option `", e, "`; options are `name=value`")))
        end
    end
    args = call.args[2:end]
    any(a -> a isa Expr && (a.head === :parameters || a.head === :kw), args) && throw(ArgumentError(string(name, ": kernels take no keyword arguments")))
    return options, call.args[1], args
end

# ---- back-ends ----------------------------------------------------------------------------------------

abstract type Backend end
abstract type GPU <: Backend end
struct CPU <: Backend
    static::Bool
    CPU(; static::Bool = false) = new(static)
end
struct CUDABackend <: GPU
    prefer_blocks::Bool
    always_inline::Bool
    CUDABackend(prefer_blocks::Bool = false, always_inline::Bool = false) = new(prefer_blocks, always_inline)
end
struct ROCBackend <: GPU end
struct MetalBackend <: GPU end
struct oneAPIBackend <: GPU end
struct OpenCLBackend <: GPU end
Base.show(io::IO, b::CPU) = print(io, "CPU(", b.static, ")")
CUDABackend(; prefer_blocks::Bool = false, always_inline::Bool = false) = CUDABackend(prefer_blocks, always_inline)

# The driver's name of the machine.
device_symbol(::CPU) = :cpu
device_symbol(::CUDABackend) = :cuda
device_symbol(::ROCBackend) = :amdgpu
device_symbol(::MetalBackend) = :metal
device_symbol(::oneAPIBackend) = :oneapi
device_symbol(::OpenCLBackend) = :opencl
