# What the modules of the back-ends share: their array types and constructors, kernels compiled for them,
# and the words that OpenCL and oneAPI have in common.

# `@gpu_array CuArray CuVector CuMatrix DeviceMemory`: the array type of a back-end with its constructors. The
# module that uses it has `import Base.Device`.
macro gpu_array(A, vector, matrix, memory)
    return esc(quote
        struct $memory end
        struct $A{T,N,M} <: Base.Device.AbstractGPUArray{T,N}
            data::Array{T,N}
            function $A{T,N,M}(data::Array{T,N}) where {T,N,M}
                isbitstype(T) || Base.Device.isbits_union(T) || Base.Device.throw_not_plain(data)
                return new{T,N,M}(data)
            end
        end
        const $vector = $A{T,1} where {T}
        const $matrix = $A{T,2} where {T}
        Base.Device.host(a::$A) = getfield(a, :data)
        Base.Device.rewrap(::$A, x::Array{T,N}) where {T,N} = $A{T,N,$memory}(x)
        Base.Device.wrap_as(::Type{$A}, x::Array{T,N}) where {T,N} = $A{T,N,$memory}(x)
        Base.BroadcastStyle(::Type{<:$A}) = Base.Device.GPUStyle{$A}()
        $A(x::AbstractArray{T,N}) where {T,N} = $A{T,N,$memory}(Base.Device.host_copy(T, x))
        $A{T}(x::AbstractArray{S,N}) where {T,S,N} = $A{T,N,$memory}(Base.Device.host_copy(T, x))
        $A{T,N}(x::AbstractArray{S,N}) where {T,S,N} = $A{T,N,$memory}(Base.Device.host_copy(T, x))
        $A{T,N,M}(x::AbstractArray{S,N}) where {T,S,N,M} = $A{T,N,M}(Base.Device.host_copy(T, x))
        $A{T}(u::UndefInitializer, dims::Integer...) where {T} = $A{T,length(dims),$memory}(Array{T,length(dims)}(u, map(Int, dims)))
        $A{T}(u::UndefInitializer, dims::Tuple{Vararg{Integer}}) where {T} = $A{T,length(dims),$memory}(Array{T,length(dims)}(u, map(Int, dims)))
        $A{T,N}(u::UndefInitializer, dims::Integer...) where {T,N} = $A{T,N,$memory}(Array{T,N}(u, map(Int, dims)))
        $A{T,N}(u::UndefInitializer, dims::Tuple{Vararg{Integer}}) where {T,N} = $A{T,N,$memory}(Array{T,N}(u, map(Int, dims)))
        $A{T,N,M}(u::UndefInitializer, dims::Integer...) where {T,N,M} = $A{T,N,M}(Array{T,N}(u, map(Int, dims)))
        $A{T,N,M}(u::UndefInitializer, dims::Tuple{Vararg{Integer}}) where {T,N,M} = $A{T,N,M}(Array{T,N}(u, map(Int, dims)))
        $A(x::Union{Base.Generator,Tuple}) = $A(collect(x))
        # memory that somebody else has made
        Base.unsafe_wrap(::Type{<:$A}, p::Ptr{T}, dims::Union{Integer,Tuple{Vararg{Integer}}}; own::Bool = false, kw...) where {T} =
            Base.Device.wrap_as($A, Base.unsafe_wrap(Array, p, dims))
        Base.unsafe_wrap(A::Type{<:$A}, p::Core.LLVMPtr{T}, dims::Union{Integer,Tuple{Vararg{Integer}}}; kw...) where {T} =
            Base.unsafe_wrap(A, Core.Intrinsics.bitcast(Ptr{T}, p), dims; kw...)
        Base.unsafe_wrap(::Type{<:$A}, a::Array; kw...) = Base.Device.wrap_as($A, a)
        Base.convert(::Type{$A}, x::AbstractArray) = x isa $A ? x : $A(x)
        Base.convert(::Type{$A{T}}, x::AbstractArray) where {T} = x isa $A{T} ? x : $A{T}(x)
        Base.convert(::Type{$A{T,N}}, x::AbstractArray{<:Any,N}) where {T,N} = x isa $A{T,N} ? x : $A{T,N}(x)
        Base.Device.adapt_storage(::Type{<:$A}, x::Array) = $A(x)
        Base.Device.adapt_storage(::Type{<:$A{T}}, x::Array{<:AbstractFloat}) where {T<:AbstractFloat} = $A{T}(x)
    end)
