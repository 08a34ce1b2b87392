# Tasks: coroutines of which one runs at a time, and the scheduler that says which. A task that waits for something
# leaves the turn to the next one in the queue; what it waits for puts it back there.

mutable struct Task
    code::Any
    number::Int                # of its coroutine
    state::Symbol              # :runnable, :done or :failed
    started::Bool
    queued::Bool
    result::Any                # value or exception
    given::Any                 # what the waiting call returns or throws
    throws::Bool
    done::Vector{Any}          # called with the task when it ends
    storage::Union{Nothing,IdDict{Any,Any}}
    sticky::Bool
    Task(f, reserved::Int = 0) = (f = callable_alone(f); new(f, 0, :runnable, false, false, nothing, nothing, false, Any[], inherited_storage(), true))
    Task(number::Int, ::Nothing) = new(nothing, number, :runnable, true, false, nothing, nothing, false, Any[], nothing, true)
end
callable_alone(f) = applicable(f) ? f : throw(MethodError(f, ()))

# The logger and the scoped values in force where a task is made are also those of the task.
function inherited_storage()
    s = current_task().storage
    s === nothing && return nothing
    d = nothing
    for k in (:logger, :scoped_values)
        haskey(s, k) || continue
        d === nothing && (d = IdDict{Any,Any}())
        d[k] = s[k]
    end
    return d
end

const run_queue = Task[]
const tasks_by_number = Dict{Int,Task}()
# Points in time at which something is to be done, the earliest first.
const alarms = Tuple{Float64,Any}[]

function current_task()
    n = Core.Host.coroutine_current()
    return get!(() -> Task(n, nothing), tasks_by_number, n)
end
istaskdone(t::Task) = t.state !== :runnable
istaskfailed(t::Task) = t.state === :failed
istaskstarted(t::Task) = t.started
function getproperty(t::Task, s::Symbol)
    s === :exception && return getfield(t, :state) === :failed ? getfield(t, :result) : nothing
    s === :donenotify && return getfield(t, :done)
    return getfield(t, s)
end
function show(io::IO, t::Task)
    print(io, "Task (", t.state === :runnable && !t.started ? "runnable" : t.state, ") @0x", string(objectid(t); base = 16, pad = 16))
end

function schedule(t::Task, value = nothing; error::Bool = false)
    (istaskdone(t) || t.queued) && Base.error("schedule: Task not runnable")
    if error && !t.started
        return end_task(t, :failed, value)
    end
    t.given = value
    t.throws = error
    t.queued = true
    push!(run_queue, t)
    return t
end
function end_task(t::Task, state::Symbol, result)
    t.result = result
    t.state = state
    for f in t.done
        f(t)
    end
    empty!(t.done)
    return t
end

function set_alarm(f, at::Float64)
    alarm = (at, f)
    insert!(alarms, searchsortedlast(alarms, alarm; by = first) + 1, alarm)
    return alarm
end
drop_alarm(alarm) = filter!(a -> a !== alarm, alarms)
function ring_alarms()
    while !isempty(alarms) && alarms[1][1] <= time()
        popfirst!(alarms)[2]()
    end
end
# The task whose turn it is; nothing if all wait for each other.
function next_task()
    isempty(alarms) || ring_alarms()
    while isempty(run_queue)
        isempty(alarms) && return nothing
        flush(stdout)
        Core.Host.sleep(max(0.0, alarms[1][1] - time()))
        ring_alarms()
    end
    t = popfirst!(run_queue)
    t.queued = false
    return t
end
function switch_to(t::Task)
    if !t.started
        t.started = true
        t.number = Core.Host.coroutine_reserve()
        tasks_by_number[t.number] = t
    end
    Core.Host.coroutine_switch(t.number)
end
# Leaves the turn until somebody schedules this task; returns what that gives.
function wait()
    me = current_task()
    t = next_task()
    t === nothing && error("deadlock: every task waits for another")
    t === me || switch_to(t)
    return given_to(me)
