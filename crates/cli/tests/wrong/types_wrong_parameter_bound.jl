struct Box{T<:Real}
    value::T
end
Box{String}("no")
