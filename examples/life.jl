# Conway's Game of Life on a torus, in AMDGPU spelling: a glider travels.
using AMDGPU
using Test

function step!(new, old)
    i = (workgroupIdx().x - 1) * workgroupDim().x + workitemIdx().x
    j = (workgroupIdx().y - 1) * workgroupDim().y + workitemIdx().y
    n, m = size(old)
    (i > n || j > m) && return
    alive = 0
    for di in -1:1, dj in -1:1
        (di == 0 && dj == 0) && continue
        alive += old[mod1(i + di, n), mod1(j + dj, m)]
    end
    new[i, j] = alive == 3 || (alive == 2 && old[i, j] == 1) ? 1 : 0
    return
end

function run_life(cells, generations)
    old = ROCArray(cells)
    new = similar(old)
    n, m = size(cells)
    for _ in 1:generations
        @roc groupsize = (8, 8) gridsize = (cld(n, 8), cld(m, 8)) step!(new, old)
        old, new = new, old
    end
    return Array(old)
end

board = zeros(Int, 16, 32)
for (i, j) in ((1, 2), (2, 3), (3, 1), (3, 2), (3, 3))
    board[i+1, j+1] = 1
end
board[9:11, 20] .= 1                        # a blinker
after = run_life(board, 40)
for i in axes(after, 1)
    println(join(after[i, j] == 1 ? "██" : "· " for j in axes(after, 2)))
end
@test sum(after) == 8
@test run_life(board, 0) == board
@test after[9:11, 20] == [1, 1, 1]          # an even number of generations
glider = zeros(Int, 16, 32)
glider[1:4, 1:4] = board[1:4, 1:4]
@test run_life(glider, 4) == circshift(glider, (1, 1))
println("life: 40 generations, ", sum(after), " cells alive")
