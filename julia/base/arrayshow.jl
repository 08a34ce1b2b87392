# How collections print: arrays as literals and as tables, ranges, dictionaries and sets.

# ---- summaries -------------------------------------------------------------------------------------

dims2string(d) = length(d) == 0 ? "0-dimensional" : length(d) == 1 ? string(d[1], "-element") : join(map(string, d), '×')
axis_string(r) = string(r)
axis_string(r::Union{Slice,IdentityUnitRange}) = string(r.indices)
inds2string(inds) = join(map(axis_string, inds), '×')
summary(io::IO, a::AbstractArray) = array_summary(io, a, axes(a))
function array_summary(io, a, inds::Tuple{Vararg{OneTo}})
    print(io, dims2string(map(length, inds)), " ")
    showarg(io, a, true)
end
function array_summary(io, a, inds)
    print(io, dims2string(map(length, inds)), " ")
    showarg(io, a, true)
    print(io, " with indices ", inds2string(inds))
end
# how an array is said in the summary of another one around it
showarg(io::IO, x, top) = (top || print(io, "::"); print(io, typeof(x)))
function showarg(io::IO, v::SubArray, top)
    print(io, "view(")
    showarg(io, parent(v), false)
    for i in parentindices(v)
        print(io, ", ")
        i isa Slice ? print(io, ":") : show(io, i)
    end
    print(io, ")")
    top && print(io, " with eltype ", eltype(v))
end
function showarg(io::IO, a::ReshapedArray, top)
    print(io, "reshape(")
    showarg(io, a.parent, false)
    print(io, ", ", join(a.dims, ", "), ")")
    top && print(io, " with eltype ", eltype(a))
end
function showarg(io::IO, a::ReinterpretArray{T}, top) where {T}
    print(io, "reinterpret(", T, ", ")
    showarg(io, parent(a), false)
    print(io, ")")
end
function showarg(io::IO, a::PermutedDimsArray{T,N,perm}, top) where {T,N,perm}
    print(io, "PermutedDimsArray(")
    showarg(io, parent(a), false)
    print(io, ", ", perm, ")")
    top && print(io, " with eltype ", eltype(a))
end
show_wrapped(io, word, a, top) = (print(io, word, "("); showarg(io, parent(a), false); print(io, ")"); top && print(io, " with eltype ", eltype(a)))
showarg(io::IO, a::Adjoint, top) = show_wrapped(io, "adjoint", a, top)
showarg(io::IO, a::Transpose, top) = show_wrapped(io, "transpose", a, top)
counted(n, one, many) = string(n, " ", n == 1 ? one : many)
summary(io::IO, d::AbstractDict) = (showarg(io, d, true); print(io, " with ", counted(length(d), "entry", "entries")))
function showarg(io::IO, p::Pairs, toplevel)
    data = getfield(p, :data)
    print(io, "pairs(")
    data isa NamedTuple ? print(io, "::NamedTuple") : showarg(io, data, false)
    print(io, ")")
end
summary(io::IO, s::AbstractSet) = (showarg(io, s, true); print(io, " with ", counted(length(s), "element", "elements")))
summary(io::IO, s::KeySet) = print(io, "KeySet for a ", typeof(s.dict), " with ", counted(length(s), "entry", "entries"), ". Keys")
summary(io::IO, s::ValueIterator) = print(io, "ValueIterator for a ", typeof(s.dict), " with ", counted(length(s), "entry", "entries"), ". Values")

# ---- as a literal ----------------------------------------------------------------------------------

# Types that values in brackets have by themselves, so that they need no prefix.
type_is_implicit(T) = T === Float64 || T === Int || T === Char || T === String || T === Symbol || issingletontype(T) ||
    (isconcretetype(T) && ((T <: Array && type_is_implicit(eltype(T))) ||
     ((T <: Tuple || T <: Pair) && all(type_is_implicit, fieldtypes(T))) ||
     (T <: AbstractDict && type_is_implicit(keytype(T)) && type_is_implicit(valtype(T)))))
