# The macros, and how a tested expression is taken apart.

# ---- running one test ---------------------------------------------------------------------------

# What evaluating a test gave: a value with the expression as it was evaluated, or an exception.
struct Returned
    value::Any
    data::Union{Nothing,String}
    source::LineNumberNode
end
struct Threw
    exception::Any
    backtrace::Any
    source::LineNumberNode
end

const comparisons = (:(==), :(!=), :≠, :(===), :(!==), :≡, :≢, :<, :>, :(<=), :(>=), :≤, :≥, :isa, :in, :∈, :∉, :∋, :⊆, :⊇, :⊊, :≈, :≉, :(<:), :(>:), :isequal)
is_comparison_operator(f) = f isa Symbol && f !== :isequal && (f in comparisons || (s = string(f); startswith(s, ".") && Symbol(chop(s; head = 1, tail = 0)) in comparisons))

shown(x) = sprint(show, x; context = :limit => true)
# The pieces of a comparison `a op b op c`, all operands already evaluated.
function eval_comparison(operands::Tuple, operators::Tuple, names::Tuple, kws, negate::Bool, source)
    text = shown(operands[1])
    result = true
    i = 1
    while i <= length(operators)
        a, b = operands[i], operands[i+1]
        if result === true || i == 1
            result = isempty(kws) ? operators[i](a, b) : operators[i](a, b; kws...)
        end
        text = string(text, " ", names[i], " ", shown(b))
        i += 1
    end
    isempty(kws) || (text = string(text, " (", join([string(k, "=", shown(v)) for (k, v) in pairs(kws)], ", "), ")"))
    if negate
        result = !result
        text = string("!(", text, ")")
    end
    return Returned(result, text, source)
end
function eval_call(f, name, args::Tuple, kws, negate::Bool, source)
    result = isempty(kws) ? f(args...) : f(args...; kws...)
    text = string(name, "(", join(map(shown, args), ", "))
    isempty(kws) || (text = string(text, "; ", join([string(k, " = ", shown(v)) for (k, v) in pairs(kws)], ", ")))
    text = string(text, ")")
    if negate
        result = !result
        text = string("!(", text, ")")
    end
    return Returned(result, text, source)
end

# Code that evaluates the tested expression `ex`, with the keyword arguments given after it.
function test_result(ex, kws, source)
    negate = false
    inner = ex
    if inner isa Expr && inner.head === :call && length(inner.args) == 2 && inner.args[1] === :! && inner.args[2] isa Expr
        negate = true
        inner = inner.args[2]
    end
    kwcode = isempty(kws) ? :(NamedTuple()) : Expr(:tuple, Expr(:parameters, (k.head === :... ? Expr(:..., esc(k.args[1])) : Expr(:kw, k.args[1], esc(k.args[2])) for k in kws)...))
    if inner isa Expr && inner.head === :call && length(inner.args) == 3 && is_comparison_operator(inner.args[1]) && !any(is_splat, inner.args) && !startswith(string(inner.args[1]), ".")
        inner = Expr(:comparison, inner.args[2], inner.args[1], inner.args[3])
    end
    s = QuoteNode(source)
    if inner isa Expr && inner.head === :comparison && !any(x -> startswith(string(x), "."), inner.args[2:2:end])
        operands = Expr(:tuple, map(esc, inner.args[1:2:end])...)
        operators = Expr(:tuple, map(esc, inner.args[2:2:end])...)
        names = Expr(:tuple, map(o -> string(o), inner.args[2:2:end])...)
        return :(eval_comparison($operands, $operators, $names, $kwcode, $negate, $s))
    elseif inner isa Expr && inner.head === :call && inner.args[1] isa Symbol && !startswith(string(inner.args[1]), ".") && !(inner.args[1] in (:&&, :||, :!)) && !Core.Host.is_operator(inner.args[1])
        args, params = Any[], Any[]
        for a in inner.args[2:end]
            if a isa Expr && a.head === :parameters
                append!(params, a.args)
            elseif a isa Expr && a.head === :kw
                push!(params, a)
            else
                push!(args, is_splat(a) ? Expr(:..., esc(a.args[1])) : esc(a))
            end
        end
        for k in kws
            push!(params, k.head === :... ? k : Expr(:kw, k.args[1], k.args[2]))
        end
        kwcode = isempty(params) ? :(NamedTuple()) : Expr(:tuple, Expr(:parameters, map(escaped_parameter, params)...))
        return :(eval_call($(esc(inner.args[1])), $(string(inner.args[1])), ($(args...),), $kwcode, $negate, $s))
    end
    isempty(kws) || throw(ArgumentError("invalid test macro call: @test: keyword arguments need a call or a comparison"))
    return :(Returned($(esc(ex)), nothing, $s))
