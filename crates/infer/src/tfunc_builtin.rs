//! Result types, effects and compilability of builtins.
//!
//! What calls other functions (`_apply_iterate`, `invoke`, …) is in [`crate::calls`].

use crate::lattice::Lat;
use crate::ty;
use runtime::{Builtin, Value};
use types::{Ty, builtin};

/// What is known of a call of a builtin.
pub struct BuiltinResult {
    pub lat: Lat,
    pub effect_free: bool,
    pub nothrow: bool,
    /// The operands are known well enough to compile the call.
    pub compilable: bool,
    /// If the result is a `Bool` that tells about operand `.0`: what that is where it is true and where it is false.
    pub tells: Option<(usize, Lat, Lat)>,
}

impl BuiltinResult {
    fn new(lat: Lat) -> BuiltinResult {
        BuiltinResult { lat, effect_free: true, nothrow: true, compilable: true, tells: None }
    }

    fn throws(mut self) -> BuiltinResult {
        self.nothrow = false;
        self
    }

    fn effects(mut self) -> BuiltinResult {
        self.effect_free = false;
        self
    }

    fn compilable(mut self, yes: bool) -> BuiltinResult {
        self.compilable = yes;
        self
    }

    fn unknown(lat: Lat) -> BuiltinResult {
        BuiltinResult { lat, effect_free: false, nothrow: false, compilable: false, tells: None }
    }

    fn of(ty: Ty) -> BuiltinResult {
        BuiltinResult::new(Lat::of_type(ty))
    }
}

/// Builtins whose result follows from constant operands alone, so that the reference implementation computes it.
fn folds(op: Builtin) -> bool {
    use Builtin as B;
    matches!(
        op,
        B::Subtype
            | B::Typeof
            | B::TypeofType
            | B::Nfields
            | B::Fieldtype
            | B::ApplyType
            | B::Svec
            | B::SvecRef
            | B::SvecLen
            | B::Sizeof
            | B::Typevar
            | B::UnionAllNew
    )
}