# the type of the elements of what the context says is being shown; `nothing` if it says nothing of elements
context_eltype(T) = T === Union{} ? nothing : T <: AbstractArray || T <: AbstractDict || T <: AbstractSet ? eltype(T) : nothing
# What stands before the bracket or parenthesis, and whether the elements must say their types themselves.
function typeinfo_prefix(io, X)
    ti = get(io, :typeinfo, Any)
    X isa ti || (ti = Any)
    ctx = context_eltype(ti)
    E = eltype(X)
    if X isa AbstractDict
        short = X isa Pairs ? "Base.Pairs" : string(nameof(typeof(X)))
        E == ctx && return short, false
        !isempty(X) && type_is_implicit(keytype(X)) && type_is_implicit(valtype(X)) && return short, true
        return string(typeof(X)), false
    end
    E == ctx && return "", false
    !isempty(X) && type_is_implicit(E) && return "", true
    return string(E), false
end
function show(io::IO, a::AbstractArray)
    ndims(a) == 0 && return show_single(io, a)
    ndims(a) == 1 && return show_vector(io, a)
    p, implicit = typeinfo_prefix(io, a)
    inner = implicit ? io : IOContext(io, :typeinfo => eltype(a))
    isempty(a) && return show_empty(inner, a)
    print(io, p, "[")
    ndims(a) == 2 ? show_rows(inner, a, true) : show_slices(inner, a, show_rows, false)
    print(io, "]")
end
function show_single(io, a)
    isassigned(a) || return print(io, "Array{", eltype(a), ", 0}(undef)")
    print(io, "fill(")
    show(io, a[])
    print(io, ")")
end
show_empty(io, a::Array) = print(io, typeof(a), "(undef, ", join(size(a), ", "), ")")
show_empty(io, a) = summary(io, a)
function show_vector(io, v, open = "[", close = "]")
    p, implicit = typeinfo_prefix(io, v)
    print(io, p)
    show_vector_body(implicit ? io : IOContext(io, :typeinfo => eltype(v)), v, open, close)
end
show_element(io, a, I...) = isassigned(a, I...) ? show(io, a[I...]) : print(io, "#undef")
function show_vector_body(io, a, open, close)
    print(io, open)
    show_circular(io, a) && return print(io, close)
    inner = IOContext(io, :SHOWN_SET => a)
    n = length(a)
    limited = get(io, :limit, false) && n > 20
    for (k, i) in enumerate(a isa AbstractArray ? eachindex(a) : a)
        if limited && k == 11
            print(io, "  …  ")
            continue
        end
        limited && 11 < k <= n - 10 && continue
        (k > 1 && !(limited && k == n - 9)) && print(io, ", ")
        a isa AbstractArray ? show_element(inner, a, i) : show(inner, i)
    end
    print(io, close)
end
# One matrix: rows joined by semicolons; a lone column says that it is one. Where the context limits,
# the first two and last two of each direction.
show_rows(io, a) = show_rows(io, a, false)
function show_rows(io, a, alone::Bool)
    rows, cols = axes(a, 1), axes(a, 2)
    limit = get(io, :limit, false)
    few(r) = limit && length(r) > 4 ? Any[r[begin:begin+1], r[end-1:end]] : Any[r]
    rowparts, colparts = few(rows), few(cols)
    for (p, rs) in enumerate(rowparts)
        for i in rs
            for (q, cs) in enumerate(colparts)
                for j in cs
                    j > first(cs) && print(io, " ")
                    show_element(io, a, i, j)
                end
                q < length(colparts) && print(io, " … ")
            end
            i < last(rows) && print(io, "; ")
        end
        p < length(rowparts) && print(io, "… ; ")
    end
    alone && length(cols) == 1 && print(io, ";;")
