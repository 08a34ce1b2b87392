# Docstrings are not kept: what asks for them finds none, what attaches them does nothing.

module Docs

export doc, hasdoc, undocumented_names, @doc

using ..Base: HTML, Text

"""
    Docs.Binding(module, name)

A name in a module, as documentation refers to it.
"""
struct Binding
    mod::Module
    var::Symbol
end

mutable struct DocStr
    text::Core.SimpleVector
    object::Any
    data::Dict{Symbol,Any}
end

mutable struct MultiDoc
    order::Vector{Type}
    docs::IdDict{Any,Any}
    MultiDoc() = new(Type[], IdDict{Any,Any}())
end

const keywords = Dict{Symbol,DocStr}()
const modules = Module[]
meta(m::Module; autoinit::Bool = true) = IdDict{Any,Any}()
initmeta(m::Module) = nothing
aliasof(b::Binding) = b
aliasof(x, name) = Binding(parentmodule(x), nameof(x))
resolve(b::Binding) = getglobal(b.mod, b.var)
doc(x, sig = Union{}) = nothing
hasdoc(m::Module, name::Symbol) = false
undocumented_names(m::Module; private::Bool = false) = Symbol[]
getdoc(x) = nothing
getdoc(x, sig) = nothing
parsedoc(x) = x
formatdoc(d::DocStr) = nothing
formatdoc(io::IO, d::DocStr, part) = nothing
catdoc(xs...) = isempty(xs) ? nothing : last(xs)
splitexpr(x::Expr) = (x.head === :macrocall ? x.args[1] : x.head === :. ? x.args[2] : x, nothing)
docm(args...) = nothing
namify(x) = x
nameof(b::Binding) = b.var
nameof(x) = Base.nameof(x)

end