/// Transfer function. `args` are the operands without the builtin itself.
pub fn builtin_call(op: Builtin, args: &[Lat]) -> BuiltinResult {
    use Builtin as B;
    let (min, max) = op.arity();
    if args.len() < min || args.len() > max {
        return BuiltinResult::unknown(Lat::Bottom);
    }
    if folds(op)
        && let Some(values) = args.iter().map(Lat::as_const).collect::<Option<Vec<Value>>>()
        && let Ok(v) = op.eval(&values)
    {
        return BuiltinResult::new(Lat::constant(v));
    }
    match op {
        B::Egal => egal(&args[0], &args[1]),
        B::Isa => isa(&args[0], &args[1]),
        B::Subtype => subtype(&args[0], &args[1]),
        B::Typeof => type_of(&args[0]),
        B::TypeofType => match ty::exact_type(&args[0]) {
            Some(t) if !ty::subtype(t, builtin::type_()) => BuiltinResult::new(Lat::Const(Value::from(t))),
            _ => BuiltinResult::of(builtin::type_()).compilable(false),
        },
        B::Typeassert => typeassert(&args[0], &args[1]),
        B::Tuple => {
            let lat = Lat::tuple(args.to_vec());
            let concrete = ty::types_is_concrete(lat.widen());
            BuiltinResult::new(lat).compilable(concrete)
        }
        B::Getfield => getfield(args),
        B::Setfield => setfield(args),
        B::Swapfield => match ty::field_of(&args[0], &args[1]) {
            Some(f) => BuiltinResult::of(f.ty).effects().throws().compilable(f.exact && args[2].le(&Lat::Ty(f.ty))),
            None => BuiltinResult::unknown(Lat::any()),
        },
        B::Modifyfield | B::Replacefield | B::Setfieldonce => BuiltinResult::unknown(Lat::any()),
        B::Isdefined => isdefined(&args[0], &args[1]),
        B::Nfields => match ty::exact_type(&args[0]).and_then(ty::field_count) {
            Some(n) => BuiltinResult::new(Lat::constant(Value::int(n as i64))),
            None => BuiltinResult::of(builtin::int64()).compilable(false),
        },
        B::Fieldtype => BuiltinResult::of(builtin::type_()).throws().compilable(false),
        B::ApplyType => apply_type(args),
        B::Svec => BuiltinResult::of(builtin::simple_vector()).compilable(false),
        B::SvecRef => BuiltinResult::new(Lat::any()).throws().compilable(false),
        B::SvecLen => BuiltinResult::of(builtin::int64()).throws().compilable(false),
        B::Ifelse => ifelse(args),
        B::Throw | B::ThrowMethodError | B::Rethrow => BuiltinResult::new(Lat::Bottom).effects().throws(),
        B::Sizeof => sizeof(&args[0]),
        B::Typevar => BuiltinResult::of(builtin::type_var()).throws().compilable(false),
        B::UnionAllNew => BuiltinResult::new(Lat::any()).throws().compilable(false),
        B::Expr => BuiltinResult::of(builtin::expr()).throws().compilable(false),
        B::Applicable => BuiltinResult::new(Lat::bool()).compilable(false),
        B::MemoryNew => match args[0].as_type() {
            Some(t) => BuiltinResult::of(t).throws().compilable(ty::types_is_concrete(t)),
            None => BuiltinResult::unknown(Lat::any()),
        },
        B::MemoryrefNew => memoryref_new(args),
        B::MemoryrefGet => match ty::memoryref_element(args[0].widen()) {
            Some(t) => BuiltinResult::of(t).throws(),
            None => BuiltinResult::unknown(Lat::any()),
        },
        B::MemoryrefSet => match ty::memoryref_element(args[0].widen()) {
            Some(t) => {
                BuiltinResult::new(args[1].meet(&Lat::Ty(t))).effects().throws().compilable(args[1].le(&Lat::Ty(t)))
            }
            None => BuiltinResult::unknown(args[1].clone().forget_condition()),
        },
        B::MemoryrefOffset => {
            let known = ty::memoryref_element(args[0].widen()).is_some();
            BuiltinResult::of(builtin::int64()).throws().compilable(known)
        }
        B::MemoryrefIsassigned => {
            let known = ty::memoryref_element(args[0].widen()).is_some();
            BuiltinResult::of(builtin::bool_()).throws().compilable(known)
        }
        B::MemoryrefUnset => BuiltinResult::new(args[0].clone()).effects().throws(),
        B::MemoryrefSwap => match ty::memoryref_element(args[0].widen()) {
            Some(t) => BuiltinResult::of(t).effects().throws().compilable(false),
            None => BuiltinResult::unknown(Lat::any()),
        },
        B::MemoryrefModify | B::MemoryrefReplace => BuiltinResult::unknown(Lat::any()),
        B::Setglobal => BuiltinResult::unknown(args[2].clone().forget_condition()),
        B::Isdefinedglobal => BuiltinResult::new(Lat::bool()).throws().compilable(false),
        B::DoNotDelete => BuiltinResult::of(builtin::nothing()).effects(),
        B::CompilerBarrier => {
            let kind = args[0].as_const().and_then(Value::as_symbol);
            let lat = match kind.map(|s| s.as_str()) {
                Some("type") => Lat::any(),
                Some("const") => Lat::Ty(args[1].widen()),
                _ => args[1].clone().forget_condition(),
            };
            BuiltinResult::new(lat).effects()
        }
        B::Finalizer => BuiltinResult::of(builtin::any()).effects().throws().compilable(false),
        B::Getglobal
        | B::GetBindingType
        | B::ApplyIterate
        | B::Apply
        | B::Invoke
        | B::InvokeLatest
        | B::CallInWorld
        | B::Kwcall
        | B::CurrentExceptions => BuiltinResult::unknown(Lat::any()),
        // Builtins added to the runtime later are called at run time until they get a rule here.
        #[allow(unreachable_patterns)]
        _ => BuiltinResult::unknown(Lat::any()),
    }
}

fn egal(a: &Lat, b: &Lat) -> BuiltinResult {
    if let (Some(x), Some(y)) = (a.as_const(), b.as_const()) {
        return BuiltinResult::new(Lat::constant_bool(runtime::egal(x, y)));
    }
    let (ta, tb) = (a.widen(), b.widen());
    if ty::disjoint(ta, tb) || partials_differ(a, b) {
        return BuiltinResult::new(Lat::constant_bool(false));
    }
    let mut result = BuiltinResult::of(builtin::bool_());
    // Telling apart from a constant: the other operand is that constant, or (where the type has but one
    // instance) not of that type.
    for (i, subject, other) in [(0, a, b), (1, b, a)] {
        if let Some(c) = other.as_const() {
            let otherwise = match c.as_bool() {
                Some(bit) if subject.widen() == builtin::bool_() => Lat::constant_bool(!bit),
                _ if ty::singleton(c.type_of()).is_some() => subject.without(c.type_of()),
                _ => subject.clone(),
            };
            result.tells = Some((i, Lat::Const(c), otherwise.forget_condition()));
        }
    }
    if result.tells.is_none() && ta != tb {
        // Both are in the intersection where they are the same.
        let common = a.meet(b);
        let subject = if ty::subtype(ta, tb) { 1 } else { 0 };
        let rest = if subject == 0 { a } else { b };
        result.tells = Some((subject, common.forget_condition(), rest.clone().forget_condition()));
    }
    result
}

