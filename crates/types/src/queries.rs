//! Questions about single types: kinds, supertypes, fields.

use crate::apply::{substitute, tuple_elements};
use crate::builtin;
use crate::cell::{Data, Ty, TypeVar};
use crate::names::{NameKind, Special};
use crate::param::ParamValue;
use base::Symbol;

impl Ty {
    /// `typeof(ty)`, for a term as an object: `DataType`, `UnionAll`, `Union`,
    /// `Core.TypeofBottom`, `TypeVar`, `Core.TypeofVararg`, or the type of a value parameter.
    pub fn kind_type(self) -> Ty {
        match self.data() {
            Data::Bottom => builtin::typeof_bottom(),
            Data::DataType(..) => builtin::data_type(),
            Data::Union(_) => builtin::union_type(),
            Data::UnionAll { .. } => builtin::union_all(),
            Data::Var(_) => builtin::type_var(),
            Data::Vararg { .. } => builtin::typeof_vararg(),
            Data::Value(v) => v.type_of(),
        }
    }

    /// One of the types of types: `DataType`, `UnionAll`, `Union`, `Core.TypeofBottom`.
    pub fn is_kind(self) -> bool {
        self.name().is_some_and(|n| n.special() == Special::Kind)
    }

    /// The direct supertype; `Any` for `Any` and for everything that is not a `DataType`. Of a
    /// `UnionAll` it is the supertype of the body under the same `where`s.
    pub fn supertype(self) -> Ty {
        match self.data() {
            Data::UnionAll { var, body } => crate::apply::make_unionall(TypeVar(*var), body.supertype()),
            Data::DataType(name, params) => {
                let compute = || {
                    let map: Vec<(TypeVar, Ty)> = name.params().iter().copied().zip(params.iter().copied()).collect();
                    substitute(name.supertype(), &map)
                };
                if name.0.supertype.get().is_some() {
                    *self.0.lazy.supertype.get_or_init(compute)
                } else {
                    builtin::any()
                }
            }
            _ => builtin::any(),
        }
    }

    /// `isabstracttype`.
    pub fn is_abstract(self) -> bool {
        self.unwrap_unionall().name().is_some_and(|n| n.is_abstract())
    }

    /// `ismutabletype`.
    pub fn is_mutable(self) -> bool {
        self.unwrap_unionall().name().is_some_and(|n| n.is_mutable())
    }

    /// `isstructtype`.
    pub fn is_struct(self) -> bool {
        self.unwrap_unionall().name().is_some_and(|n| n.is_struct())
    }

    /// `isprimitivetype`.
    pub fn is_primitive(self) -> bool {
        self.unwrap_unionall().name().is_some_and(|n| n.is_primitive())
    }

    /// `Base.issingletontype`: exactly one instance.
    pub fn is_singleton(self) -> bool {
        self.is_concrete()
            && self.name().is_some_and(|n| n.kind() == NameKind::Struct { mutable: false } && n.is_complete())
            && self.field_types().iter().all(|f| f.is_singleton() && f.is_inline_alloc())
    }

    /// `isbitstype`: plain immutable data without references.
    pub fn is_bits(self) -> bool {
        match self.name().map(|n| n.kind()) {
            Some(NameKind::Primitive { .. }) => self.is_concrete(),
            Some(NameKind::Struct { mutable: false }) => {
                self.is_inline_alloc() && self.layout().is_some_and(|l| l.pointers.is_empty())
            }
            _ => false,
        }
    }

    /// A field or element of this declared type is stored inline rather than by reference.
    pub fn is_inline_alloc(self) -> bool {
        crate::layout::is_inline(self)
    }

    /// The size in bytes of an instance, where all have the same.
    pub fn size(self) -> Option<usize> {
        self.layout().map(|l| l.size)
    }