end

# `@array_functions CuArray CUDABackend`: the constructors by size of a module whose array type is `CuArray`. The
# default element type is that of devices without doubles.
macro array_functions(A, B)
    return esc(quote
        on_device(a::Array) = $A(a)
        Base.Device.get_backend(::$A) = $B()
        Base.Device.backend_array(::$B, a::Array{T,N}) where {T,N} = Base.Device.wrap_as($A, a)
        zeros(::Type{T}, dims::Integer...) where {T} = fill!($A{T}(undef, dims), zero(T))
        zeros(::Type{T}, dims::Tuple{Vararg{Integer}}) where {T} = fill!($A{T}(undef, dims), zero(T))
        zeros(dims::Integer...) = zeros(Float32, dims)
        zeros(dims::Tuple{Vararg{Integer}}) = zeros(Float32, dims)
        ones(::Type{T}, dims::Integer...) where {T} = fill!($A{T}(undef, dims), one(T))
        ones(::Type{T}, dims::Tuple{Vararg{Integer}}) where {T} = fill!($A{T}(undef, dims), one(T))
        ones(dims::Integer...) = ones(Float32, dims)
        ones(dims::Tuple{Vararg{Integer}}) = ones(Float32, dims)
        fill(x, dims::Integer...) = fill!($A{typeof(x)}(undef, dims), x)
        fill(x, dims::Tuple{Vararg{Integer}}) = fill!($A{typeof(x)}(undef, dims), x)
        trues(dims...) = fill(true, dims...)
        falses(dims...) = fill(false, dims...)
        rand(::Type{T}, dims::Integer...) where {T} = Base.Device.wrap_as($A, Base.rand(T, map(Int, dims)))
        rand(::Type{T}, dims::Dims) where {T} = Base.Device.wrap_as($A, Base.rand(T, dims))
        rand(dims::Integer...) = rand(Float32, dims...)
        rand(dims::Dims) = rand(Float32, dims)
        rand(r::AbstractArray, dims::Integer...) = Base.Device.wrap_as($A, Base.rand(r, map(Int, dims)))
        randn(::Type{T}, dims::Integer...) where {T} = Base.Device.wrap_as($A, Base.randn(T, map(Int, dims)))
        randn(::Type{T}, dims::Dims) where {T} = Base.Device.wrap_as($A, Base.randn(T, dims))
        randn(dims::Integer...) = randn(Float32, dims...)
        randn(dims::Dims) = randn(Float32, dims)
        seed!(s = nothing) = Random.seed!(s)
        Random.rand!(a::$A) = (Random.rand!(Base.Device.host(a)); a)
        Random.randn!(a::$A) = (Random.randn!(Base.Device.host(a)); a)
        unsafe_free!(::$A) = nothing
    end)
end

# ---- kernels as values ------------------------------------------------------------------------------------

# A kernel for arguments of given types, ready to be launched on the machine `D`; each module says with which
# keyword arguments.
struct HostKernel{D,F,TT}
    f::F
end
Base.show(io::IO, k::HostKernel{D,F,TT}) where {D,F,TT} = print(io, "HostKernel for ", k.f, "(", join(TT.parameters, ", "), ")")
# Starts `k` on `groups` groups of `items` work-items.
function start(k::HostKernel{D}, args::Tuple, items::NTuple{3,Int}, groups::NTuple{3,Int}, shmem::Integer = 0) where {D}
    shmem >= 0 || throw(ArgumentError(string("shared memory size must not be negative, got ", shmem)))
    launch(D, k.f, args, items, groups, Int(shmem))
    return nothing