end
function given_to(me::Task)
    value = me.given
    me.given = nothing
    if me.throws
        me.throws = false
        throw(value)
    end
    return value
end
function yield()
    isempty(run_queue) && isempty(alarms) && return nothing
    schedule(current_task())
    return wait()
end
function yield(t::Task, value = nothing)
    schedule(current_task())
    return yieldto(t, value)
end
function yieldto(t::Task, value = nothing)
    istaskdone(t) && return t.result
    t.queued && (filter!(q -> q !== t, run_queue); t.queued = false)
    me = current_task()
    t.given = value
    t === me || switch_to(t)
    return given_to(me)
end
# What a coroutine does. Returns the number of the one that goes on.
function task_entry(number::Int)
    t = tasks_by_number[number]
    try
        t.throws && given_to(t)
        r = Core.invokelatest(t.code)
        end_task(t, :done, r)
    catch e
        end_task(t, :failed, e)
    end
    delete!(tasks_by_number, number)
    next = next_task()
    if next === nothing
        # nobody can go on: the program learns of it where it waits
        next = tasks_by_number[minimum(keys(tasks_by_number))]
        next.given = ErrorException("deadlock: every task waits for another")
        next.throws = true
    elseif !next.started
        next.started = true
        next.number = Core.Host.coroutine_reserve()
        tasks_by_number[next.number] = next
    end
    return next.number
end

function wait_for(t::Task)
    me = current_task()
    t === me && error("deadlock detected: cannot wait on current task")
    while !istaskdone(t)
        push!(t.done, _ -> schedule(me))
        wait()
    end
end
function wait(t::Task; throw::Bool = true)
    wait_for(t)
    throw && istaskfailed(t) && Base.throw(TaskFailedException(t))
    return nothing
end
fetch(t::Task) = (wait(t); t.result)
fetch(x) = x
errormonitor(t::Task) = (push!(t.done, t -> istaskfailed(t) && println(stderr, "Unhandled Task ERROR: ", sprint(showerror, t.result))); t)
function showerror(io::IO, e::TaskFailedException)
    print(io, "TaskFailedException\n\n    nested task error: ", replace(sprint(showerror, e.task.result), "\n" => "\n    "))
end

task_storage() = (t = current_task(); t.storage === nothing && (t.storage = IdDict{Any,Any}()); t.storage)
task_local_storage() = task_storage()
task_local_storage(k) = task_storage()[k]
task_local_storage(k, v) = (task_storage()[k] = v)
function task_local_storage(f, k, v)
    s = task_storage()
    had = haskey(s, k)
    old = get(s, k, nothing)
    s[k] = v
    try
        return f()
    finally
        had ? (s[k] = old) : delete!(s, k)
    end
end

function sleep(seconds::Real)
    seconds >= 0 || throw(ArgumentError(string("cannot sleep for ", seconds, " seconds")))
    me = current_task()
    set_alarm(() -> schedule(me), time() + Float64(seconds))
    wait()
    return nothing
end

# ---- conditions -----------------------------------------------------------------------------------

mutable struct GenericCondition{L}
    queue::Vector{Task}
    lock::L
end
struct NoLock end
lock(::NoLock) = nothing
unlock(::NoLock) = nothing
islocked(::NoLock) = false
trylock(::NoLock) = true
const Condition = GenericCondition{NoLock}
Condition() = Condition(Task[], NoLock())
function wait(c::GenericCondition; first::Bool = false)
    me = current_task()
    first ? pushfirst!(c.queue, me) : push!(c.queue, me)
    held = release_all(c.lock)
    try
        return wait()
    catch
        filter!(t -> t !== me, c.queue)
        rethrow()
    finally
        take_again(c.lock, held)
    end
end
function notify(c::GenericCondition, value = nothing; all::Bool = true, error::Bool = false)
    n = 0
    while !isempty(c.queue)
        schedule(popfirst!(c.queue), value; error)
        n += 1
        all || break
    end
    return n
