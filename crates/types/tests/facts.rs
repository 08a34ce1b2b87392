//! Facts about Julia's types beyond the golden rows: subtyping of nested unions and variables,
//! intersections, static parameters, specificity, printing.

mod common;
use common::*;
use types::*;

fn check(rows: &[(&str, &str, bool)], f: impl Fn(Ty, Ty) -> bool) {
    let mut s = Scope::new();
    let mut wrong = Vec::new();
    for (a, b, want) in rows {
        let (x, y) = (s.read(a), s.read(b));
        if f(x, y) != *want {
            wrong.push(format!("{a}  |  {b}  should be {want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn subtype_facts() {
    check(
        &[
            ("Tuple{Int,Vararg{Int}}", "Tuple{Vararg{Int}}", true),
            ("Tuple{Vararg{Int}}", "Tuple{Int,Int,Vararg{Any}}", false),
            ("Tuple{Int,Int}", "Tuple{Int,Vararg{Int}}", true),
            ("Tuple{Int,Int,Vararg{Int}}", "Tuple{Int,Vararg{Int}}", true),
            ("Tuple{T,T} where T<:Int", "Tuple{T,T} where T", true),
            ("Tuple{T,S,S} where {T,S}", "Tuple{T,T,T} where T", false),
            ("Tuple{T,T,T} where T", "Tuple{T,S,S} where {T,S}", true),
            ("Ref{Tuple{T} where T}", "Ref{Tuple{Any}}", true),
            ("Ref{Tuple{Any}}", "Ref{Tuple{T} where T}", true),
            ("Ref{Tuple{T,S} where {T,S}}", "Ref{Tuple{S,T} where {T,S}}", true),
            ("Ref{Ref{T}} where T", "Ref{Ref{T} where T}", false),
            // a variable from outside stands for nothing that is bound inside
            ("Ref{AbstractArray{Array{T}} where T}", "Ref{AbstractArray{S}} where S", false),
            ("Array{Array{Array{T}} where T}", "Array{Array{T}} where T", false),
            ("Ref{Pair{Pair{T,R},R} where R} where T", "Ref{Pair{A,B} where B} where A", false),
            ("Tuple{Type{Int},Type{Int8}}", "Tuple{T,T} where T", true),
            ("Tuple{Type{Int},Type{Vector}}", "Tuple{T,T} where T", false),
            ("Ref{Ref{T} where T}", "Ref{Ref{T}} where T", false),
            ("Tuple{Ref{Int},Ref{Ref{Int}}}", "Tuple{Ref{T},Ref{S}} where {T,S<:Ref{T}}", true),
            ("Tuple{Ref{Int},Ref{Ref{Any}}}", "Tuple{Ref{T},Ref{S}} where {T,S<:Ref{T}}", false),
            ("Ref{Union{Int,Int8}}", "Union{Ref{Int8},Ref{Int}}", false),
            ("Union{Ref{Int8},Ref{Int}}", "Ref{T} where T<:Union{Int,Int8}", true),
            ("Vector{Union{Int8,Int}}", "Vector{Union{Int8,T}} where T", true),
            ("Vector{Union{Int8,Int}}", "Vector{Union{T,S}} where {T,S}", true),
            ("Vector{Union{Int8,Int}}", "Array{T} where T<:Union{Int,Int8}", true),
            ("Tuple{String,Vector{Union{Int8,Int}}}", "Tuple{String,Array{T,N}} where {T,N}", true),
            ("Tuple{Type{Union{Int,Nothing}},Int}", "Tuple{Type{T},T} where T", true),
            ("Tuple{Type{Union{Int,Nothing}},Union{Int,Nothing}}", "Tuple{Type{T},T} where T", true),
            ("Tuple{Union{Int,String},Union{Int,String}}", "Tuple{T,T} where T", false),
            ("Union{Tuple{Int,Int},Tuple{String,String}}", "Tuple{T,T} where T", true),
            ("Tuple{Union{Tuple{Int},Tuple{String}}}", "Tuple{Tuple{T}} where T", true),
            ("Vector{Union{Int,String}}", "Vector{T} where T>:Int", true),
            ("Tuple{Vector{T},Vector{T}} where T", "Tuple{Vector{T},Vector{S}} where {T,S}", true),
            ("Tuple{Vector{T} where T,Vector{T} where T}", "Tuple{Vector{T},Vector{T}} where T", false),
            ("Tuple{Vector,Vector}", "Tuple{Vector{T},Vector{S}} where {T,S}", true),
            ("Pair{Int,Pair{Int,String}}", "Pair{A,Pair{A,B}} where {A,B}", true),
            ("Pair{Int,Pair{String,String}}", "Pair{A,Pair{A,B}} where {A,B}", false),
            ("Array{Array{Int,2},1}", "Array{Array{T,N},M} where {T,N,M}", true),
            ("Array{Array{Int,2},1}", "Array{Array{T,N},N} where {T,N}", false),
            ("Tuple{Val{2},Array{Int,2}}", "Tuple{Val{N},Array{T,N}} where {T,N}", true),
            ("Tuple{Val{1},Array{Int,2}}", "Tuple{Val{N},Array{T,N}} where {T,N}", false),
            ("Tuple{Array{Int,2},Int,Int}", "Tuple{Array{T,N},Vararg{Int,N}} where {T,N}", true),
            ("Tuple{Array{Int,2},Int}", "Tuple{Array{T,N},Vararg{Int,N}} where {T,N}", false),
            ("Tuple{Int,Vararg{Int,N}} where N", "NTuple{M,Int} where M", true),
            ("NTuple{N,Int} where N", "Tuple{Vararg{Int}}", true),
            ("Ref{NTuple{N,Int} where N}", "Ref{Tuple{Vararg{Int}}}", true),
            ("Ref{NTuple{2,Int}}", "Ref{NTuple{N,Int}} where N", true),
            ("Ref{Tuple{Vararg{Int}}}", "Ref{NTuple{N,Int}} where N", false),
            ("Tuple{NTuple{2,Int},Val{2}}", "Tuple{NTuple{N,Int},Val{N}} where N", true),
            ("Tuple{NTuple{2,Int},Val{3}}", "Tuple{NTuple{N,Int},Val{N}} where N", false),
            ("Type{Vector{Int}}", "Type{Vector{T}} where T", true),
            ("Type{Vector}", "Type{Vector{T}} where T", false),
            ("Type{Vector}", "Type{<:Array}", true),
            ("Tuple{DataType}", "Tuple{Type{T}} where T", true),
            ("Tuple{DataType}", "Tuple{Type{T}} where T<:Int", false),
            ("Tuple{DataType,DataType}", "Tuple{Type{T},Type{T}} where T", false),
            ("Type{Union{}}", "Type{T} where T<:Int", true),
            ("Tuple{T} where T<:Integer", "Tuple{Real}", true),
            ("Ref{T} where T<:Integer", "Ref{<:Real}", true),
            ("NamedTuple{(:a,),Tuple{Int}}", "NamedTuple{(:a,),T} where T<:Tuple{Integer}", true),
            ("UnitRange{Int}", "AbstractRange{T} where T<:Integer", true),
            ("AbstractUnitRange{Int}", "OrdinalRange{T,T} where T", true),
            ("AbstractUnitRange", "OrdinalRange{T,T} where T", true),
            ("OrdinalRange{Int,Int8}", "OrdinalRange{T,T} where T", false),
            ("Union{Vector{T},T} where T<:Integer", "Union{Integer,Vector{<:Integer}}", true),
            ("Tuple{Vector{Int},Integer}", "Tuple{Vector{T},T} where T", false),
            ("Tuple{Vector{Integer},Int}", "Tuple{Vector{T},S} where {T,S<:T}", true),
            ("Tuple{Vararg{Vector{Int}}}", "Tuple{Vararg{Vector{T}}} where T", true),
            ("Tuple{Vararg{Tuple{Int,Int}}}", "Tuple{Vararg{Tuple{T,T}}} where T", true),
            ("Tuple{Tuple{Vararg{Int}},Tuple{Vararg{Int}}}", "Tuple{Tuple{Vararg{T}},Tuple{Vararg{T}}} where T", true),
            ("Tuple{Int8,Vararg{Int}}", "Tuple{Vararg{T}} where T<:Integer", false),
            ("Tuple{Int8,Vararg{Int}}", "Tuple{T,Vararg{S}} where {T,S}", true),
            ("Tuple{}", "Tuple{Vararg{T}} where T", true),
            ("Tuple{}", "NTuple{N,T} where {N,T}", true),
            ("Array{T,N} where {N,T<:Integer}", "Array{T} where T<:Real", true),
            ("Complex{T} where T<:Integer", "Complex", true),
            ("Function", "typeof(sin)", false),
        ],
        subtype,
    );
}

#[test]
fn intersections() {
    let mut s = Scope::new();
    let rows = [
        ("Tuple{Ref{T},T} where T", "Tuple{Ref{Int},Any}", "Tuple{Ref{Int64}, Int64}"),
        ("Tuple{T,Ref{T}} where T", "Tuple{Integer,Ref{Int}}", "Tuple{Int64, Ref{Int64}}"),
        ("Vector{T} where T<:Integer", "Vector{T} where T<:Signed", "Vector{T} where T<:Signed"),
        ("Array{T,2} where T", "AbstractArray{Int,N} where N", "Matrix{Int64}"),
        ("AbstractArray{T,2} where T", "Array", "Matrix"),
        ("Union{AbstractArray{Int},Int}", "Union{Vector,Integer}", "Union{Int64, Vector{Int64}}"),
        ("Tuple{Type{T},Array{T}} where T", "Tuple{Any,Vector{Int}}", "Tuple{Type{Int64}, Vector{Int64}}"),
        ("Tuple{Any,Vararg{Int}}", "Tuple{Vararg{Integer,2}}", "Tuple{Integer, Int64}"),
        ("Tuple{Vararg{Integer}}", "Tuple{Real,Vararg{Signed}}", "Tuple{Integer, Vararg{Signed}}"),
        ("NTuple{N,T} where {N,T}", "Tuple{Int,Integer}", "Tuple{Int64, Int64}"),
        ("Tuple{Array{T,N},Vararg{Int,N}} where {T,N}", "Tuple{Matrix,Vararg{Int}}", "Tuple{Matrix, Int64, Int64}"),
        ("Val{N} where N", "Val{3}", "Val{3}"),
        ("Type{T} where T<:Integer", "DataType", "Type{T} where T<:Integer"),
        ("Type{T} where T", "UnionAll", "UnionAll"),
        ("Type{Ref}", "Type{Ref{T}} where T", "Union{}"),
        ("Pair{T,T} where T", "Pair{Int,S} where S", "Pair{Int64, Int64}"),
        ("Pair{T,S} where {T,S<:T}", "Pair{A,Int} where A", "Pair{A, Int64} where A>:Int64"),
        ("Union{Int,String}", "Union{String,Float64}", "String"),
        (
            "Tuple{Union{Int,String},Any}",
            "Tuple{Any,Union{Int,String}}",
            "Tuple{Union{Int64, String}, Union{Int64, String}}",
        ),
        ("Vector{Int}", "Vector{Integer}", "Union{}"),
        ("Ref{<:Integer}", "Ref{>:Int}", "Ref{#s1} where Int64<:#s1<:Integer"),
        ("OrdinalRange{T,T} where T", "AbstractUnitRange", "AbstractUnitRange"),
        ("AbstractVector{Int}", "UnitRange", "UnitRange{Int64}"),
        ("Tuple{Tuple{T,T},T} where T", "Tuple{Tuple{Int,Any},Any}", "Tuple{Tuple{Int64, Int64}, Int64}"),
        // what a variable must equal is learnt behind its first use
        (
            "Tuple{T,Ref{T}} where T",
            "Tuple{Array{Int},Ref{AbstractVector}}",
            "Tuple{Vector{Int64}, Ref{AbstractVector}}",
        ),
        // a length is learnt behind the tuple
        (
            "Tuple{NTuple{N,Any},Array{Int,N}} where N",
            "Tuple{Tuple{Int,Vararg{Int}},Matrix{Int}}",
            "Tuple{Tuple{Int64, Int64}, Matrix{Int64}}",
        ),
        ("NTuple{N,Val{N}} where N", "Tuple{Val{2},Vararg{Val{2}}}", "Tuple{Val{2}, Val{2}}"),
        // nothing contains itself, not even through another
        ("Pair{T,Ref{T}} where T", "Pair{Ref{S},S} where S", "Union{}"),
        // either order of the two
        ("Tuple{Val{N},Val{Val{N}}} where N", "Tuple{Val{N},Val{Val{0}}} where N", "Tuple{Val{0}, Val{Val{0}}}"),
        ("Tuple{Val{N},Val{Val{0}}} where N", "Tuple{Val{N},Val{Val{N}}} where N", "Tuple{Val{0}, Val{Val{0}}}"),
    ];
    let mut wrong = Vec::new();
    for (a, b, want) in rows {
        let (x, y) = (s.read(a), s.read(b));
        let got = intersect(x, y);
        let want = want.replace("#s1", "var\"#s1\"");
        if got.to_string() != want {
            wrong.push(format!("{a} ∩ {b} = {got}, should be {want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn types_with_a_value_in_common_are_not_disjoint_in_either_order() {
    let mut s = Scope::new();
    let rows = [
        ("Tuple{Vector{T},T} where T<:Vector", "Tuple{T,T} where T", "Tuple{Vector{Vector},Vector{Vector}}"),
        ("Tuple{T,Vector{T}} where T", "Tuple{S,S} where S", "Tuple{Vector{Any},Vector{Any}}"),
    ];
    for (a, b, both) in rows {
        let (x, y, both) = (s.read(a), s.read(b), s.read(both));
        assert!(subtype(both, x) && subtype(both, y), "{both} in {a} and {b}");
        for i in [intersect(x, y), intersect(y, x)] {
            assert!(!i.is_bottom(), "{both} in {a} and {b}");
        }
    }
}

#[test]
fn static_parameters() {
    let mut s = Scope::new();
    let rows = [
        ("Tuple{Vector{Int},Int}", "Tuple{Vector{T},S} where {T,S}", vec!["Int64", "Int64"]),
        ("Tuple{Array{Float64,3}}", "Tuple{Array{T,N}} where {T,N}", vec!["Float64", "3"]),
        ("Tuple{Int,Int}", "Tuple{T,T} where T<:Integer", vec!["Int64"]),
        ("Tuple{Int,Int,Int}", "Tuple{Vararg{T,N}} where {T,N}", vec!["Int64", "3"]),
        ("Tuple{Type{Int}}", "Tuple{Type{T}} where T", vec!["Int64"]),
        ("Tuple{Type{Int},Type{Float64}}", "Tuple{Vararg{T}} where T", vec!["DataType"]),
        ("Tuple{Val{:a}}", "Tuple{Val{V}} where V", vec![":a"]),
        ("Tuple{Any,Vector{Int}}", "Tuple{Int,Vector{T}} where T", vec!["Int64"]),
        ("Tuple{NamedTuple{(:a,),Tuple{Int}}}", "Tuple{NamedTuple{N,T}} where {N,T}", vec!["(:a,)", "Tuple{Int64}"]),
    ];
    for (a, b, want) in rows {
        let (x, y) = (s.read(a), s.read(b));
        let (ty, env) = intersect_env(x, y);
        assert!(!ty.is_bottom(), "{a} ∩ {b}");
        let got: Vec<String> = env.iter().map(|t| t.to_string()).collect();
        assert_eq!(got, want, "{a} ∩ {b}");
    }
    // Undetermined: a variable.
    let (x, y) = (s.read("Tuple{Vector}"), s.read("Tuple{Vector{T}} where T"));
    assert!(intersect_env(x, y).1[0].is_var());
}

#[test]
fn specificity_facts() {
    check(
        &[
            ("Tuple{Int,Vararg{Any}}", "Tuple{Vararg{Any}}", true),
            ("Tuple{Any}", "Tuple{Vararg{Int}}", false),
            ("Tuple{Vararg{Int}}", "Tuple{Any}", true),
            ("Tuple{Array{T,N},Vararg{Int,N}} where {T,N}", "Tuple{Array,Int}", true),
            ("Tuple{Array,Int}", "Tuple{AbstractArray,Int,Array}", true),
            ("Tuple{Array{T,N},Vararg{Int,N}} where {T,N}", "Tuple{AbstractArray,Int,Array}", true),
            ("Tuple{T,T} where T", "Tuple{Any,Any}", true),
            ("Tuple{Type{Any},Any}", "Tuple{Type{T},Any} where T<:Int", false),
            ("Tuple{Type{T},T} where T", "Tuple{Type{T},Any} where T", true),
            ("Tuple{Int,Int}", "Tuple{T,T} where T<:Integer", true),
            ("Tuple{Int,Any}", "Tuple{Any,Int}", false),
            ("Tuple{Any,Int}", "Tuple{Int,Any}", false),
            ("Tuple{Vector{T},T} where T", "Tuple{Vector,Any}", true),
            ("Tuple{Type{<:Integer}}", "Tuple{DataType}", true),
            ("Tuple{DataType}", "Tuple{Type}", true),
            ("Tuple{Union{Int,String}}", "Tuple{Any}", true),
            ("Tuple{Int}", "Tuple{Union{Int,String}}", true),
            ("Tuple{Array{Int,N}} where N", "Tuple{Array{T,1}} where T", false),
            ("Tuple{Array{T,1}} where T", "Tuple{Array{Int,N}} where N", true),
        ],
        more_specific,
    );
}

#[test]
fn printing() {
    let mut s = Scope::new();
    let rows = [
        ("Vector{Int}", "Vector{Int64}"),
        ("Array{Int,3}", "Array{Int64, 3}"),
        ("Matrix", "Matrix"),
        ("Array{Int}", "Array{Int64}"),
        ("Array", "Array"),
        ("Array{T,3} where T", "Array{T, 3} where T"),
        ("Vector{<:Real}", "Vector{<:Real}"),
        ("Vector{>:Int}", "Vector{>:Int64}"),
        ("Vector{T} where T<:Real", "Vector{T} where T<:Real"),
        ("Type{<:Real}", "Type{<:Real}"),
        ("Type", "Type"),
        ("Tuple", "Tuple"),
        ("Tuple{}", "Tuple{}"),
        ("Tuple{Int,Int}", "Tuple{Int64, Int64}"),
        ("NTuple{3,Int}", "Tuple{Int64, Int64, Int64}"),
        ("NTuple{4,Int}", "NTuple{4, Int64}"),
        ("Tuple{String,Int,Int,Int,Int}", "Tuple{String, Vararg{Int64, 4}}"),
        ("Tuple{Any,Vararg{Int}}", "Tuple{Any, Vararg{Int64}}"),
        ("NTuple{N,Int} where N", "NTuple{N, Int64} where N"),
        ("NamedTuple{(:a,:b),Tuple{Int,Any}}", "@NamedTuple{a::Int64, b}"),
        ("NamedTuple{(:a,)}", "NamedTuple{(:a,)}"),
        ("NamedTuple", "NamedTuple"),
        ("Val{(1,:a)}", "Val{(1, :a)}"),
        ("Union{Int,Nothing,String}", "Union{Nothing, Int64, String}"),
        ("Union{}", "Union{}"),
        ("AbstractVector{T} where T<:Int", "AbstractVector{T} where T<:Int64"),
        ("AbstractVector", "AbstractVector"),
        ("DenseVector{Int}", "DenseVector{Int64}"),
        ("Pair{Int}", "Pair{Int64}"),
        ("Pair{A,Int} where A", "Pair{A, Int64} where A"),
        ("Tuple{T,S} where {T,S<:T}", "Tuple{T, S} where {T, S<:T}"),
        ("Vector{Vector{T} where T}", "Vector{Vector}"),
        ("Vector{Vector{T}} where T", "Vector{Vector{T}} where T"),
        ("typeof(sin)", "typeof(sin)"),
        ("typeof(+)", "typeof(+)"),
        ("Core.LLVMPtr{Float32,1}", "Core.LLVMPtr{Float32, 1}"),
        ("Core.TypeofBottom", "Core.TypeofBottom"),
        ("Union{Vector{T},Matrix{T}} where T", "VecOrMat"),
        ("Union{Vector{Int},Matrix{Int}}", "VecOrMat{Int64}"),
        ("Ref{T} where Int<:T<:Real", "Ref{T} where Int64<:T<:Real"),
        ("Type{Union{}}", "Type{Union{}}"),
    ];
    for (text, want) in rows {
        assert_eq!(s.read(text).to_string(), want);
    }
}

#[test]
fn application_errors_name_the_bound() {
    let mut s = Scope::new();
    let complex = s.names["Complex"];
    let e = apply(complex, &[builtin::string()]).unwrap_err();
    assert_eq!(e.to_string(), "in Complex, in T, expected T<:Real, got Type{String}");
    let e = apply(complex, &[Ty::int(1)]).unwrap_err();
    assert_eq!(e.to_string(), "in Complex, in T, expected T<:Real, got a value of type Int64");
    assert!(matches!(apply(complex, &[builtin::int64(), builtin::int64()]), Err(ApplyError::TooMany { .. })));
    assert!(apply(builtin::int64(), &[builtin::int64()]).is_err());
    assert_eq!(apply(builtin::tuple(), &[builtin::bottom()]), Err(ApplyError::BottomInTuple));
    let nt = builtin::named_tuple();
    assert!(apply(nt, &[Ty::symbols(&["a".into()]), s.read("Tuple{Int,Int}")]).is_err());
    assert!(apply(nt, &[Ty::int(1), s.read("Tuple{Int}")]).is_err());
}

#[test]
fn layouts() {
    let mut s = Scope::new();
    let rational = s.read("Rational{Int}");
    let l = rational.layout().unwrap();
    assert_eq!((l.size, l.align, l.pointers.len()), (16, 8, 0));
    let mixed = s.read("Tuple{Int8,Int,Bool,String}");
    let l = mixed.layout().unwrap();
    let offsets: Vec<usize> = l.fields.iter().map(|f| f.offset).collect();
    assert_eq!((offsets, l.size, &l.pointers[..]), (vec![0, 8, 16, 24], 32, &[24][..]));
    assert!(mixed.is_inline_alloc() && !mixed.is_bits());
    let nested = s.read("Pair{Int8,Tuple{Int8,String}}");
    assert_eq!(nested.layout().unwrap().pointers, [16]);
    let array = s.read("Vector{Int}").layout().unwrap();
    assert_eq!((array.size, array.fields[1].offset), (24, 16));
    assert!(s.read("Tuple{}").layout().unwrap().size == 0);
    assert!(builtin::string().layout().is_none());
    assert_eq!(builtin::int128().layout().map(|l| (l.size, l.align)), Some((16, 8)));
    // A type that would contain itself is held by reference.
    let tn = TypeName::declare(TypeDecl {
        name: "Rec".into(),
        module: "Main".into(),
        params: vec![],
        kind: NameKind::Struct { mutable: false },
    });
    tn.set_supertype(builtin::any()).unwrap();
    let union = make_union(&[tn.wrapper(), builtin::nothing()]);
    tn.set_fields(FieldDefs {
        names: vec!["x".into(), "y".into()],
        types: vec![tn.wrapper(), union],
        ninit: 2,
        ..Default::default()
    });
    assert!(!tn.wrapper().is_inline_alloc());
    assert_eq!(tn.wrapper().layout().unwrap().size, 16);
}

#[test]
fn identity_is_up_to_names_of_variables() {
    let mut s = Scope::new();
    let (a, b) = (s.read("Vector{T} where T<:Real"), s.read("Vector{S} where S<:Real"));
    assert_eq!(a, b);
    assert_ne!(a.to_string(), b.to_string());
    assert_eq!(fingerprint(a), fingerprint(b));
    assert_eq!(s.read("Ref{Vector{T} where T}").address(), s.read("Ref{Vector{S} where S}").address());
    assert_ne!(s.read("Pair{A,B} where {A,B}"), s.read("Pair{A,B} where {B,A}"));
    let set: std::collections::HashSet<Ty> = [a, b].into_iter().collect();
    assert_eq!(set.len(), 1);
    // SAFETY: the address was taken from a type of this process.
    assert_eq!(unsafe { Ty::from_value_address(a.as_value_address()) }, a);
}

#[test]
fn fingerprints_see_definitions() {
    let define = |field: Ty| {
        let tn = TypeName::declare(TypeDecl {
            name: "S".into(),
            module: "Main".into(),
            params: vec![],
            kind: NameKind::Struct { mutable: false },
        });
        tn.set_supertype(builtin::any()).unwrap();
        tn.set_fields(FieldDefs { names: vec!["x".into()], types: vec![field], ninit: 1, ..Default::default() });
        builtin::vector_of(tn.wrapper())
    };
    assert_eq!(fingerprint(define(builtin::int64())), fingerprint(define(builtin::int64())));
    assert_ne!(fingerprint(define(builtin::int64())), fingerprint(define(builtin::int32())));
}

#[test]
fn threads_agree_on_identity() {
    let make = || {
        let mut s = Scope::new();
        (0..200)
            .flat_map(|i| {
                let v = TypeVar::new("T", builtin::bottom(), builtin::real());
                let open =
                    make_unionall(v, type_of_tuple(&[builtin::array_of(v.ty(), i), v.ty(), Ty::int(i).kind_type()]));
                [builtin::array_of(builtin::type_of_type(open), i), open, s.read("Ref{Vector{S} where S<:Integer}")]
            })
            .map(|t| t.canonical().address())
            .collect::<Vec<usize>>()
    };
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(make)).collect();
    let results: Vec<Vec<usize>> = threads.into_iter().map(|t| t.join().unwrap()).collect();
    assert!(results.windows(2).all(|w| w[0] == w[1]));
}

#[test]
fn circular_bounds_end() {
    // Bounds that mention the variable's own kind of constraint must not send the search in circles.
    let mut s = Scope::new();
    s.abstract_type("Main", "Cmp", &["T"], "Any");
    let a = s.read("Tuple{T,S} where {T,S<:Cmp{T}}");
    let _ = (subtype(a, s.read("Tuple{T,T} where {S,T<:Cmp{S}}")), intersect(a, s.read("Tuple{T,Cmp{T}} where T")));
    let deep = (0..40).fold("Int".to_string(), |t, _| format!("Vector{{<:{t}}}"));
    assert!(subtype(s.read(&deep), s.read("Vector")));
    let wide: Vec<String> = (0..12).map(|i| format!("Union{{Val{{{i}}},Vector{{Val{{{i}}}}}}}")).collect();
    let wide = format!("Tuple{{{}}}", wide.join(","));
    assert!(subtype(s.read(&wide), s.read("Tuple{Vararg{Any}}")));
    assert!(!subtype(s.read(&wide), s.read("Tuple{Vararg{T}} where T")));
}

/// `typeof(Union{})` has one instance, so that it is `Type{Union{}}`.
#[test]
fn the_type_of_bottom() {
    let mut s = Scope::new();
    let (bottom, all) = (builtin::type_of_type(builtin::bottom()), s.read("Type{T} where T<:Real"));
    assert!(type_equal(builtin::typeof_bottom(), bottom));
    assert!(subtype(builtin::typeof_bottom(), all));
    assert!(!subtype(builtin::typeof_bottom(), s.read("Type{Int}")));
    assert_eq!(intersect(all, builtin::typeof_bottom()), builtin::typeof_bottom());
}
