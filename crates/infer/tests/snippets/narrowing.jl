# What branches tell about values.

isa_chain(x) = x isa Int ? x + 1 : x isa Float64 ? x * 2.0 : nothing
#? isa_chain, (Union{Int,Float64},) => Union{Float64, Int64}
#? isa_chain, (Int,) => Int64

not_nothing(x) = x === nothing ? 0 : x
#? not_nothing, (Union{Nothing,Int},) => Int64

negated(x) = x !== nothing ? x : 0
#? negated, (Union{Nothing,Int},) => Int64

through_callee(x) = isnothing(x) ? 0 : x
#? through_callee, (Union{Nothing,Int},) => Int64

conjunction(x, y) = x isa Int && y isa Int ? x + y : 0
#? conjunction, (Union{Nothing,Int}, Union{Nothing,Int}) => Int64

disjunction(x, y) = x isa Nothing || y isa Nothing ? 0 : x + y
#? disjunction, (Union{Nothing,Int}, Union{Nothing,Int}) => Int64

early(x) = begin
    x === nothing && return 0.0
    x
end
#? early, (Union{Nothing,Float64},) => Float64

in_loop(x) = begin
    s = 0
    while !(x isa Nothing)
        s += x
        x = s > 10 ? nothing : x
    end
    s
end
#? in_loop, (Union{Nothing,Int},) => Int64

asserted(x) = (x::Int) + 1
#? asserted, (Any,) => Int64
