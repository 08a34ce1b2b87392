# Streams: standard output and error, byte buffers, and the context that printing carries along.

struct StdStream <: IO
    fd::Int
end
const stdout = StdStream(1)
const stderr = StdStream(2)
struct StdInput <: IO end
const stdin = StdInput()
struct DevNull <: IO end
const devnull = DevNull()

# Bytes in memory with a place at which reading and writing go on (`ptr`, from 1).
mutable struct GenericIOBuffer{T} <: IO
    data::T
    ptr::Int
    readable::Bool
    writable::Bool
    append::Bool
    maxsize::Int         # -1: no limit (no large number, which would look like a bound of loops)
    mark::Int            # -1: none
    open::Bool
end
const IOBuffer = GenericIOBuffer{Vector{UInt8}}
function new_buffer(data::Vector{UInt8}, given::Bool, read, write, append, truncate, maxsize)
    # without words to the contrary what is given is read, and what is new is read and written
    r = read === nothing ? (write === nothing || truncate === true) : read
    w = write === nothing ? (!given || append === true || truncate === true) : write
    truncate === true && empty!(data)
    return IOBuffer(data, 1, r, w, append === true, maxsize == typemax(Int) ? -1 : Int(maxsize), -1, true)
end
GenericIOBuffer{Vector{UInt8}}(s::AbstractString; read = nothing, write = nothing, append = nothing, truncate = nothing, maxsize = -1, sizehint = nothing) =
    new_buffer(codeunit_vector(s), true, read, write, append, truncate, maxsize)
GenericIOBuffer{Vector{UInt8}}(v::Vector{UInt8}; read = nothing, write = nothing, append = nothing, truncate = nothing, maxsize = -1, sizehint = nothing) =
    new_buffer(v, true, read, write, append, truncate, maxsize)
GenericIOBuffer{Vector{UInt8}}(v::AbstractVector{UInt8}; kw...) = IOBuffer(Vector{UInt8}(v); kw...)
GenericIOBuffer{Vector{UInt8}}(; read = true, write = true, append = nothing, truncate = nothing, maxsize = -1, sizehint = nothing) =
    new_buffer(UInt8[], false, read, write, append, truncate, maxsize)
# What printing to a string uses: without keywords, for it happens all the time.
fresh_buffer() = IOBuffer(UInt8[], 1, true, true, false, -1, -1, true)
PipeBuffer(data::Vector{UInt8} = UInt8[]; kw...) = IOBuffer(data; read = true, write = true, append = true)
codeunit_vector(s::AbstractString) = Core.Host.string_bytes(String(s))
show(io::IO, b::GenericIOBuffer) = print(io, "IOBuffer(data=UInt8[...], readable=", b.readable, ", writable=", b.writable, ", seekable=true, append=", b.append,
    ", size=", length(b.data), ", maxsize=", b.maxsize == -1 ? "Inf" : b.maxsize, ", ptr=", b.ptr, ", mark=", b.mark, ")")

write(io::IO, x, y, zs...) = write(io, x) + write(io, y, zs...)
write(io::StdStream, s::String) = (Core.Host.write_stream(io.fd, s); sizeof(s))
function write(io::IOBuffer, s::String)
    # at the end, as nearly always
    if io.writable && io.maxsize == -1 && (io.append || io.ptr == length(io.data) + 1)
        Core.Host.append_bytes(io.data, s)
        io.append || (io.ptr = length(io.data) + 1)
        return sizeof(s)
    end
    return write_bytes(io, codeunit_vector(s))
end
@noinline function write_bytes(io::IOBuffer, bytes::Vector{UInt8})
    n = 0
    for b in bytes
        n += write(io, b)
    end
    return n
end
write(io::DevNull, s::String) = sizeof(s)
write(io::IO, s::AbstractString) = write(io, String(s))
write(io::IO, b::UInt8) = write(io, Core.Host.bytes_to_string(UInt8[b]))
function write(io::IOBuffer, b::UInt8)
    io.writable || throw(ArgumentError("ensureroom failed, IOBuffer is not writeable"))
    at = io.append ? length(io.data) + 1 : io.ptr
    at > io.maxsize != -1 && return 0
    while length(io.data) < at - 1
        push!(io.data, 0x00)
    end
    at == length(io.data) + 1 ? push!(io.data, b) : (io.data[at] = b)
    io.append || (io.ptr = at + 1)
    return 1
end
write(io::IO, c::AbstractChar) = write(io, string(c))
write(io::IO, v::Vector{UInt8}) = write(io, Core.Host.bytes_to_string(v))
write(io::IO, s::Symbol) = write(io, Core.Host.symbol_name(s))
write(io::IO, x::Number) = write(io, Core.Host.value_bytes(x))
write(io::IO, a::AbstractArray) = (n = 0; for x in a; n += write(io, x); end; n)
write(to::IO, from::IO) = write(to, read(from))
flush(io::IO) = nothing
flush(io::StdStream) = Core.Host.flush_stream(io.fd)
close(io::IO) = nothing
isopen(io::IO) = true
isreadable(io::IO) = false
iswritable(io::IO) = true
isreadonly(io::IO) = isreadable(io) && !iswritable(io)
fd(io::StdStream) = io.fd