    /// Memory layout of a concrete type; `None` for abstract, opaque and open types.
    pub fn layout(self) -> Option<&'static crate::Layout> {
        crate::layout::layout(self)
    }

    /// How many fields instances have; `None` where that is not determined (abstract types, open tuples).
    pub fn field_count(self) -> Option<usize> {
        let ty = self.unwrap_unionall();
        let (name, params) = ty.datatype()?;
        if name.is_named_tuple() {
            return match params[0].param_value() {
                Some(ParamValue::Tuple(names)) => Some(names.len()),
                _ => tuple_elements(params[1].unwrap_unionall()).filter(|e| is_fixed(e)).map(|e| e.len()),
            };
        }
        if name.is_tuple() {
            return is_fixed(params).then_some(params.len());
        }
        match name.kind() {
            NameKind::Abstract => None,
            _ => Some(name.fields().map_or(0, |f| f.types.len())),
        }
    }

    /// The declared types of the fields, instantiated. For a tuple its elements (including a
    /// trailing `Vararg`).
    pub fn field_types(self) -> &'static [Ty] {
        let Some((name, params)) = self.datatype() else { return &[] };
        if name.is_tuple() {
            return params;
        }
        if name.is_named_tuple() {
            return tuple_elements(params[1]).unwrap_or(&[]);
        }
        let Some(defs) = name.fields() else { return &[] };
        self.0.lazy.field_types.get_or_init(|| {
            let map: Vec<(TypeVar, Ty)> = name.params().iter().copied().zip(params.iter().copied()).collect();
            let types: Vec<Ty> = defs.types.iter().map(|&t| substitute(t, &map)).collect();
            Box::leak(types.into_boxed_slice())
        })
    }

    /// `fieldtype(ty, i)`, 0-based; over the open type for a `UnionAll`, element of a trailing
    /// `Vararg` beyond the fixed part of a tuple.
    pub fn field_type(self, index: usize) -> Option<Ty> {
        let mut vars = Vec::new();
        let mut ty = self;
        while let Some((v, body)) = ty.unionall() {
            vars.push(v);
            ty = body;
        }
        let types = ty.field_types();
        let found = match types.get(index) {
            Some(&t) if !t.is_vararg() => t,
            _ => {
                let (elem, len) = types.last()?.vararg()?;
                if len.and_then(Ty::as_int).is_some() {
                    return None;
                }
                elem
            }
        };
        Some(crate::apply::wrap_unionall(&vars, found))
    }

    /// Names of the fields; of a tuple `1`, `2`, ….
    pub fn field_names(self) -> Vec<Symbol> {
        let ty = self.unwrap_unionall();
        let Some((name, params)) = ty.datatype() else { return Vec::new() };
        if name.is_tuple() {
            return (1..=params.len()).map(|i| Symbol::new(&i.to_string())).collect();
        }
        if name.is_named_tuple() {
            return match params[0].param_value() {
                Some(ParamValue::Tuple(names)) => names
                    .iter()
                    .filter_map(|n| match n {
                        ParamValue::Symbol(s) => Some(*s),
                        _ => None,
                    })
                    .collect(),
                _ => Vec::new(),
            };
        }
        name.fields().map_or(Vec::new(), |f| f.names.clone())
    }

    /// Index of a field by name.
    pub fn field_index(self, field: Symbol) -> Option<usize> {
        let ty = self.unwrap_unionall();
        let (name, _) = ty.datatype()?;
        match name.fields() {
            Some(defs) if !name.is_tuple() && !name.is_named_tuple() => defs.names.iter().position(|&n| n == field),
            _ => ty.field_names().iter().position(|&n| n == field),
        }
    }

    /// How many leading fields are always initialised.
    pub fn ninit(self) -> usize {
        let ty = self.unwrap_unionall();
        match ty.name() {
            Some(n) if n.is_tuple() || n.is_named_tuple() => ty.field_count().unwrap_or(0),
            Some(n) => n.fields().map_or(0, |f| f.ninit),
            None => 0,
        }
    }

    /// Never reassigned: a field of an immutable type or a `const` field.
    pub fn is_const_field(self, index: usize) -> bool {
        let Some(name) = self.unwrap_unionall().name() else { return false };
        !name.is_mutable() || name.fields().is_some_and(|f| f.const_fields.contains(&index))
    }

    /// A function's or other callable singleton's type: the `T` for which `Type` is asked.
    pub fn type_param(self) -> Option<Ty> {
        crate::apply::type_param(self)
    }
}

fn is_fixed(elems: &[Ty]) -> bool {
    !elems.last().is_some_and(|e| e.is_vararg())
}
