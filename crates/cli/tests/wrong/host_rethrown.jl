function load()
    try
        error("the disk is full")
    catch e
        println(stderr, "cleaning up")
        rethrow()
    end
end
load()