end
is_splat(x) = x isa Expr && x.head === :...
function escaped_parameter(p)
    p isa Symbol && return Expr(:kw, p, esc(p))
    p.head === :... && return Expr(:..., esc(p.args[1]))
    return Expr(:kw, p.args[1], esc(p.args[2]))
end
run_test(body, source) = :(
    try
        $body
    catch err
        err isa InterruptException && rethrow()
        Threw(err, nothing, $(QuoteNode(source)))
    end)

function do_test(result, orig_expr)
    if result isa Returned
        value = result.value
        if value isa Bool
            t = value ? Pass(:test, orig_expr, result.data, value, result.source) :
                Fail(:test, orig_expr, result.data, value, nothing, result.source, false)
        else
            t = Error(:test_nonbool, orig_expr, value, nothing, result.source)
        end
    else
        t = Error(:test_error, orig_expr, result.exception, result.backtrace, result.source)
    end
    return record(get_testset(), t)
end
function do_broken_test(result, orig_expr)
    t = Broken(:test, orig_expr)
    if result isa Returned && result.value isa Bool
        result.value && (t = Error(:test_unbroken, orig_expr, result.value, nothing, result.source))
    end
    return record(get_testset(), t)
end

# Takes `broken = …` and `skip = …` out of the options.
function split_options(args)
    kws, broken, skip = Any[], nothing, nothing
    for a in args
        (a isa Expr && (a.head === :(=) || a.head === :...)) || throw(ArgumentError(string("invalid test macro call: @test: unsupported argument `", a, "`")))
        if a.head === :(=) && a.args[1] === :broken
            broken = a.args[2]
        elseif a.head === :(=) && a.args[1] === :skip
            skip = a.args[2]
        else
            push!(kws, a)
        end
    end
    (broken !== nothing && skip !== nothing) && throw(ArgumentError("invalid test macro call: cannot set both skip and broken keyword arguments"))
    return kws, broken, skip
end

macro test(ex, args...)
    kws, broken, skip = split_options(args)
    orig = isempty(kws) ? QuoteNode(ex) : string(ex, " ", join(map(string, kws), " "))
    result = run_test(test_result(ex, kws, __source__), __source__)
    body = :(do_test($result, $orig))
    broken === nothing || (body = :($(esc(broken)) ? do_broken_test($result, $orig) : $body))
    skip === nothing || (body = :($(esc(skip)) ? record(get_testset(), Broken(:skipped, $orig)) : $body))
    return body
end
macro test_broken(ex, args...)
    kws, _, _ = split_options(args)
    return :(do_broken_test($(run_test(test_result(ex, kws, __source__), __source__)), $(QuoteNode(ex))))
end
macro test_skip(ex, args...)
    return :(record(get_testset(), Broken(:skipped, $(QuoteNode(ex)))))
end

# ---- exceptions ---------------------------------------------------------------------------------

macro test_throws(expected, ex)
    result = :(
        try
            Returned($(esc(ex)), nothing, $(QuoteNode(__source__)))
        catch err
            $(expected === :InterruptException || :(err isa InterruptException && rethrow()))
            Threw(err, nothing, $(QuoteNode(__source__)))
        end)
    return :(do_test_throws($result, $(QuoteNode(ex)), $(esc(expected))))
end
matches_message(m::AbstractString, text) = occursin(m, text)
matches_message(m::Regex, text) = occursin(m, text)
matches_message(m::Function, text) = m(text)
matches_message(m::AbstractArray, text) = all(x -> matches_message(x, text), m)
matches_message(m::Tuple, text) = all(x -> matches_message(x, text), m)
is_message(x) = x isa Union{AbstractString,Regex,Function,Tuple{Vararg{Union{AbstractString,Regex}}}} || x isa AbstractArray{<:AbstractString}
function do_test_throws(result, orig_expr, expected)
    message_only = is_message(expected)
    wanted = message_only ? shown(expected) : string(expected)
    if !(result isa Threw)
        return record(get_testset(), Fail(:test_throws_nothing, orig_expr, wanted, "nothing", nothing, result.source, false))
    end
    e = result.exception
    text = message_only ? sprint(showerror, e) : nothing
    if expected isa Type
        # a wrapper of loading shows what it wraps
        inner = e isa LoadError && !(LoadError <: expected) ? e.error : e
        ok = inner isa expected
    elseif expected isa Exception
        ok = typeof(e) === typeof(expected) && all(i -> same_field(e, expected, i), 1:nfields(expected))
    elseif message_only
        ok = matches_message(expected, text)
    else
        throw(ArgumentError(string("@test_throws: an exception type, an exception or a message is needed, got ", shown(expected))))
    end
    ok && return record(get_testset(), Pass(:test_throws, orig_expr, expected, message_only ? text : e, result.source, message_only))
    got = message_only ? shown(text) : sprint(showerror, e)
    return record(get_testset(), Fail(:test_throws_wrong, orig_expr, wanted, got, nothing, result.source, message_only))
