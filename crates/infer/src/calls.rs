//! Calls: what is called, with which arguments, and what comes of it.

use crate::engine::{Engine, GlobalInfo};
use crate::frame::FrameId;
use crate::lattice::{Cond, Lat, Subject};
use crate::plan::{Effects, Operand, Plan, Step, Target};
use crate::ssa::{Src, Val};
use crate::{consts, tfunc_builtin, tfunc_intrinsic, ty};
use base::Symbol;
use ir::lowered::GlobalRef;
use ir::typed::DynamicReason;
use runtime::{Builtin, Callee, Intrinsic, Module, Value};
use std::sync::Arc;
use types::builtin;

/// A call being resolved. Position 0 is the callee.
#[derive(Clone)]
pub struct CallArgs {
    pub lats: Vec<Lat>,
    pub operands: Vec<Operand>,
    /// There may be more arguments, each in this.
    pub rest: Option<Lat>,
}

/// What a call comes to.
pub struct CallResult {
    pub lat: Lat,
    pub plan: Plan,
}

impl CallResult {
    pub fn dynamic(lat: Lat, why: DynamicReason, call: CallArgs) -> CallResult {
        let plan = Plan::new(Target::Dynamic(why), call.operands, Effects::UNKNOWN);
        CallResult { lat, plan }
    }
}

/// Splatting more elements than this is left to run time.
const MAX_SPLAT: usize = 64;

/// Iterables of more elements than this are not unrolled.
const MAX_UNROLL: usize = 24;

/// The elements of a tuple-like value of known length.
pub fn known_elements(lat: &Lat) -> Option<Vec<Lat>> {
    if let Lat::Partial(p) = lat {
        return ty::is_tuple_like(p.ty).then(|| p.fields.clone());
    }
    if let Some(v) = lat.as_const() {
        if let Some(values) = v.as_svec() {
            return Some(values.iter().map(|&x| Lat::constant(x)).collect());
        }
        if !ty::is_tuple_like(v.type_of()) {
            return None;
        }
        return (0..ty::field_count(v.type_of())?).map(|i| consts::field(v, i)).collect();
    }
    let t = lat.widen();
    if ty::is_tuple_like(t) {
        return (0..ty::field_count(t)?).map(|i| ty::field_type(t, i).map(Lat::of_type)).collect();
    }
    // A tuple type with abstract elements.
    let (name, params) = t.datatype()?;
    (name == builtin::tuple_name() && !params.iter().any(|p| p.is_vararg() || p.has_free_vars()))
        .then(|| params.iter().map(|&p| Lat::of_type(p)).collect())
}

