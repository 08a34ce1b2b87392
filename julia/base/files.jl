# Files, directories and their names.

function open(path::AbstractString, mode::AbstractString)
    r, w, c, t, a = mode == "r" ? (true, false, false, false, false) : mode == "r+" ? (true, true, false, false, false) :
        mode == "w" ? (false, true, true, true, false) : mode == "w+" ? (true, true, true, true, false) :
        mode == "a" ? (false, true, true, false, true) : mode == "a+" ? (true, true, true, false, true) :
        throw(ArgumentError(string("invalid open mode: ", mode)))
    return open_file(String(path), r, w, c, t, a)
end
function open(path::AbstractString; lock = true, read = nothing, write = nothing, create = nothing, truncate = nothing, append = nothing)
    w = write === nothing ? truncate === true || append === true || create === true : write
    r = read === nothing ? !w || append === true && read === true : read
    return open_file(String(path), r, w, create === nothing ? w : create, truncate === nothing ? w && !r && append !== true : truncate, append === true)
end
function open_file(path, r, w, create, truncate, append)
    # what cannot be made or read fails here, not when it is closed
    old = truncate || create && !ispath(path) ? (Core.Host.write_file(path, ""); "") : Core.Host.read_file(path)
    return IOStream(path, IOBuffer(codeunit_vector(old), 1, r, w, append, -1, -1, true), false)
end
function open(f::Function, args...; kw...)
    io = open(args...; kw...)
    try
        return f(io)
    finally
        close(io)
    end
end
read(path::AbstractString, ::Type{String}) = Core.Host.read_file(String(path))
read(path::AbstractString) = codeunit_vector(Core.Host.read_file(String(path)))
read(path::AbstractString, args...) = open(io -> read(io, args...), path)
write(path::AbstractString, x, xs...) = open(io -> write(io, x, xs...), path, "w")
readchomp(x) = String(chomp(read(x, String)))

# ---- calls of the system --------------------------------------------------------------------------

pointer(s::String) = Ptr{UInt8}(Core.Host.pointer_from_objref(s)) + 8
pointer(s::String, i::Integer) = pointer(s) + (i - 1)
system_check(r, what, path) = r < 0 ? throw(SystemError(string(what, "(", repr(String(path)), ")"), errno())) : nothing
errno() = unsafe_load(ccall(:__errno_location, Ptr{Int32}, ()))
function path_call(f::Symbol, path::AbstractString)
    s = String(path)
    r = f === :chdir ? ccall(:chdir, Int32, (Ptr{UInt8},), pointer(s)) : f === :rmdir ? ccall(:rmdir, Int32, (Ptr{UInt8},), pointer(s)) :
        ccall(:unlink, Int32, (Ptr{UInt8},), pointer(s))
    return r
end
strerror(n::Integer) = unsafe_string(ccall(:strerror, Ptr{UInt8}, (Int32,), Int32(n)))
getpid() = Int(ccall(:getpid, Int32, ()))
function gethostname()
    room = zeros(UInt8, 256)
    ccall(:gethostname, Int32, (Ptr{UInt8}, UInt64), pointer(room), UInt64(256))
    return unsafe_string(pointer(room))
end
showerror(io::IO, e::SystemError) = print(io, "SystemError: ", e.prefix, ": ", strerror(e.errnum), e.extrainfo === nothing ? "" : string(" (", e.extrainfo, ")"))

cd(path::AbstractString = homedir()) = (path_call(:chdir, path) < 0 && throw(IOError_of("cd", path)); nothing)
function cd(f::Function, path::AbstractString = homedir())
    here = pwd()
    cd(path)
    try
        return f()
    finally
        cd(here)
    end
end
# `stat` and `lstat`: what the system says of a path
struct StatStruct
    desc::String
    device::UInt
    inode::UInt
    mode::UInt
    nlink::Int
    uid::UInt
    gid::UInt
    size::Int64
    mtime::Float64
    ctime::Float64
    found::Bool
