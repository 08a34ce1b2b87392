# Buffers: reading, writing, marks, contexts, redirection, the environment, and texts that do not parse.
io = IOBuffer(); print(io, "abc"); println(io, 1); println(String(take!(io)) == "abc1\n", " ", position(io))
io = IOBuffer("hello\nworld\n"); println(readline(io), "|", eof(io), "|", read(io, String), "|", eof(io))
seekstart(io); println(read(io, Char), peek(io, Char), read(io, 3), position(io)); mark(io); skip(io, 2); reset(io); println(position(io))
io = IOBuffer(); write(io, 1, 2.5, 0x01, "s", 'c', [1,2]); println(position(io)); seekstart(io); println(read(io, Int), read(io, Float64), read(io, UInt8), Char(read(io, UInt8)))
println(io)
io = IOBuffer(UInt8[1,2,3]); println(read(io), eof(io)); try read(io, UInt8) catch e; println(sprint(showerror,e)) end
io = IOBuffer("abc"; read=true, write=true); write(io, "X"); println(String(take!(io)))
io = IOBuffer(; append=true); write(io, "ab"); println(read(io, String)); write(io, "cd"); println(read(io,String))
try write(IOBuffer("abc"), "x") catch e; println(sprint(showerror,e)) end
println(sprint(io -> for i in 1:3; print(io, i); end), " ", sprint(print, "a", "b"), sprint(show, "x"))
redirect_stdout(devnull) do; println("hidden"); end
buf = IOBuffer(); redirect_stdout(buf) do; println("cap"); end; println(String(take!(buf)))
println(read(IOBuffer("12 34"), String) |> split, readavailable(IOBuffer("q")), bytesavailable(IOBuffer("abc")), collect(readeach(IOBuffer("ab"), Char)))
write(stdout, "raw\n"); print(stderr, ""); show(stdout, "x"); println()
println(isopen(stdout), isreadable(stdin), iswritable(stdout), stdout isa IO)
io = IOContext(stdout, :compact=>true, :a=>1); println(get(io,:compact,false), get(io,:b,2), io[:a], haskey(io,:a), :a in keys(io))
ENV["FOO"] = "bar"; println(ENV["FOO"], get(ENV,"NOPE","d"), haskey(ENV,"FOO")); delete!(ENV,"FOO"); println(haskey(ENV,"FOO")); withenv("Q"=>"1") do; println(ENV["Q"]) end
try ENV["NOPE"] catch e; println(sprint(showerror,e)) end
try Meta.parse("1 +") catch e; println(typeof(e)); println(sprint(showerror, e)) end
try Meta.parse("(1") catch e; println(sprint(showerror, e)) end
