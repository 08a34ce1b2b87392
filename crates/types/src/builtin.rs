//! The types of module `Core`, made at first use.

use crate::apply::apply_unchecked;
use crate::cell::{Data, Ty, TypeVar};
use crate::interner;
use crate::names::{FieldDefs, NameKind, Special, TypeDecl, TypeName};
use base::Symbol;
use std::sync::OnceLock;

/// `Union{}`.
pub fn bottom() -> Ty {
    static BOTTOM: OnceLock<Ty> = OnceLock::new();
    *BOTTOM.get_or_init(|| interner::intern(Data::Bottom))
}

/// `Any`.
pub fn any() -> Ty {
    static ANY: OnceLock<Ty> = OnceLock::new();
    *ANY.get_or_init(|| {
        let name = declare("Any", Vec::new(), NameKind::Abstract, Special::Any);
        interner::datatype(name, &[])
    })
}

/// The name `Tuple`.
pub fn tuple_name() -> TypeName {
    static TUPLE: OnceLock<TypeName> = OnceLock::new();
    *TUPLE.get_or_init(|| {
        let name = declare("Tuple", Vec::new(), NameKind::Struct { mutable: false }, Special::Tuple);
        let _ = name.0.supertype.set(any());
        name
    })
}

/// `Vararg`.
pub fn vararg() -> Ty {
    interner::intern(Data::Vararg { elem: None, len: None })
}

fn declare(name: &str, params: Vec<TypeVar>, kind: NameKind, special: Special) -> TypeName {
    TypeName::declare_special(TypeDecl { name: name.into(), module: "Core".into(), params, kind }, special)
}

fn simple(name: &str, supertype: Ty, kind: NameKind) -> Ty {
    let name = declare(name, Vec::new(), kind, Special::No);
    let _ = name.0.supertype.set(supertype);
    interner::datatype(name, &[])
}

/// A struct whose fields are all initialised by every constructor.
fn structure(name: &str, supertype: Ty, mutable: bool, fields: &[(&str, Ty)], ninit: usize) -> Ty {
    let ty = simple(name, supertype, NameKind::Struct { mutable });
    ty.name().expect("just made").set_fields(field_defs(fields, ninit));
    ty
}

fn field_defs(fields: &[(&str, Ty)], ninit: usize) -> FieldDefs {
    FieldDefs {
        names: fields.iter().map(|(n, _)| Symbol::new(n)).collect(),
        types: fields.iter().map(|&(_, t)| t).collect(),
        ninit,
        const_fields: Vec::new(),
        atomic_fields: Vec::new(),
    }
}

const ABSTRACT: NameKind = NameKind::Abstract;

/// A parametric type: name, variables, supertype over them.
fn parametric(name: &str, params: &[TypeVar], supertype: Ty, kind: NameKind, special: Special) -> TypeName {
    let name = declare(name, params.to_vec(), kind, special);
    let _ = name.0.supertype.set(supertype);
    name
}

