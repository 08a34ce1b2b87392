# Functions as pointers in device code: compiled with the kernel that asks for them, linked to it, and called through
# their address, which may be chosen at run time or kept in memory.

# A function of device code that takes arguments of the types of the tuple `TT` and returns an `R`. Plain data: arrays and
# structs may hold it. `f` is what is called: nothing but its captures, and those are passed along.
struct DeviceFunction{R,TT,F} <: Function
    address::Ptr{R}
    f::F
    DeviceFunction{R,TT,F}(address::Ptr{R}, f::F) where {R,TT,F} = new{R,TT,F}(address, f)
end

# `deferred(f, Tuple{Int32, Float32})`: `f` for these arguments as a pointer. The kernel is compiled again when the method
# that this selects is redefined.
@inline deferred(f::F, ::Type{TT}) where {F,TT<:Tuple} = function_at(Core.Intrinsics.gpu_function(f, TT), f, TT)
@inline function_at(address::Ptr{R}, f::F, ::Type{TT}) where {R,F,TT} = DeviceFunction{R,TT,F}(address, f)

@inline (d::DeviceFunction{R,TT})(args...) where {R,TT} = call_at(d, convert_arguments(TT, args)...)
@inline call_at(d::DeviceFunction{R,TT}, args...) where {R,TT} = Core.Intrinsics.gpu_call(getfield(d, :address), TT, getfield(d, :f), args...)
@inline function convert_arguments(::Type{TT}, args::Tuple{Vararg{Any,N}}) where {TT<:Tuple,N}
    N == Base.fieldcount(TT) || throw(ArgumentError("a device function called with the wrong number of arguments"))
    return ntuple(i -> convert(fieldtype(TT, i), args[i]), Val(N))
end
