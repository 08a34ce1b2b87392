# What kernels print goes where the program's output goes.
using CUDA, KernelAbstractions, Test

function captured(f)
    io = IOBuffer()
    redirect_stdout(f, io)
    return String(take!(io))
end
on_device(f) = captured(() -> (@cuda f(); nothing))

@testset "text, numbers and interpolation" begin
    @test on_device(() -> (@cuprintln("Hello, World"); nothing)) == "Hello, World\n"
    @test on_device(() -> (@cuprint("a ", 42, " ", 0x2a, :sym); nothing)) == "a 42 42sym"
    @test on_device(() -> (x = 6; @cuprintln("x = $x and $(x + 1)%"); nothing)) == "x = 6 and 7%\n"
    @test on_device(() -> (@cuprint((1, 2.5f0), " ", (3,)); nothing)) == "(1, 2.500000) (3,)"
    @test on_device(() -> (@cuprintf("%d|%5.2f|%-4d|%x\n", Int32(-3), 2.5, 7, 0xff); nothing)) == "-3| 2.50|7   |ff\n"
    @test on_device(() -> (@cuprintf("no arguments: 100%%\n"); nothing)) == "no arguments: 100%\n"
end
@testset "@cushow shows expressions and gives the value" begin
    shown() = (x = Int32(7); y = @cushow x; @cushow y + 1.0f0; nothing)
    @test on_device(shown) == "x = 7\ny + 1.0f0 = 8.000000\n"
end
@testset "@print of KernelAbstractions, in the order of work-items of one group" begin
    @kernel function greeting()
        i = @index(Global)
        i == 2 && @print("item ", i, "\n")
    end
    @test captured(() -> greeting(CPU(), 4)(; ndrange = 4)) == "item 2\n"
end
@testset "host and kernel write in the order of the program" begin
    text = captured() do
        println("before")
        @cuda (() -> (@cuprintln("inside"); nothing))()
        println("after")
    end
    @test text == "before\ninside\nafter\n"
end