end
stat(path::AbstractString) = status(String(path), true)
lstat(path::AbstractString) = status(String(path), false)
function status(path::String, follow::Bool)
    w = zeros(Int64, 18)
    p = Ptr{UInt8}(pointer(w))
    r = follow ? ccall(:stat, Int32, (Ptr{UInt8}, Ptr{UInt8}), pointer(path), p) : ccall(:lstat, Int32, (Ptr{UInt8}, Ptr{UInt8}), pointer(path), p)
    r < 0 && return StatStruct(path, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0, false)
    return StatStruct(path, w[1] % UInt, w[2] % UInt, w[4] & 0xffffffff, w[3], (w[4] >> 32) % UInt, w[5] & 0xffffffff, w[7], w[12] + w[13] / 1e9, w[14] + w[15] / 1e9, true)
end
kind(s::StatStruct) = s.mode & 0xf000
isfile(s::StatStruct) = kind(s) == 0x8000
isdir(s::StatStruct) = kind(s) == 0x4000
islink(s::StatStruct) = kind(s) == 0xa000
ispath(s::StatStruct) = s.found
filesize(s::StatStruct) = s.size
filemode(s::StatStruct) = s.mode
mtime(s::StatStruct) = s.mtime
ctime(s::StatStruct) = s.ctime
for f in (:isfile, :isdir, :ispath, :filesize, :filemode, :mtime, :ctime)
    @eval $f(path::AbstractString) = $f(stat(path))
end
islink(path::AbstractString) = islink(lstat(path))
issocket(path::AbstractString) = kind(stat(path)) == 0xc000
isfifo(path::AbstractString) = kind(stat(path)) == 0x1000
filesize(io::IOStream) = length(io.buffer.data)
samefile(a::AbstractString, b::AbstractString) = (x = stat(a); y = stat(b); x.found && x.device == y.device && x.inode == y.inode)
function rm(path::AbstractString; force::Bool = false, recursive::Bool = false)
    s = lstat(path)
    force && !s.found && return nothing
    if isdir(s)
        recursive && return Core.Host.remove_file(String(path))
        path_call(:rmdir, path) < 0 && throw(IOError_of("rm", path))
    elseif path_call(:unlink, path) < 0
        throw(IOError_of("unlink", path))
    end
    return nothing
end
# What the library of events says where the system refuses.
struct IOError <: Exception
    msg::AbstractString
    code::Int32
end
showerror(io::IO, e::IOError) = print(io, "IOError: ", e.msg)
const error_names = Dict(1 => "EPERM", 2 => "ENOENT", 13 => "EACCES", 17 => "EEXIST", 20 => "ENOTDIR", 21 => "EISDIR", 39 => "ENOTEMPTY")
function IOError_of(what, path)
    n = errno()
    reason = n == 2 ? "no such file or directory" : n == 17 ? "file already exists" : lowercase(strerror(n))
    return IOError(string(what, "(", repr(String(path)), "): ", reason, " (", get(error_names, Int(n), "E$n"), ")"), -n)
end
function mkdir(path::AbstractString; mode::Integer = 0o777)
    s = String(path)
    ccall(:mkdir, Int32, (Ptr{UInt8}, UInt32), pointer(s), UInt32(mode)) < 0 && throw(IOError(string("mkdir(", repr(s), "; mode=0o", string(mode; base = 8), "): ", errno() == 17 ? "file already exists (EEXIST)" : errno() == 2 ? "no such file or directory (ENOENT)" : strerror(errno())), -errno()))
    return s
