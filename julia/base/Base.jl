# Module Base. Files are in the order in which their names become needed: what stands above may be used
# while a file is read, what stands below only when its functions run.

include("exports.jl")
include("boot.jl")
include("macros.jl")
include("core_types.jl")

# values and numbers
include("rounding_modes.jl")
include("exceptions.jl")
include("essentials.jl")
include("operators.jl")
include("promotion.jl")
include("number.jl")
include("bool.jl")
include("int.jl")
include("checked.jl")
include("tuple.jl")
include("namedtuple.jl")
include("float.jl")
include("rounding.jl")
include("char.jl")
include("intfuncs.jl")
include("twiceprecision.jl")
include("range.jl")
include("rational.jl")
include("complex.jl")
include("irrationals.jl")
include("hashing.jl")
include("gmp.jl")

# collections
include("collection_types.jl")
include("abstractarray.jl")
include("pair.jl")
include("generator.jl")
include("iterators.jl")
include("array.jl")
include("multidimensional.jl")
include("subarray.jl")
include("wrappers.jl")
include("reduce.jl")
include("broadcast.jl")
include("bitarray.jl")
include("dict.jl")
include("pairs.jl")
include("set.jl")
include("sort.jl")
include("missing.jl")

# text
include("io.jl")
include("strings.jl")
include("parse.jl")
include("show.jl")
include("showexpr.jl")
include("errorshow.jl")
include("timing.jl")
include("misc.jl")

include("syntax_support.jl")

# macros that need arrays
include("cartesian.jl")
include("fastmath.jl")
include("kwdef.jl")
include("enums.jl")

# the rest of the standard environment
include("threads.jl")
include("logging.jl")
include("random.jl")
include("device.jl")
