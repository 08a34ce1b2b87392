# What one test gave.

abstract type Result end

struct Pass <: Result
    test_type::Symbol
    orig_expr::Any
    data::Any
    value::Any
    source::Union{Nothing,LineNumberNode}
    message_only::Bool
end
Pass(test_type, orig_expr, data, value, source = nothing) = Pass(test_type, orig_expr, data, value, source, false)

struct Fail <: Result
    test_type::Symbol
    orig_expr::String
    data::Union{Nothing,String}
    value::String
    context::Union{Nothing,String}
    source::LineNumberNode
    message_only::Bool
    backtrace::Union{Nothing,String}
end
Fail(test_type::Symbol, orig_expr, data, value, context, source::LineNumberNode, message_only::Bool) =
    Fail(test_type, string(orig_expr), data === nothing ? nothing : string(data), string(value), context, source, message_only, nothing)

struct Error <: Result
    test_type::Symbol
    orig_expr::String
    value::String
    backtrace::String
    source::LineNumberNode
end
function Error(test_type::Symbol, orig_expr, value, bt, source::LineNumberNode)
    text = test_type === :test_error || test_type === :nontest_error ? sprint(showerror, value) : sprint(show, value)
    return Error(test_type, string(orig_expr), text, bt === nothing ? "" : string(bt), source)
end

struct Broken <: Result
    test_type::Symbol
    orig_expr::Any
end

place(s::LineNumberNode) = string(s.file === nothing ? "none" : s.file, ":", s.line)
indented(s::AbstractString) = replace(s, "\n" => "\n  ")

function Base.show(io::IO, t::Pass)
    print(io, "Test Passed")
    if t.test_type === :test_throws
        t.message_only ? print(io, "\n     Message: ", t.value) : print(io, "\n      Thrown: ", typeof(t.value))
    end
end
function Base.show(io::IO, t::Fail)
    print(io, "Test Failed at ", place(t.source))
    print(io, "\n  Expression: ", t.orig_expr)
    if t.test_type === :test_throws_wrong
        print(io, "\n    Expected: ", t.data)
        print(io, t.message_only ? "\n     Message: " : "\n      Thrown: ", t.value)
    elseif t.test_type === :test_throws_nothing
        print(io, "\n    Expected: ", t.data, "\n  No exception thrown")
    elseif t.test_type === :test && t.data !== nothing
        print(io, "\n   Evaluated: ", t.data)
    end
    t.context === nothing || print(io, "\n     Context: ", t.context)
    return nothing
end
function Base.show(io::IO, t::Error)
    if t.test_type === :test_interrupted
        print(io, "Interrupted")
        return nothing
    end
    print(io, "Error During Test at ", place(t.source))
    if t.test_type === :test_nonbool
        print(io, "\n  Expression evaluated to non-Boolean", "\n  Expression: ", t.orig_expr, "\n       Value: ", t.value)
    elseif t.test_type === :test_error
        print(io, "\n  Test threw exception", "\n  Expression: ", t.orig_expr, "\n  ", indented(t.value))
    elseif t.test_type === :test_unbroken
        print(io, "\n Unexpected Pass", "\n Expression: ", t.orig_expr, "\n Got correct result, please change to @test if no longer broken.")
    elseif t.test_type === :nontest_error
        print(io, "\n  Got exception outside of a @test", "\n  ", indented(t.value))
    end
    isempty(t.backtrace) || print(io, "\n  ", indented(t.backtrace))
    return nothing
end
function Base.show(io::IO, t::Broken)
    print(io, "Test Broken\n")
    print(io, t.test_type === :skipped ? "  Skipped: " : "  Expression: ", t.orig_expr)
end
