# `@kwdef struct … end`: a struct with a keyword constructor and default values of fields.

macro kwdef(def)
    ex = def
    while ast_is(ex, :macrocall)
        ex = macroexpand(__module__, ex)
    end
    ast_is(ex, :struct) || error("Invalid usage of @kwdef")
    ex = copy(ex)
    head = ex.args[2]
    ast_is(head, :<:) && (head = head.args[1])
    params = Expr(:parameters)
    names = Any[]
    body = Expr(:block)
    for a in ex.args[3].args
        push!(body.args, kwdef_field(a, params, names))
    end
    ex.args[3] = body
    defs = Expr(:block)
    if !isempty(names)
        if head isa Symbol
            push!(defs.args, Expr(:(=), Expr(:call, head, params), Expr(:call, head, names...)))
        elseif ast_is(head, :curly)
            name = head.args[1]
            vars = Any[ast_is(p, :<:) ? p.args[1] : ast_is(p, :>:) ? p.args[1] : p for p in head.args[2:end]]
            full = Expr(:curly, name, vars...)
            push!(defs.args, Expr(:(=), Expr(:call, name, params), Expr(:call, name, names...)))
            push!(defs.args, Expr(:(=), Expr(:where, Expr(:call, full, params), head.args[2:end]...), Expr(:call, full, names...)))
        else
            error("Invalid usage of @kwdef")
        end
    end
    return Expr(:block, esc(ex), esc(defs), nothing)
end
# The field declaration without its default; what the keyword list gets goes to `params`.
function kwdef_field(a, params, names)
    if a isa Symbol
        push!(params.args, a)
        push!(names, a)
        return a
    elseif a isa Expr
        if a.head === :(::)
            push!(params.args, a.args[1])
            push!(names, a.args[1])
            return a
        elseif a.head === :(=)
            decl = a.args[1]
            plain = ast_is(decl, :const) || ast_is(decl, :atomic) ? decl.args[1] : decl
            name = ast_is(plain, :(::)) ? plain.args[1] : plain
            name isa Symbol || return a # a constructor in short form
            push!(params.args, Expr(:kw, name, a.args[2]))
            push!(names, name)
            return decl
        elseif a.head === :const || a.head === :atomic
            return Expr(a.head, kwdef_field(a.args[1], params, names))
        end
    end
    return a
end
