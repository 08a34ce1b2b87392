# Code in LLVM's language inside functions.
add(x::Int32, y::Int32) = Base.llvmcall("%3 = add i32 %0, %1\nret i32 %3", Int32, Tuple{Int32,Int32}, x, y)
function total(n)
    s = Int32(0)
    for i in 1:n
        s = add(s, i % Int32)
    end
    s
end
println(add(Int32(3), Int32(4)), " ", total(1000), " ", add(typemax(Int32), Int32(1)))

# A Bool is a byte.
not(b) = Base.llvmcall("%2 = xor i8 %0, 1\nret i8 %2", Bool, Tuple{Bool}, b)
println(not(true), " ", not(false))

# A module with a function in it: two texts may use the same names.
const ONES = """
    declare i64 @llvm.ctpop.i64(i64)
    define internal i64 @helper(i64 %x) { %y = call i64 @llvm.ctpop.i64(i64 %x)
      ret i64 %y }
    define i64 @entry(i64 %x) alwaysinline { %y = call i64 @helper(i64 %x)
      ret i64 %y }"""
const NEXT = """
    @one = private constant i64 1
    define internal i64 @helper(i64 %x) { %n = load i64, i64* @one
      %y = add i64 %x, %n
      ret i64 %y }
    define i64 @entry(i64 %x) { %y = call i64 @helper(i64 %x)
      ret i64 %y }"""
both(x) = Base.llvmcall((ONES, "entry"), Int, Tuple{Int}, x), Base.llvmcall((NEXT, "entry"), Int, Tuple{Int}, x)
println(both(255), " ", both(-1))

# Tuples are arrays or structs, those of `VecElement`s vectors.
const V4 = NTuple{4,VecElement{Float32}}
vadd(a::V4, b::V4) = Base.llvmcall("%3 = fadd <4 x float> %0, %1\nret <4 x float> %3", V4, Tuple{V4,V4}, a, b)
println(map(x -> x.value, vadd(ntuple(i -> VecElement(Float32(i)), 4), ntuple(i -> VecElement(0.5f0i), 4))))
swap(t) = Base.llvmcall("""
    %a = extractvalue [2 x i64] %0, 0
    %b = extractvalue [2 x i64] %0, 1
    %c = insertvalue [2 x i64] undef, i64 %b, 0
    %d = insertvalue [2 x i64] %c, i64 %a, 1
    ret [2 x i64] %d""", NTuple{2,Int}, Tuple{NTuple{2,Int}}, t)
second(t) = Base.llvmcall("%x = extractvalue {i64, double, i8} %0, 1\nret double %x", Float64, Tuple{Tuple{Int,Float64,Bool}}, t)
println(swap((1, 2)), " ", second((1, 2.5, true)))

# Pointers in the words of Julia 1.11, of older and of newer versions.
old(a, i) = GC.@preserve a Base.llvmcall("""
    %p = inttoptr i64 %0 to i32*
    %q = getelementptr i32, i32* %p, i64 %1
    %r = load i32, i32* %q
    ret i32 %r""", Int32, Tuple{Ptr{Int32},Int64}, pointer(a), i)
new(a, i) = GC.@preserve a Base.llvmcall("""
    %q = getelementptr i32, ptr %0, i64 %1
    %r = load i32, ptr %q
    ret i32 %r""", Int32, Tuple{Ptr{Int32},Int64}, pointer(a), i)
println(old(Int32[10, 20, 30], 2), " ", new(Int32[10, 20, 30], 0))

fence() = Base.llvmcall("fence seq_cst\nret void", Cvoid, Tuple{})
println(fence())
wide(::Type{T}, x) where {T} = Base.llvmcall("%2 = zext i8 %0 to i64\nret i64 %2", T, Tuple{UInt8}, x)
println(wide(Int, 0xff), " ", wide(UInt, 0x01))
