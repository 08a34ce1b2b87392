# Expressions print as source text; the host's printer knows the grammar.

show(io::IO, ex::Expr) = print(io, Core.Host.quoted_expr_string(ex))
function show(io::IO, ::MIME"text/plain", ex::Expr)
    show(io, ex)
end
print(io::IO, ex::Expr) = print(io, Core.Host.expr_string(ex))
string(ex::Expr) = Core.Host.expr_string(ex)
show(io::IO, q::QuoteNode) = print(io, ":(", Core.Host.expr_string(q), ")")
print(io::IO, q::QuoteNode) = print(io, Core.Host.expr_string(q))
show(io::IO, l::LineNumberNode) = print(io, ":(#= ", l.file === nothing ? "none" : l.file, ":", l.line, " =#)")
print(io::IO, l::LineNumberNode) = print(io, "#= ", l.file === nothing ? "none" : l.file, ":", l.line, " =#")
show(io::IO, g::GlobalRef) = print(io, ":(", g.mod, ".", g.name, ")")
print(io::IO, g::GlobalRef) = print(io, g.mod, ".", g.name)
Expr(head::Symbol, args...) = Core._expr(head, args...)
==(a::Expr, b::Expr) = a.head === b.head && isequal(a.args, b.args)
isequal(a::Expr, b::Expr) = a == b
==(a::QuoteNode, b::QuoteNode) = isequal(a.value, b.value)
hash(ex::Expr, h::UInt) = hash(ex.args, hash(ex.head, h ⊻ 0x5b7d3a2d1a0e5f11))
copy(ex::Expr) = Core.Host.copy_ast(ex)
unquoted(q::QuoteNode) = q.value
unquoted(ex::Expr) = ex.args[1]
isexpr(ex, head::Symbol) = ex isa Expr && ex.head === head
isexpr(ex, heads) = ex isa Expr && ex.head in heads
isexpr(ex, head, n::Int) = isexpr(ex, head) && length(ex.args) == n
function remove_linenums!(ex)
    if ex isa Expr
        if ex.head === :block || ex.head === :quote
            filter!(x -> !(x isa LineNumberNode), ex.args)
        end
        for a in ex.args
            remove_linenums!(a)
        end
    end
    return ex
end
module Meta
using ..Base
import ..Base: isexpr, quot
# what the parser says of a text that is no program, with its place
struct ParseError <: Exception
    msg::String
    detail::Any
    ParseError(msg, detail = nothing) = new(msg, detail)
end
Base.showerror(io::IO, e::ParseError) = print(io, e.msg)
parse(s::AbstractString; raise::Bool = true, kw...) = Core.Host.parse_expr(String(s), raise)
function parse(s::AbstractString, i::Integer; raise::Bool = true, greedy::Bool = true)
    return Core.Host.parse_expr_at(String(s), Int(i), raise)
end
parseall(s::AbstractString; kw...) = Core.Host.parse_all(String(s))
isoperator(s::Symbol) = Core.Host.is_operator(s)
isidentifier(s) = Core.Host.is_identifier(string(s))
show_sexpr(ex) = show_sexpr(stdout, ex)
show_sexpr(io::IO, ex) = show_sexpr(io, ex, 0)
show_sexpr(io::IO, ex, indent) = show(io, ex)
# A block's statements stand on lines of their own.
function show_sexpr(io::IO, ex::Expr, indent)
    block = ex.head === :block
    print(io, "(")
    show(io, ex.head)
    for arg in ex.args
        print(io, block ? string(",\n", " "^(indent + 2)) : ", ")
        show_sexpr(io, arg, indent + 2)
    end
    isempty(ex.args) && print(io, ",")
    block && print(io, "\n", " "^indent)
    print(io, ")")
end
function show_sexpr(io::IO, ex::QuoteNode, indent)
    print(io, "(:quote, #QuoteNode\n", " "^(indent + 2))
    show_sexpr(io, ex.value, indent + 2)
    print(io, "\n", " "^indent, ")")
end
end
quot(ex) = Expr(:quote, ex)
macroexpand(m::Module, x; recursive = true) = Core.Host.macroexpand(m, x, recursive)