end
function check_group(t::NTuple{3,Int}, what = "Group")
    check_dims(what, t)
    prod(t) <= 1024 || throw(ArgumentError(string("a work-group has at most 1024 work-items, got ", prod(t))))
    return t
end

# The expansion of `@cuda` and its like: `make(f, Tuple{…}; compile options…)`, then the kernel is called with the
# launch options unless `launch=false`; gives the kernel.
function launch_expression(name, exs, make, compile_options, launch_options)
    options, f, args = split_launch(name, exs)
    launched = true
    compile, run = Any[], Any[]
    for o in options
        k, v = o.args
        if k === :launch
            v isa Bool || throw(ArgumentError(string(name, ": `launch` must be a literal `true` or `false`")))
            launched = v
        elseif k in compile_options
            push!(compile, Expr(:kw, k, esc(v)))
        elseif k in launch_options
            push!(run, Expr(:kw, k, esc(v)))
        else
            throw(ArgumentError(string(name, ": unsupported keyword argument `", k, "`")))
        end
    end
    !launched && !isempty(run) && throw(ArgumentError(string(name, " with launch=false does not support launch-time keyword arguments; use them when calling the kernel")))
    splat(a) = a isa Expr && a.head === :... ? Expr(:..., esc(a.args[1])) : esc(a)
    call = launched ? :(kernel(args...; $(run...))) : nothing
    return quote
        let
            local args = ($(map(splat, args)...),)
            local kernel = $make($(esc(f)), typeof(args); $(compile...))
            $call
            kernel
        end
    end
end

# ---- OpenCL's words ---------------------------------------------------------------------------------------

@noinline throw_dimension(d) = throw(ArgumentError(string("the dimensions of index queries count from 1 to 3, got ", d)))