impl Engine<'_> {
    /// The value of a call statement; the plan for it is kept in the frame.
    pub fn eval_call(&mut self, f: FrameId, v: Val, callee: Src, args: &[Src], inbounds: bool) -> Lat {
        let mut call = CallArgs {
            lats: Vec::with_capacity(args.len() + 1),
            operands: Vec::with_capacity(args.len() + 1),
            rest: None,
        };
        for &s in std::iter::once(&callee).chain(args) {
            let lat = self.src(f, s);
            if lat.is_bottom() {
                return Lat::Bottom;
            }
            call.lats.push(lat);
            call.operands.push(Operand::Src(s));
        }
        let frame = self.frame(f);
        let inbounds = inbounds || (frame.inbounds && frame.code.meta.propagate_inbounds);
        let result = self.call(f, v, call, inbounds);
        self.frame_mut(f).plans[v.index()] = Some(Box::new(result.plan));
        result.lat
    }

    pub fn call(&mut self, f: FrameId, v: Val, call: CallArgs, inbounds: bool) -> CallResult {
        let Some(callee) = call.lats[0].as_const() else {
            return self.generic(f, v, call, inbounds);
        };
        match runtime::callee(callee) {
            Callee::Builtin(op) => self.builtin(f, v, op, call, inbounds),
            Callee::Intrinsic(Intrinsic::GpuFunction) => self.function_pointer(f, v, call),
            Callee::Intrinsic(op) => self.intrinsic(op, call),
            Callee::Host(index) => {
                let function = runtime::host::functions()[index as usize];
                if let Some(lat) = self.inference_query(f, v, function.name, &call) {
                    let name = Symbol::new(function.name);
                    let effects = if lat.as_const().is_some() { Effects::PURE } else { Effects::UNKNOWN };
                    let plan = Plan::new(Target::Host(name), call.operands[1..].to_vec(), effects);
                    return CallResult { lat, plan };
                }
                let lat = host_result(function.result);
                let effects = if function.pure { Effects::THROWS } else { Effects::UNKNOWN };
                if call.rest.is_some() {
                    return CallResult::dynamic(lat, DynamicReason::UnknownArity, call);
                }
                let operands = call.operands[1..].to_vec();
                let lat = fold_host(function, &call.lats[1..]).unwrap_or(lat);
                let effects = if lat.as_const().is_some() && function.pure { Effects::PURE } else { effects };
                CallResult { lat, plan: Plan::new(Target::Host(Symbol::new(function.name)), operands, effects) }
            }
            Callee::Generic => self.generic(f, v, call, inbounds),
        }
    }

    fn intrinsic(&mut self, op: Intrinsic, call: CallArgs) -> CallResult {
        if call.rest.is_some() {
            return CallResult::dynamic(Lat::any(), DynamicReason::UnknownArity, call);
        }
        let args = &call.lats[1..];
        let result = tfunc_intrinsic::intrinsic(op, args);
        let mut lat = result.lat;
        if op == Intrinsic::NotInt && lat == Lat::bool() {
            // What a negation tells: of its operand, or of what that tells about.
            lat = match &args[0] {
                Lat::Cond(c) => {
                    Lat::Cond(Arc::new(Cond { of: c.of, then: c.otherwise.clone(), otherwise: c.then.clone() }))
                }
                _ => tell(&call.operands[1], Lat::constant_bool(false), Lat::constant_bool(true)).unwrap_or(lat),
            };
        }
        if !result.compilable {
            return CallResult::dynamic(lat, DynamicReason::Builtin, call);
        }
        let effects =
            Effects { effect_free: tfunc_intrinsic::is_effect_free(op), nothrow: result.nothrow, terminates: true };
        let plan = Plan::new(Target::Intrinsic(op), call.operands[1..].to_vec(), effects);
        CallResult { lat, plan }
    }

    fn builtin(&mut self, f: FrameId, v: Val, op: Builtin, call: CallArgs, inbounds: bool) -> CallResult {
        match op {
            Builtin::ApplyIterate if call.rest.is_none() && call.lats.len() >= 3 => {
                return self.apply(f, v, call, inbounds);
            }
            Builtin::Invoke if call.rest.is_none() && call.lats.len() >= 3 => return self.invoke(f, v, call, inbounds),
            Builtin::Kwcall => return self.generic(f, v, call, inbounds),
            Builtin::Applicable if call.rest.is_none() && call.lats.len() >= 2 => return self.applicable(f, call),
            Builtin::Getglobal | Builtin::Isdefinedglobal => {
                if let (Some(module), Some(name)) = (call.lats.get(1), call.lats.get(2))
                    && let Some(result) = self.module_member(f, op, module, name, &call)
                {
                    return result;
                }
            }
            Builtin::Getfield | Builtin::Isdefined => {
                if let (Some(object), Some(name)) = (call.lats.get(1), call.lats.get(2))
                    && object.as_const().is_some_and(|m| Module::from_value(m).is_some())
                    && let Some(result) = self.module_member(f, op, object, name, &call)
                {
                    return result;
                }
            }
            _ => {}
        }
        if let Some(rest) = &call.rest {
            let lat = if op == Builtin::Tuple {
                let mut elements: Vec<types::Ty> = call.lats[1..].iter().map(Lat::widen_element).collect();
                elements.push(crate::ty::vararg(rest.widen_element()));
                Lat::Ty(ty::tuple(&elements))
            } else {
                Lat::any()
            };
            return CallResult::dynamic(lat, DynamicReason::UnknownArity, call);
        }
        let result = tfunc_builtin::builtin_call(op, &call.lats[1..]);
        let lat = match result.tells {
            Some((i, then, otherwise)) if result.lat == Lat::bool() => {
                tell(&call.operands[i + 1], then, otherwise).unwrap_or(result.lat)
            }
            _ => result.lat,
        };
        let effects = Effects { effect_free: result.effect_free, nothrow: result.nothrow, terminates: true };
        let folded = lat.as_const().is_some() && effects.removable();
        if !result.compilable && !folded {
            if let Some(split) = self.split_builtin(op, &call, &lat) {
                return split;
            }
            let mut result = CallResult::dynamic(lat, DynamicReason::Builtin, call);
            result.plan.effects = effects;
            return result;
        }
        CallResult { lat, plan: Plan::new(Target::Builtin(op), call.operands[1..].to_vec(), effects) }
    }

    /// A builtin on a small union of concrete types is compilable where it is on each of them: code generation
    /// gets one case per part.
    fn split_builtin(&self, op: Builtin, call: &CallArgs, lat: &Lat) -> Option<CallResult> {
        if op == Builtin::Getfield
            && let Some(result) = select_element(call, lat)
        {
            return Some(result);
        }
        if !matches!(op, Builtin::Getfield | Builtin::Setfield | Builtin::Isdefined | Builtin::Nfields) {
            return None;
        }
        let t = call.lats[1].widen();
        let parts = ty::union_parts(t);
        if parts.len() < 2
            || parts.len() > crate::dispatch::MAX_SPLIT
            || !parts.iter().all(|&p| ty::types_is_concrete(p))
        {
            return None;
        }
        let mut effects = Effects::PURE;
        let mut cases = Vec::with_capacity(parts.len());
        for part in parts {
            let mut lats = call.lats[1..].to_vec();
            lats[0] = Lat::of_type(part);
            let result = tfunc_builtin::builtin_call(op, &lats);
            let missing = result.lat.is_bottom();
            if !result.compilable && !missing {
                return None;
            }
            effects =
                effects.and(Effects { effect_free: result.effect_free, nothrow: result.nothrow, terminates: true });
            cases.push((part, result.lat));
        }
        let plan = Plan::new(Target::SplitBuiltin(op, cases), call.operands[1..].to_vec(), effects);
        Some(CallResult { lat: lat.clone(), plan })
    }

    /// `getglobal(m, name)`, `m.name`, `isdefined(m, name)`.
    fn module_member(
        &mut self,
        f: FrameId,
        op: Builtin,
        module: &Lat,
        name: &Lat,
        call: &CallArgs,
    ) -> Option<CallResult> {
        let (module, name) = (module.as_const()?, name.as_const()?.as_symbol()?);
        Module::from_value(module)?;
        let global = GlobalRef { module, name };
        let GlobalInfo { constant, ty, .. } = self.global_info(f, global);
        let asks = matches!(op, Builtin::Isdefined | Builtin::Isdefinedglobal);
        let operands = call.operands[1..].to_vec();
        let pure = |lat| CallResult { lat, plan: Plan::new(Target::Builtin(op), operands.clone(), Effects::PURE) };
        if constant.is_some() && asks {
            return Some(pure(Lat::constant_bool(true)));
        }
        if asks {
            return Some(CallResult::dynamic(Lat::bool(), DynamicReason::Builtin, call.clone()));
        }
        Some(match constant {
            Some(v) => pure(Lat::Const(v)),
            None => CallResult {
                lat: Lat::Ty(ty),
                plan: Plan::new(Target::LoadGlobal(global), Vec::new(), Effects::THROWS),
            },
        })
    }

    /// `_apply_iterate(iterate, f, collections...)`.
    fn apply(&mut self, f: FrameId, v: Val, call: CallArgs, inbounds: bool) -> CallResult {
        let mut flat = CallArgs { lats: vec![call.lats[2].clone()], operands: vec![call.operands[2]], rest: None };
        let mut steps: Vec<Step> = Vec::new();
        for (lat, operand) in call.lats[3..].iter().zip(&call.operands[3..]) {
            let Operand::Src(src) = *operand else {
                return CallResult::dynamic(Lat::any(), DynamicReason::UnknownArity, call);
            };
            match known_elements(lat) {
                Some(elements) if flat.rest.is_none() && flat.lats.len() + elements.len() <= MAX_SPLAT => {
                    for (index, element) in elements.into_iter().enumerate() {
                        flat.operands.push(match element.as_const() {
                            Some(c) => Operand::Const(c),
                            None => Operand::Element { of: src, index: index as u32 },
                        });
                        flat.lats.push(element);
                    }
                }
                known => {
                    if flat.rest.is_none()
                        && known.is_none()
                        && let Some(items) = self.unrolled(f, v, &call, lat, *operand, &mut steps)
                    {
                        for (item, from) in items {
                            flat.operands.push(item.as_const().map_or(from, Operand::Const));
                            flat.lats.push(item);
                        }
                        continue;
                    }
                    let element = match known {
                        Some(elements) => elements.iter().fold(Lat::Bottom, |acc, e| acc.join(e)),
                        None => self.iterated(f, v, &call.lats[1], lat),
                    };
                    flat.rest = Some(flat.rest.take().map_or(element.clone(), |r| r.join(&element)).forget_condition());
                }
            }
        }
        if flat.lats[0].is_bottom() {
            return CallResult::dynamic(Lat::Bottom, DynamicReason::UnknownArity, call);
        }
        let unknown_arity = flat.rest.is_some();
        let mut result = self.call(f, v, flat, inbounds);
        for step in &steps {
            result.plan.effects = result.plan.effects.and(step.plan.effects);
        }
        result.plan.steps = steps;
        if unknown_arity {
            // The original call is what is to be done at run time.
            return CallResult::dynamic(result.lat.forget_condition(), DynamicReason::UnknownArity, call);
        }
        result
    }

    /// The elements of something that inference can iterate to its end: each step is known to give an item, and the
    /// last to give none. (A static vector, a short constant range.)
    fn unrolled(
        &mut self,
        f: FrameId,
        v: Val,
        call: &CallArgs,
        collection: &Lat,
        operand: Operand,
        steps: &mut Vec<Step>,
    ) -> Option<Vec<(Lat, Operand)>> {
        if ty::exact_type(collection).is_none() || call.lats[1].as_const().is_none_or(Value::is_nothing) {
            return None;
        }
        let start = steps.len();
        let mut items = Vec::new();
        let mut lats = vec![call.lats[1].clone(), collection.clone()];
        let mut operands = vec![call.operands[1], operand];
        while items.len() < MAX_UNROLL {
            let args = CallArgs { lats: lats.clone(), operands: operands.clone(), rest: None };
            let result = self.call(f, v, args, false);
            let ends = result.lat.as_const().is_some_and(Value::is_nothing);
            let parts = known_elements(&result.lat);
            let removable = result.plan.effects.removable();
            if ends && removable {
                return Some(items);
            }
            let at = steps.len() as u32;
            steps.push(Step { plan: result.plan, lat: result.lat });
            if ends {
                return Some(items);
            }
            let Some([item, state]) = parts.as_deref() else { break };
            items.push((item.clone(), Operand::Step { at, index: 0 }));
            lats.truncate(2);
            operands.truncate(2);
            lats.push(state.clone());
            operands.push(state.as_const().map_or(Operand::Step { at, index: 1 }, Operand::Const));
        }
        steps.truncate(start);
        None
    }

    /// Host functions that ask what inference thinks: answered here, where that is final.
    fn inference_query(&mut self, f: FrameId, v: Val, name: &str, call: &CallArgs) -> Option<Lat> {
        if call.rest.is_some() || call.lats.len() < 2 {
            return None;
        }
        let before = self.frame(f).recursive;
        let answer = match name {
            "return_type" => {
                let mut lats = vec![call.lats[1].clone()];
                for t in &call.lats[2..] {
                    lats.push(Lat::of_type(t.as_type()?));
                }
                let operands = vec![Operand::Const(Value::nothing()); lats.len()];
                self.call(f, v, CallArgs { lats, operands, rest: None }, false).lat
            }
            // The elements of a generator: what its function returns for the elements of what it runs over.
            "infer_eltype" | "empty_eltype" => {
                let field = |name: &str| {
                    let result = tfunc_builtin::builtin_call(
                        Builtin::Getfield,
                        &[call.lats[1].clone(), Lat::Const(Value::symbol(name))],
                    );
                    (!result.lat.is_bottom() && result.compilable).then_some(result.lat)
                };
                let (mapped, over) = (field("f")?, field("iter")?);
                let operands = vec![Operand::Const(Value::nothing()); 2];
                let lats = vec![Lat::Const(base_function("eltype")?), over];
                let element = self.call(f, v, CallArgs { lats, operands: operands.clone(), rest: None }, false).lat;
                let lats = vec![mapped, Lat::of_type(element.as_type()?)];
                self.call(f, v, CallArgs { lats, operands, rest: None }, false).lat
            }
            _ => return None,
        };
        if self.frame(f).recursive && !before {
            // Not final: it may grow while the recursion converges.
            return Some(Lat::of_type(builtin::type_()));
        }
        Some(Lat::Const(Value::from(answer.widen())))
    }

    /// What iterating a collection of unknown length gives.
    fn iterated(&mut self, f: FrameId, v: Val, iterate: &Lat, collection: &Lat) -> Lat {
        let t = collection.widen();
        if let Some((name, params)) = t.unwrap_unionall().datatype()
            && name == builtin::tuple_name()
        {
            return params.iter().fold(Lat::Bottom, |acc, p| {
                let element = p.vararg().map_or(*p, |(e, _)| e);
                acc.join(&if element.has_free_vars() { Lat::any() } else { Lat::of_type(element) })
            });
        }
        if t == builtin::any() || iterate.as_const().is_none_or(Value::is_nothing) {
            return Lat::any();
        }
        // The iteration protocol: `iterate(c)`, then `iterate(c, state)` until the state is stable.
        let collection = Lat::Ty(t);
        let next = |engine: &mut Self, lats: Vec<Lat>| {
            let operands = vec![Operand::Const(Value::nothing()); lats.len()];
            engine.call(f, v, CallArgs { lats, operands, rest: None }, false).lat
        };
        let mut element = Lat::Bottom;
        let mut state = Lat::Bottom;
        let mut step = next(self, vec![iterate.clone(), collection.clone()]);
        for _ in 0..8 {
            let item = step.without(builtin::nothing());
            if item.is_bottom() {
                return element;
            }
            let mut parts = (Lat::Bottom, Lat::Bottom);
            for part in ty::union_parts(item.widen()) {
                match known_elements(&Lat::of_type(part)).as_deref() {
                    Some([e, s]) => parts = (parts.0.join(e), parts.1.join(s)),
                    _ => return Lat::any(),
                }
            }
            let new_element = Lat::Ty(element.join(&parts.0).widen());
            let new_state = Lat::Ty(state.join(&parts.1).widen());
            if new_element == element && new_state == state {
                return element;
            }
            (element, state) = (new_element, new_state);
            step = next(self, vec![iterate.clone(), collection.clone(), state.clone()]);
        }
        Lat::any()
    }
}

