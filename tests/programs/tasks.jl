# Tasks: what runs when, channels of both kinds, conditions, locks, timers, and what failed tasks throw.
t = Task(() -> (println("in task"); 42))
println(istaskstarted(t), istaskdone(t))
schedule(t); println(fetch(t), istaskdone(t), istaskfailed(t))
r = @async begin; println("a1"); yield(); println("a2"); 7; end
println("main"); println(fetch(r))
c = Channel{Int}(2)
p = @async begin for i in 1:5; println("put $i"); put!(c, i); end; close(c); end
for x in c; println("got $x"); end
ch = Channel() do c
    for i in 1:3; println("p$i"); put!(c, i); end
end
println(collect(ch))
function fibs(c); a,b=0,1; while true; put!(c,a); a,b=b,a+b; end; end
f = Channel(fibs); println([take!(f) for _ in 1:10])
@sync for i in 1:3
    @async (foreach(_ -> yield(), 1:3(4-i)); println("done $i"))
end
try; fetch(@async error("boom")); catch e; println(typeof(e)); println(sprint(showerror,e)); end
try; @sync begin; @async error("x"); @async error("y"); end; catch e; println(typeof(e), " ", length(e)); println(sprint(showerror, e)) end
cond = Condition()
w = @async (println("wait"); println("woke ", wait(cond)))
yield(); notify(cond, 5); wait(w)
println(asyncmap(x -> x^2, 1:4))
l = ReentrantLock()
lock(l) do; println("locked ", islocked(l)); end
try unlock(l) catch e; println(sprint(showerror,e)) end
println(Channel{Int}(3), " ", isopen(c), " ", isready(c))
display(Channel{Int}(3)); display(f)
try; put!(c, 1); catch e; println(typeof(e), " ", sprint(showerror,e)); end
try; take!(c); catch e; println(typeof(e), " ", sprint(showerror,e)); end
x = 5; t = Threads.@spawn $x + 1; println(fetch(t))
ev = Base.Event(); t = @async (wait(ev); println("event")); notify(ev); wait(t)
s = Base.Semaphore(2); Base.acquire(s); Base.acquire(s); @async (println("rel"); Base.release(s)); Base.acquire(s); println("acq")
tm = Timer(0.01); wait(tm); println("timer")
n = Ref(0); tt = Timer(_ -> n[] += 1, 0; interval=0.01); while n[] < 3; sleep(0.01); end; close(tt); println(n[] > 2)
println(timedwait(() -> true, 1))
println(current_task() isa Task, task_local_storage() isa IdDict)
task_local_storage(:a, 1); println(task_local_storage(:a))
prod = Channel{String}(10); 
producers = [@async (for j in 1:2; put!(prod, "p$i-$j"); end) for i in 1:2]
foreach(wait, producers); close(prod); println(sort(collect(prod)))
Threads.@threads for i in 1:3; print(i); end; println()
a = Threads.Atomic{Int}(0); Threads.@threads for i in 1:10; Threads.atomic_add!(a, i); end; println(a[])
function pingpong(n); a=Channel{Int}(0); b=Channel{Int}(0); @async for i in 1:n; put!(b, take!(a)+1); end; s=0; for i in 1:n; put!(a,i); s+=take!(b); end; s; end
println(pingpong(1000))
try; wait(Condition()); catch e; println(sprint(showerror,e)); end