fn partials_differ(a: &Lat, b: &Lat) -> bool {
    match (a, b) {
        (Lat::Partial(p), other) | (other, Lat::Partial(p)) => p.fields.iter().enumerate().any(|(i, f)| {
            other.known_field(i).is_some_and(|g| ty::disjoint(f.widen(), g.widen()) || both_constants_differ(f, &g))
        }),
        _ => false,
    }
}

fn both_constants_differ(a: &Lat, b: &Lat) -> bool {
    matches!((a.as_const(), b.as_const()), (Some(x), Some(y)) if !runtime::egal(x, y))
}

fn isa(x: &Lat, t: &Lat) -> BuiltinResult {
    let Some(target) = ty::instance_of_lat(t) else {
        return BuiltinResult::unknown(Lat::bool());
    };
    let bool_result = BuiltinResult::of(builtin::bool_()).compilable(target.exact);
    if target.exact && x.le(&Lat::Ty(target.upper)) {
        return BuiltinResult::new(Lat::constant_bool(true));
    }
    if x.meet(&Lat::Ty(target.upper)).is_bottom() || ty::disjoint(x.widen(), target.upper) {
        return BuiltinResult::new(Lat::constant_bool(false));
    }
    if x.as_const().is_some() && target.exact {
        return BuiltinResult::new(Lat::constant_bool(false));
    }
    if !target.exact {
        return bool_result;
    }
    BuiltinResult {
        tells: Some((0, x.meet(&Lat::Ty(target.upper)).forget_condition(), x.without(target.upper).forget_condition())),
        ..bool_result
    }
}

fn subtype(a: &Lat, b: &Lat) -> BuiltinResult {
    if let (Some(a), Some(b)) = (ty::instance_of_lat(a), ty::instance_of_lat(b)) {
        if b.exact && ty::subtype(a.upper, b.upper) {
            return BuiltinResult::new(Lat::constant_bool(true));
        }
        if a.exact && !ty::subtype(a.upper, b.upper) {
            return BuiltinResult::new(Lat::constant_bool(false));
        }
        if ty::disjoint(a.upper, b.upper) && a.exact && !a.upper.is_bottom() {
            return BuiltinResult::new(Lat::constant_bool(false));
        }
        return BuiltinResult::of(builtin::bool_()).compilable(false);
    }
    BuiltinResult::unknown(Lat::bool())
}

fn type_of(x: &Lat) -> BuiltinResult {
    if let Some(t) = ty::exact_type(x) {
        return BuiltinResult::new(Lat::Const(Value::from(t)));
    }
    let t = x.widen();
    if t == builtin::any() {
        return BuiltinResult::of(builtin::data_type()).compilable(false);
    }
    BuiltinResult::of(ty::type_type_upto(t)).compilable(false)
}

fn typeassert(x: &Lat, t: &Lat) -> BuiltinResult {
    let Some(target) = ty::instance_of_lat(t) else {
        return BuiltinResult::unknown(x.clone().forget_condition());
    };
    let x = x.clone().forget_condition();
    let result = BuiltinResult::new(x.meet(&Lat::Ty(target.upper))).compilable(target.exact);
    if target.exact && x.le(&Lat::Ty(target.upper)) { result } else { result.throws() }
}

