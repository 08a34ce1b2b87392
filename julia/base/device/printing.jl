# Output of kernels.

print_format(::Type{<:Union{Int8,Int16,Int32,Int64}}) = "%lld"
print_format(::Type{<:Union{UInt8,UInt16,UInt32,UInt64}}) = "%llu"
print_format(::Type{<:Union{Float16,Float32,Float64}}) = "%f"
print_format(::Type{<:Union{Ptr,LLVMPtr}}) = "%p"
print_format(::Type{Char}) = "%c"
print_format(::Type{Symbol}) = "%s"
print_format(::Type{String}) = "%s"
print_format(::Type{Nothing}) = "nothing"
# Stands in a format for a `Bool`, which prints as one of two words.
const BOOL_MARK = "%?"
# One `gpu_print` per combination of the Bools' values: a format is constant text.
function print_branches(text::String, args)
    at = findfirst(BOOL_MARK, text)
    at === nothing && return :(gpu_print($text, $(args...)))
    k = count_conversions(SubString(text, 1, first(at) - 1)) + 1
    rest = Any[args[i] for i in eachindex(args) if i != k]
    spelled(word) = print_branches(string(SubString(text, 1, first(at) - 1), word, SubString(text, last(at) + 1)), rest)
    return Expr(:if, args[k], spelled("true"), spelled("false"))
end
count_conversions(t) = length(findall('%', t)) - 2 * length(findall("%%", t))
# Pieces of one message: format text and the expressions of its arguments, of a value of type `T`.
function print_pieces(T, x)
    T === Bool && return (BOOL_MARK, Any[x])
    T === Nothing && return ("nothing", Any[])
    T === Char && return ("%c", Any[:(UInt32($x))])
    T <: Val && return (string(T.parameters[1]), Any[])
    if T <: Type
        return (string(T.parameters[1]), Any[])
    elseif T <: Tuple && isconcretetype(T) || T <: NamedTuple && isconcretetype(T)
        names = T <: NamedTuple ? fieldnames(T) : ()
        text, args = "(", Any[]
        for i in 1:fieldcount(T)
            t, a = print_pieces(fieldtype(T, i), :(getfield($x, $i)))
            text = string(text, i > 1 ? ", " : "", T <: NamedTuple ? string(names[i], " = ") : "", t)
            append!(args, a)
        end
        return (string(text, fieldcount(T) == 1 ? ",)" : ")"), args)
    elseif isbitstype(T) && !Core.Host.isprimitivetype(T)
        text, args = string(nameof(T), "("), Any[]
        for i in 1:fieldcount(T)
            t, a = print_pieces(fieldtype(T, i), :(getfield($x, $i)))
            text = string(text, i > 1 ? ", " : "", t)
            append!(args, a)
        end
        return (string(text, ")"), args)
    end
    return (print_format(T), Any[x])
end
escape_percent(s::String) = replace(s, "%" => "%%")
# Prints its arguments one after the other. Literal text comes as `Val(:text)`. On the host as `print` does.
print_items(items...) = foreach(print_item, items)
print_item(x) = print(x)
print_item(::Val{text}) where {text} = print(text)
@override DEVICE_TABLE @generated function print_items(items...)
    text, args = "", Any[]
    for (i, T) in enumerate(items)
        if T <: Val && T.parameters[1] isa Symbol
            text = string(text, escape_percent(string(T.parameters[1])))
        else
            t, a = print_pieces(T, :(items[$i]))
            text = string(text, t)
            append!(args, a)
        end
    end
    return Expr(:block, print_branches(text, args), nothing)
end
# The arguments of `print_items` for macro arguments, with interpolated strings taken apart.
function print_arguments(parts)
    out = Any[]
    for p in parts
        if p isa AbstractString
            push!(out, :(Val($(QuoteNode(Symbol(p))))))
        elseif p isa Expr && p.head === :string
            append!(out, print_arguments(p.args))
        elseif p isa Union{Number,Char,Symbol,QuoteNode} && !(p isa Symbol)
            push!(out, :(Val($(QuoteNode(Symbol(p isa QuoteNode ? p.value : p))))))
        else
            push!(out, esc(p))
        end
    end
    return out
end
print_call(parts) = :($print_items($(print_arguments(parts)...)))
# C's `printf` with a literal format; integers of all widths are passed as 64 bits.
function printf_call(format::String, args)
    return :($printf_items(Val($(QuoteNode(Symbol(wide_format(format))))), $(map(esc, args)...)))
end
@device_function @generated function printf_items(::Val{format}, args...) where {format}
    vals = Any[T === Bool ? :(UInt32(args[$i])) : T === Char ? :(UInt32(args[$i])) : :(args[$i]) for (i, T) in enumerate(args)]
    return :(gpu_print($(string(format)), $(vals...)); Int32($(length(args))))
end
# `%d` → `%lld`: device printing passes integers in 64 bits
function wide_format(f::String)
    out = IOBuffer()
    i = 1
    n = ncodeunits(f)
    while i <= n
        c = f[i]
        i = nextind(f, i)
        print(out, c)
        c == '%' || continue
        while i <= n && (f[i] in "-+ #0123456789.*")
            print(out, f[i])
            i += 1
        end
        while i <= n && f[i] in "hljzt"
            i += 1
        end
        i > n && break
        f[i] in "diouxX" && print(out, "ll")
        print(out, f[i])
        i += 1
    end
    return String(take!(out))
end
