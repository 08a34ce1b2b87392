# The names of C's types on this kind of machine (64 bits, Unix).

const Cchar = Int8
const Cuchar = UInt8
const Cshort = Int16
const Cushort = UInt16
const Cint = Int32
const Cuint = UInt32
const Clong = Int64
const Culong = UInt64
const Clonglong = Int64
const Culonglong = UInt64
const Cintmax_t = Int64
const Cuintmax_t = UInt64
const Cptrdiff_t = Int64
const Csize_t = UInt64
const Cssize_t = Int64
const Cwchar_t = Int32
const Cfloat = Float32
const Cdouble = Float64
const Cstring = Ptr{UInt8}
const Cwstring = Ptr{Int32}