fn getfield(args: &[Lat]) -> BuiltinResult {
    let (object, name) = (&args[0], &args[1]);
    if let Some(v) = object.as_const() {
        if v.as_type().is_some() || v.as_svec().is_some() {
            // Types do not change: what `getfield` reads of them can be read now.
            if let Some(n) = name.as_const()
                && ty::field_of_type_is_stable(v, n)
                && let Ok(x) = Builtin::Getfield.eval(&[v, n])
            {
                return BuiltinResult::new(Lat::constant(x));
            }
            return BuiltinResult::unknown(Lat::any());
        }
        if let Some(n) = name.as_const()
            && let Some(i) = ty::field_index(v.type_of(), n)
            && let Some(lat) = object.known_field(i)
        {
            return BuiltinResult::new(lat);
        }
    }
    if let Lat::Partial(p) = object
        && let Some(n) = name.as_const()
    {
        return match ty::field_index(p.ty, n) {
            Some(i) if i < p.fields.len() => BuiltinResult::new(p.fields[i].clone()),
            _ => BuiltinResult::unknown(Lat::Bottom),
        };
    }
    if let Lat::Partial(p) = object {
        let join = p.fields.iter().fold(Lat::Bottom, |acc, f| acc.join(f));
        let compilable = ty::has_uniform_fields(p.ty);
        return BuiltinResult::new(Lat::Ty(join.widen())).throws().compilable(compilable);
    }
    match ty::field_of(object, name) {
        Some(f) => {
            let mut result = BuiltinResult::of(f.ty).compilable(f.exact);
            result.nothrow = f.always_defined;
            if f.missing { BuiltinResult::unknown(Lat::Bottom) } else { result }
        }
        None => BuiltinResult::unknown(Lat::any()),
    }
}

fn setfield(args: &[Lat]) -> BuiltinResult {
    let value = args[2].clone().forget_condition();
    match ty::field_of(&args[0], &args[1]) {
        Some(f) if f.missing || !f.mutable => BuiltinResult::unknown(Lat::Bottom),
        Some(f) => {
            let fits = value.le(&Lat::Ty(f.ty));
            let mut result = BuiltinResult::new(value.meet(&Lat::Ty(f.ty))).effects().compilable(f.exact && fits);
            result.nothrow = f.exact && fits && args.len() == 3;
            result
        }
        None => BuiltinResult::unknown(value),
    }
}

fn isdefined(object: &Lat, name: &Lat) -> BuiltinResult {
    let yes_no = |b| BuiltinResult::new(Lat::constant_bool(b));
    let Some(n) = name.as_const() else { return BuiltinResult::unknown(Lat::bool()) };
    if let Some(t) = ty::exact_type(object) {
        match ty::field_index(t, n) {
            None => return yes_no(false),
            Some(i) if ty::field_always_defined(t, i) => return yes_no(true),
            Some(i) => {
                if let Some(v) = object.as_const()
                    && ty::field_is_const(t, i)
                {
                    return yes_no(runtime::object::get_index(v, i).is_ok());
                }
                if let Lat::Partial(p) = object {
                    return yes_no(i < p.fields.len());
                }
                return BuiltinResult::of(builtin::bool_());
            }
        }
    }
    BuiltinResult::unknown(Lat::bool())
}

/// A type application of which not everything is known: some subtype of the head.
fn apply_type(args: &[Lat]) -> BuiltinResult {
    if let Some(head) = args[0].as_type() {
        let t = ty::apply_unknown(head, &args[1..]);
        return BuiltinResult::of(ty::type_type_upto(t)).throws().compilable(false);
    }
    BuiltinResult::of(builtin::any()).throws().compilable(false)
}

fn ifelse(args: &[Lat]) -> BuiltinResult {
    let (a, b) = (args[1].clone().forget_condition(), args[2].clone().forget_condition());
    let is_bool = ty::subtype(args[0].widen(), builtin::bool_());
    match args[0].as_bool() {
        Some(true) => BuiltinResult::new(a),
        Some(false) => BuiltinResult::new(b),
        None if is_bool => BuiltinResult::new(a.join(&b)),
        None => BuiltinResult::unknown(a.join(&b)),
    }
}

fn sizeof(x: &Lat) -> BuiltinResult {
    if let Some(t) = ty::exact_type(x)
        && let Some(size) = ty::fixed_size(t)
    {
        return BuiltinResult::new(Lat::constant(Value::int(size as i64)));
    }
    BuiltinResult::of(builtin::int64()).throws().compilable(ty::is_memory(x.widen()))
}

fn memoryref_new(args: &[Lat]) -> BuiltinResult {
    let t = args[0].widen();
    let result = if args.len() == 1 { ty::memoryref_of_memory(t) } else { ty::memoryref_element(t).map(|_| t) };
    match result {
        Some(r) if args.len() == 1 => BuiltinResult::of(r),
        Some(r) => BuiltinResult::of(r).throws().compilable(args[1].widen() == builtin::int64()),
        None => BuiltinResult::unknown(Lat::any()),
    }
}