end
same_field(a, b, i) = isdefined(a, i) == isdefined(b, i) && (!isdefined(a, i) || isequal(getfield(a, i), getfield(b, i)))

# ---- messages -----------------------------------------------------------------------------------

# Log records of a block, in order.
const LogRecord = Base.LogRecord
function collect_logs(f)
    old = Base.log_sink[]
    records = Any[]
    Base.log_sink[] = records
    try
        return records, f()
    finally
        Base.log_sink[] = old
    end
end
macro test_nowarn(ex)
    return quote
        local records, value = collect_logs(() -> $(esc(ex)))
        do_test(Returned(isempty(records), nothing, $(QuoteNode(__source__))), $(QuoteNode(ex)))
        value
    end
end
macro test_warn(message, ex)
    return quote
        local records, value = collect_logs(() -> $(esc(ex)))
        local wanted = $(esc(message))
        do_test(Returned(any(r -> matches_message(wanted, string(r.message)), records), nothing, $(QuoteNode(__source__))), $(QuoteNode(ex)))
        value
    end
end
macro test_logs(args...)
    ex = args[end]
    patterns, mode = Any[], :all
    for a in args[1:end-1]
        if a isa Expr && (a.head === :(=) || a.head === :kw)
            a.args[1] === :match_mode && (mode = a.args[2] isa QuoteNode ? a.args[2].value : a.args[2])
        else
            push!(patterns, esc(a))
        end
    end
    return quote
        local records, value = collect_logs(() -> $(esc(ex)))
        do_test(Returned(logs_match(records, ($(patterns...),), $(QuoteNode(mode))), nothing, $(QuoteNode(__source__))), $(QuoteNode(ex)))
        value
    end
end
level_named(s::Symbol) = s === :info ? Base.CoreLogging.Info : s === :warn ? Base.CoreLogging.Warn : s === :error ? Base.CoreLogging.Error : Base.CoreLogging.Debug
log_matches(r, p::Symbol) = r.level == level_named(p)
log_matches(r, p::Tuple) = log_matches(r, p[1]) && (length(p) < 2 || (p[2] isa AbstractString ? string(r.message) == p[2] : matches_message(p[2], string(r.message))))
function logs_match(records, patterns, mode)
    mode === :any && return all(p -> any(r -> log_matches(r, p), records), patterns)
    records = filter(r -> r.level.level >= 0, records)
    return length(records) == length(patterns) && all(i -> log_matches(records[i], patterns[i]), 1:length(records))
end
macro test_deprecated(args...)
    return esc(args[end])
end

# ---- inference ----------------------------------------------------------------------------------

macro inferred(ex)
    return inferred_code(ex, Union{})
end
macro inferred(allow, ex)
    return inferred_code(ex, esc(allow))
end
function inferred_code(ex, allow)
    if ex isa Expr && ex.head === :ref
        ex = Expr(:call, GlobalRef(Base, :getindex), ex.args...)
    elseif ex isa Expr && ex.head === :macrocall
        throw(ArgumentError("@inferred requires a call expression"))
    end
    (ex isa Expr && ex.head === :call) || throw(ArgumentError("@inferred requires a call expression"))
    args, kws = Any[], Any[]
    for a in ex.args[2:end]
        if a isa Expr && a.head === :parameters
            append!(kws, map(escaped_parameter, a.args))
        elseif a isa Expr && a.head === :kw
            push!(kws, escaped_parameter(a))
        else
            push!(args, is_splat(a) ? Expr(:..., esc(a.args[1])) : esc(a))
        end
    end
    f = esc(ex.args[1])
    return quote
        local args = ($(args...),)
        local allowed = $allow
        allowed isa Type || throw(ArgumentError("@inferred requires a type as second argument"))
        local kws = $(isempty(kws) ? :(NamedTuple()) : Expr(:tuple, Expr(:parameters, kws...)))
        local result = isempty(kws) ? $f(args...) : $f(args...; kws...)
        check_inferred(result, isempty(kws) ? Base.promote_op_type($f, Tuple{map(typeof_argument, args)...}) : typeof(result), allowed)
        result
    end
end
typeof_argument(x) = x isa Type ? Type{x} : typeof(x)
function check_inferred(result, inferred, allowed)
    R = result isa Type ? Type{result} : typeof(result)
    ok = R == inferred || R <: allowed || result isa Type && inferred <: Type || inferred == typesplit(inferred, allowed) && R <: inferred && isconcretetype(inferred)
    ok || R == typesplit(inferred, allowed) || error("return type ", R, " does not match inferred return type ", inferred)
    return nothing
end
typesplit(T, S) = T <: S ? Union{} : T isa Union ? Union{typesplit(T.a, S),typesplit(T.b, S)} : T