/// `t[i]` of a tuple of different types, for an index that is not known.
fn select_element(call: &CallArgs, lat: &Lat) -> Option<CallResult> {
    let t = ty::exact_type(&call.lats[1])?;
    if t.name() != Some(builtin::tuple_name()) || call.lats[2].widen() != builtin::int64() {
        return None;
    }
    let elements: Vec<types::Ty> = (0..ty::field_count(t)?).map(|i| ty::field_type(t, i)).collect::<Option<_>>()?;
    if elements.is_empty() || elements.len() > 16 {
        return None;
    }
    let checked = call.lats.get(3).and_then(Lat::as_bool) != Some(false);
    let effects = if checked { Effects::THROWS } else { Effects::PURE };
    let plan = Plan::new(Target::SelectElement { elements, checked }, call.operands[1..3].to_vec(), effects);
    Some(CallResult { lat: lat.clone(), plan })
}

/// The `Bool` that tells about an operand, if that is a value.
pub fn tell(operand: &Operand, then: Lat, otherwise: Lat) -> Option<Lat> {
    match operand {
        Operand::Src(Src::Val(v)) => Some(Lat::Cond(Arc::new(Cond { of: Subject::Val(v.0), then, otherwise }))),
        _ => None,
    }
}

/// A function of module `Base`.
pub fn base_function(name: &str) -> Option<Value> {
    runtime::reflect::module_by_path("Base")?.get_str(name)
}

fn host_result(name: &str) -> Lat {
    match name {
        "Any" => Lat::any(),
        name => match builtin::all().into_iter().find(|(n, _)| *n == name) {
            Some((_, t)) => Lat::of_type(t),
            None => Lat::any(),
        },
    }
}

fn fold_host(function: &runtime::host::HostFunction, args: &[Lat]) -> Option<Lat> {
    if !function.pure {
        return None;
    }
    let values: Vec<Value> = args.iter().map(Lat::as_const).collect::<Option<_>>()?;
    let result = function.call(&values).ok()?;
    consts::is_immutable(result).then(|| Lat::constant(result))
}
