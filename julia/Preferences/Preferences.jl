# Preferences of packages: tables named after them in `LocalPreferences.toml` beside the active project, or in the project's `[preferences]`.
module Preferences

export load_preference, @load_preference, has_preference, @has_preference, set_preferences!, @set_preferences!, delete_preferences!, @delete_preferences!

import TOML

# What was set while this program runs.
const changed = Dict{String,Dict{String,Any}}()

package_name(m::Module) = string(nameof(Base.moduleroot(m)))
package_name(name) = string(name)

function table_of(package)
    name = package_name(package)
    all = Dict{String,Any}()
    project = Base.active_project()
    if project !== nothing && isfile(project)
        merge!(all, get(get(TOML.parsefile(project), "preferences", Dict{String,Any}()), name, Dict{String,Any}()))
        for file in ("LocalPreferences.toml", "JuliaLocalPreferences.toml")
            path = joinpath(dirname(project), file)
            isfile(path) && merge!(all, get(TOML.parsefile(path), name, Dict{String,Any}()))
        end
    end
    return merge!(all, get(changed, name, Dict{String,Any}()))
end

"""
    load_preference(package, key, default = nothing)

What is preferred for a package, given by its module or name.
"""
function load_preference(package, key::AbstractString, default = nothing)
    v = get(table_of(package), key, nothing)
    return v === nothing ? default : v
end
has_preference(package, key::AbstractString) = load_preference(package, key) !== nothing

"""
    set_preferences!(package, "key" => value...)

Sets preferences for as long as the program runs: nothing is written.
"""
function set_preferences!(package, prefs::Pair{String,<:Any}...; force::Bool = false, export_prefs::Bool = false)
    table = get!(() -> Dict{String,Any}(), changed, package_name(package))
    for (key, v) in prefs
        force || !haskey(table, key) || table[key] == v || throw(ArgumentError("Cannot set preference '$key' to '$v' for $(package_name(package)): preference already set to '$(table[key])'"))
        table[key] = v
    end
    return nothing
end
function delete_preferences!(package, keys::String...; options...)
    table = get!(() -> Dict{String,Any}(), changed, package_name(package))
    foreach(k -> (table[k] = nothing), keys)
    return nothing
end

macro load_preference(key, default = nothing)
    return :(load_preference($__module__, $(esc(key)), $(esc(default))))
end
macro has_preference(key)
    return :(has_preference($__module__, $(esc(key))))
end
macro set_preferences!(prefs...)
    return :(set_preferences!($__module__, $(map(esc, prefs)...); force = true))
end
macro delete_preferences!(keys...)
    return :(delete_preferences!($__module__, $(map(esc, keys)...)))
end

end
