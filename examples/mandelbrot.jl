# The Mandelbrot set in CUDA spelling, drawn in the terminal; `ARGS[1]` names a PPM file to write as well.
using CUDA
using Test

function mandelbrot!(counts, xmin, xmax, ymin, ymax, limit)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    j = (blockIdx().y - 1) * blockDim().y + threadIdx().y
    w, h = size(counts)
    (i > w || j > h) && return
    c = complex(xmin + (xmax - xmin) * (i - 1) / (w - 1), ymin + (ymax - ymin) * (j - 1) / (h - 1))
    z = zero(c)
    k = Int32(0)
    while k < limit && abs2(z) <= 4
        z = z * z + c
        k += Int32(1)
    end
    @inbounds counts[i, j] = k
    return
end

function render(w, h, limit)
    counts = CUDA.zeros(Int32, w, h)
    @cuda threads = (16, 16) blocks = (cld(w, 16), cld(h, 16)) mandelbrot!(counts, -2.1, 0.7, -1.1, 1.1, Int32(limit))
    return Array(counts)
end

limit = 120
c = render(96, 40, limit)
shades = collect(" .:-=+*#%@")
for j in 1:size(c, 2)
    println(join(c[i, j] == limit ? '█' : shades[1+min(9, c[i, j] ÷ 3)] for i in 1:size(c, 1)))
end
@test c == reverse(c; dims = 2)             # symmetric about the real axis
@test count(==(limit), c) > 500

if !isempty(ARGS)
    big = render(600, 450, 255)
    open(ARGS[1], "w") do io
        print(io, "P3\n600 450\n255\n")
        for j in 1:450, i in 1:600
            k = big[i, j]
            k == 255 ? print(io, "0 0 0\n") : print(io, min(255, 8k), " ", min(255, 4k), " ", min(255, 40 + 2k), "\n")
        end
    end
    println("wrote ", ARGS[1])
end