macro_rules! table {
    ($($(#[$doc:meta])* $field:ident = $name:literal),* $(,)?) => {
        struct Table { $($field: Ty),* }

        $($(#[$doc])* pub fn $field() -> Ty { table().$field })*

        /// All types of module `Core` with the names they are bound to there.
        pub fn all() -> Vec<(&'static str, Ty)> {
            vec![("Any", any()), ("Vararg", vararg()), $(($name, $field())),*]
        }
    };
}

table! {
    number = "Number", real = "Real", integer = "Integer", signed = "Signed", unsigned = "Unsigned",
    abstract_float = "AbstractFloat", bool_ = "Bool",
    int8 = "Int8", int16 = "Int16", int32 = "Int32", int64 = "Int64", int128 = "Int128",
    uint8 = "UInt8", uint16 = "UInt16", uint32 = "UInt32", uint64 = "UInt64", uint128 = "UInt128",
    float16 = "Float16", float32 = "Float32", float64 = "Float64", bfloat16 = "BFloat16",
    abstract_char = "AbstractChar", char_ = "Char", abstract_string = "AbstractString", string = "String",
    symbol = "Symbol", nothing = "Nothing",
    /// `Tuple`, i.e. `Tuple{Vararg{Any}}`.
    tuple = "Tuple",
    named_tuple = "NamedTuple",
    function = "Function", builtin_function = "Builtin", intrinsic_function = "IntrinsicFunction",
    /// `Type`, the `UnionAll`.
    type_ = "Type",
    data_type = "DataType", union_all = "UnionAll",
    /// The type of unions; also what `Union{…}` applies.
    union_type = "Union",
    type_var = "TypeVar", typeof_bottom = "TypeofBottom", typeof_vararg = "TypeofVararg",
    ref_ = "Ref", ptr = "Ptr", llvm_ptr = "LLVMPtr",
    abstract_array = "AbstractArray", dense_array = "DenseArray", array = "Array", memory = "Memory",
    memory_ref = "MemoryRef", undef_initializer = "UndefInitializer",
    simple_vector = "SimpleVector", module = "Module", method = "Method", method_instance = "MethodInstance",
    method_table = "MethodTable", type_name = "TypeName", code_info = "CodeInfo", code_instance = "CodeInstance",
    weak_ref = "WeakRef",
    expr = "Expr", quote_node = "QuoteNode", line_number_node = "LineNumberNode", global_ref = "GlobalRef",
    box_ = "Box",
    exception = "Exception", error_exception = "ErrorException", bounds_error = "BoundsError",
    divide_error = "DivideError", domain_error = "DomainError", overflow_error = "OverflowError",
    inexact_error = "InexactError", undef_ref_error = "UndefRefError", undef_var_error = "UndefVarError",
    undef_keyword_error = "UndefKeywordError", type_error = "TypeError", method_error = "MethodError",
    interrupt_exception = "InterruptException", out_of_memory_error = "OutOfMemoryError",
    stack_overflow_error = "StackOverflowError", read_only_memory_error = "ReadOnlyMemoryError",
    segmentation_fault = "SegmentationFault", concurrency_violation_error = "ConcurrencyViolationError",
    wrapped_exception = "WrappedException", load_error = "LoadError", init_error = "InitError",
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(build)
}

fn build() -> Table {
    let any = any();
    let bottom = bottom();
    let var = |name: &str| TypeVar::new(name, bottom, any);
    let prim = |name: &str, sup: Ty, bits: u32| simple(name, sup, NameKind::Primitive { bits });
    let opaque = |name: &str, sup: Ty| simple(name, sup, NameKind::Opaque);
    let wrapped = |name: TypeName| name.wrapper();

    let number = simple("Number", any, ABSTRACT);
    let real = simple("Real", number, ABSTRACT);
    let integer = simple("Integer", real, ABSTRACT);
    let signed = simple("Signed", integer, ABSTRACT);
    let unsigned = simple("Unsigned", integer, ABSTRACT);
    let abstract_float = simple("AbstractFloat", real, ABSTRACT);
    let abstract_char = simple("AbstractChar", any, ABSTRACT);
    let abstract_string = simple("AbstractString", any, ABSTRACT);
    let exception = simple("Exception", any, ABSTRACT);
    let function = simple("Function", any, ABSTRACT);
    let symbol = opaque("Symbol", any);
    let int64 = prim("Int64", signed, 64);
    let uint64 = prim("UInt64", unsigned, 64);
    let nothing = structure("Nothing", any, false, &[], 0);

    let any_tuple = apply_unchecked(tuple_name(), &[crate::apply::vararg(any, None)]);
    let nt_types = TypeVar::new("T", bottom, any_tuple);
    let named_tuple = parametric(
        "NamedTuple",
        &[var("names"), nt_types],
        any,
        NameKind::Struct { mutable: false },
        Special::NamedTuple,
    );

    let type_t = var("T");
    let type_name = parametric("Type", &[type_t], any, ABSTRACT, Special::Type);
    let type_ = type_name.wrapper();
    let kind = |name: &str| {
        let name = declare(name, Vec::new(), NameKind::Opaque, Special::Kind);
        let _ = name.0.supertype.set(type_name.body());
        interner::datatype(name, &[])
    };

    let ref_name = parametric("Ref", &[var("T")], any, ABSTRACT, Special::No);
    let ref_of = |t: Ty| apply_unchecked(ref_name, &[t]);
    let t = var("T");
    let ptr_name = parametric("Ptr", &[t], ref_of(t.ty()), NameKind::Primitive { bits: 64 }, Special::No);
    let ptr_nothing = apply_unchecked(ptr_name, &[nothing]);
    let (t, a) = (var("T"), var("AS"));
    let llvm_ptr = parametric("LLVMPtr", &[t, a], ref_of(t.ty()), NameKind::Primitive { bits: 64 }, Special::No);

    let abstract_array = parametric("AbstractArray", &[var("T"), var("N")], any, ABSTRACT, Special::No);
    let (t, n) = (var("T"), var("N"));
    let sup = apply_unchecked(abstract_array, &[t.ty(), n.ty()]);
    let dense_array = parametric("DenseArray", &[t, n], sup, ABSTRACT, Special::No);

    let one = Ty::int(1);
    let t = var("T");
    let sup = apply_unchecked(dense_array, &[t.ty(), one]);
    let memory = parametric("Memory", &[t], sup, NameKind::Struct { mutable: true }, Special::No);
    let mut defs = field_defs(&[("length", int64), ("ptr", ptr_nothing)], 2);
    defs.const_fields = vec![0, 1];
    memory.set_fields(defs);
    let t = var("T");
    let memory_ref = parametric("MemoryRef", &[t], ref_of(t.ty()), NameKind::Struct { mutable: false }, Special::No);
    memory_ref.set_fields(field_defs(&[("ptr", ptr_nothing), ("mem", apply_unchecked(memory, &[t.ty()]))], 2));
    let (t, n) = (var("T"), var("N"));
    let sup = apply_unchecked(dense_array, &[t.ty(), n.ty()]);
    let array = parametric("Array", &[t, n], sup, NameKind::Struct { mutable: true }, Special::No);
    let size = apply_unchecked(tuple_name(), &[crate::apply::vararg(int64, Some(n.ty()))]);
    array.set_fields(field_defs(&[("ref", apply_unchecked(memory_ref, &[t.ty()])), ("size", size)], 2));
    let vector_any = apply_unchecked(array, &[any, one]);

    let module = opaque("Module", any);
    let file = interner::union_of(&[nothing, symbol]);
    // By name: `String`s are not plain data, neither is `Symbol`; the order is alphabetical.
    let context = interner::union_of(&[abstract_string, symbol]);
    let builtin_function = simple("Builtin", function, ABSTRACT);
    let wrapped_exception = simple("WrappedException", exception, ABSTRACT);
    let error = |name: &str, fields: &[(&str, Ty)], ninit: usize| structure(name, exception, false, fields, ninit);

    Table {
        number,
        real,
        integer,
        signed,
        unsigned,
        abstract_float,
        bool_: prim("Bool", integer, 8),
        int8: prim("Int8", signed, 8),
        int16: prim("Int16", signed, 16),
        int32: prim("Int32", signed, 32),
        int64,
        int128: prim("Int128", signed, 128),
        uint8: prim("UInt8", unsigned, 8),
        uint16: prim("UInt16", unsigned, 16),
        uint32: prim("UInt32", unsigned, 32),
        uint64,
        uint128: prim("UInt128", unsigned, 128),
        float16: prim("Float16", abstract_float, 16),
        float32: prim("Float32", abstract_float, 32),
        float64: prim("Float64", abstract_float, 64),
        bfloat16: prim("BFloat16", abstract_float, 16),
        abstract_char,
        char_: prim("Char", abstract_char, 32),
        abstract_string,
        string: opaque("String", abstract_string),
        symbol,
        nothing,
        tuple: any_tuple,
        named_tuple: wrapped(named_tuple),
        function,
        builtin_function,
        intrinsic_function: opaque("IntrinsicFunction", builtin_function),
        type_,
        data_type: kind("DataType"),
        union_all: kind("UnionAll"),
        union_type: kind("Union"),
        type_var: opaque("TypeVar", any),
        typeof_bottom: kind("TypeofBottom"),
        typeof_vararg: opaque("TypeofVararg", any),
        ref_: wrapped(ref_name),
        ptr: wrapped(ptr_name),
        llvm_ptr: wrapped(llvm_ptr),
        abstract_array: wrapped(abstract_array),
        dense_array: wrapped(dense_array),
        array: wrapped(array),
        memory: wrapped(memory),
        memory_ref: wrapped(memory_ref),
        undef_initializer: structure("UndefInitializer", any, false, &[], 0),
        simple_vector: opaque("SimpleVector", any),
        module,
        method: opaque("Method", any),
        method_instance: opaque("MethodInstance", any),
        method_table: opaque("MethodTable", any),
        type_name: opaque("TypeName", any),
        code_info: opaque("CodeInfo", any),
        code_instance: opaque("CodeInstance", any),
        weak_ref: opaque("WeakRef", any),
        expr: structure("Expr", any, true, &[("head", symbol), ("args", vector_any)], 2),
        quote_node: structure("QuoteNode", any, false, &[("value", any)], 1),
        line_number_node: structure("LineNumberNode", any, false, &[("line", int64), ("file", file)], 2),
        global_ref: structure("GlobalRef", any, false, &[("mod", module), ("name", symbol)], 2),
        box_: structure("Box", any, true, &[("contents", any)], 0),
        exception,
        error_exception: error("ErrorException", &[("msg", abstract_string)], 1),
        bounds_error: error("BoundsError", &[("a", any), ("i", any)], 0),
        divide_error: error("DivideError", &[], 0),
        domain_error: error("DomainError", &[("val", any), ("msg", abstract_string)], 2),
        overflow_error: error("OverflowError", &[("msg", abstract_string)], 1),
        inexact_error: error("InexactError", &[("func", symbol), ("args", any)], 2),
        undef_ref_error: error("UndefRefError", &[], 0),
        undef_var_error: error("UndefVarError", &[("var", symbol), ("scope", any)], 1),
        undef_keyword_error: error("UndefKeywordError", &[("var", symbol)], 1),
        type_error: error("TypeError", &[("func", symbol), ("context", context), ("expected", type_), ("got", any)], 4),
        method_error: error("MethodError", &[("f", any), ("args", any), ("world", uint64)], 3),
        interrupt_exception: error("InterruptException", &[], 0),
        out_of_memory_error: error("OutOfMemoryError", &[], 0),
        stack_overflow_error: error("StackOverflowError", &[], 0),
        read_only_memory_error: error("ReadOnlyMemoryError", &[], 0),
        segmentation_fault: error("SegmentationFault", &[], 0),
        concurrency_violation_error: error("ConcurrencyViolationError", &[("msg", abstract_string)], 1),
        wrapped_exception,
        load_error: structure(
            "LoadError",
            wrapped_exception,
            false,
            &[("file", abstract_string), ("line", int64), ("error", any)],
            3,
        ),
        init_error: structure("InitError", wrapped_exception, false, &[("mod", symbol), ("error", any)], 2),
    }
}

/// `Vector{elem}`.
pub fn vector_of(elem: Ty) -> Ty {
    array_of(elem, 1)
}

/// `Array{elem, ndims}`.
pub fn array_of(elem: Ty, ndims: i64) -> Ty {
    let name = array().unwrap_unionall().name().expect("Array is nominal");
    interner::datatype(name, &[elem, Ty::int(ndims)])
}

/// `Memory{elem}`.
pub fn memory_of(elem: Ty) -> Ty {
    interner::datatype(memory().unwrap_unionall().name().expect("Memory is nominal"), &[elem])
}

/// `MemoryRef{elem}`.
pub fn memory_ref_of(elem: Ty) -> Ty {
    interner::datatype(memory_ref().unwrap_unionall().name().expect("MemoryRef is nominal"), &[elem])
}

/// `Ptr{elem}`.
pub fn ptr_of(elem: Ty) -> Ty {
    interner::datatype(ptr().unwrap_unionall().name().expect("Ptr is nominal"), &[elem])
}

/// `Type{ty}`.
pub fn type_of_type(ty: Ty) -> Ty {
    interner::datatype(type_().unwrap_unionall().name().expect("Type is nominal"), &[ty])
}
