# Where `using X` finds the source of a package that does not come with Rekindle.
#
# `LOAD_PATH` lists environments, as in Julia: a project (a folder with a Project.toml, and its Manifest.toml), or a folder of packages. The
# session asks `find_source` for the file of a name, loads it, and tells `package_loaded`.

const LOAD_PATH = String["@", "@v#.#", "@stdlib"]
const DEPOT_PATH = String[]
const ACTIVE_PROJECT = Ref{Union{Nothing,String}}(nothing)

"""
    Base.PkgId(name)

The name of a package; here it is known by that alone.
"""
struct PkgId
    uuid::Nothing
    name::String
end
PkgId(name::AbstractString) = PkgId(nothing, String(name))
PkgId(m::Module) = PkgId(String(nameof(moduleroot(m))))
show(io::IO, id::PkgId) = print(io, id.name)

# What was loaded: the file of a package's source, "" for a module that comes with Rekindle.
const package_files = Dict{Symbol,String}()
# The files of packages, also of those that are being loaded.
const loading_files = Dict{Symbol,String}()
# Extensions by name: their file, what has to be loaded first, and the package that they extend.
const extensions = Dict{Symbol,Tuple{String,Vector{Symbol},Symbol}}()

# What the command line and the environment say; `nothing` where they are silent.
function set_environment(project, load_path)
    depots = get(ENV, "JULIA_DEPOT_PATH", "")
    isempty(depots) || append!(empty!(DEPOT_PATH), [isempty(d) ? home_depot() : expanduser(d) for d in split(depots, ':')])
    path = load_path !== nothing ? load_path : get(ENV, "JULIA_LOAD_PATH", "")
    if !isempty(path)
        # an empty entry stands for what is there without the setting
        entries = [isempty(e) ? ["@", "@v#.#", "@stdlib"] : [expanduser(e)] for e in split(path, ':')]
        append!(empty!(LOAD_PATH), reduce(vcat, entries))
        load_path === nothing || "@" in LOAD_PATH || pushfirst!(LOAD_PATH, "@")
    end
    project = project !== nothing ? project : get(ENV, "JULIA_PROJECT", "")
    ACTIVE_PROJECT[] = isempty(project) ? nothing : project
    return
end

home_depot() = joinpath(homedir(), ".julia")
depots() = isempty(DEPOT_PATH) ? [home_depot()] : DEPOT_PATH

const PROJECT_FILES = ("JuliaProject.toml", "Project.toml")
project_file(dir::AbstractString) = for name in PROJECT_FILES
    isfile(joinpath(dir, name)) && return joinpath(dir, name)
end
function project_file_above(dir::AbstractString)
    while true
        file = project_file(dir)
        (file !== nothing || dir == "/") && return file
        dir = dirname(dir)
    end
end

"""
    Base.active_project()

The project file that `--project` or `JULIA_PROJECT` names, or `nothing`.
"""
function active_project()
    project = ACTIVE_PROJECT[]
    project === nothing && return nothing
    project in ("@.", "@") && return project_file_above(pwd())
    path = abspath(expanduser(project))
    isdir(path) ? something(project_file(path), joinpath(path, "Project.toml")) : path
end

# The environment that an entry of LOAD_PATH means: a project file, a folder, or nothing.
function environment(entry::AbstractString)
    entry == "@" && return active_project()
    entry == "@." && return project_file_above(pwd())
    entry == "@stdlib" && return nothing
    if startswith(entry, "@")
        name = replace(SubString(entry, 2), "#.#" => string(VERSION.major, '.', VERSION.minor))
        for depot in depots()
            file = project_file(joinpath(depot, "environments", name))
            file === nothing || return file
        end
        return nothing
    end
    path = abspath(entry)
    isdir(path) ? something(project_file(path), path) : path
end

"""
    Base.load_path()

The environments that `LOAD_PATH` means, as paths.
"""
load_path() = String[e for e in map(environment, LOAD_PATH) if e !== nothing]

