# Files, directories and the names of both.
mktemp() do path, io
    println(io, "line 1"); println(io, "line 2"); print(io, "line 3"); flush(io)
    println(readlines(path), countlines(path), filesize(path), isfile(path))
    for (i, l) in enumerate(eachline(path)); println(i, ":", l); end
    open(path, "a") do f; write(f, "\nappended"); end
    println(read(path, String))
    open(path) do f
        println(readline(f)); println(position(f)); seek(f, 0); println(readuntil(f, 'n')); println(eof(f)); println(read(f, String))
    end
    open(path, "w") do f; println(f, "new"); end
    println(repr(read(path, String)))
    open(path, "r+") do f; seekend(f); write(f, "more"); seekstart(f); println(readlines(f)) end
    write(path, "a,b\n1,2\n"); rows = [split(l, ',') for l in eachline(path)]; println(rows)
    println(open(readline, path), " ", open(f -> length(readlines(f)), path))
end
mktempdir() do d
    cd(d) do
        println(basename(pwd()) == basename(d)); mkdir("sub"); touch("f.txt"); write("sub/g.txt", "x"); println(readdir()); println(isdir("sub"), isfile("f.txt"), ispath("nope"))
        println([(relpath(r, d), ds, fs) for (r, ds, fs) in walkdir(d)])
        cp("f.txt", "h.txt"); mv("h.txt", "i.txt"); println(readdir(join=false)); rm("i.txt"); try rm("nope") catch e; println(sprint(showerror,e)) end
        try rm("sub") catch e; println(typeof(e)) end
        rm("sub"; recursive=true); println(readdir())
        try mkdir("f.txt") catch e; println(sprint(showerror,e)) end
    end
end
try open("nonexist.txt") catch e; println(typeof(e), " ", sprint(showerror,e)) end
try read("nonexist.txt") catch e; println(typeof(e)) end
println(joinpath("a","b","/c"), " ", splitdir("/a/b.txt"), splitext("x/y.tar.gz"), splitext(".bashrc"), basename("/a/b/"), " ", dirname("/a"), " ", normpath("/a/../b/./c"), " ", splitpath("/a/b"), relpath("/a/b","/a/c"), isabspath("/x"))
