# Streams: standard output and error, byte buffers, and the context that printing carries along.

abstract type IO end

struct StdStream <: IO
    fd::Int
end
const stdout = StdStream(1)
const stderr = StdStream(2)
struct StdInput <: IO end
const stdin = StdInput()
struct DevNull <: IO end
const devnull = DevNull()

mutable struct GenericIOBuffer <: IO
    data::Vector{UInt8}
    ptr::Int             # next byte to read
    append::Bool
end
const IOBuffer = GenericIOBuffer
GenericIOBuffer(s::AbstractString; kw...) = GenericIOBuffer(codeunit_vector(s), 1, true)
GenericIOBuffer(v::Vector{UInt8}; kw...) = GenericIOBuffer(copy(v), 1, true)
GenericIOBuffer(v::AbstractVector{UInt8}; kw...) = GenericIOBuffer(Vector{UInt8}(v), 1, true)
GenericIOBuffer(; kw...) = GenericIOBuffer(Vector{UInt8}(), 1, true)
codeunit_vector(s::AbstractString) = Core.Host.string_bytes(String(s))

write(io::IO, x, y, zs...) = write(io, x) + write(io, y, zs...)
write(io::StdStream, s::String) = (Core.Host.write_stream(io.fd, s); sizeof(s))
write(io::GenericIOBuffer, s::String) = (Core.Host.append_bytes(io.data, s); sizeof(s))
write(io::DevNull, s::String) = sizeof(s)
write(io::IO, s::AbstractString) = write(io, String(s))
write(io::IO, b::UInt8) = write(io, Core.Host.bytes_to_string(UInt8[b]))
write(io::GenericIOBuffer, b::UInt8) = (push!(io.data, b); 1)
write(io::IO, c::AbstractChar) = write(io, string(c))
write(io::IO, v::Vector{UInt8}) = write(io, Core.Host.bytes_to_string(v))
write(io::IO, s::Symbol) = write(io, Core.Host.symbol_name(s))
write(io::IO, x::Number) = write(io, Core.Host.value_bytes(x))
write(io::IO, a::AbstractArray) = (n = 0; for x in a; n += write(io, x); end; n)
flush(io::IO) = nothing
flush(io::StdStream) = Core.Host.flush_stream(io.fd)
close(io::IO) = nothing
isopen(io::IO) = true
isreadable(io::IO) = false
iswritable(io::IO) = true
eof(io::GenericIOBuffer) = io.ptr > length(io.data)
position(io::GenericIOBuffer) = io.ptr - 1
seek(io::GenericIOBuffer, n::Integer) = (io.ptr = Int(n) + 1; io)
seekstart(io::GenericIOBuffer) = seek(io, 0)
bytesavailable(io::GenericIOBuffer) = length(io.data) - io.ptr + 1
truncate(io::GenericIOBuffer, n::Integer) = (resize!(io.data, n); io)
take!(io::GenericIOBuffer) = (v = io.data; io.data = Vector{UInt8}(); io.ptr = 1; v)
struct EOFError <: Exception end
function read(io::GenericIOBuffer, ::Type{UInt8})
    eof(io) && throw(EOFError())
    b = io.data[io.ptr]
    io.ptr += 1
    return b
end
read(io::GenericIOBuffer, ::Type{String}) = (s = Core.Host.bytes_to_string(io.data[io.ptr:end]); io.ptr = length(io.data) + 1; s)
read(io::GenericIOBuffer) = (v = io.data[io.ptr:end]; io.ptr = length(io.data) + 1; v)
function read(io::GenericIOBuffer, ::Type{Char})
    s = Core.Host.bytes_to_string(io.data[io.ptr:end])
    isempty(s) && throw(EOFError())
    c = first(s)
    io.ptr += ncodeunits(c)
    return c
end
peek(io::GenericIOBuffer) = peek(io, UInt8)
peek(io::GenericIOBuffer, ::Type{T}) where {T} = (p = io.ptr; x = read(io, T); io.ptr = p; x)
skip(io::GenericIOBuffer, n::Integer) = (io.ptr += Int(n); io)
seekend(io::GenericIOBuffer) = (io.ptr = length(io.data) + 1; io)
function skipchars(f, io::GenericIOBuffer)
    while !eof(io) && f(peek(io, Char))
        read(io, Char)
    end
    return io
