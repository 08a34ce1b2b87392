# `dump`: every field of a value, indented.

const DUMP_DEPTH = 8
dump(x; maxdepth::Integer = DUMP_DEPTH) = dump(stdout, x; maxdepth)
function dump(io::IO, x; maxdepth::Integer = DUMP_DEPTH)
    dump_value(IOContext(io, :limit => true), x, Int(maxdepth), "")
    println(io)
    return nothing
end

dump_value(io::IO, x::Symbol, depth, indent) = print(io, "Symbol ", x)
dump_value(io::IO, x::AbstractString, depth, indent) = (print(io, typeof(x), " "); show(io, x))
dump_value(io::IO, x::Module, depth, indent) = print(io, "Module ", x)
dump_value(io::IO, x::Core.SimpleVector, depth, indent) = dump_elements(io, "SimpleVector", x, depth, indent)
function dump_value(io::IO, x::Array, depth, indent)
    head = string("Array{", eltype(x), "}(", size(x), ")")
    eltype(x) <: Number || return dump_elements(io, head, x, depth, indent)
    print(io, head, " ")
    show(io, x)
end
function dump_value(io::IO, x::Function, depth, indent)
    print(io, x, " (function of type ", typeof(x), ")")
    nfields(x) == 0 || dump_fields(io, x, depth, indent)
end
# Of a type: its supertype, and what its instances hold.
function dump_value(io::IO, x::DataType, depth, indent)
    print(io, x)
    x === Any || print(io, " <: ", supertype(x))
    (depth > 0 && !isabstracttype(x) && !(x <: Tuple)) || return nothing
    for (name, T) in zip(fieldnames(x), fieldtypes(x))
        print(io, "\n", indent, "  ", name, "::", T)
    end
end
function dump_value(io::IO, x, depth, indent)
    T = typeof(x)
    if nfields(x) == 0 || x isa Number && Core.Host.isprimitivetype(T)
        print(io, T, " ")
        show(io, x)
    else
        print(io, T)
        dump_fields(io, x, depth, indent)
    end
end

function dump_fields(io::IO, x, depth, indent)
    depth > 0 || return nothing
    for (i, name) in enumerate(fieldnames(typeof(x)))
        print(io, "\n", indent, "  ", name, ": ")
        isdefined(x, i) ? dump_value(io, getfield(x, i), depth - 1, string(indent, "  ")) : print(io, "#undef")
    end
end

# Of many elements the first and the last few.
function dump_elements(io::IO, head, x, depth, indent)
    print(io, head)
    depth > 0 || return nothing
    for i in 1:length(x)
        if length(x) > 10 && 5 < i <= length(x) - 5
            i == 6 && print(io, "\n", indent, "  ...")
            continue
        end
        print(io, "\n", indent, "  ", i, ": ")
        isassigned(x, i) ? dump_value(io, x[i], depth - 1, string(indent, "  ")) : print(io, "#undef")
    end
end