# A file is read into a buffer when it is opened; what was written reaches the disk with `flush` and `close`.
mutable struct IOStream <: IO
    name::String
    buffer::IOBuffer
    changed::Bool
end
const Buffered = Union{IOBuffer,IOStream}
inner(b::IOBuffer) = b
inner(f::IOStream) = f.buffer
write(f::IOStream, s::String) = (f.changed = true; write(f.buffer, s))
write(f::IOStream, b::UInt8) = (f.changed = true; write(f.buffer, b))
show(io::IO, f::IOStream) = print(io, "IOStream(<file ", f.name, ">)")
function flush(f::IOStream)
    f.changed && Core.Host.write_file(f.name, Core.Host.bytes_to_string(f.buffer.data))
    f.changed = false
    return nothing
end
close(b::IOBuffer) = (b.open = b.readable = b.writable = false; empty!(b.data); b.ptr = 1; nothing)
close(f::IOStream) = (flush(f); close(f.buffer))
isopen(io::Buffered) = inner(io).open
isreadable(io::Buffered) = inner(io).readable
iswritable(io::Buffered) = inner(io).writable
eof(io::Buffered) = (b = inner(io); b.ptr > length(b.data))
position(io::Buffered) = inner(io).ptr - 1
seek(io::Buffered, n::Integer) = (b = inner(io); b.ptr = clamp(Int(n), 0, length(b.data)) + 1; io)
seekstart(io::Buffered) = seek(io, 0)
seekend(io::Buffered) = seek(io, length(inner(io).data))
skip(io::Buffered, n::Integer) = seek(io, position(io) + n)
mark(io::Buffered) = inner(io).mark = position(io)
unmark(io::Buffered) = (b = inner(io); was = b.mark >= 0; b.mark = -1; was)
ismarked(io::Buffered) = inner(io).mark >= 0
function reset(io::Buffered)
    ismarked(io) || throw(ArgumentError(string(typeof(io), " not marked")))
    m = inner(io).mark
    seek(io, m)
    unmark(io)
    return m
end
bytesavailable(io::Buffered) = (b = inner(io); length(b.data) - b.ptr + 1)
function truncate(io::Buffered, n::Integer)
    b = inner(io)
    k = length(b.data)
    resize!(b.data, n)
    n > k && (b.data[k+1:n] .= 0x00)
    b.ptr = min(b.ptr, Int(n) + 1)
    io isa IOStream && (io.changed = true)
    return io
end
function take!(io::IOBuffer)
    io.writable || return copy(io.data)
    v = io.data
    io.data = UInt8[]
    io.ptr = 1
    io.mark = -1
    return v
end
struct EOFError <: Exception end
readable(io::Buffered) = (b = inner(io); b.readable ? b : throw(ArgumentError("read failed, IOBuffer is not readable")))
function read(io::Buffered, ::Type{UInt8})
    b = readable(io)
    b.ptr > length(b.data) && throw(EOFError())
    x = b.data[b.ptr]
    b.ptr += 1
    return x
end
read(io::IO, ::Type{String}) = Core.Host.bytes_to_string(read(io))
function read(io::Buffered)
    b = readable(io)
    v = b.data[b.ptr:end]
    b.ptr = length(b.data) + 1
    return v
end
function read(io::Buffered, n::Integer)
    b = readable(io)
    v = b.data[b.ptr:min(b.ptr + Int(n) - 1, length(b.data))]
    b.ptr += length(v)
    return v
end
read(io::Buffered, T::Type, n::Integer, ns::Integer...) = read!(io, Array{T}(undef, n, ns...))
readavailable(io::Buffered) = read(io)
function read(io::Buffered, ::Type{Char})
    b = readable(io)
    s = Core.Host.bytes_to_string(b.data[b.ptr:min(b.ptr + 3, end)])
    isempty(s) && throw(EOFError())
    c = first(s)
    b.ptr += ncodeunits(c)
    return c
end
read(io::Buffered, ::Type{Bool}) = read(io, UInt8) != 0x00
function read(io::Buffered, ::Type{T}) where {T<:Union{Int8,Int16,Int32,Int64,Int128,UInt16,UInt32,UInt64,UInt128,Float16,Float32,Float64}}
    bytes = read(io, sizeof(T))
    length(bytes) == sizeof(T) || throw(EOFError())
    return reinterpret(T, bytes)[1]
end
peek(io::Buffered) = peek(io, UInt8)
peek(io::Buffered, ::Type{T}) where {T} = (b = inner(io); p = b.ptr; x = read(io, T); b.ptr = p; x)
function skipchars(f, io::Buffered; linecomment = nothing)
    while !eof(io)
        c = peek(io, Char)
        c == linecomment ? readline(io) : f(c) ? read(io, Char) : break
    end
    return io
