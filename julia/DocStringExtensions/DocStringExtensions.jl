# Names that docstrings interpolate. Docstrings are not kept, so that these stand for nothing.
module DocStringExtensions

export @template, EXPORTS, FIELDS, FUNCTIONNAME, IMPORTS, METHODLIST, README, LICENSE, DOCSTRING, SIGNATURES, TYPEDEF, TYPEDFIELDS, TYPEDSIGNATURES, interpolation

struct Abbreviation
    name::Symbol
end
Base.show(io::IO, a::Abbreviation) = print(io, a.name)
for name in (:EXPORTS, :FIELDS, :FUNCTIONNAME, :IMPORTS, :METHODLIST, :README, :LICENSE, :DOCSTRING, :SIGNATURES, :TYPEDEF, :TYPEDFIELDS, :TYPEDSIGNATURES)
    @eval const $name = Abbreviation($(QuoteNode(name)))
end
interpolation(object, state) = object
macro template(ex)
    return nothing
end

end