end
# The matrices of an array of more dimensions, separated by `;;;` and more, or under labels.
function show_slices(io, a, show_matrix, labels::Bool)
    isempty(a) && return
    outer = tail(tail(axes(a)))
    limit = get(io, :limit, false)
    before = map(first, outer)
    reached_last = false
    for I in CartesianIndices(outer)
        idx = I.I
        if limit
            skip = skipped_slice(outer, idx)
            if skip > 0
                print(io, repeat(";", skip + 2), " … ", labels ? "\n\n" : "")
            end
            if skip != 0
                before = idx
                continue
            end
        end
        labels && print(io, "[:, :, ", join(idx, ", "), "] =\n")
        if !labels
            k = findlast(map(!=, before, idx) .& map(<, before, idx))
            if k !== nothing
                print(io, repeat(";", k + 2), " ")
                k == length(outer) && (reached_last = true)
            end
        end
        show_matrix(io, view(a, axes(a, 1), axes(a, 2), idx...))
        labels && idx != map(last, outer) && print(io, "\n\n")
        before = idx
    end
    labels || reached_last || print(io, repeat(";", ndims(a)))
end
# Of more than ten slices along a dimension the first three and last three are shown. 0: shown; -1: left out;
# d > 0: left out, and the place to say so along dimension d.
function skipped_slice(outer, idx)
    for d in 1:length(outer)
        r = outer[d]
        length(r) > 10 || continue
        if idx[d] == r[begin+3] && all(k -> idx[k] == first(outer[k]), 1:d-1)
            for k in d+1:length(outer)
                length(outer[k]) > 10 && first(outer[k]) + 2 < idx[k] <= last(outer[k]) - 3 && return -1
            end
            return d
        end
        r[begin+2] < idx[d] <= r[end-3] && return -1
    end
    return 0
end

# ---- as a table ------------------------------------------------------------------------------------

# How far an element reaches left and right of the place where the elements of its column line up.
shown_width(io, x) = textwidth(sprint(show, x; context = io))
alignment(io::IO, x) = (0, shown_width(io, x))
alignment(io::IO, x::Number) = (shown_width(io, x), 0)
alignment(io::IO, x::Integer) = (shown_width(io, x), 0)
function alignment(io::IO, x::Real)
    s = sprint(show, x; context = io)
    k = findfirst(c -> c in ('.', 'e', 'E', 'f', 'F'), s)
    k === nothing && return (textwidth(s), 0)
    left = textwidth(s[1:prevind(s, k)])
    return (left, textwidth(s) - left)
end
function alignment(io::IO, x::Complex)
    # behind the last sign that is not an exponent's
    s = collect(sprint(show, x; context = io))
    k = findlast(i -> i > 1 && (s[i] == '+' || s[i] == '-') && !(s[i-1] in ('e', 'f')), eachindex(s))
    k === nothing && return (length(s), 0)
    return (k, length(s) - k)
end
function alignment(io::IO, x::Rational)
    s = sprint(show, x; context = io)
    k = findfirst('/', s)
    k === nothing && return (textwidth(s), 0)
    return (k, textwidth(s) - k)
end
function alignment(io::IO, x::Pair)
    full = shown_width(io, x)
    reads_as_pair(io, x) || return (0, full)
    ti = get(io, :typeinfo, Any)
    inner = IOContext(io, :typeinfo => x isa ti && ti <: Pair && isconcretetype(ti) ? fieldtype(ti, 1) : Any)
    left = textwidth(sprint(show_pair_side, x.first; context = inner)) + Int(!get(io, :compact, false)) + 1
    return (left, full - left)
end
const undef_alignment = (3, 3)
element_alignment(io, a, i, j) = isassigned(a, i, j) ? alignment(io, a[i, j]) : undef_alignment
# the widths left and right of the columns' alignment points: of as many columns as fit
function column_alignments(io, a, rows, cols, room_complete, room, gap, total)
    widths = Tuple{Int,Int}[]
    used = 0
    for j in cols
        l = r = 0
        for i in rows
            x = element_alignment(io, a, i, j)
            l = max(l, x[1])
            r = max(r, x[2])
        end
        push!(widths, (l, r))
        used += l + r
        if length(widths) > 1 && used + gap * length(widths) >= room_complete
            pop!(widths)
            used -= l + r
            break
        end
    end
    if 1 < length(widths) < total
        while used + gap * length(widths) >= room
            used -= sum(pop!(widths))
        end
    end
    return widths
