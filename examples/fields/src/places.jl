abstract type Place end
struct Center <: Place end
struct Face <: Place end

struct Field{P<:Place,T,A<:AbstractVector{T}}
    data::A
    dx::T
end
Field{P}(data::A, dx::T) where {P,T,A<:AbstractVector{T}} = Field{P,T,A}(data, dx)
place(::Field{P}) where {P} = P()
Base.length(f::Field) = length(f.data)

# n cells have n + 1 faces
opposite(::Center) = Face()
opposite(::Face) = Center()
size_at(n, ::Face) = n + 1
size_at(n, ::Center) = n
ncells(f::Field{Center}) = length(f)
ncells(f::Field{Face}) = length(f) - 1