const toml_files = Dict{String,Dict{String,Any}}()
function toml_file(path::AbstractString)
    get!(toml_files, path) do
        isdefined(@__MODULE__, :TOML) || Core.eval(@__MODULE__, :(import TOML))
        invokelatest(getglobal(getglobal(@__MODULE__, :TOML), :parsefile), path)
    end
end

# The file with the module of a package whose folder this is.
function entry_file(dir::AbstractString, name::String)
    project = project_file(dir)
    own = project === nothing ? nothing : get(toml_file(project), "entryfile", nothing)
    file = joinpath(dir, own === nothing ? "src/$name.jl" : own)
    isfile(file) ? file : nothing
end

# Of a folder of packages.
function find_in_folder(dir::String, name::String)
    single = joinpath(dir, "$name.jl")
    isfile(single) && return single
    for sub in (name, "$name.jl")
        file = entry_file(joinpath(dir, sub), name)
        file === nothing || return file
    end
end

function manifest_file(project::String)
    own = get(toml_file(project), "manifest", nothing)
    own === nothing || return normpath(joinpath(dirname(project), own))
    version = string("-v", VERSION.major, '.', VERSION.minor)
    for name in ("JuliaManifest", "Manifest"), suffix in (version, "")
        file = joinpath(dirname(project), string(name, suffix, ".toml"))
        isfile(file) && return file
    end
end

# Of a project: itself, what its manifest says, or a source that the project names.
function find_in_project(project::String, name::String)
    isfile(project) || return nothing
    table = toml_file(project)
    get(table, "name", nothing) == name && return entry_file(dirname(project), name)
    manifest = manifest_file(project)
    if manifest !== nothing
        all = toml_file(manifest)
        for entry in get(get(all, "deps", all), name, ())
            file = find_manifest_entry(dirname(manifest), name, entry)
            file === nothing || return file
        end
    end
    source = get(get(table, "sources", Dict{String,Any}()), name, nothing)
    path = source === nothing ? nothing : get(source, "path", nothing)
    path === nothing ? nothing : entry_file(normpath(joinpath(dirname(project), path)), name)
end

function find_manifest_entry(dir::AbstractString, name::String, entry)
    path = get(entry, "path", nothing)
    path === nothing || return entry_file(normpath(joinpath(dir, path)), name)
    tree = get(entry, "git-tree-sha1", nothing)
    uuid = get(entry, "uuid", nothing)
    (tree === nothing || uuid === nothing) && return nothing
    for depot in depots(), width in (5, 4)
        file = entry_file(joinpath(depot, "packages", name, version_slug(uuid, tree, width)), name)
        file === nothing || return file
    end
end

# The name of a version's folder in a depot: a checksum of the package's identity and its tree.
function version_slug(uuid::String, tree::String, width::Int)
    # an identity's bytes are those of a little-endian number
    bytes = vcat(reverse(hex2bytes(replace(uuid, "-" => ""))), hex2bytes(tree))
    crc = crc32c(bytes)
    letters = ['A':'Z'; 'a':'z'; '0':'9']
    out = Char[]
    for _ in 1:width
        crc, digit = divrem(crc, UInt32(length(letters)))
        push!(out, letters[digit+1])
    end
    return String(out)
end
function crc32c(bytes)
    crc = ~UInt32(0)
    for b in bytes
        crc ⊻= b
        for _ in 1:8
            crc = crc & 1 == 1 ? (crc >> 1) ⊻ 0x82f63b78 : crc >> 1
        end
    end
    return ~crc
end

# The file of a package's source, or of an extension.
function find_source(name::Symbol)
    file = haskey(extensions, name) ? extensions[name][1] : find_package(String(name))
    file === nothing || (loading_files[name] = file)
    return file
end

"""
    Base.find_package(name)

The file with the source of a package, looked for in `LOAD_PATH`; `nothing` if there is none.
"""
function find_package(name::String)
    for env in load_path()
        file = isdir(env) ? find_in_folder(env, name) : find_in_project(env, name)
        file === nothing || return file
    end
end