end
isempty(c::GenericCondition) = isempty(c.queue)
lock(c::GenericCondition) = lock(c.lock)
unlock(c::GenericCondition) = unlock(c.lock)
trylock(c::GenericCondition) = trylock(c.lock)
islocked(c::GenericCondition) = islocked(c.lock)
release_all(::NoLock) = 0
take_again(::NoLock, n) = nothing

# ---- locks ----------------------------------------------------------------------------------------

abstract type AbstractLock end
mutable struct ReentrantLock <: AbstractLock
    owner::Union{Nothing,Task}
    held::Int
    queue::Vector{Task}
    ReentrantLock() = new(nothing, 0, Task[])
end
function lock(l::ReentrantLock)
    me = current_task()
    while l.owner !== nothing && l.owner !== me
        push!(l.queue, me)
        wait()
    end
    l.owner = me
    l.held += 1
    return nothing
end
function unlock(l::ReentrantLock)
    l.held == 0 && error("unlock count must match lock count")
    l.owner === current_task() || error("unlock from wrong thread")
    l.held -= 1
    if l.held == 0
        l.owner = nothing
        isempty(l.queue) || schedule(popfirst!(l.queue))
    end
    return nothing
end
trylock(l::ReentrantLock) = l.owner === nothing || l.owner === current_task() ? (lock(l); true) : false
islocked(l::ReentrantLock) = l.held > 0
function release_all(l::ReentrantLock)
    (l.held > 0 && l.owner === current_task()) || error("concurrency violation detected")
    n = l.held
    l.held = 1
    unlock(l)
    return n
end
take_again(l::ReentrantLock, n) = (lock(l); l.held = n; nothing)
function lock(f, l)
    lock(l)
    try
        return f()
    finally
        unlock(l)
    end
end
macro lock(l, ex)
    return quote
        local it = $(esc(l))
        lock(it)
        try
            $(esc(ex))
        finally
            unlock(it)
        end
    end
end
macro lock_nofail(l, ex)
    return :(@lock $(esc(l)) $(esc(ex)))
end

# A value that is only touched under its lock.
struct Lockable{T,L}
    value::T
    lock::L
end
Lockable(value) = Lockable(value, ReentrantLock())
lock(l::Lockable) = lock(l.lock)
lock(f, l::Lockable) = lock(() -> f(l.value), l.lock)
unlock(l::Lockable) = unlock(l.lock)
getindex(l::Lockable) = l.value

mutable struct Semaphore
    size::Int
    taken::Int
    queue::GenericCondition{NoLock}
    Semaphore(n) = n > 0 ? new(n, 0, Condition()) : throw(ArgumentError("Semaphore size must be > 0"))
end
function acquire(s::Semaphore)
    while s.taken >= s.size
        wait(s.queue)
    end
    s.taken += 1
    return nothing
end
function acquire(f, s::Semaphore)
    acquire(s)
    try
        return f()
    finally
        release(s)
    end
end
function release(s::Semaphore)
    s.taken > 0 || error("release count must match acquire count")
    s.taken -= 1
    notify(s.queue; all = false)
    return nothing
end

mutable struct Event
    set::Bool
    autoreset::Bool
    queue::GenericCondition{NoLock}
    Event(autoreset::Bool = false) = new(false, autoreset, Condition())
end
function wait(e::Event)
    while !e.set
        wait(e.queue)
    end
    e.autoreset && (e.set = false)
    return nothing
end
notify(e::Event) = (e.set = true; notify(e.queue; all = !e.autoreset); nothing)
reset(e::Event) = (e.set = false; nothing)

# ---- channels -------------------------------------------------------------------------------------

abstract type AbstractChannel{T} end
mutable struct Channel{T} <: AbstractChannel{T}
    takers::GenericCondition{NoLock}
    putters::GenericCondition{NoLock}
    watchers::GenericCondition{NoLock}
    state::Symbol
    excp::Union{Nothing,Exception}
    data::Vector{T}
    offered::Int               # values that tasks are waiting to hand over
    sz_max::Int
    function Channel{T}(size::Integer = 0) where {T}
        size < 0 && throw(ArgumentError("Channel size must be either 0, a positive integer or Inf"))
        return new{T}(Condition(), Condition(), Condition(), :open, nothing, T[], 0, Int(size))
    end