end
mkpath(path::AbstractString; mode::Integer = 0o777) = (isdir(path) || Core.Host.make_dir(String(path)); String(path))
readdir(path::AbstractString = "."; join::Bool = false, sort::Bool = true) = (v = collect(String, Core.Host.list_dir(String(path))); join ? map(f -> joinpath(path, f), v) : v)
touch(path::AbstractString) = (ispath(path) || Core.Host.write_file(String(path), ""); path)
function cp(a::AbstractString, b::AbstractString; force::Bool = false, follow_symlinks::Bool = false)
    if ispath(b)
        force || throw(ArgumentError(string("'", b, "' exists. `force=true` is required to remove '", b, "' before copying.")))
        rm(b; recursive = true)
    end
    if isdir(a)
        mkdir(b)
        foreach(name -> cp(joinpath(a, name), joinpath(b, name)), readdir(a))
    else
        Core.Host.write_file(String(b), Core.Host.read_file(String(a)))
    end
    return b
end
function mv(a::AbstractString, b::AbstractString; force::Bool = false)
    ispath(b) && !force && throw(ArgumentError(string("'", b, "' exists. `force=true` is required to remove '", b, "' before moving.")))
    s, d = String(a), String(b)
    ccall(:rename, Int32, (Ptr{UInt8}, Ptr{UInt8}), pointer(s), pointer(d)) < 0 && throw(IOError_of("rename", a))
    return b
end
function symlink(to::AbstractString, link::AbstractString; dir_target::Bool = false)
    s, d = String(to), String(link)
    ccall(:symlink, Int32, (Ptr{UInt8}, Ptr{UInt8}), pointer(s), pointer(d)) < 0 && throw(IOError_of("symlink", link))
    return nothing
end
function readlink(path::AbstractString)
    s = String(path)
    room = zeros(UInt8, 4096)
    n = ccall(:readlink, Int64, (Ptr{UInt8}, Ptr{UInt8}, UInt64), pointer(s), pointer(room), UInt64(4096))
    n < 0 && throw(IOError_of("readlink", path))
    return unsafe_string(pointer(room), n)
end
function realpath(path::AbstractString)
    s = String(path)
    room = zeros(UInt8, 4097)
    ccall(:realpath, Ptr{UInt8}, (Ptr{UInt8}, Ptr{UInt8}), pointer(s), pointer(room)) == C_NULL && throw(IOError_of("realpath", path))
    return unsafe_string(pointer(room))
end
function chmod(path::AbstractString, mode::Integer; recursive::Bool = false)
    s = String(path)
    ccall(:chmod, Int32, (Ptr{UInt8}, UInt32), pointer(s), UInt32(mode)) < 0 && throw(IOError_of("chmod", path))
    return path
end
# Directories below a root with the names of what they hold, one after the other.
function walkdir(root::AbstractString = "."; topdown::Bool = true, follow_symlinks::Bool = false, onerror = throw)
    found = Tuple{String,Vector{String},Vector{String}}[]
    walk!(found, String(root), topdown, follow_symlinks)
    return found
end
function walk!(found, root, topdown, follow)
    names = readdir(root)
    isadir(n) = (p = joinpath(root, n); isdir(p) && (follow || !islink(p)))
    dirs = filter(isadir, names)
    here = (root, filter(n -> isdir(joinpath(root, n)), names), filter(n -> !isdir(joinpath(root, n)), names))
    topdown && push!(found, here)
    foreach(d -> walk!(found, joinpath(root, d), topdown, follow), dirs)
    topdown || push!(found, here)
    return nothing
end

# ---- temporary files ------------------------------------------------------------------------------

tempdir() = get(ENV, "TMPDIR", "/tmp")
tempname(parent::AbstractString = tempdir(); cleanup::Bool = true, suffix::AbstractString = "") = joinpath(parent, string(basename(Core.Host.temp_name()), suffix))
function mktemp(parent::AbstractString = tempdir(); cleanup::Bool = true)
    path = tempname(parent)
    cleanup && atexit(() -> rm(path; force = true))
    return (path, open(path, "w+"))
end
function mktemp(f::Function, parent::AbstractString = tempdir())
    path, io = mktemp(parent; cleanup = false)
    try
        return f(path, io)
    finally
        close(io)
        rm(path; force = true)
    end