# What `using` says of a name that it does not find.
function package_not_found(name::Symbol, comes_with::String)
    text = "Package $name not found in current path.\n- Rekindle comes with $comes_with."
    looked = load_path()
    for env in looked
        text = string(text, "\n- ", isdir(env) ? "There is no $name.jl, $name/src/$name.jl or $name.jl/src/$name.jl in $env." : missing_in_project(env, String(name)))
    end
    isempty(looked) && (text = string(text, "\n- Its source is looked for in a project (--project=DIR) and in folders of packages (--load-path=DIR:DIR)."))
    throw(ArgumentError(string(text, "\n- Code of one's own is loaded with `include(\"$name.jl\")`; then write `using .$name`.")))
end
function missing_in_project(project::String, name::String)
    isfile(project) || return "There is no project $project."
    manifest = manifest_file(project)
    all = manifest === nothing ? Dict{String,Any}() : toml_file(manifest)
    entries = get(get(all, "deps", all), name, ())
    isempty(entries) && return string("The project ", project, manifest === nothing ? " has no manifest" : " does not have it in its manifest", ".")
    entry = first(entries)
    haskey(entry, "path") && return "There is no source of it at $(normpath(joinpath(dirname(manifest), entry["path"]))), where $manifest has it."
    return "Its source, version $(get(entry, "version", "unknown")), is in none of the depots $(join(depots(), ", ")); a folder of packages can be given with --load-path."
end

# After a package, or a module that comes with Rekindle, was loaded: extensions that waited for it.
function package_loaded(name::Symbol, file::String)
    package_files[name] = file
    isempty(file) || haskey(extensions, name) || find_extensions(name, file)
    for (extension, (_, triggers, parent)) in collect(extensions)
        haskey(package_files, extension) && continue
        (name in triggers || name === parent) && haskey(package_files, parent) && all(t -> haskey(package_files, t), triggers) || continue
        Core.eval(Module(), Expr(:import, Expr(:., extension)))
    end
    return
end
function find_extensions(name::Symbol, file::String)
    dir = dirname(dirname(file))
    project = project_file(dir)
    project === nothing && return
    for (extension, triggers) in get(toml_file(project), "extensions", Dict{String,Any}())
        for source in (joinpath(dir, "ext", "$extension.jl"), joinpath(dir, "ext", extension, "$extension.jl"))
            isfile(source) || continue
            extensions[Symbol(extension)] = (source, Symbol[Symbol(t) for t in (triggers isa String ? [triggers] : triggers)], name)
        end
    end
end

moduleroot(m::Module) = (p = parentmodule(m); p === m || m === Main ? m : moduleroot(p))

"""
    Base.get_extension(parent, name)

The module of an extension of a package, or `nothing` if it is not loaded.
"""
function get_extension(parent::Module, name::Symbol)
    haskey(package_files, name) && get(extensions, name, ("", Symbol[], :none))[3] === nameof(parent) || return nothing
    scratch = Module()
    Core.eval(scratch, Expr(:import, Expr(:., name)))
    return getglobal(scratch, name)
end

"""
    pathof(module)

The file that a package was loaded from; `nothing` for other modules.
"""
pathof(m::Module) = m === moduleroot(m) ? get(loading_files, nameof(m), nothing) : nothing

"""
    pkgdir(module, path...)

The folder of the package that a module is of; `nothing` where there is none.
"""
function pkgdir(m::Module, more::String...)
    file = pathof(moduleroot(m))
    file === nothing && return nothing
    return joinpath(dirname(dirname(file)), more...)
end

"""
    pkgversion(module)

The version that the project file of a module's package gives; `nothing` where there is none.
"""
function pkgversion(m::Module)
    dir = pkgdir(m)
    project = dir === nothing ? nothing : project_file(dir)
    version = project === nothing ? nothing : get(toml_file(project), "version", nothing)
    return version === nothing ? nothing : VersionNumber(version)
end

# A package's source is read whenever it is loaded: what else it depends on needs no note.
include_dependency(path::AbstractString; track_content::Bool = true) = nothing
