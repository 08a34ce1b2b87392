function swapped(a, b)
    @swap(a, b)
    (a, b)
end
function tmp_of_caller(tmp, other)
    @swap tmp other
end
@swap p q
@setx 3
function local_setx()
    @setx 3
end
@setglobal 4
@makefn addhelp
@unhygienic x
function capture(x)
    @counter(x)
end
@nested q
function gotos(n)
    @myloop n f(i)
    @myloop n g(i)
end
@quoted w
:(@swap a b)
@twice @twice x
@twice function once() end
