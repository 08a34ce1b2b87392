# The machine that the program runs on.

const ENDIAN_BOM = 0x04030201

module Sys
export BINDIR, STDLIB, CPU_THREADS, WORD_SIZE, ARCH, MACHINE, KERNEL, isapple, islinux, iswindows, isunix, isbsd, total_memory, free_memory

const WORD_SIZE = 64
const ARCH = :x86_64
const KERNEL = :Linux
const MACHINE = "x86_64-linux-gnu"
const CPU_THREADS = 1
const CPU_NAME = "generic"
const BINDIR = ""
const STDLIB = ""
islinux(os::Symbol = KERNEL) = os === :Linux
isapple(os::Symbol = KERNEL) = os === :Apple || os === :Darwin
iswindows(os::Symbol = KERNEL) = os === :Windows || os === :NT
isbsd(os::Symbol = KERNEL) = os in (:FreeBSD, :OpenBSD, :NetBSD, :DragonFly) || isapple(os)
isfreebsd(os::Symbol = KERNEL) = os === :FreeBSD
isunix(os::Symbol = KERNEL) = islinux(os) || isbsd(os)
end

precompile(args...) = true
__precompile__(on::Bool = true) = nothing
homedir() = get(ENV, "HOME", "/")
tempdir() = get(ENV, "TMPDIR", "/tmp")
splitdir(p::AbstractString) = (dirname(p), basename(p))
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
expanduser(p::AbstractString) = p == "~" || startswith(p, "~/") ? string(homedir(), SubString(p, 2)) : String(p)
readchomp(x) = String(chomp(read(x, String)))
filesize(path::AbstractString) = length(read(path))
touch(path::AbstractString) = (isfile(path) || write(path, ""); path)
cp(a::AbstractString, b::AbstractString; force::Bool = false) = (write(b, read(a, String)); b)
mv(a::AbstractString, b::AbstractString; force::Bool = false) = (cp(a, b); rm(a); b)

Module(name::Symbol = :anonymous, std_imports::Bool = true) = Core.Host.new_module(name)
