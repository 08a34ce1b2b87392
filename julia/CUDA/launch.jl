# `@cuda` and what it makes.

# A kernel for arguments of given types, ready to be launched.
struct HostKernel{F,TT}
    f::F
end
cudaconvert(x) = Device.kernel_convert(x)
cufunction(f::F, ::Type{TT} = Tuple{}; kw...) where {F,TT} = HostKernel{F,TT}(f)
const max_threads = 1024

function (k::HostKernel)(args...; threads = 1, blocks = 1, shmem = 0, stream = nothing, cooperative::Bool = false, clustersize = nothing)
    t, b = dims3(threads), dims3(blocks)
    check_dims("Block", t)
    any(<(0), b) && throw(ArgumentError(string("Grid dimensions should be non-negative, got ", b)))
    check_dims("Grid", b)
    n = prod(t)
    n <= max_threads || throw(ArgumentError(string("Number of threads per block exceeds kernel limit (", n, " > ", max_threads, ").")))
    shmem >= 0 || throw(ArgumentError(string("shared memory size must not be negative, got ", shmem)))
    Device.launch(:cuda, k.f, args, t, b, Int(shmem))
    return nothing
end
maxthreads(::HostKernel) = max_threads
registers(::HostKernel) = 32
memory(::HostKernel) = (local_ = 0, shared = 0, constant = 0)
# A configuration that fills the machine.
function launch_configuration(k; shmem = 0, max_threads::Integer = 0)
    t = max_threads == 0 ? 256 : min(256, Int(max_threads))
    return (blocks = 128, threads = t)
end
fun(k::HostKernel) = k
Base.getproperty(k::HostKernel, s::Symbol) = s === :fun ? k : getfield(k, s)

const compile_options = (:launch, :dynamic, :always_inline, :name, :minthreads, :maxthreads, :blocks_per_sm, :maxregs, :fastmath, :cap, :ptx, :kernel, :backend, :arch, :feature_set)
# `@cuda [threads=…] [blocks=…] [shmem=…] [launch=false] … f(args...)` compiles `f` for the arguments and runs it; gives the kernel.
macro cuda(exs...)
    options, f, args = Device.split_launch("@cuda", exs)
    launch = true
    compile, run = Any[], Any[]
    for o in options
        k, v = o.args
        if k === :launch
            v isa Bool || throw(ArgumentError("@cuda: `launch` must be a literal `true` or `false`"))
            launch = v
        elseif k in compile_options
            push!(compile, Expr(:kw, k, esc(v)))
        elseif k in (:threads, :blocks, :shmem, :stream, :cooperative, :clustersize)
            push!(run, Expr(:kw, k, esc(v)))
        else
            throw(ArgumentError(string("@cuda: unsupported keyword argument `", k, "`")))
        end
    end
    !launch && !isempty(run) && throw(ArgumentError("@cuda with launch=false does not support launch-time keyword arguments; use them when calling the kernel"))
    splat(a) = a isa Expr && a.head === :... ? Expr(:..., esc(a.args[1])) : esc(a)
    call = launch ? :(kernel(args...; $(run...))) : nothing
    return quote
        let
            local args = ($(map(splat, args)...),)
            local kernel = cufunction($(esc(f)), typeof(args); $(compile...))
            $call
            kernel
        end
    end
end
macro device_code_ptx(args...)
    return esc(args[end])
end
macro device_code_llvm(args...)
    return esc(args[end])
end
macro device_code_typed(args...)
    return esc(args[end])
end
macro device_code_warntype(args...)
    return esc(args[end])
end
macro device_code_lowered(args...)
    return esc(args[end])
end
macro device_code_sass(args...)
    return esc(args[end])
end