end
# what the prompt shows of an element, where that is a single line
function element_text(io, x)
    s = sprint(show, MIME("text/plain"), x; context = io)
    return occursin('\n', s) ? sprint(show, x; context = io) : s
end
# hook for matrices that mark their structural zeros
replace_in_print_matrix(a, i, j, s) = s
replace_with_centered_mark(s; c = '⋅') = (n = length(s); k = (n + 1) ÷ 2; string(repeat(" ", k - 1), c, repeat(" ", n - k)))
function print_matrix_row(io, a, widths, i, cols, sep, lastcol)
    for (k, j) in enumerate(cols)
        k > length(widths) && break
        l, r = element_alignment(io, a, i, j)
        s = isassigned(a, i, j) ? element_text(io, a[i, j]) : "#undef"
        print(io, repeat(" ", max(0, widths[k][1] - l)), replace_in_print_matrix(a, i, j, s), j == lastcol ? "" : repeat(" ", max(0, widths[k][2] - r)))
        k < length(widths) && print(io, sep)
    end
end
# a row of vertical dots, in every `every`th column from the `from`th on
function print_matrix_vdots(io, vdots, widths, sep, every, from, pad_right)
    for k in 1:length(widths)
        w = sum(widths[k])
        final = k == length(widths) && !pad_right
        if k % every == from
            l = max(0, widths[k][1] - length(vdots))
            print(io, repeat(" ", l), vdots, final ? "" : repeat(" ", max(0, w - length(vdots) - l)))
        else
            final || print(io, repeat(" ", w))
        end
        k < length(widths) && print(io, sep)
    end
end
function print_matrix(io::IO, a::AbstractVecOrMat, pre = " ", sep = "  ", post = "", hdots = "  …  ", vdots = "⋮", ddots = "  ⋱  ", hmod = 5, vmod = 5)
    rows, cols = collect(axes(a, 1)), collect(axes(a, 2))
    height, width = typemax(Int), typemax(Int)
    if get(io, :limit, false)
        height, width = displaysize(io)
        height -= 4
    end
    width -= length(pre) + length(post)
    gap = length(sep)
    m, n = length(rows), length(cols)
    lastcol = n == 0 ? 0 : last(cols)
    half = height ÷ 2
    m > height && (rows = vcat(rows[1:half], rows[end-(height-1)÷2+1:end]))
    possible = width ÷ (1 + gap)
    n > possible && (cols = vcat(cols[1:possible], cols[end-possible+1:end]))
    widths = column_alignments(io, a, rows, cols, width, width, gap, n)
    fits = n <= length(widths)
    left, right = widths, widths
    if !fits
        c = (width - length(hdots) + 1) ÷ 2 + 1
        right = reverse(column_alignments(io, a, rows, reverse(cols), c, c, gap, n))
        c = width - sum(map(sum, right)) - (length(right) - 1) * gap - length(hdots)
        left = column_alignments(io, a, rows, cols, c, c, gap, n)
    end
    indent = repeat(" ", length(pre))
    for (p, i) in enumerate(rows)
        print(io, p == 1 ? pre : indent)
        if fits
            print_matrix_row(io, a, widths, i, cols, sep, lastcol)
        else
            print_matrix_row(io, a, left, i, cols[1:length(left)], sep, lastcol)
            print(io, (i - first(rows)) % hmod == 0 ? hdots : repeat(" ", length(hdots)))
            print_matrix_row(io, a, right, i, cols[end-length(right)+1:end], sep, lastcol)
        end
        p == length(rows) && print(io, post)
        elided = m > height && p == half
        (p < length(rows) || elided) && println(io)
        if elided
            print(io, p == 1 ? pre : indent)
            if fits
                print_matrix_vdots(io, vdots, widths, sep, vmod, 1, false)
            else
                print_matrix_vdots(io, vdots, left, sep, vmod, 1, true)
                print(io, ddots)
                print_matrix_vdots(io, vdots, right, sep, vmod, mod(length(right) - n + 1, vmod), false)
            end
            print(io, p == length(rows) ? post : "\n")
        end
    end
