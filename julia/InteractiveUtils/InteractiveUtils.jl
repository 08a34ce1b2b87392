# What a prompt offers, as far as programs use it.
module InteractiveUtils

export @which, @code_lowered, @code_typed, @code_warntype, @code_llvm, @code_native, @functionloc, @edit, @less, code_lowered, code_typed, code_warntype, code_llvm, code_native, subtypes, supertypes,
    versioninfo, varinfo, clipboard

using Base: @which, @code_lowered, @code_typed, @code_warntype, @code_llvm, @code_native, @functionloc, @edit, @less, code_lowered, code_typed, code_warntype, code_llvm, code_native

function supertypes(T::Type)
    S = supertype(T)
    return S === T ? (T,) : (T, supertypes(S)...)
end
# Types are looked for in the modules that are loaded and what they define.
function subtypes(T::Type)
    found = Type[]
    seen = Base.IdDict{Module,Nothing}()
    foreach(m -> collect_subtypes!(found, T, m, seen), (Core, Base, Main))
    return sort!(found; by = string)
end
function collect_subtypes!(found, T, m::Module, seen)
    haskey(seen, m) && return
    seen[m] = nothing
    for name in names(m; all = true)
        isdefined(m, name) || continue
        v = getglobal(m, name)
        if v isa Module
            collect_subtypes!(found, T, v, seen)
        elseif v isa Type && !(v isa Union) && v !== Union{} && nameof(v) === name && supertype(v) == T && !(v in found)
            push!(found, v)
        end
    end
end
versioninfo(io::IO = stdout; verbose::Bool = false) = println(io, "Rekindle, Julia ", VERSION)
varinfo(args...; options...) = nothing
clipboard(args...) = error("there is no clipboard here")

end
