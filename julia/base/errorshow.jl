# What uncaught errors say.

showerror(io::IO, ex) = show(io, ex)
showerror(io::IO, ex::ErrorException) = print(io, ex.msg)
showerror(io::IO, ex::ArgumentError) = print(io, "ArgumentError: ", ex.msg)
showerror(io::IO, ex::AssertionError) = print(io, "AssertionError: ", ex.msg)
showerror(io::IO, ex::DimensionMismatch) = print(io, "DimensionMismatch: ", ex.msg)
showerror(io::IO, ex::OverflowError) = print(io, "OverflowError: ", ex.msg)
showerror(io::IO, ::DivideError) = print(io, "DivideError: integer division error")
showerror(io::IO, ::StackOverflowError) = print(io, "StackOverflowError:")
showerror(io::IO, ::UndefRefError) = print(io, "UndefRefError: access to undefined reference")
showerror(io::IO, ::OutOfMemoryError) = print(io, "OutOfMemoryError()")
showerror(io::IO, ::InterruptException) = print(io, "InterruptException:")
showerror(io::IO, ::EOFError) = print(io, "EOFError: read end of file")
showerror(io::IO, ex::KeyError) = (print(io, "KeyError: key "); show(io, ex.key); print(io, " not found"))
showerror(io::IO, ex::MissingException) = print(io, "MissingException: ", ex.msg)
function showerror(io::IO, ex::UndefVarError)
    print(io, "UndefVarError: `", ex.var, "` not defined")
    if isdefined(ex, :scope)
        s = ex.scope
        if s isa Module
            print(io, " in `", s, "`")
        elseif s === :static_parameter
            print(io, " in static parameter matching")
        elseif s === :local
            print(io, " in local scope")
        end
    end
end
showerror(io::IO, ex::UndefKeywordError) = print(io, "UndefKeywordError: keyword argument `", ex.var, "` not assigned")
function showerror(io::IO, ex::InexactError)
    print(io, "InexactError: ", ex.func, "(")
    ex.args[1] === Nothing || print(io, nameof_short(ex.func) === nameof_short(ex.args[1]) ? "" : string(ex.args[1], ", "))
    show(io, ex.args[2])
    for i in 3:length(ex.args)
        print(io, ", ")
        show(io, ex.args[i])
    end
    print(io, ")")
end
nameof_short(x::Symbol) = x
nameof_short(x::Type) = Symbol(string(x))
nameof_short(x) = x
function showerror(io::IO, ex::DomainError)
    isdefined(ex, :val) || return print(io, "DomainError")
    if ex.val isa AbstractArray
        print(io, "DomainError with array of type ", typeof(ex.val))
    else
        print(io, "DomainError with ", ex.val)
    end
    isdefined(ex, :msg) && print(io, ":\n", ex.msg)
    return nothing
end
function showerror(io::IO, ex::BoundsError)
    print(io, "BoundsError")
    isdefined(ex, :a) || return nothing
    print(io, ": attempt to access ")
    summary(io, ex.a)
    if isdefined(ex, :i)
        print(io, " at index ")
        i = ex.i
        print(io, "[")
        if i isa AbstractRange
            print(io, i)
        elseif i isa AbstractString
            show(io, i)
        else
            first = true
            for x in (i isa Tuple ? i : (i,))
                first || print(io, ", ")
                first = false
                show_index(io, x)
            end
        end
        print(io, "]")
    end
    return nothing
end
show_index(io, x) = show(io, x)
show_index(io, x::Slice) = show_index(io, x.indices)
show_index(io, x::LogicalIndex) = summary(io, x.mask)
show_index(io, x::OneTo) = print(io, "1:", x.stop)
show_index(io, ::Colon) = print(io, ":")
showerror(io::IO, ex::StringIndexError) = begin
    s = ex.string
    print(io, "StringIndexError: invalid index [", ex.index, "]")
    if 1 <= ex.index <= ncodeunits(s)
        i = thisind(s, ex.index)
        j = nextind(s, i)
        print(io, ", valid nearby ", j <= ncodeunits(s) ? "indices [" : "index [", i, "]=>'", escape_string(string(s[i])), "'")
        j <= ncodeunits(s) && print(io, ", [", j, "]=>'", escape_string(string(s[j])), "'")
    end
end
function showerror(io::IO, ex::TypeError)
    print(io, "TypeError: ")
    if ex.expected === Bool && ex.context === Symbol("")  || ex.func === Symbol("if") || ex.context === Symbol("if")
        print(io, "non-boolean (", typeof(ex.got), ") used in boolean context")
        return nothing
    end
    got = ex.got isa Type ? string("Type{", ex.got, "}") : string("a value of type ", typeof(ex.got))
    ctx = string(ex.context)
    if isempty(ctx)
        print(io, "in ", ex.func, ", expected ", ex.expected, ", got ", got)
    elseif ex.func === Symbol("keyword argument")
        print(io, "in keyword argument ", ctx, ", expected ", ex.expected, ", got ", got)
    else
        print(io, "in ", ex.func, ", in ", ctx, ", expected ", ex.expected, ", got ", got)
    end