end
function readbytes!(io::Buffered, b::AbstractVector{UInt8}, n::Integer = length(b))
    k = 0
    while k < n && !eof(io)
        k += 1
        k <= length(b) ? (b[k] = read(io, UInt8)) : push!(b, read(io, UInt8))
    end
    return k
end
function read!(io::Buffered, a::AbstractArray{T}) where {T}
    for i in eachindex(a)
        a[i] = read(io, T)
    end
    return a
end
read!(path::AbstractString, a::AbstractArray) = open(io -> read!(io, a), path)
function readuntil(io::Buffered, d::AbstractString; keep::Bool = false)
    b = readable(io)
    s = Core.Host.bytes_to_string(b.data[b.ptr:end])
    q = findfirst(d, s)
    q === nothing && (b.ptr = length(b.data) + 1; return s)
    b.ptr += first(q) - 1 + ncodeunits(d)
    return String(SubString(s, 1, keep ? last(q) : prevind(s, first(q))))
end
function readuntil(io::Buffered, d::Union{UInt8,AbstractChar}; keep::Bool = false)
    d isa AbstractChar && !isascii(d) && return readuntil(io, string(d); keep)
    b = readable(io)
    at = findnext(==(d isa UInt8 ? d : UInt8(d)), b.data, b.ptr)
    stop = at === nothing ? length(b.data) : at
    v = b.data[b.ptr:(at === nothing || keep ? stop : stop - 1)]
    b.ptr = stop + 1
    return d isa UInt8 ? v : Core.Host.bytes_to_string(v)
end
readline(path::AbstractString; keep::Bool = false) = open(f -> readline(f; keep), path)
readuntil(path::AbstractString, d; kw...) = open(io -> readuntil(io, d; kw...), path)
readline(io::Buffered; keep::Bool = false) = chomp_line(readuntil(io, '\n'; keep = true), keep)
chomp_line(s, keep) = keep ? s : String(chomp(s))
copyuntil(out::IO, io, d; keep::Bool = false) = (write(out, readuntil(io, d; keep)); out)
copyline(out::IO, io = stdin; keep::Bool = false) = (write(out, readline(io; keep)); out)
function countlines(io::IO; eol::AbstractChar = '\n')
    s = read(io, String)
    return count(eol, s) + (isempty(s) || endswith(s, eol) ? 0 : 1)
end
countlines(path::AbstractString; eol::AbstractChar = '\n') = open(io -> countlines(io; eol), path)

# The lines of a stream, read as they are asked for.
struct EachLine{I<:IO}
    stream::I
    ondone::Any
    keep::Bool
end
eachline(io::IO = stdin; keep::Bool = false) = EachLine(io, () -> nothing, keep)
eachline(path::AbstractString; keep::Bool = false) = (io = open(path); EachLine(io, () -> close(io), keep))
function iterate(l::EachLine, state = nothing)
    eof(l.stream) && (l.ondone(); return nothing)
    return (readline(l.stream; keep = l.keep), nothing)
end
eltype(::Type{<:EachLine}) = String
IteratorSize(::Type{<:EachLine}) = SizeUnknown()
readlines(io::IO = stdin; kw...) = collect(String, eachline(io; kw...))
readlines(path::AbstractString; kw...) = collect(String, eachline(path; kw...))

struct ReadEach{T,I<:IO}
    stream::I
end
readeach(io::IO, ::Type{T}) where {T} = ReadEach{T,typeof(io)}(io)
iterate(r::ReadEach{T}, state = nothing) where {T} = eof(r.stream) ? nothing : (read(r.stream, T), nothing)
eltype(::Type{<:ReadEach{T}}) where {T} = T
IteratorSize(::Type{<:ReadEach}) = SizeUnknown()

# Of standard input a line is read ahead, to know its end.
const input_ahead = IOBuffer(UInt8[]; read = true, write = true, append = true)
function _fill_input()
    eof(input_ahead) || return true
    take!(input_ahead)
    return write(input_ahead, Core.Host.read_line()) > 0
end
eof(::StdInput) = !_fill_input()
readline(::StdInput = stdin; keep::Bool = false) = (_fill_input(); readline(input_ahead; keep))
read(::StdInput) = append!(read(input_ahead), codeunit_vector(Core.Host.read_all()))
read(io::StdInput, T::Type) = (_fill_input(); read(input_ahead, T))
read(io::StdInput, ::Type{String}) = Core.Host.bytes_to_string(read(io))
isreadable(::StdInput) = true
iswritable(::StdInput) = false

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
keys(io::IOContext) = unique(p.first for p in io.dict)
keys(io::IO) = ()
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
    s = fresh_buffer()
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
    s = fresh_buffer()
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
showable(m::MIME, x) = istext_plain(m) || hasmethod(show, Tuple{IO,typeof(m),typeof(x)})
showable(m::AbstractString, x) = showable(MIME(m), x)
istext_plain(::MIME) = false
istext_plain(::MIME"text/plain") = true
istextmime(m) = startswith(string(m), "text/") || string(m) in ("application/json", "application/javascript", "application/xml")
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
