# Work that Julia does while a package is precompiled; nothing is precompiled here, so that it is left out.
module PrecompileTools

export @setup_workload, @compile_workload, @recompile_invalidations

macro setup_workload(ex)
    return nothing
end
macro compile_workload(args...)
    return nothing
end
macro recompile_invalidations(ex)
    return esc(ex)
end
verbose = Ref(false)

end
