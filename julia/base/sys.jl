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
Module(name::Symbol = :anonymous, std_imports::Bool = true) = Core.Host.new_module(name)
