# Sets of tests: the standard one, the one outside of any set, and the stack of those that are open.

abstract type AbstractTestSet end
function record end
function finish end
finish(ts::AbstractTestSet) = ts

const open_sets = Any[]
get_testset_depth() = length(open_sets)
get_testset() = isempty(open_sets) ? fallback_testset : open_sets[end]
push_testset(ts) = (push!(open_sets, ts); nothing)
pop_testset() = isempty(open_sets) ? fallback_testset : pop!(open_sets)

# ---- outside of any set -------------------------------------------------------------------------

struct FallbackTestSet <: AbstractTestSet end
const fallback_testset = FallbackTestSet()
struct FallbackTestSetException <: Exception
    msg::String
end
Base.showerror(io::IO, e::FallbackTestSetException) = print(io, e.msg)
record(::FallbackTestSet, t::Union{Pass,Broken}) = t
function record(::FallbackTestSet, t::Union{Fail,Error})
    println(t)
    throw(FallbackTestSetException("There was an error during testing"))
end
finish(ts::FallbackTestSet) = ts

# ---- the standard set ---------------------------------------------------------------------------

mutable struct DefaultTestSet <: AbstractTestSet
    description::String
    results::Vector{Any}
    n_passed::Int
    anynonpass::Bool
    verbose::Bool
    showtiming::Bool
    time_start::Float64
    time_end::Union{Nothing,Float64}
    failfast::Bool
end
DefaultTestSet(desc::AbstractString; verbose::Bool = false, showtiming::Bool = true, failfast = false, source = nothing, kw...) =
    DefaultTestSet(String(desc), [], 0, false, verbose, showtiming, time(), nothing, failfast === true)
struct FailFastError <: Exception end

record(ts::DefaultTestSet, t::Broken) = (push!(ts.results, t); t)
record(ts::DefaultTestSet, t::Pass) = (ts.n_passed += 1; t)
function record(ts::DefaultTestSet, t::Union{Fail,Error})
    print(ts.description, ": ")
    println(t)
    println()
    push!(ts.results, t)
    ts.failfast && throw(FailFastError())
    return t
end
record(ts::DefaultTestSet, t::AbstractTestSet) = (push!(ts.results, t); t)
record(ts::DefaultTestSet, t) = (push!(ts.results, t); t)

struct TestSetException <: Exception
    pass::Int
    fail::Int
    error::Int
    broken::Int
    errors_and_fails::Vector{Any}
end
Base.show(io::IO, e::TestSetException) = print(io, "Some tests did not pass: ", e.pass, " passed, ", e.fail, " failed, ", e.error, " errored, ", e.broken, " broken.")
Base.showerror(io::IO, e::TestSetException) = show(io, e)
Base.showerror(io::IO, e::TestSetException, bt; backtrace = true) = show(io, e)

# Passed, failed, errored and broken tests of a set itself and of the sets in it.
struct Counts
    passes::Int
    fails::Int
    errors::Int
    broken::Int
    inner_passes::Int
    inner_fails::Int
    inner_errors::Int
    inner_broken::Int
end
counts(ts) = Counts(0, 0, 0, 0, 0, 0, 0, 0)
total(c::Counts) = (c.passes + c.inner_passes, c.fails + c.inner_fails, c.errors + c.inner_errors, c.broken + c.inner_broken)
function counts(ts::DefaultTestSet)
    f = e = b = 0
    inner = [0, 0, 0, 0]
    for t in ts.results
        if t isa Fail
            f += 1
        elseif t isa Error
            e += 1
        elseif t isa Broken
            b += 1
        elseif t isa AbstractTestSet
            inner .+= collect(total(counts(t)))
        end
    end
    return Counts(ts.n_passed, f, e, b, inner[1], inner[2], inner[3], inner[4])
end
failures(ts) = Any[]
function failures(ts::DefaultTestSet)
    found = Any[]
    for t in ts.results
        t isa Union{Fail,Error} && push!(found, t)
        t isa AbstractTestSet && append!(found, failures(t))
    end
    return found
end
any_bad(ts) = false
function any_bad(ts::DefaultTestSet)
    ts.anynonpass = any(t -> t isa Union{Fail,Error} || t isa AbstractTestSet && any_bad(t), ts.results)
    return ts.anynonpass
end

function finish(ts::DefaultTestSet; print_results::Bool = true)
    ts.time_end = time()
    any_bad(ts)
    if get_testset_depth() != 0
        record(get_testset(), ts)
        return ts
    end
    p, f, e, b = total(counts(ts))
    print_results && print_test_results(ts)
    f + e == 0 || throw(TestSetException(p, f, e, b, failures(ts)))
    return ts
end

# ---- the summary table --------------------------------------------------------------------------

function print_test_results(ts::DefaultTestSet, depth_pad::Int = 0)
    p, f, e, b = total(counts(ts))
    all = p + f + e + b
    columns = Tuple{String,Int}[]
    for (name, n) in (("Pass", p), ("Fail", f), ("Error", e), ("Broken", b))
        n > 0 && push!(columns, (name, max(length(name), ndigits(n))))
    end
    push!(columns, ("Total", max(5, ndigits(all))))
    width = max(summary_width(ts, 0), length("Test Summary:"))
    print(rpad("Test Summary:", width), " |")
    for (name, w) in columns
        print(" ", lpad(name, w), " ")
    end
    println(ts.showtiming ? " Time" : "")
    print_counts(ts, 0, width, columns, ts.showtiming)
    return nothing
end
summary_width(ts, depth) = 2 * depth + textwidth(description(ts))
function summary_width(ts::DefaultTestSet, depth)
    w = 2 * depth + textwidth(ts.description)
    (ts.anynonpass || ts.verbose) || return w
    for t in ts.results
        t isa AbstractTestSet && (w = max(w, summary_width(t, depth + 1)))
    end
    return w
end
description(ts) = hasproperty(ts, :description) ? string(ts.description) : string(typeof(ts))
function print_counts(ts, depth, width, columns, timing)
    ts isa DefaultTestSet || return println(rpad(string("  "^depth, description(ts)), width), " |")
    p, f, e, b = total(counts(ts))
    print(rpad(string("  "^depth, ts.description), width), " |")
    n = p + f + e + b
    for (name, w) in columns
        x = name == "Pass" ? p : name == "Fail" ? f : name == "Error" ? e : name == "Broken" ? b : n
        print(" ", name == "Total" && n == 0 ? lpad("None", w) : x == 0 && name != "Total" ? " "^w : lpad(string(x), w), " ")
    end
    if timing && ts.time_end !== nothing
        print(" ", Core.Host.float_fixed(ts.time_end - ts.time_start, 1), "s")
    end
    println()
    if ts.anynonpass || ts.verbose
        for t in ts.results
            t isa AbstractTestSet && print_counts(t, depth + 1, width, columns, timing)
        end
    end
    return nothing
end
Base.show(io::IO, ts::DefaultTestSet) = print(io, "Test.DefaultTestSet(", repr(ts.description), ", ", length(ts.results), " results)")