end

function show(io::IO, ::MIME"text/plain", a::AbstractArray)
    isempty(a) && (a isa Vector || get(io, :compact, false)) && return show(io, a)
    summary(io, a)
    isempty(a) && return nothing
    print(io, ":")
    show_circular(io, a) && return nothing
    inner = haskey(io, :compact) || length(axes(a, 2)) <= 1 ? io : IOContext(io, :compact => true)
    if get(io, :limit, false) && displaysize(io)[1] - 4 <= 0
        print(io, " …")
        return nothing
    end
    println(io)
    print_array(IOContext(inner, :typeinfo => eltype(a), :SHOWN_SET => a), a)
end
print_array(io::IO, a::AbstractArray{<:Any,0}) = isassigned(a) ? show(io, a[]) : print(io, "#undef")
print_array(io::IO, a::AbstractVecOrMat) = print_matrix(io, a)
print_array(io::IO, a::AbstractArray) = show_slices(io, a, print_matrix, true)

# ---- ranges ----------------------------------------------------------------------------------------

show(io::IO, r::AbstractRange) = (show(io, first(r)); print(io, ":"); show(io, step(r)); print(io, ":"); show(io, last(r)))
show(io::IO, r::AbstractUnitRange) = (show(io, first(r)); print(io, ":"); show(io, last(r)))
show(io::IO, r::OneTo) = print(io, "Base.OneTo(", r.stop, ")")
show(io::IO, S::Slice) = print(io, "Base.Slice(", S.indices, ")")
show(io::IO, r::IdentityUnitRange) = print(io, "Base.IdentityUnitRange(", r.indices, ")")
function show(io::IO, r::LinRange{T}) where {T}
    print(io, "LinRange{", T, "}(")
    inner = IOContext(io, :typeinfo => T)
    show(inner, first(r))
    print(io, ", ")
    show(inner, last(r))
    print(io, ", ")
    show(io, length(r))
    print(io, ")")
end
function show(io::IO, r::StepRangeLen)
    if !iszero(step(r))
        show(io, first(r)); print(io, ":"); show(io, step(r)); print(io, ":"); show(io, last(r))
    else
        print(io, "StepRangeLen("); show(io, first(r)); print(io, ", "); show(io, step(r)); print(io, ", "); show(io, length(r)); print(io, ")")
    end
end
show(io::IO, ::MIME"text/plain", r::AbstractRange) = show(io, r)
function show(io::IO, ::MIME"text/plain", r::LinRange)
    isempty(r) && return show(io, r)
    summary(io, r)
    print(io, ":\n ")
    inner = IOContext(io, :typeinfo => eltype(r))
    words = String[sprint(show, x; context = inner) for x in r]
    room = get(io, :limit, false) ? displaysize(io)[2] - 1 : typemax(Int)
    if sum(length, words) + 2 * length(words) > room
        # from both ends as many as fit
        keep = length(words)
        while keep > 2 && sum(length, words[1:cld(keep, 2)]) + sum(length, words[end-keep÷2+1:end]) + 2 * keep + 2 > room
            keep -= 1
        end
        print(io, join(words[1:cld(keep, 2)], ", "), ", … , ", join(words[end-keep÷2+1:end], ", "))
    else
        print(io, join(words, ", "))
    end
end

# ---- dictionaries and sets -------------------------------------------------------------------------

