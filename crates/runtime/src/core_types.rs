//! The types and objects that the runtime itself must know, made once.

use crate::{Builtin, Intrinsic, Value, function, gc, host, info};
use base::Symbol;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use types::{FieldDefs, NameKind, Ty, TypeDecl, TypeName, TypeVar, builtin as b};

/// What is added to an integer to index [`CoreTypes::small_ints`].
pub(crate) const SMALL_INT_MIN: i64 = 512;
const SMALL_INTS: i64 = 1536;

/// Types of `Core` by name, the constant objects, and caches of boxes.
#[allow(missing_docs)]
pub struct CoreTypes {
    pub any: Ty,
    pub bool: Ty,
    pub int8: Ty,
    pub int16: Ty,
    pub int32: Ty,
    pub int64: Ty,
    pub int128: Ty,
    pub uint8: Ty,
    pub uint16: Ty,
    pub uint32: Ty,
    pub uint64: Ty,
    pub uint128: Ty,
    pub float16: Ty,
    pub float32: Ty,
    pub float64: Ty,
    pub char: Ty,
    pub string: Ty,
    pub symbol: Ty,
    pub nothing: Ty,
    pub datatype: Ty,
    pub unionall: Ty,
    pub union: Ty,
    pub typeofbottom: Ty,
    pub typevar: Ty,
    pub typeofvararg: Ty,
    pub typename: Ty,
    pub simplevector: Ty,
    pub module: Ty,
    pub method: Ty,
    pub function: Ty,
    pub builtin: Ty,
    pub intrinsicfunction: Ty,
    pub hostfunction: Ty,
    pub expr: Ty,
    pub quotenode: Ty,
    pub linenumbernode: Ty,
    pub globalref: Ty,
    pub r#box: Ty,
    pub error_exception: Ty,
    pub namedtuple: Ty,
    pub pair: Ty,
    pub bigint: Ty,
    /// Core's exception types by name.
    pub error_types: BTreeMap<&'static str, Ty>,
    /// Types that the runtime defines beyond those of the `types` crate, with their names in `Core`.
    pub extra: Vec<(&'static str, Ty)>,
    pub nothing_value: Value,
    pub true_value: Value,
    pub false_value: Value,
    /// The function `Core.kwcall`.
    pub kwcall_value: Value,
    pub small_ints: Vec<Value>,
    pub bytes: Vec<Value>,
    pub ascii: Vec<Value>,
    pub builtins: Vec<Value>,
    pub intrinsics: Vec<Value>,
    pub hosts: Vec<Value>,
}

static CORE: OnceLock<CoreTypes> = OnceLock::new();

/// The runtime's own types and constants.
#[inline]
pub fn core_types() -> &'static CoreTypes {
    match CORE.get() {
        Some(c) => c,
        None => init(),
    }
}

#[cold]
fn init() -> &'static CoreTypes {
    CORE.get_or_init(build)
}

/// Writes the tag word of a type's cell if no one did yet.
#[inline]
pub(crate) fn ensure_tagged(ty: Ty) {
    let tag = ty.tag_word();
    if tag.load(Ordering::Relaxed) == 0 {
        tag.store(ty.kind_type().address(), Ordering::Release);
    }
}

impl CoreTypes {
    pub fn memory_of(&self, elem: Ty) -> Ty {
        b::memory_of(elem)
    }
    pub fn memory_ref_of(&self, elem: Ty) -> Ty {
        b::memory_ref_of(elem)
    }
    pub fn array_of(&self, elem: Ty, dims: usize) -> Ty {
        b::array_of(elem, dims as i64)
    }
    pub fn ptr_of(&self, elem: Ty) -> Ty {
        b::ptr_of(elem)
    }
    /// The object `Type`.
    pub fn type_object(&self) -> Value {
        Value::from(b::type_())
    }
    /// The object `DataType`.
    pub fn datatype_object(&self) -> Value {
        Value::from(self.datatype)
    }
    /// The object `Ptr`.
    pub fn ptr_object(&self) -> Value {
        Value::from(b::ptr())
    }
    /// The object `Array`.
    pub fn array_object(&self) -> Value {
        Value::from(b::array())
    }
    /// The object `Memory`.
    pub fn memory_object(&self) -> Value {
        Value::from(b::memory())
    }
    /// The object `MemoryRef`.
    pub fn memory_ref_object(&self) -> Value {
        Value::from(b::memory_ref())
    }
}

/// Defines a type of `Core` that the `types` crate does not have.
fn define(
    name: &str,
    params: Vec<TypeVar>,
    supertype: Ty,
    kind: NameKind,
    fields: &[(&str, Ty)],
    ninit: usize,
) -> TypeName {
    let n = TypeName::declare(TypeDecl { name: name.into(), module: "Core".into(), params, kind });
    // All supertypes used here are abstract types of Core.
    let _ = n.set_supertype(supertype);
    n.set_fields(FieldDefs {
        names: fields.iter().map(|(f, _)| Symbol::new(f)).collect(),
        types: fields.iter().map(|&(_, t)| t).collect(),
        ninit,
        ..FieldDefs::default()
    });
    n
}