# ---- sets ---------------------------------------------------------------------------------------

macro testset(args...)
    isempty(args) && throw(ArgumentError("no arguments to @testset"))
    body = args[end]
    desc, type, options = nothing, nothing, Any[]
    for a in args[1:end-1]
        if a isa AbstractString || a isa Expr && a.head === :string
            desc = a
        elseif a isa Expr && a.head === :(=)
            push!(options, a)
        else
            type = a
        end
    end
    body isa Expr || throw(ArgumentError("expected begin/end block or for loop as argument to @testset"))
    if body.head === :for
        return testset_for(desc, type, options, body, __source__)
    elseif body.head in (:block, :call, :let)
        return testset_block(desc, type, options, body, __source__)
    end
    throw(ArgumentError("expected begin/end block or for loop as argument to @testset"))
end
option_code(options) = Any[Expr(:kw, o.args[1], esc(o.args[2])) for o in options]
current_type() = get_testset_depth() == 0 ? DefaultTestSet : typeof(get_testset())
make_testset(T::Type, desc; kw...) = T(desc; kw...)
make_testset(T, desc; kw...) = throw(ArgumentError(string("expected a subtype of AbstractTestSet, got ", T)))
type_code(type) = type === nothing ? :(current_type()) : esc(type)
# One open set around `body`; an exception outside of a test is recorded.
function testset_body(desc, type, options, body, source)
    kws = option_code(options)
    make = isempty(kws) ? :(make_testset($(type_code(type)), $desc)) : :(make_testset($(type_code(type)), $desc; $(kws...)))
    return quote
        local set = $make
        local result
        push_testset(set)
        try
            let
                $(esc(body))
            end
        catch err
            err isa InterruptException && rethrow()
            err isa FailFastError || record(set, Error(:nontest_error, Expr(:tuple), err, nothing, $(QuoteNode(source))))
        finally
            pop_testset()
            result = finish(set)
        end
        result
    end
end
function testset_block(desc, type, options, body, source)
    if desc === nothing
        desc = body.head === :call ? string(body.args[1]) : "test set"
    else
        desc = esc(desc)
    end
    return testset_body(desc, type, options, body, source)
end
# One set per round of the loop; gives all of them.
function testset_for(desc, type, options, loop, source)
    heads = loop.args[1]
    heads = heads.head === :block ? filter(x -> !(x isa LineNumberNode), heads.args) : Any[heads]
    if desc === nothing
        parts = Any[]
        for h in heads
            isempty(parts) || push!(parts, ", ")
            v = h.args[1]
            push!(parts, string(v, " = "))
            push!(parts, esc(v))
        end
        desc = Expr(:string, parts...)
    else
        desc = esc(desc)
    end
    round = :(push!(sets, $(testset_body(desc, type, options, loop.args[2], source))))
    for h in reverse(heads)
        round = Expr(:for, Expr(:(=), esc(h.args[1]), esc(h.args[2])), Expr(:block, round))
    end
    return quote
        local sets = Any[]
        $round
        sets
    end
end

# ---- other ----------------------------------------------------------------------------------------

detect_ambiguities(mods::Module...; kw...) = Core.Host.detect_ambiguities(mods...)
detect_unbound_args(mods::Module...; kw...) = Any[]

# Values of the interfaces' least members.
struct GenericString <: AbstractString
    string::AbstractString
end
Base.ncodeunits(s::GenericString) = ncodeunits(s.string)
Base.codeunit(s::GenericString) = codeunit(s.string)
Base.codeunit(s::GenericString, i::Integer) = codeunit(s.string, i)
Base.isvalid(s::GenericString, i::Integer) = isvalid(s.string, i)
Base.iterate(s::GenericString, i::Integer = 1) = iterate(s.string, i)
Base.String(s::GenericString) = String(s.string)
struct GenericSet{T} <: AbstractSet{T}
    s::AbstractSet{T}
end
Base.length(s::GenericSet) = length(s.s)
Base.iterate(s::GenericSet, st...) = iterate(s.s, st...)
Base.in(x, s::GenericSet) = x in s.s
struct GenericDict{K,V} <: AbstractDict{K,V}
    s::AbstractDict{K,V}
end
Base.length(d::GenericDict) = length(d.s)
Base.iterate(d::GenericDict, st...) = iterate(d.s, st...)
Base.get(d::GenericDict, k, default) = get(d.s, k, default)
struct GenericArray{T,N} <: AbstractArray{T,N}
    a::Array{T,N}
end
Base.size(a::GenericArray) = size(a.a)
Base.getindex(a::GenericArray, i::Int...) = a.a[i...]
Base.setindex!(a::GenericArray, x, i::Int...) = (a.a[i...] = x; a)
struct GenericOrder{T}
    val::T
end
Base.isless(x::GenericOrder, y::GenericOrder) = isless(x.val, y.val)