function show(io::IO, d::AbstractDict)
    print(io, typeinfo_prefix(io, d)[1], "(")
    if !isempty(d) && !show_circular(io, d)
        inner = IOContext(io, :SHOWN_SET => d, :typeinfo => eltype(d))
        limit = get(io, :limit, false)
        for (n, p) in enumerate(d)
            n > 1 && print(io, ", ")
            show(inner, p)
            limit && n >= 10 && (print(io, "…"); break)
        end
    end
    print(io, ")")
end
# the beginning of a text that fits into `width` columns and has no line breaks
function cut_text(s, width)
    out = fresh_buffer()
    w = 0
    for c in s
        (c == '\n' || c == '\r') && return string(String(take!(out)), "…")
        w += textwidth(c)
        w > width && return string(drop_last_char(String(take!(out))), "…")
        print(out, c)
    end
    return String(take!(out))
end
drop_last_char(s) = isempty(s) ? s : s[1:prevind(s, lastindex(s))]
function show(io::IO, ::MIME"text/plain", d::AbstractDict)
    isempty(d) && return show(io, d)
    inner = IOContext(io, :SHOWN_SET => d)
    haskey(io, :compact) || (inner = IOContext(inner, :compact => true))
    forkeys, forvals = IOContext(inner, :typeinfo => keytype(d)), IOContext(inner, :typeinfo => valtype(d))
    summary(io, d)
    print(io, ":")
    show_circular(io, d) && return nothing
    get(io, :limit, false) || begin
        for (k, v) in d
            print(io, "\n  ")
            show(forkeys, k)
            print(io, " => ")
            show(forvals, v)
        end
        return nothing
    end
    rows, cols = displaysize(io)
    rows -= 4
    rows < 1 && (print(io, " …"); return nothing)
    cols = max(cols, 12) - 6
    ks, vs = String[], String[]
    for (k, v) in d
        length(ks) == rows && break
        push!(ks, sprint(show, k; context = forkeys))
        push!(vs, sprint(show, v; context = forvals))
    end
    wk = min(maximum(length, ks), cols)
    wv = min(maximum(length, vs), cols)
    wk > max(cols ÷ 2, cols - wv) && (wk = max(cld(cols, 3), cols - wv))
    for i in 1:length(ks)
        print(io, "\n  ")
        if i == rows < length(d)
            print(io, rpad("⋮", wk), " => ⋮")
            break
        end
        print(io, rpad(cut_text(ks[i], wk), wk), " => ", cut_text(vs[i], cols - wk))
    end
    return nothing
end
function show(io::IO, s::Set)
    if isempty(s)
        get(io, :typeinfo, Any) == typeof(s) ? print(io, "Set") : show(io, typeof(s))
        return print(io, "()")
    end
    print(io, "Set(")
    show_vector(io, s)
    print(io, ")")
end
show(io::IO, s::BitSet) = (print(io, "BitSet("); show_vector_body(io, s, "[", "]"); print(io, ")"))
show(io::IO, s::Union{KeySet,ValueIterator}) = show_vector(io, s)
show(io::IO, m::MIME"text/plain", s::AbstractSet) = isempty(s) && !(s isa KeySet) ? show(io, s) : show_lines(io, s)
show(io::IO, m::MIME"text/plain", s::ValueIterator) = show_lines(io, s)
function show_lines(io, s)
    summary(io, s)
    isempty(s) && return nothing
    print(io, ":")
    show_circular(io, s) && return nothing
    inner = IOContext(io, :SHOWN_SET => s)
    limit = get(io, :limit, false)
    rows, cols = limit ? displaysize(io) : (typemax(Int), typemax(Int))
    limit && (rows -= 4)
    rows < 1 && (print(io, " …"); return nothing)
    for (i, x) in enumerate(s)
        print(io, "\n  ")
        if i == rows < length(s)
            print(io, rpad("⋮", 2))
            break
        end
        limit ? print(io, cut_text(sprint(show, x; context = inner), max(4, cols - 2))) : show(inner, x)
    end
    return nothing
end