fn build() -> CoreTypes {
    gc::enter();
    types::set_visibility(crate::module::visible_in_main);
    let immutable = NameKind::Struct { mutable: false };
    let any = b::any();
    let exception = b::exception();
    let text = b::abstract_string();
    let mut extra = Vec::new();
    let mut error_types: BTreeMap<&'static str, Ty> = b::all()
        .into_iter()
        .filter(|(_, t)| t.is_datatype() && (t.supertype() == exception || t.supertype() == b::wrapped_exception()))
        .collect();
    for (name, fields) in [
        ("ArgumentError", &[("msg", text)][..]),
        ("AssertionError", &[("msg", text)][..]),
        ("MissingCodeError", &[("mi", any)][..]),
    ] {
        let ty = define(name, Vec::new(), exception, immutable, fields, fields.len()).body();
        error_types.insert(name, ty);
        extra.push((name, ty));
    }
    let (x, y) = (TypeVar::unbounded("A"), TypeVar::unbounded("B"));
    let pair = define("Pair", vec![x, y], any, immutable, &[("first", x.ty()), ("second", y.ty())], 2).wrapper();
    let limbs = b::memory_of(b::uint64());
    let fields = [("sign", b::int64()), ("limbs", limbs)];
    let bigint = define("BigInt", Vec::new(), b::signed(), NameKind::Struct { mutable: true }, &fields, 2).body();
    let hostfunction = define("HostFunction", Vec::new(), b::builtin_function(), NameKind::Opaque, &[], 0).body();
    extra.extend([("Pair", pair), ("BigInt", bigint), ("HostFunction", hostfunction)]);

    let bits = |ty: Ty, n: u64| gc::leak(ty, n);
    let nothing = b::nothing();
    let singletons = |n: usize, make: &dyn Fn(usize) -> Value| (0..n).map(make).collect::<Vec<_>>();
    let kwcall = function::make_builtin(Builtin::Kwcall, b::function());
    CoreTypes {
        any,
        bool: b::bool_(),
        int8: b::int8(),
        int16: b::int16(),
        int32: b::int32(),
        int64: b::int64(),
        int128: b::int128(),
        uint8: b::uint8(),
        uint16: b::uint16(),
        uint32: b::uint32(),
        uint64: b::uint64(),
        uint128: b::uint128(),
        float16: b::float16(),
        float32: b::float32(),
        float64: b::float64(),
        char: b::char_(),
        string: b::string(),
        symbol: b::symbol(),
        nothing,
        datatype: b::data_type(),
        unionall: b::union_all(),
        union: b::union_type(),
        typeofbottom: b::typeof_bottom(),
        typevar: b::type_var(),
        typeofvararg: b::typeof_vararg(),
        typename: b::type_name(),
        simplevector: b::simple_vector(),
        module: b::module(),
        method: b::method(),
        function: b::function(),
        builtin: b::builtin_function(),
        intrinsicfunction: b::intrinsic_function(),
        hostfunction,
        expr: b::expr(),
        quotenode: b::quote_node(),
        linenumbernode: b::line_number_node(),
        globalref: b::global_ref(),
        r#box: b::box_(),
        error_exception: b::error_exception(),
        namedtuple: b::named_tuple(),
        pair,
        bigint,
        error_types,
        extra,
        nothing_value: info(nothing).instance.expect("nothing is a singleton"),
        true_value: bits(b::bool_(), 1),
        false_value: bits(b::bool_(), 0),
        kwcall_value: kwcall,
        small_ints: singletons(SMALL_INTS as usize, &|i| bits(b::int64(), (i as i64 - SMALL_INT_MIN) as u64)),
        bytes: singletons(256, &|i| bits(b::uint8(), i as u64)),
        ascii: singletons(128, &|i| bits(b::char_(), (i as u64) << 24)),
        builtins: Builtin::ALL
            .iter()
            .map(|&x| if x == Builtin::Kwcall { kwcall } else { function::make_builtin(x, b::builtin_function()) })
            .collect(),
        intrinsics: singletons(Intrinsic::ALL.len(), &|i| bits(b::intrinsic_function(), i as u64)),
        hosts: singletons(host::functions().len(), &|i| bits(hostfunction, i as u64)),
    }
}

/// Fills the modules `Core`, `Core.Intrinsics` and `Core.Host` with types, builtins, intrinsics and host functions.
pub fn populate_core(core: &'static crate::Module) {
    let c = core_types();
    let set = |m: &'static crate::Module, name: &str, v: Value| {
        let name = Symbol::new(name);
        m.set_const(name, v);
        // A module gets these by an implicit `using Core`, except the two that `Base` makes generic functions of.
        if name != "ifelse" && name != "sizeof" {
            m.export(name, true);
        }
    };
    for (name, ty) in b::all().into_iter().chain(c.extra.iter().copied()) {
        set(core, name, Value::from(ty));
    }
    set(core, "Int", Value::from(c.int64));
    set(core, "UInt", Value::from(c.uint64));
    set(core, "nothing", c.nothing_value);
    for &x in Builtin::ALL {
        set(core, x.name(), c.builtins[x as usize]);
    }
    for (name, values) in [
        ("Intrinsics", Intrinsic::ALL.iter().map(|i| (i.name(), c.intrinsics[*i as usize])).collect::<Vec<_>>()),
        ("Host", host::functions().iter().zip(&c.hosts).map(|(f, &v)| (f.name, v)).collect()),
    ] {
        let m = crate::Module::create(Symbol::new(name), Some(core));
        core.set_const(Symbol::new(name), m.value());
        for (name, v) in values {
            set(m, name, v);
        }
    }
}
