# Finalizers: on request, after a collection, and at the end of the program, the latest first.
mutable struct R; n; end
function mk(); finalizer(r -> println("fin ", r.n), R(1)); nothing; end
r2 = R(2); finalizer(r -> println("fin ", r.n), r2); finalizer(r->println("again ", r.n), r2)
finalize(r2)
r3 = R(3); finalizer(r -> println("fin at exit ", r.n), r3)
r4 = R(4); finalizer(r -> println("fin at exit ", r.n), r4)
try finalizer(identity, 1) catch e; println(sprint(showerror, e)) end
atexit(() -> println("bye"))
