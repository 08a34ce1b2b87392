# The names that `using Base` (which every module does) brings in.

export
    # modules
    Base, Core, Main, Broadcast, Docs, Iterators, MathConstants, Meta, Sys, Threads, GC, Libc,
    # types
    AbstractChannel, AbstractDict, AbstractIrrational, AbstractMatrix, AbstractPattern, AbstractPipe, AbstractRange, AbstractSet, AbstractSlices, Slices, RowSlices, ColumnSlices,
    AbstractUnitRange, AbstractVecOrMat, AbstractVector, Array, BigFloat, BigInt, BitArray, BitMatrix, BitVector, BitSet, CapturedException,
    CartesianIndex, CartesianIndices, Channel, Cmd, Colon, Complex, ComplexF16, ComplexF32, ComplexF64, ComposedFunction, CompositeException,
    Condition, DenseMatrix, DenseVecOrMat, DenseVector, Dict, Dims, Enum, ExponentialBackOff, HTML, IdDict,
    IndexCartesian, IndexLinear, IndexStyle, IO, IOBuffer, IOContext, IOStream, InvalidStateException, Irrational, LazyString, LinRange, LinearIndices, Lockable,
    MIME, Matrix, Missing, MissingException, NTuple, OrdinalRange, Pair, PartialQuickSort, PermutedDimsArray, QuickSort, Rational, ReentrantLock, Regex,
    RegexMatch, Returns, RoundFromZero, RoundNearest, RoundNearestTiesAway, RoundNearestTiesUp, RoundToZero, RoundUp, RoundDown, RoundingMode, RawFD,
    Set, Some, StepRange, StepRangeLen, StridedArray, StridedMatrix, StridedVecOrMat, StridedVector, SubArray, SubString, SubstitutionString, TextDisplay, Text,
    TextDisplay, UnitRange, Val, VecOrMat, Vector, VersionNumber, WeakKeyDict,
    ArgumentError, AssertionError, CanonicalIndexError, DimensionMismatch, EOFError, KeyError, ProcessFailedException, StringIndexError, SystemError, TaskFailedException, Task,
    Cchar, Cdouble, Cfloat, Cint, Cintmax_t, Clong, Clonglong, Cptrdiff_t, Cshort, Csize_t, Cssize_t, Cstring, Cuchar, Cuint, Cuintmax_t, Culong, Culonglong,
    Cushort, Cvoid, Cwchar_t, Cwstring,
    # constants
    undef, UndefInitializer,    ARGS, C_NULL, DEPOT_PATH, ENDIAN_BOM, ENV, LOAD_PATH, PROGRAM_FILE, VERSION, devnull, stderr, stdin, stdout,
    Inf, Inf16, Inf32, Inf64, NaN, NaN16, NaN32, NaN64, im, missing, pi, π, ℯ, InsertionSort, MergeSort,
    # operators
    !, !=, !==, %, &, *, +, -, /, //, :, <, <=, <<, ==, =>, >, >=, >>, >>>, \, ^, |, |>, ~, ÷, ≠, ≡, ≢, ≤, ≥, ≈, ≉, ∈, ∉, ∋, ∌, ∘, ∪, ∩, ⊆, ⊇, ⊈, ⊉, ⊊, ⊋, ⊻, ⊼, ⊽,
    √, ∛, xor, nand, nor, >:, <:,
    # numbers
    abs, abs2, acos, acosd, acosh, acot, acotd, acoth, acsc, acscd, acsch, angle, asec, asecd, asech, asin, asind, asinh, atan, atand, atanh, big, binomial,
    bitreverse, bitrotate, bitstring, bswap, cbrt, ceil, cis, cispi, clamp, clamp!, cld, cmp, complex, conj, conj!, copysign, cos, cosc, cosd, cosh, cospi, cot, cotd, coth,
    count_ones, count_zeros, csc, cscd, csch, deg2rad, denominator, digits, digits!, div, divrem, eps, evalpoly, exp, exp10, exp2, expm1, exponent, factorial, fld, fld1,
    fldmod, fldmod1, flipsign, float, floatmax, floatmin, floor, fma, fourthroot, frexp, gcd, gcdx, hton, htol, hypot, ifelse, imag, inv, invmod, isapprox, iseven,
    isfinite, isinf, isinteger, isnan, isodd, isone, ispow2, isqrt, isreal, issubnormal, iszero, lcm, ldexp, leading_ones, leading_zeros, log, log10, log1p, log2,
    ltoh, max, maxintfloat, min, minmax, mod, mod1, mod2pi, modf, muladd, ndigits, nextfloat, nextpow, nextprod, ntoh, numerator, one, oneunit, powermod, precision, prevfloat, prevpow,
    rad2deg, rationalize, real, reim, reinterpret, rem, rem2pi, round, rounding, sec, secd, sech, setprecision, setrounding, sign, signbit, signed, significand, sin, sinc, sincos,
    sincosd, sincospi, sind, sinh, sinpi, sqrt, tan, tand, tanh, tanpi, trailing_ones, trailing_zeros, trunc, typemax, typemin, unsafe_trunc, unsigned, widemul, widen, zero,
    # arrays
    accumulate, accumulate!, adjoint, all!, any!, count!, invperm, argmax, argmin, axes, broadcast, broadcast!, cat, checkbounds, checkindex, circcopy!, circshift, circshift!, clamp!, cumprod, cumprod!, cumsum, cumsum!,
    diff, eachcol, eachindex, eachrow, eachslice, empty, empty!, extrema, extrema!, fill, fill!, findall, findfirst, findlast, findmax, findmax!, findmin, findmin!, findnext, findprev, first, firstindex,
    hcat, hvcat, hvncat, indexin, insorted, invpermute!, isassigned, isperm, issorted, last, lastindex, mapslices, maximum, maximum!, minimum, minimum!, ndims, ones, parent, parentindices,
    partialsort, partialsort!, partialsortperm, partialsortperm!, permute!, permutedims, permutedims!, prod, prod!, promote_shape, range, resize!, reshape, reverse, reverse!, rot180, rotl90, rotr90,
    searchsorted, searchsortedfirst, searchsortedlast, selectdim, similar, size, sort, sort!, sortperm, sortperm!, sortslices, stack, step, stride, strides, sum, sum!, to_indices, transpose, trues, falses, unsafe_wrap,
    vcat, vec, view, zeros, dropdims, copyto!, unsafe_copyto!, keepat!, logrange,
    # collections
    all, all!, allequal, allunique, any, any!, append!, collect, count, count!, delete!, deleteat!, eltype, filter, filter!, foldl, foldr, foreach, dump, get, get!, getindex, getkey, haskey, in, in!,
    insert!, intersect, intersect!, isdisjoint, isempty, issetequal, issubset, keys, keytype, length, map, map!, mapfoldl, mapfoldr, mapreduce, merge, merge!, mergewith, mergewith!, only, pairs, pop!, popat!, popfirst!,
    prepend!, push!, pushfirst!, reduce, replace, replace!, setdiff, setdiff!, setindex!, sizehint!, splice!, symdiff, symdiff!, union, union!, unique, unique!, values, valtype, zip, enumerate, iterate, ntuple, copy, copy!, deepcopy,
   
    # strings and characters
    ascii, bytes2hex, chomp, chop, chopprefix, chopsuffix, codepoint, codeunit, codeunits, contains, digits, eachline, eachmatch, eachsplit, eachrsplit, endswith, escape_string, hex2bytes, isascii, iscntrl, isdigit, isletter,
    islowercase, isnumeric, isprint, ispunct, isspace, isuppercase, isvalid, isxdigit, join, length, lowercase, lowercasefirst, lpad, lstrip, match, ncodeunits, nextind, occursin, parse, prevind,
    repeat, repr, replace, reverseind, rpad, rsplit, rstrip, split, startswith, string, strip, textwidth, thisind, titlecase, transcode, tryparse, unescape_string, uppercase, uppercasefirst, cmp, first, last,
    # input, output, display
    IOBuffer, bytesavailable, close, closewrite, countlines, display, displayable, displaysize, eof, fdio, flush, isopen, isreadable, iswritable, mark, open, peek, position, pipeline, print, println, printstyled, read, read!, readavailable,
    readbytes!, readchomp, readdir, readline, readlines, readuntil, redirect_stdout, redirect_stderr, seek, seekend, seekstart, show, showable, showerror, skip, skipchars, sprint, summary, take!, truncate, unmark, unsafe_read, unsafe_write, write,
    isfile, isdir, rm, mkdir, mkpath, mktemp, mktempdir, tempdir, tempname, touch, cp, mv, joinpath, basename, dirname, abspath, splitext, splitdir, pwd, cd, ispath, filesize, expanduser, normpath, realpath, relpath, isabspath, homedir,
    # functions, types, reflection
    applicable, atexit, cconvert, convert, current_task, error, esc, exit, fieldcount, fieldname, fieldnames, fieldoffset, fieldtypes, finalize, functionloc, gensym, getproperty, hasfield, hash, hasmethod, hasproperty,
    identity, invokelatest, isabstracttype, isbits, isbitstype, isconcretetype, isconst, isdispatchtuple, isequal, isimmutable, isless, ismissing, ismutable, ismutabletype, isnothing, isprimitivetype, isstructtype, isunordered,
    macroexpand, methods, fullname, nameof, names, nonmissingtype, objectid, oftype, parentmodule, pathof, pkgdir, pkgversion, pointer, pointer_from_objref, promote, promote_rule, promote_type, propertynames, rethrow, setproperty!, sizeof, skipmissing,
    something, coalesce, stacktrace, backtrace, catch_backtrace, current_exceptions, supertype, systemerror, time, time_ns, timedwait, typeintersect, typejoin, unsafe_load, unsafe_store!, unsafe_string, unsafe_pointer_to_objref, which, widen, swapproperty!, modifyproperty!, replaceproperty!, setpropertyonce!,
    instances, include_string, include_dependency, evalfile, retry, sleep, yield, wait, notify, lock, unlock, trylock, islocked, bind, put!, fetch, schedule, Timer, task_local_storage, asyncmap, istaskdone, istaskstarted, istaskfailed, errormonitor,
    isinteractive, ismarked, isreadonly, issocket, isready, islink, ltoh, exponent, disable_sigint, reenable_sigint, ENDIAN_BOM, run, success, process_running, process_exited, kill, detach, ignorestatus, setenv, addenv, withenv,
    isvalid, hasmethod, ncodeunits, nextpow, pipeline, precompile, __precompile__,
    # tasks, files, streams and reflection that the lists above leave out
    Task, reset, yieldto, asyncmap!, ismarked, readeach, copyuntil, copyline, PipeBuffer, fd, splitpath, splitdrive, contractuser, isdirpath, samefile, lstat, stat,
    filemode, mtime, ctime, isfifo, gethostname, splat, AbstractMatch, hex2bytes!, evalfile, code_lowered, code_typed, getpid, walkdir, chmod, readlink, symlink, @task,
    ScopedValue, with, @with, ∜, istextmime, StackTraces, @macroexpand1, @Kwargs, retry,
    # macros
    @__DIR__, @__FILE__, @__LINE__, @__MODULE__, @__dot__, @allocated, @allocations, @assert, @async, @atomic, @atomicreplace, @atomicswap, @atomiconce, @b_str, @big_str, @boundscheck, @ccall, @cfunction, @cmd, @deprecate, @doc, @doc_str, @elapsed,
    @enum, @eval, @evalpoly, @fastmath, @generated, @gensym, @goto, @html_str, @inbounds, @inline, @int128_str, @invoke, @invokelatest, @isdefined, @kwdef, @label, @lazy_str, @lock, @macroexpand, @macroexpand1, @MIME_str, @NamedTuple, @Kwargs, @noinline,
    @nospecialize, @polly, @r_str, @raw_str, @s_str, @show, @showtime, @simd, @something, @coalesce, @specialize, @static, @sync, @text_str, @threadcall, @time, @timed, @timev, @uint128_str, @v_str, @view, @views, @warn, @info, @error, @debug, @logmsg, @main