# `@opencl_words CLLocalArray`: index queries, barriers, atomics and output as kernels of OpenCL and of oneAPI spell
# them. Dimension `d` counts from 1, and so do the ids. One method with a constant dimension per call: the query
# folds to one instruction.
macro opencl_words(localarray)
    return esc(quote
        @inline pick(t::NamedTuple, d::Integer) = d == 1 ? t.x : d == 2 ? t.y : d == 3 ? t.z : Base.Device.throw_dimension(d)
        @inline get_global_id(d::Integer = 1) = Int(pick(Base.Device.global_index(), d))
        @inline get_local_id(d::Integer = 1) = Int(pick(Base.Device.local_index(), d))
        @inline get_group_id(d::Integer = 1) = Int(pick(Base.Device.group_index(), d))
        @inline get_local_size(d::Integer = 1) = Int(pick(Base.Device.group_dim(), d))
        @inline get_enqueued_local_size(d::Integer = 1) = get_local_size(d)
        @inline get_num_groups(d::Integer = 1) = Int(pick(Base.Device.grid_dim(), d))
        @inline get_global_size(d::Integer = 1) = get_local_size(d) * get_num_groups(d)
        @inline get_global_offset(d::Integer = 1) = 0
        @inline get_work_dim() = 3
        @inline get_local_linear_id() = Int(Base.Device.linear_local_id()) + 1
        @inline get_global_linear_id() = get_global_id(1) + get_global_size(1) * (get_global_id(2) - 1 + get_global_size(2) * (get_global_id(3) - 1))
        @inline get_sub_group_size() = Int(Base.Device.warp_size())
        @inline get_max_sub_group_size() = Int(Base.Device.warp_size())
        @inline get_sub_group_local_id() = Int(Base.Device.lane_id())
        @inline get_sub_group_id() = Base.udiv_int(get_local_linear_id() - 1, get_sub_group_size()) + 1
        @inline get_num_sub_groups() = Base.udiv_int(get_local_size(1) * get_local_size(2) * get_local_size(3) + get_sub_group_size() - 1, get_sub_group_size())
        const CLK_LOCAL_MEM_FENCE = 0x1
        const CLK_GLOBAL_MEM_FENCE = 0x2
        const LOCAL_MEM_FENCE = CLK_LOCAL_MEM_FENCE
        const GLOBAL_MEM_FENCE = CLK_GLOBAL_MEM_FENCE
        @inline barrier(flags = CLK_LOCAL_MEM_FENCE) = Base.Device.barrier()
        @inline work_group_barrier(flags = CLK_LOCAL_MEM_FENCE, scope = nothing) = Base.Device.barrier()
        @inline sub_group_barrier(flags = CLK_LOCAL_MEM_FENCE, scope = nothing) = Base.Device.sync_warp()
        @inline mem_fence(flags = CLK_GLOBAL_MEM_FENCE) = Base.Device.fence_device()
        @inline read_mem_fence(flags = CLK_GLOBAL_MEM_FENCE) = Base.Device.fence_device()
        @inline write_mem_fence(flags = CLK_GLOBAL_MEM_FENCE) = Base.Device.fence_device()
        @inline sub_group_shuffle(x, lane) = Base.Device.shuffle(Val(:idx), Base.Device.FULL_MASK, x, lane - 1, 32)
        @inline sub_group_shuffle_xor(x, lanes) = Base.Device.shuffle(Val(:xor), Base.Device.FULL_MASK, x, lanes, 32)
        @inline $localarray(::Type{T}, dims) where {T} = Base.Device.shared_array(T, Val(dims), Val(:site))
        @inline $localarray(::Type{T}, ::Val{dims}) where {T,dims} = Base.Device.shared_array(T, Val(dims), Val(:site))
        @inline atomic_add!(p::Base.Device.MemPtr{T}, x) where {T} = Base.Device.atomic_update(p, +, convert(T, x)).first
        @inline atomic_sub!(p::Base.Device.MemPtr{T}, x) where {T} = Base.Device.atomic_update(p, -, convert(T, x)).first
        @inline atomic_and!(p::Base.Device.MemPtr{T}, x) where {T} = Base.Device.atomic_update(p, &, convert(T, x)).first
        @inline atomic_or!(p::Base.Device.MemPtr{T}, x) where {T} = Base.Device.atomic_update(p, |, convert(T, x)).first
        @inline atomic_xor!(p::Base.Device.MemPtr{T}, x) where {T} = Base.Device.atomic_update(p, xor, convert(T, x)).first
        @inline atomic_min!(p::Base.Device.MemPtr{T}, x) where {T} = Base.Device.atomic_update(p, min, convert(T, x)).first
        @inline atomic_max!(p::Base.Device.MemPtr{T}, x) where {T} = Base.Device.atomic_update(p, max, convert(T, x)).first
        @inline atomic_inc!(p::Base.Device.MemPtr{T}) where {T} = Base.Device.atomic_update(p, +, one(T)).first
        @inline atomic_dec!(p::Base.Device.MemPtr{T}) where {T} = Base.Device.atomic_update(p, -, one(T)).first
        @inline atomic_xchg!(p::Base.Device.MemPtr, x) = Base.Device.atomic_swap(p, x)
        @inline atomic_cmpxchg!(p::Base.Device.MemPtr, expected, x) = Base.Device.atomic_replace(p, expected, x).old
        macro atomic(args...)
            return Base.Device.atomic_macro(args, :old)
        end
        macro print(args...)
            return Base.Device.print_call(args)
        end
        macro println(args...)
            return Base.Device.print_call((args..., "\n"))
        end
        macro printf(fmt, args...)
            return Base.Device.printf_call(fmt, args)
        end
    end)
end