end
typed_args_string(args) = join(map(a -> a isa Type ? string("::Type{", a, "}") : string("::", typeof(a)), args), ", ")
# a type that is applied in part stands in parentheses
constructor_name(f) = f isa UnionAll && f !== Core.Host.type_wrapper(f) ? string("(", f, ")") : string(f)
# A macro's name, of which a signature begins, as it is written where it is called as a function.
function called_name(text)
    startswith(text, '@') || return text
    stop = something(findfirst('(', text), ncodeunits(text) + 1)
    return string("var\"", text[1:prevind(text, stop)], "\"", text[stop:end])
end
function showerror(io::IO, ex::MethodError)
    f, args = ex.f, ex.args
    if f === Core.kwcall
        kw, f, args = args[1], args[2], tail(tail(args))
        kwtext = isempty(kw) ? "" : string("; ", join([string(k, "::", typeof(v)) for (k, v) in pairs(kw)], ", "))
    else
        kwtext = ""
    end
    ambiguous = Core.Host.call_is_ambiguous(f, args)
    name = f isa Function && Core.Host.is_generic_function(f) ? Core.Host.function_display_name(f) : f isa Type ? constructor_name(f) : f isa Core.Builtin ? string(f) : string("(::", typeof(f), ")")
    if ambiguous
        print(io, "MethodError: ", called_name(string(name)), "(", typed_args_string(args), kwtext, ") is ambiguous.")
        print(io, "\n\nCandidates:")
        for m in Core.Host.ambiguous_candidates(f, args)
            print(io, "\n  ", Core.Host.method_signature_string(m))
        end
        fix = Core.Host.unambiguous_signature(f, args)
        fix === nothing || print(io, "\n\nPossible fix, define\n  ", fix)
        return nothing
    end
    if f === convert && length(args) == 2 && args[1] isa Type && isempty(kwtext)
        from, to = Core.Typeof(args[2]), args[1]
        # types of one name are set below each other, with their parameters spelled out
        one_line = from isa DataType && to isa DataType && nameof(from) !== nameof(to)
        gap = one_line ? "" : "\n  "
        print(io, "MethodError: Cannot `convert` an object of type ", gap, one_line ? from : spelled_out(from), " to an object of type ", gap, one_line ? to : spelled_out(to))
    elseif !(f isa Function) && !(f isa Type) && Core.Host.method_count(f) == 0
        print(io, "MethodError: objects of type ", typeof(f), " are not callable")
    elseif f isa DataType && isabstracttype(f) && Core.Host.method_count(f) == 0
        print(io, "MethodError: no constructors have been defined for ", f)
    else
        print(io, "MethodError: no method matching ", called_name(string(name)), "(", typed_args_string(args), kwtext, ")")
    end
    if ex.world == typemax(UInt)
        print(io, "\nThis error has been manually thrown, explicitly, so the method may exist but be intentionally marked as unimplemented.")
    elseif isempty(kwtext) && Core.Host.only_newer_methods(f, args)
        print(io, "\nThe applicable method may be too new: running in world age ", Core.Host.world_of_error(ex), ", while current world is ", Core.Host.current_world(), ".")
    elseif f isa Function
        print(io, Core.Host.method_count(f) == 0 ? "\nThe function `" : "\nThe function `", name, "` exists, but no method is defined for this combination of argument types.")
    elseif f isa Type
        print(io, "\nThe type `", f, "` exists, but no method is defined for this combination of argument types when trying to construct it.")
    end
    cands = Core.Host.closest_methods(f, args, isempty(kwtext) ? () : keys(kw), ex)
    if !isempty(cands)
        print(io, "\n\nClosest candidates are:")
        for c in cands
            print(io, "\n  ", called_name(c))
        end
    end
    return nothing
end
spelled_out(T::DataType) = isempty(T.parameters) ? string(T) : string(nameof(T), "{", join(T.parameters, ","), "}")
spelled_out(T) = string(T)
function showerror(io::IO, ex::LoadError)
    print(io, "LoadError: ")
    showerror(io, ex.error)
    print(io, "\nin expression starting at ", ex.file, ":", ex.line)
end
showerror(io::IO, ex::InitError) = (print(io, "InitError: "); showerror(io, ex.error))
showerror(io::IO, ex::CanonicalIndexError) = print(io, "CanonicalIndexError: ", ex.func, " not defined for ", ex.type)
showerror(io::IO, ex, bt; backtrace = true) = showerror(io, ex)
struct CompositeException <: Exception
    exceptions::Vector{Any}
    CompositeException(exceptions = Any[]) = new(exceptions)
end
length(c::CompositeException) = length(c.exceptions)
isempty(c::CompositeException) = isempty(c.exceptions)
push!(c::CompositeException, ex) = (push!(c.exceptions, ex); c)
iterate(c::CompositeException, s...) = iterate(c.exceptions, s...)
eltype(::Type{CompositeException}) = Any
function showerror(io::IO, ex::CompositeException)
    isempty(ex) && return print(io, "CompositeException()\n")
    showerror(io, ex.exceptions[1])
    more = length(ex) - 1
    more > 0 && print(io, "\n\n...and ", more, " more exception", more > 1 ? "s" : "", ".\n")
    return nothing
end
rethrow() = Core.Host.rethrow_current()
rethrow(e) = throw(e)
current_exceptions() = Core.Host.current_exceptions()
catch_backtrace() = Any[]
backtrace() = Any[]
stacktrace(x...) = Any[]