end
Channel{T}(size::Float64) where {T} = Channel{T}(size == Inf ? typemax(Int) : convert(Int, size))
Channel(size = 0) = Channel{Any}(size)
function Channel{T}(f::Function, size = 0; taskref = nothing, spawn::Bool = false) where {T}
    c = Channel{T}(size)
    t = Task(() -> f(c))
    bind(c, t)
    spawn ? schedule(t) : yield(t)
    taskref === nothing || (taskref[] = t)
    return c
end
Channel(f::Function, size = 0; kw...) = Channel{Any}(f, size; kw...)
eltype(::Type{Channel{T}}) where {T} = T
IteratorSize(::Type{<:Channel}) = SizeUnknown()
show(io::IO, c::Channel) = print(io, typeof(c), "(", c.sz_max, ")")
function show(io::IO, ::MIME"text/plain", c::Channel)
    show(io, c)
    get(io, :compact, false) && return nothing
    n = available(c)
    print(io, !isopen(c) ? " (closed)" : n == 0 ? " (empty)" : string(" (", n, n == 1 ? " item" : " items", " available)"))
end
isbuffered(c::Channel) = c.sz_max != 0
available(c::Channel) = length(c.data) + c.offered
n_avail(c::Channel) = available(c)
isopen(c::Channel) = c.state === :open
isready(c::Channel) = available(c) > 0
isempty(c::Channel) = available(c) == 0
isfull(c::Channel) = length(c.data) >= c.sz_max
closed_exception() = InvalidStateException("Channel is closed.", :closed)
showerror(io::IO, e::InvalidStateException) = print(io, "InvalidStateException: ", e.msg)
check_open(c::Channel) = isopen(c) ? nothing : throw(c.excp === nothing ? closed_exception() : c.excp)
function close(c::Channel, excp::Exception = closed_exception())
    isopen(c) || return nothing
    c.state = :closed
    c.excp = excp
    for waiting in (c.takers, c.putters, c.watchers)
        notify(waiting, excp; error = true)
    end
    return nothing
end
# Closes the channel when the task ends, with its exception if it has one.
function bind(c::Channel, t::Task)
    close_with(t) = istaskfailed(t) ? close(c, TaskFailedException(t)) : close(c)
    istaskdone(t) ? close_with(t) : push!(t.done, close_with)
    return c
end
function put!(c::Channel{T}, v) where {T}
    check_open(c)
    v = convert(T, v)
    if isbuffered(c)
        while isfull(c)
            wait(c.putters)
            check_open(c)
        end
        push!(c.data, v)
        notify(c.takers; all = false)
        notify(c.watchers)
        return v
    end
    c.offered += 1
    try
        while isempty(c.takers)
            check_open(c)
            notify(c.watchers)
            wait(c.putters)
        end
    finally
        c.offered -= 1
    end
    schedule(popfirst!(c.takers.queue), v)
    yield()
    return v
end
push!(c::Channel, v) = (put!(c, v); c)
append!(c::Channel, vs) = (foreach(v -> put!(c, v), vs); c)
function take!(c::Channel{T}) where {T}
    if isbuffered(c)
        while isempty(c.data)
            check_open(c)
            wait(c.takers)
        end
        v = popfirst!(c.data)
        notify(c.putters; all = false)
        return v
    end
    check_open(c)
    notify(c.putters; all = false)
    return wait(c.takers)::T
end
popfirst!(c::Channel) = take!(c)
function fetch(c::Channel)
    isbuffered(c) || throw(ErrorException("`fetch` is not supported on an unbuffered Channel."))
    while isempty(c.data)
        check_open(c)
        wait(c.takers)
    end
    return c.data[1]
end
function wait(c::Channel)
    isready(c) && return nothing
    while !isready(c)
        check_open(c)
        wait(c.watchers)
    end
    return nothing
