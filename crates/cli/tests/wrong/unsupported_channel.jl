c = Channel{Int}(1)
put!(c, 1)