end
function readbytes!(io::GenericIOBuffer, b::AbstractVector{UInt8}, n::Integer = length(b))
    k = 0
    while k < n && !eof(io)
        k += 1
        k <= length(b) ? (b[k] = read(io, UInt8)) : push!(b, read(io, UInt8))
    end
    return k
end
function read!(io::GenericIOBuffer, a::AbstractArray{T}) where {T}
    for i in eachindex(a)
        a[i] = read(io, T)
    end
    return a
end
function readuntil(io::GenericIOBuffer, d::AbstractString; keep::Bool = false)
    s = read(io, String)
    q = findfirst(d, s)
    q === nothing && return s
    io.ptr -= ncodeunits(s) - last(q)
    return s[1:(keep ? last(q) : prevind(s, first(q)))]
end
function readuntil(io::GenericIOBuffer, d::AbstractChar; keep::Bool = false)
    s = IOBuffer()
    while !eof(io)
        c = read(io, Char)
        c == d && (keep && print(s, c); break)
        print(s, c)
    end
    return String(take!(s))
end
readline(path::AbstractString; keep::Bool = false) = open(f -> readline(f; keep), path)
readline(io::GenericIOBuffer; keep::Bool = false) = chomp_line(readuntil(io, '\n'; keep = true), keep)
chomp_line(s, keep) = keep ? s : String(chomp(s))
countlines(io::IO; eol::AbstractChar = '\n') = (s = read(io, String); count(eol, s) + (isempty(s) || endswith(s, eol) ? 0 : 1))
countlines(path::AbstractString; eol::AbstractChar = '\n') = countlines(IOBuffer(read(path, String)); eol)
function eachline(io::GenericIOBuffer; keep::Bool = false)
    lines = String[]
    while !eof(io)
        push!(lines, readline(io; keep))
    end
    return lines
end
readlines(io::IO; kw...) = collect(eachline(io; kw...))
readline(io::StdInput = stdin; keep::Bool = false) = chomp_line(Core.Host.read_line(), keep)
read(path::AbstractString, ::Type{String}) = Core.Host.read_file(String(path))
read(path::AbstractString) = codeunit_vector(Core.Host.read_file(String(path)))
write(path::AbstractString, x) = (s = sprint(write, x); Core.Host.write_file(String(path), s); sizeof(s))
readlines(path::AbstractString; kw...) = readlines(IOBuffer(read(path, String)); kw...)
eachline(path::AbstractString; kw...) = readlines(path; kw...)
isfile(path::AbstractString) = Core.Host.is_file(String(path))
isdir(path::AbstractString) = Core.Host.is_dir(String(path))
rm(path::AbstractString; kw...) = Core.Host.remove_file(String(path))
tempname() = Core.Host.temp_name()

# files opened for writing collect in memory and reach the disk when closed
mutable struct FileStream <: IO
    path::String
    buffer::GenericIOBuffer
    writing::Bool
end
function open(path::AbstractString, mode::AbstractString = "r")
    if mode == "r"
        return FileStream(path, IOBuffer(read(path, String)), false)
    end
    f = FileStream(path, IOBuffer(), true)
    mode == "a" && isfile(path) && write(f.buffer, read(path, String))
    return f
end
function open(f::Function, args...; kw...)
    io = open(args...; kw...)
    try
        return f(io)
    finally
        close(io)
    end
end
close(f::FileStream) = (f.writing && Core.Host.write_file(f.path, Core.Host.bytes_to_string(f.buffer.data)); nothing)
write(f::FileStream, s::String) = write(f.buffer, s)
write(f::FileStream, b::UInt8) = write(f.buffer, b)
read(f::FileStream, T::Type) = read(f.buffer, T)
eof(f::FileStream) = eof(f.buffer)
readline(f::FileStream; kw...) = readline(f.buffer; kw...)
eachline(f::FileStream; kw...) = eachline(f.buffer; kw...)
readlines(f::FileStream; kw...) = readlines(f.buffer; kw...)

# ---- context ------------------------------------------------------------------------------------

struct IOContext{I<:IO} <: IO
    io::I
    dict::Vector{Pair{Symbol,Any}}