end
function iterate(c::Channel, state = nothing)
    if isopen(c) || isready(c)
        try
            return (take!(c), nothing)
        catch e
            e isa InvalidStateException && e.state === :closed && return nothing
            rethrow()
        end
    end
    e = c.excp
    e isa InvalidStateException && e.state === :closed && return nothing
    throw(e)
end

# ---- timers ---------------------------------------------------------------------------------------

mutable struct Timer
    open::Bool
    set::Bool
    alarm::Any
    queue::GenericCondition{NoLock}
end
function Timer(delay::Real; interval::Real = 0)
    return Timer(_ -> nothing, delay; interval)
end
function Timer(f, delay::Real; interval::Real = 0)
    delay >= 0 || throw(ArgumentError(string("timer cannot have negative timeout of ", delay, " seconds")))
    interval >= 0 || throw(ArgumentError(string("timer cannot have negative repeat interval of ", interval, " seconds")))
    t = Timer(true, false, nothing, Condition())
    function ring()
        t.open || return nothing
        t.set = true
        interval > 0 ? (t.alarm = set_alarm(ring, time() + interval)) : (t.open = false)
        notify(t.queue)
        schedule(Task(() -> f(t)))
    end
    t.alarm = set_alarm(ring, time() + Float64(delay))
    return t
end
isopen(t::Timer) = t.open
function close(t::Timer)
    t.open = false
    drop_alarm(t.alarm)
    notify(t.queue, EOFError(); error = true)
    return nothing
end
function wait(t::Timer)
    t.set && return (t.set = false; nothing)
    t.open || throw(EOFError())
    wait(t.queue)
    t.set = false
    return nothing
end
function timedwait(test, timeout::Real; pollint::Real = 0.1)
    pollint >= 1e-3 || throw(ArgumentError("pollint must be ≥ 1 millisecond"))
    stop = time() + timeout
    while !test()
        time() >= stop && return :timed_out
        sleep(min(pollint, max(0.0, stop - time())))
    end
    return :ok
end

# ---- macros ---------------------------------------------------------------------------------------

# The variable in which `@sync` collects the tasks that are made in its text.
const sync_variable = Symbol("##sync")

macro task(ex)
    return :(Task(() -> $(esc(ex))))
end
# `$x` in the text of a task: its value when the task is made.
function fixed_values!(ex, bound)
    if ex isa Expr
        if ex.head === :$
            v = gensym(:fixed)
            push!(bound, Expr(:(=), v, ex.args[1]))
            return v
        elseif ex.head !== :quote
            return Expr(ex.head, Any[fixed_values!(a, bound) for a in ex.args]...)
        end
    end
    return ex
end
function task_form(ex)
    bound = Any[]
    ex = fixed_values!(ex, bound)
    return quote
        let $(map(esc, bound)...)
            local task = Task(() -> $(esc(ex)))
            $(Expr(:isdefined, esc(sync_variable))) && push!($(esc(sync_variable)), task)
            schedule(task)
            task
        end
    end
end
macro async(ex)
    return task_form(ex)
end
macro sync(ex)
    v = esc(sync_variable)
    return quote
        let $v = Any[]
            local value = $(esc(ex))
            sync_end($v)
            value
        end
    end
end
function sync_end(tasks)
    failed = CompositeException()
    while !isempty(tasks)
        t = popfirst!(tasks)
        t isa Task ? wait_for(t) : wait(t)
        t isa Task && istaskfailed(t) && push!(failed, TaskFailedException(t))
    end
    isempty(failed) || throw(failed)
    return nothing
end

function asyncmap(f, c...; ntasks = 0, batch_size = nothing)
    tasks = map((xs...) -> schedule(Task(() -> f(xs...))), c...)
    foreach(wait_for, tasks)
    for t in tasks
        istaskfailed(t) && throw(t.result)
    end
    return map(t -> t.result, tasks)
end
asyncmap!(f, results, c...; kw...) = copyto!(results, asyncmap(f, c...; kw...))
