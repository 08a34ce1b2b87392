# Bodies that only kernels have. They live in tables of their own, in which the compiler looks for kernels' calls before
# the global one: the table of all devices under those of each back-end. Host code sees bodies that say what they are.

const DEVICE_TABLE = Core.Host.named_method_table(:device)
const CPU_TABLE = Core.Host.named_method_table(:cpu)
const PTX_TABLE = Core.Host.named_method_table(:ptx)
const SPIRV_TABLE = Core.Host.named_method_table(:spirv)
const GCN_TABLE = Core.Host.named_method_table(:gcn)
const METAL_TABLE = Core.Host.named_method_table(:metal)

@noinline only_in_kernels(name) = throw(ErrorException(string("`", name, "` has a meaning in kernels only")))

# The same definition as a method of a table. `definition` may be under `@generated`, `@inline` and the like.
function override(table, definition)
    definition isa Expr || throw(ArgumentError("a function definition is needed"))
    definition.head === :macrocall && return Expr(:macrocall, definition.args[1:end-1]..., override(table, definition.args[end]))
    definition.head in (:function, :(=)) || throw(ArgumentError("a function definition is needed"))
    return Expr(definition.head, in_table(table, definition.args[1]), definition.args[2])
end
function in_table(table, signature)
    signature.head in (:where, :(::)) && return Expr(signature.head, in_table(table, signature.args[1]), signature.args[2:end]...)
    signature.head === :call || throw(ArgumentError("a function definition is needed"))
    return Expr(:call, Expr(:overlay, table, signature.args[1]), signature.args[2:end]...)
end
signature_of(definition) = definition.head === :macrocall ? signature_of(definition.args[end]) : definition.args[1]
function_name(signature) = signature.head in (:where, :(::)) ? function_name(signature.args[1]) : signature.args[1]

# `@device_function f(x) = …`: what `f` does in kernels. On the host a call of it is an error.
macro device_function(definition)
    signature = signature_of(definition)
    stub = Expr(:(=), signature, Expr(:call, only_in_kernels, QuoteNode(function_name(signature))))
    return esc(Expr(:block, stub, override(DEVICE_TABLE, definition)))
end

# `@override table f(x) = …`: what `f` does where the calls are looked up in that table.
macro override(table, definition)
    return esc(override(table, definition))
end
