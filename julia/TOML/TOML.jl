# TOML 1.0: text to dictionaries. Dates and times come out as strings.
module TOML

struct ParserError <: Exception
    message::String
    line::Int
end
Base.showerror(io::IO, e::ParserError) = print(io, "TOML Parser error: line ", e.line, ": ", e.message)

mutable struct Reader
    text::Vector{Char}
    at::Int
end
struct Parser end

done(r::Reader) = r.at > length(r.text)
peekc(r::Reader, ahead::Int = 0) = r.at + ahead > length(r.text) ? '\0' : @inbounds r.text[r.at+ahead]
nextc!(r::Reader) = (c = peekc(r); r.at += 1; c)
looking(r::Reader, s::String) = all(i -> peekc(r, i - 1) == s[i], 1:length(s))
fail(r::Reader, why::String) = throw(ParserError(why, 1 + count(==('\n'), @view r.text[1:min(r.at - 1, length(r.text))])))

function blanks!(r::Reader)
    while peekc(r) == ' ' || peekc(r) == '\t'
        r.at += 1
    end
end
function comment!(r::Reader)
    peekc(r) == '#' || return
    while !done(r) && peekc(r) != '\n'
        r.at += 1
    end
end
# Blanks, comments and ends of lines.
function gaps!(r::Reader)
    while !done(r)
        blanks!(r)
        comment!(r)
        (peekc(r) == '\n' || peekc(r) == '\r') ? (r.at += 1) : return
    end
end
function line_end!(r::Reader)
    blanks!(r)
    comment!(r)
    looking(r, "\r\n") && (r.at += 1)
    done(r) || nextc!(r) == '\n' || fail(r, "expected the end of the line")
    return
end
expect!(r::Reader, c::Char) = nextc!(r) == c || fail(r, "expected $(repr(c))")

is_bare(c::Char) = isletter(c) && isascii(c) || isdigit(c) || c == '_' || c == '-'
function key_part!(r::Reader)
    c = peekc(r)
    c == '"' && return string!(r)
    c == '\'' && return literal!(r)
    start = r.at
    while is_bare(peekc(r))
        r.at += 1
    end
    r.at == start && fail(r, "expected a key")
    return String(r.text[start:r.at-1])
end
function key!(r::Reader)
    parts = String[key_part!(r)]
    blanks!(r)
    while peekc(r) == '.'
        r.at += 1
        blanks!(r)
        push!(parts, key_part!(r))
        blanks!(r)
    end
    return parts
end

function escape!(r::Reader, out::Vector{Char})
    c = nextc!(r)
    plain = c == 'b' ? '\b' : c == 't' ? '\t' : c == 'n' ? '\n' : c == 'f' ? '\f' : c == 'r' ? '\r' : c == '"' ? '"' : c == '\\' ? '\\' : '\0'
    plain == '\0' || return push!(out, plain)
    if c == 'u' || c == 'U'
        digits = c == 'u' ? 4 : 8
        code = Base.tryparse(UInt32, String(r.text[r.at:min(r.at + digits - 1, end)]); base = 16)
        code === nothing && fail(r, "invalid Unicode escape")
        r.at += digits
        return push!(out, Char(code))
    end
    isspace(c) || fail(r, "invalid escape")
    # a line that ends in a backslash goes on at the next visible character
    while !done(r) && isspace(peekc(r))
        r.at += 1
    end
end
function quoted!(r::Reader, mark::Char, escapes::Bool)
    many = peekc(r, 1) == mark && peekc(r, 2) == mark
    r.at += many ? 3 : 1
    many && looking(r, "\r\n") && (r.at += 1)
    many && peekc(r) == '\n' && (r.at += 1)
    out = Char[]
    while true
        done(r) && fail(r, "the string does not end")
        c = nextc!(r)
        if c == mark && !many
            return String(out)
        elseif c == mark && peekc(r) == mark && peekc(r, 1) == mark && peekc(r, 2) != mark
            r.at += 2
            return String(out)
        elseif c == '\\' && escapes
            escape!(r, out)
        else
            c == '\n' && !many && fail(r, "the string does not end")
            push!(out, c)
        end
    end
end
string!(r::Reader) = quoted!(r, '"', true)
literal!(r::Reader) = quoted!(r, '\'', false)

