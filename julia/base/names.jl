# Names under which Base keeps what other modules' sources ask it for, and modules that are little more than names.

const DenseVecOrMat{T} = Union{DenseVector{T},DenseMatrix{T}}
const ∜ = fourthroot
const isidentifier = Meta.isidentifier
const isoperator = Meta.isoperator
isunaryoperator(s::Symbol) = s in (:+, :-, :!, :~, :¬, :√, :∛, :∜, :⋆, :±, :∓, :<:, :>:, :&, :$)
isbinaryoperator(s::Symbol) = isoperator(s) && !(s in (:!, :~, :¬, :√, :∛, :∜)) || s === :~
function operator_precedence(s::Symbol)
    t = string(s)
    t in ("=", ":=", "~", ".=") || (endswith(t, "=") && isoperator(Symbol(chop(t))) && !(t in ("==", "!=", "<=", ">=", "===", "!=="))) && return 1
    s === :(=>) && return 2
    s === :? && return 3
    s in (:-->, :→, :←, :↔) && return 4
    s === :|| && return 5
    s === :&& && return 6
    s in (:<, :>, :<=, :>=, :(==), :(!=), :(===), :(!==), :in, :isa, :∈, :∉, :∋, :⊆, :≤, :≥, :≠, :≈, :<:, :>:, :≡, :≢) && return 7
    s === :<| && return 8
    s === :|> && return 9
    s === :(:) || s === :.. ? (return 10) : nothing
    s in (:+, :-, :|, :⊻, :∪, :++, :⊕, :⊖, :±, :∓, :xor) && return 11
    s in (:*, :/, :÷, :%, :&, :⋅, :∘, :×, :\, :∩, :⊗) && return 12
    s === ://  && return 13
    s in (:<<, :>>, :>>>) && return 14
    s in (:^, :↑, :↓) && return 15
    s === :(::) && return 16
    s === :. && return 17
    return 0
end
operator_associativity(s::Symbol) = operator_precedence(s) in (1, 2, 3, 4, 5, 6, 15) ? :right : s in (:+, :*, :++) ? :none : :left
isgensym(s::Symbol) = occursin('#', string(s))
notnothing(x) = x === nothing ? throw(ArgumentError("nothing passed to notnothing")) : x
inferencebarrier(x) = x
isvatuple(T::DataType) = any(p -> p isa Core.TypeofVararg, T.parameters)
uabs(x::Integer) = abs(x)
uabs(x::Base.BitSigned) = unsigned(abs(x))
const text_colors = Dict{Union{Symbol,Int},String}(:normal => "\e[0m", :default => "\e[39m", :bold => "\e[1m", :underline => "\e[4m", :blink => "\e[5m", :reverse => "\e[7m", :nothing => "",
    :black => "\e[30m", :red => "\e[31m", :green => "\e[32m", :yellow => "\e[33m", :blue => "\e[34m", :magenta => "\e[35m", :cyan => "\e[36m", :white => "\e[37m",
    :light_black => "\e[90m", :light_red => "\e[91m", :light_green => "\e[92m", :light_yellow => "\e[93m", :light_blue => "\e[94m", :light_magenta => "\e[95m", :light_cyan => "\e[96m", :light_white => "\e[97m")
evalfile(path::AbstractString, args = String[]) = Core.eval(Module(:__anon__), Expr(:toplevel, :(include($path))))
closewrite(io::IO) = nothing
displayable(mime) = istextmime(mime)
unsafe_write(io::IO, p::Ptr, n::Integer) = write(io, unsafe_string(convert(Ptr{UInt8}, p), n))

macro Kwargs(ex)
    return :(let
        NT = @NamedTuple $(esc(ex))
        Pairs{keytype(NT),eltype(NT),Nothing,NT}
    end)
end

# Values to wait between attempts, and calls that are tried again.
struct ExponentialBackOff
    n::Int
    first_delay::Float64
    max_delay::Float64
    factor::Float64
    jitter::Float64
end
ExponentialBackOff(; n = 1, first_delay = 0.05, max_delay = 10.0, factor = 5.0, jitter = 0.1) = ExponentialBackOff(n, first_delay, max_delay, factor, jitter)
length(b::ExponentialBackOff) = b.n
eltype(::Type{ExponentialBackOff}) = Float64
function iterate(b::ExponentialBackOff, state = (b.n, min(b.first_delay, b.max_delay)))
    n, delay = state
    n < 1 && return nothing
    return delay, (n - 1, min(b.max_delay, delay * b.factor * (1 - b.jitter + rand() * 2 * b.jitter)))
end
function retry(f; delays = ExponentialBackOff(), check = nothing)
    return function (args...; kwargs...)
        y = iterate(delays)
        while true
            try
                return f(args...; kwargs...)
            catch e
                y === nothing && rethrow()
                if check !== nothing
                    r = check(y[2], e)
                    again = r isa Tuple ? r[2] : r
                    again || rethrow()
                end
            end
            sleep(y[1])
            y = iterate(delays, y[2])
        end
    end
end

module Libc
import ..Base: strerror, errno, time, getpid, gethostname
export strerror, errno, gethostname, getpid, time, strftime
strftime(t) = strftime("%c", t)
strftime(format::AbstractString, t::Real) = throw(ArgumentError("strftime is not supported"))
end
module StackTraces
export StackFrame, stacktrace, StackTrace
struct StackFrame
    func::Symbol
    file::Symbol
    line::Int
end
const StackTrace = Vector{StackFrame}
stacktrace(args...) = StackFrame[]
end
module Filesystem
using ..Base
import ..Base: stat, StatStruct, IOError
end
module Unicode
import ..Base: isletter, lowercase, uppercase, titlecase
export normalize, graphemes
end
