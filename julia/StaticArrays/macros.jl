# `@SVector [1, 2, 3]`, `@SMatrix [1 2; 3 4]`, `@SArray zeros(2, 2)`, and the same for mutable arrays.

function literal_elements(ex)
    if ex.head === :vect
        return ((length(ex.args),), nothing, ex.args)
    elseif ex.head === :ref
        return ((length(ex.args) - 1,), ex.args[1], ex.args[2:end])
    elseif ex.head === :hcat
        return ((1, length(ex.args)), nothing, ex.args)
    elseif ex.head === :typed_hcat
        return ((1, length(ex.args) - 1), ex.args[1], ex.args[2:end])
    end
    T = ex.head === :typed_vcat ? ex.args[1] : nothing
    rows = ex.head === :typed_vcat ? ex.args[2:end] : ex.args
    any(r -> r isa Expr && r.head === :row, rows) || return ((length(rows),), T, rows)
    n = length(rows[1].args)
    all(r -> r isa Expr && r.head === :row && length(r.args) == n, rows) || throw(ArgumentError("Rows must be of matching lengths"))
    m = length(rows)
    return ((m, n), T, Any[rows[i].args[j] for j in 1:n for i in 1:m])
end
function static_literal(A::Symbol, ex, mod)
    ex isa Expr || throw(ArgumentError(string("@", A, ": an array literal, a comprehension or a call like `zeros(3)` is needed")))
    if ex.head in (:vect, :ref, :hcat, :vcat, :typed_hcat, :typed_vcat)
        dims, T, xs = literal_elements(ex)
        S = Expr(:curly, :Tuple, dims...)
        type = T === nothing ? Expr(:curly, A, S) : Expr(:curly, A, S, esc(T))
        return Expr(:call, type, Expr(:tuple, map(esc, xs)...))
    elseif ex.head === :comprehension || ex.head === :typed_comprehension
        T = ex.head === :typed_comprehension ? ex.args[1] : nothing
        return static_comprehension(A, T, ex.args[end], mod)
    elseif ex.head === :call
        return static_call(A, ex)
    end
    throw(ArgumentError(string("@", A, ": an array literal, a comprehension or a call like `zeros(3)` is needed")))
end
# The ranges must be known when the macro is expanded: the body is written once per element.
function static_comprehension(A, T, gen, mod)
    (gen isa Expr && gen.head === :generator) || throw(ArgumentError("use an array comprehension like [f(i) for i in 1:3]"))
    f = gen.args[1]
    names = Any[r.args[1] for r in gen.args[2:end]]
    ranges = Any[Core.eval(mod, r.args[2]) for r in gen.args[2:end]]
    dims = map(length, ranges)
    cells = Any[]
    for I in CartesianIndices(Tuple(dims))
        binds = Any[Expr(:(=), esc(names[d]), ranges[d][I[d]]) for d in 1:length(ranges)]
        push!(cells, Expr(:let, Expr(:block, binds...), esc(f)))
    end
    S = Expr(:curly, :Tuple, dims...)
    type = T === nothing ? Expr(:curly, A, S) : Expr(:curly, A, S, esc(T))
    return Expr(:call, type, Expr(:tuple, cells...))
end
function static_call(A, ex)
    f = ex.args[1]
    args = ex.args[2:end]
    f in (:zeros, :ones, :rand, :randn, :fill) || throw(ArgumentError(string("@", A, " only supports the zeros(), ones(), fill(), rand() and randn() functions.")))
    if f === :fill
        x, dims = args[1], args[2:end]
        return :(filled_static($A, $(esc(x)), Size($(map(esc, dims)...))))
    end
    typed = !isempty(args) && !(args[1] isa Integer) && (args[1] isa Symbol ? !all(islowercase, string(args[1])[1:1]) : args[1] isa Expr && args[1].head === :curly)
    T = typed ? esc(args[1]) : :Float64
    dims = typed ? args[2:end] : args
    make = f === :zeros ? :(i -> zero($T)) : f === :ones ? :(i -> one($T)) : f === :rand ? :(i -> rand($T)) : :(i -> randn($T))
    return :(generated_static($A, $make, $T, Size($(map(esc, dims)...))))
end
@inline generated_static(::Type{A}, f, ::Type{T}, ::Size{D}) where {A,T,D} = A{dims_type(Val(D)),T,length(D),Base.prod_dims(D)}(ntuple(f, Val(Base.prod_dims(D))))
@inline filled_static(::Type{A}, x, ::Size{D}) where {A,D} = A{dims_type(Val(D)),typeof(x),length(D),Base.prod_dims(D)}(ntuple(i -> x, Val(Base.prod_dims(D))))

macro SVector(ex)
    return static_literal(:SArray, ex, __module__)
end
macro SMatrix(ex)
    return static_literal(:SArray, ex, __module__)
end
macro SArray(ex)
    return static_literal(:SArray, ex, __module__)
end
macro MVector(ex)
    return static_literal(:MArray, ex, __module__)
end
macro MMatrix(ex)
    return static_literal(:MArray, ex, __module__)
end
macro MArray(ex)
    return static_literal(:MArray, ex, __module__)
end