end
IOContext(io::IO, ps::Pair...) = IOContext(io, Pair{Symbol,Any}[p for p in ps])
IOContext(io::IOContext, ps::Pair...) = IOContext(io.io, append!(copy(io.dict), Pair{Symbol,Any}[p for p in ps]))
IOContext(io::IO, other::IOContext) = IOContext(io, other.dict)
IOContext(io::IO, other::IO) = IOContext(io, Pair{Symbol,Any}[])
IOContext(io::IOContext) = io
write(io::IOContext, s::String) = write(io.io, s)
write(io::IOContext, b::UInt8) = write(io.io, b)
flush(io::IOContext) = flush(io.io)
function get(io::IOContext, key::Symbol, default)
    for i in length(io.dict):-1:1
        io.dict[i].first === key && return io.dict[i].second
    end
    return default
end
get(io::IO, key::Symbol, default) = default
haskey(io::IOContext, key::Symbol) = any(p -> p.first === key, io.dict)
haskey(io::IO, key::Symbol) = false
getindex(io::IO, key::Symbol) = (v = get(io, key, secret_token); v === secret_token ? throw(KeyError(key)) : v)
in(p::Pair, io::IO) = get(io, p.first, secret_token) === p.second
unwrap(io::IOContext) = io.io
unwrap(io::IO) = io
displaysize(io::IO) = get(io, :displaysize, (24, 80))
displaysize() = (24, 80)
get_color(io) = get(io, :color, false)
lock(io::IO) = nothing
unlock(io::IO) = nothing

# ---- print --------------------------------------------------------------------------------------

print(io::IO, x) = (show(io, x); nothing)
print(io::IO, s::AbstractString) = (write(io, s); nothing)
print(io::IO, c::AbstractChar) = (write(io, c); nothing)
print(io::IO, s::Symbol) = (write(io, s); nothing)
print(io::IO) = nothing
function print(io::IO, xs...)
    for x in xs
        print(io, x)
    end
    return nothing
end
print(xs...) = print(stdout, xs...)
println(io::IO, xs...) = print(io, xs..., "\n")
println(io::IO) = print(io, "\n")
println(xs...) = println(stdout, xs...)
println() = print(stdout, "\n")

function sprint(f::Function, args...; context = nothing, sizehint::Integer = 0)
    s = IOBuffer()
    if context === nothing
        f(s, args...)
    elseif context isa Tuple
        f(IOContext(s, context...), args...)
    else
        f(IOContext(s, context), args...)
    end
    return Core.Host.bytes_to_string(s.data)
end
function print_to_string(xs...)
    s = IOBuffer()
    for x in xs
        print(s, x)
    end
    return Core.Host.bytes_to_string(s.data)
end
string(xs...) = print_to_string(xs...)
string() = ""
string(s::String) = s
string(s::AbstractString) = String(s)
string(c::AbstractChar) = Core.Host.char_to_string(Char(c))
string(s::Symbol) = Core.Host.symbol_name(s)
string(a::String, b::String) = Core.Host.concat(a, b)
string(a::String, b::String, c::String) = Core.Host.concat(Core.Host.concat(a, b), c)
repr(x; context = nothing) = sprint(show, x; context)
repr(mime, x; context = nothing) = sprint(show, mime isa AbstractString ? MIME{Symbol(mime)}() : mime, x; context)

MIME(s) = MIME{Symbol(s)}()
show(io::IO, ::MIME"text/plain", x) = show(io, x)
show(x) = show(stdout, x)
show(io::IO, mime::AbstractString, x) = show(io, MIME(mime), x)
show(io::IO, m::MIME{T}) where {T} = print(io, "MIME type ", T)
print(io::IO, m::MIME{T}) where {T} = print(io, T)
showable(m, x) = true
display(x) = (show(stdout, MIME("text/plain"), x); println(stdout))
display(io_or_mime, x) = (show(stdout, io_or_mime, x); println(stdout))

# Runs `f`; what it and its kernels write to the stream goes to `io` once `f` has ended.
redirect_stdout(f, io::IO) = redirected(f, 1, io)
redirect_stderr(f, io::IO) = redirected(f, 2, io)
function redirected(f, stream::Int, io::IO)
    Core.Host.redirect_begin(stream)
    try
        return f()
    finally
        write(io, Core.Host.redirect_end())
    end
end
printstyled(io::IO, xs...; kw...) = print(io, xs...)
printstyled(xs...; kw...) = print(stdout, xs...)