end
function mktempdir(parent::AbstractString = tempdir(); prefix::AbstractString = "jl_", cleanup::Bool = true)
    path = tempname(parent)
    Core.Host.make_dir(path)
    cleanup && atexit(() -> rm(path; force = true, recursive = true))
    return path
end
function mktempdir(f::Function, parent::AbstractString = tempdir(); prefix::AbstractString = "jl_")
    path = mktempdir(parent; cleanup = false)
    try
        return f(path)
    finally
        rm(path; force = true, recursive = true)
    end
end

# ---- names ----------------------------------------------------------------------------------------

homedir() = get(ENV, "HOME", "/")
function joinpath(a::AbstractString, rest::AbstractString...)
    r = String(a)
    for b in rest
        r = startswith(b, "/") ? String(b) : isempty(r) || endswith(r, "/") ? string(r, b) : string(r, "/", b)
    end
    return r
end
joinpath(parts::AbstractVector) = joinpath(parts...)
joinpath(parts::Tuple) = joinpath(parts...)
# The part before the last name, without the slashes between them; and that name.
function splitdir(p::AbstractString)
    k = findlast('/', p)
    k === nothing && return ("", String(p))
    head = rstrip(SubString(p, 1, k), '/')
    return (isempty(head) ? "/" : String(head), String(SubString(p, k + 1)))
end
basename(p::AbstractString) = splitdir(p)[2]
dirname(p::AbstractString) = splitdir(p)[1]
splitdrive(p::AbstractString) = ("", String(p))
isabspath(p::AbstractString) = startswith(p, "/")
isdirpath(p::AbstractString) = occursin(r"(^|/)\.{0,2}$", p)
abspath(p::AbstractString) = normpath(isabspath(p) ? String(p) : joinpath(pwd(), p))
abspath(p::AbstractString, rest::AbstractString...) = abspath(joinpath(p, rest...))
function splitext(p::AbstractString)
    m = match(r"^(.*?[^/.].*?|[^/]*[^/.].*?|.*/\.*[^/.]+?)(\.[^/.]*)$", p)
    name = basename(p)
    k = findlast('.', name)
    (m === nothing || k === nothing || all(==('.'), SubString(name, 1, prevind(name, k)))) && return (String(p), "")
    n = ncodeunits(p) - ncodeunits(name) + k
    return (String(SubString(p, 1, prevind(p, n))), String(SubString(p, n)))
end
function splitpath(p::AbstractString)
    isempty(p) && throw(ArgumentError("splitpath: a path must not be empty"))
    parts = String[String(x) for x in split(p, '/'; keepempty = false)]
    return isabspath(p) ? pushfirst!(parts, "/") : parts
end
function normpath(p::AbstractString)
    out = SubString{String}[]
    for part in split(p, '/'; keepempty = false)
        part == "." && continue
        part == ".." && !isempty(out) && last(out) != ".." ? pop!(out) : part == ".." && isabspath(p) ? nothing : push!(out, part)
    end
    r = join(out, '/')
    return isabspath(p) ? string('/', r) : isempty(r) ? "." : endswith(p, '/') ? string(r, '/') : r
end
normpath(a::AbstractString, rest::AbstractString...) = normpath(joinpath(a, rest...))
function relpath(path::AbstractString, start::AbstractString = ".")
    to, from = split(abspath(path), '/'; keepempty = false), split(abspath(start), '/'; keepempty = false)
    k = 0
    while k < min(length(to), length(from)) && to[k+1] == from[k+1]
        k += 1
    end
    parts = vcat(fill("..", length(from) - k), to[k+1:end])
    return isempty(parts) ? "." : join(parts, '/')
end
expanduser(p::AbstractString) = p == "~" || startswith(p, "~/") ? string(homedir(), SubString(p, 2)) : String(p)
contractuser(p::AbstractString) = p == homedir() ? "~" : startswith(p, string(homedir(), "/")) ? string("~", SubString(p, ncodeunits(homedir()) + 1)) : String(p)