function number(r::Reader, text::String)
    plain = replace(text, "_" => "")
    bare = lstrip(plain, ['+', '-'])
    sign = startswith(plain, "-") ? -1 : 1
    bare == "inf" && return sign * Inf
    bare == "nan" && return NaN
    # dates and times
    occursin(r"^\d{4}-\d\d-\d\d|^\d\d:\d\d", plain) && return plain
    v = occursin(r"^0[xob]", bare) || !occursin(r"[.eE]", bare) ? Base.tryparse(Int64, plain) : Base.tryparse(Float64, plain)
    v === nothing && fail(r, "$(repr(text)) is no value")
    return v
end

function value!(r::Reader)
    c = peekc(r)
    c == '"' && return string!(r)
    c == '\'' && return literal!(r)
    c == '[' && return array!(r)
    c == '{' && return inline_table!(r)
    start = r.at
    while is_bare(peekc(r)) || peekc(r) in ('+', '.', ':')
        r.at += 1
    end
    text = String(r.text[start:r.at-1])
    text == "true" && return true
    text == "false" && return false
    return number(r, text)
end

function array!(r::Reader)
    expect!(r, '[')
    items = Any[]
    while true
        gaps!(r)
        peekc(r) == ']' && break
        push!(items, value!(r))
        gaps!(r)
        peekc(r) == ',' ? (r.at += 1) : break
    end
    expect!(r, ']')
    return same_type(items)
end
function same_type(items::Vector{Any})
    isempty(items) && return Union{}[]
    T = typeof(first(items))
    return all(x -> typeof(x) === T, items) ? collect(T, items) : items
end

function inline_table!(r::Reader)
    expect!(r, '{')
    table = Dict{String,Any}()
    while true
        blanks!(r)
        peekc(r) == '}' && break
        pair!(r, table)
        blanks!(r)
        peekc(r) == ',' ? (r.at += 1) : break
    end
    expect!(r, '}')
    return table
end

function pair!(r::Reader, table::Dict{String,Any})
    path = key!(r)
    expect!(r, '=')
    blanks!(r)
    v = value!(r)
    into = inner(r, table, path[1:end-1])
    haskey(into, path[end]) && fail(r, "the key $(repr(path[end])) is defined twice")
    into[path[end]] = v
    return
end

# The table at a path, made where there is none; in an array of tables the last one is meant.
function inner(r::Reader, table::Dict{String,Any}, path::Vector{String})
    for name in path
        next = get!(() -> Dict{String,Any}(), table, name)
        next isa Vector && !isempty(next) && (next = last(next))
        next isa Dict{String,Any} || fail(r, "$(repr(name)) is no table")
        table = next
    end
    return table
end

function header!(r::Reader, root::Dict{String,Any})
    expect!(r, '[')
    many = peekc(r) == '['
    many && (r.at += 1)
    blanks!(r)
    path = key!(r)
    expect!(r, ']')
    many && expect!(r, ']')
    line_end!(r)
    many || return inner(r, root, path)
    list = get!(() -> Dict{String,Any}[], inner(r, root, path[1:end-1]), path[end])
    list isa Vector{Dict{String,Any}} || fail(r, "$(repr(path[end])) is no array of tables")
    push!(list, Dict{String,Any}())
    return last(list)
end

"""
    TOML.parse(text)

The table that a TOML text means, as a `Dict{String,Any}`.
"""
function parse(text::AbstractString)
    r = Reader(collect(String(text)), 1)
    root = Dict{String,Any}()
    table = root
    while true
        gaps!(r)
        done(r) && return root
        if peekc(r) == '['
            table = header!(r, root)
        else
            pair!(r, table)
            line_end!(r)
        end
    end
end
parse(io::IO) = parse(read(io, String))
parse(::Parser, text) = parse(text)

"""
    TOML.parsefile(path)

The table that a TOML file holds.
"""
parsefile(path::AbstractString) = parse(read(path, String))
parsefile(::Parser, path::AbstractString) = parsefile(path)

function tryparse(text)
    try
        return parse(text)
    catch e
        e isa ParserError || rethrow()
        return e
    end
end
tryparsefile(path::AbstractString) = tryparse(read(path, String))

end
