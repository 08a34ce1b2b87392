# `@cuda` and what it makes.

const HostKernel{F,TT} = Device.HostKernel{:cuda,F,TT}
cudaconvert(x) = Device.kernel_convert(x)
const KernelAdaptor = Device.DeviceAdaptor
cufunction(f::F, ::Type{TT} = Tuple{}; kw...) where {F,TT} = Device.HostKernel{:cuda,F,TT}(f)
const max_threads = 1024

function (k::HostKernel)(args...; threads = 1, blocks = 1, shmem = 0, stream = nothing, cooperative::Bool = false, clustersize = nothing, dependent::Bool = false)
    t, b = dims3(threads), dims3(blocks)
    check_dims("Block", t)
    any(<(0), b) && throw(ArgumentError(string("Grid dimensions should be non-negative, got ", b)))
    check_dims("Grid", b)
    clustersize === nothing || prod(dims3(clustersize)) == 1 || throw(ArgumentError(string("clusters of several blocks are not available on this device, got clustersize = ", clustersize)))
    n = prod(t)
    n <= max_threads || throw(ArgumentError(string("Number of threads per block exceeds kernel limit (", n, " > ", max_threads, ").")))
    return Device.start(k, args, t, b, shmem)
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

const compile_options = (:launch, :dynamic, :always_inline, :name, :minthreads, :maxthreads, :blocks_per_sm, :maxregs, :fastmath, :cap, :ptx, :kernel, :backend, :arch, :feature_set, :opt_level, :debug_level)
# `@cuda [threads=…] [blocks=…] [shmem=…] [launch=false] … f(args...)` compiles `f` for the arguments and runs it; gives the kernel.
macro cuda(exs...)
    return Device.launch_expression("@cuda", exs, cufunction, compile_options, (:threads, :blocks, :shmem, :stream, :cooperative, :clustersize, :dependent))
end

export @device_code_ptx, @device_code_llvm, @device_code_typed, @device_code_warntype, @device_code_lowered, @device_code_sass
# `@device_code_ptx [io=…] expression` and its relatives: the code of every kernel that the expression compiles.
macro device_code_ptx(exs...)
    return device_code_expression(:asm, exs)
end
macro device_code_llvm(exs...)
    return device_code_expression(:llvm, exs)
end
macro device_code_typed(exs...)
    return device_code_expression(:typed, exs)
end
macro device_code_warntype(exs...)
    return device_code_expression(:warntype, exs)
end
macro device_code_lowered(exs...)
    return device_code_expression(:lowered, exs)
end
macro device_code_sass(exs...)
    return :(error("machine code is made by the device's driver, which is not there; @device_code_ptx shows what it gets"))
end
function device_code_expression(stage, exs)
    io = :(stdout)
    for option in exs[1:end-1]
        Meta.isexpr(option, :(=)) && option.args[1] === :io && (io = esc(option.args[2]))
    end
    return :(println($io, Core.Host.device_code($(QuoteNode(stage)), () -> $(esc(exs[end])))))
end
