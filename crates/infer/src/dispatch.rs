//! Generic calls: method look-up, union splitting, the choice between a shared code instance and a private
//! specialisation.

use crate::calls::{CallArgs, CallResult, tell};
use crate::engine::{Engine, Facts, LocalEntry, LocalResult, Outcome};
use crate::frame::FrameId;
use crate::inline::is_small;
use crate::lattice::{Cond, Lat, Subject};
use crate::plan::{Case, CaseCallee, Effects, Operand, Plan, Shape, Target, Test};
use crate::signature;
use crate::ssa::Val;
use crate::ty;
use ir::lowered::CodeInfo;
use ir::typed::{DynamicReason, TypedBody};
use std::rc::Rc;
use std::sync::Arc;
use types::{Ty, builtin};
use world::{CiRef, Edge, Match, MiRef};

/// Most cases that a call is split into.
pub const MAX_SPLIT: usize = 4;
/// Most methods whose results are joined for one case.
const MAX_METHODS: u32 = 4;
/// Bodies of more instructions are not specialised for constants, unless something is to be gained for sure.
const MAX_LOCAL_SIZE: usize = 400;
/// Specialisations for constants nest at most so deep.
const MAX_LOCAL_DEPTH: usize = 24;
/// A method on the stack this often may not be entered with a larger signature again …
const GROWING_LIMIT: usize = 3;
/// … and this often, not at all.
const RECURSION_LIMIT: usize = 40;

/// A case's result.
struct CaseResult {
    lat: Lat,
    callee: CaseCallee,
    effects: Effects,
}

impl CaseResult {
    fn dynamic(lat: Lat, why: DynamicReason) -> CaseResult {
        CaseResult { lat, callee: CaseCallee::Dynamic(why), effects: Effects::UNKNOWN }
    }
}

impl Engine<'_> {
    /// A call of something that is no builtin.
    pub fn generic(&mut self, f: FrameId, v: Val, call: CallArgs, inbounds: bool) -> CallResult {
        let callee_type = call.lats[0].widen();
        if callable_unknown(callee_type) {
            return CallResult::dynamic(Lat::any(), DynamicReason::UnknownFunction, call);
        }
        if let Some(rest) = call.rest.clone() {
            return self.generic_open(f, v, call, rest);
        }
        let types: Vec<Ty> = call.lats.iter().map(Lat::widen).collect();
        let splits = split_positions(&types);
        if splits.is_empty() {
            let case = self.case(f, v, &call.lats, &call.operands, inbounds);
            if let Some(result) = self.split_on_bool(f, v, &call, &case, inbounds) {
                return result;
            }
            return finish_single(case, call);
        }
        let mut cases = Vec::new();
        let mut effects = Effects::PURE;
        let mut lat = Lat::Bottom;
        let mut verdicts: Vec<(Vec<(usize, Test)>, Lat)> = Vec::new();
        let mut testable = true;
        for tests in combinations(&splits) {
            let mut lats = call.lats.clone();
            for &(i, test) in &tests {
                lats[i] = test.lat();
            }
            let case = self.case(f, v, &lats, &call.operands, inbounds);
            effects = effects.and(case.effects);
            verdicts.push((tests.clone(), case.lat.clone()));
            lat = if lat.is_bottom() { case.lat.clone() } else { lat.join(&case.lat) };
            cases.push(Case { tests, callee: case.callee, ret: case.lat });
        }
        // All but the last case are told by tests for exact types.
        for case in &cases[..cases.len() - 1] {
            testable &= case.tests.iter().all(|&(_, test)| !matches!(test, Test::Type(t) if !ty::types_is_concrete(t)));
        }
        let lat = match split_condition(&call, &splits, &verdicts) {
            Some(cond) => cond,
            None => lat.forget_condition(),
        };
        let all_dynamic = cases.iter().all(|c| matches!(c.callee, CaseCallee::Dynamic(_)));
        if !testable || all_dynamic {
            let why = match &cases[0].callee {
                CaseCallee::Dynamic(why) if all_dynamic => *why,
                _ => DynamicReason::AbstractArguments,
            };
            let mut result = CallResult::dynamic(lat, why, call);
            result.plan.effects = effects;
            return result;
        }
        CallResult { lat, plan: Plan::new(Target::Cases(cases), call.operands, effects) }
    }

    /// Where the type of the result depends on a `Bool` (`Val(flag)`), the call is made for `true` and for `false`.
    fn split_on_bool(
        &mut self,
        f: FrameId,
        v: Val,
        call: &CallArgs,
        whole: &CaseResult,
        inbounds: bool,
    ) -> Option<CallResult> {
        let settled = |lat: &Lat| ty::union_parts(lat.widen()).iter().all(|&t| ty::types_is_concrete(t));
        if settled(&whole.lat) || matches!(whole.callee, CaseCallee::Dynamic(_)) {
            return None;
        }
        let mut flags =
            (1..call.lats.len()).filter(|&i| matches!(&call.lats[i], Lat::Cond(_)) || call.lats[i] == Lat::bool());
        let position = flags.next().filter(|_| flags.next().is_none())?;
        let mut cases = Vec::new();
        let mut effects = Effects::PURE;
        let mut lat = Lat::Bottom;
        for flag in [true, false] {
            let test = Test::Bool(flag);
            let mut lats = call.lats.clone();
            lats[position] = test.lat();
            let case = self.case(f, v, &lats, &call.operands, inbounds);
            if !settled(&case.lat) {
                return None;
            }
            effects = effects.and(case.effects);
            lat = lat.join(&case.lat.clone().forget_condition());
            cases.push(Case { tests: vec![(position, test)], callee: case.callee, ret: case.lat });
        }
        Some(CallResult { lat, plan: Plan::new(Target::Cases(cases), call.operands.clone(), effects) })
    }

    /// A call with an unknown number of arguments: only its type is of interest.
    fn generic_open(&mut self, f: FrameId, v: Val, call: CallArgs, rest: Lat) -> CallResult {
        let mut elements: Vec<Ty> = call.lats.iter().map(Lat::widen).collect();
        elements.push(crate::ty::vararg(rest.widen()));
        let sig = ty::tuple(&elements);
        let lat = self.joined_result(f, v, sig);
        CallResult::dynamic(lat, DynamicReason::UnknownArity, call)
    }

    fn joined_result(&mut self, f: FrameId, v: Val, sig: Ty) -> Lat {
        let lookup = self.ctx.world.lookup_limited(self.ctx.tables, sig, self.ctx.age, Some(MAX_METHODS));
        self.frame_mut(f).add_edge(Edge::Lookup(lookup));
        if lookup.too_many {
            return Lat::any();
        }
        let mut lat = Lat::Bottom;
        for found in &lookup.get().matches {
            let result = self.one_match(f, v, found, None, false);
            lat = lat.join(&result.lat.forget_condition());
        }
        lat
    }

    /// The call for arguments of these types, none of them to be split any more.
    fn case(&mut self, f: FrameId, v: Val, lats: &[Lat], operands: &[Operand], inbounds: bool) -> CaseResult {
        let types: Vec<Ty> = lats.iter().map(Lat::widen).collect();
        let sig = ty::tuple(&types);
        let lookup = self.ctx.world.lookup_limited(self.ctx.tables, sig, self.ctx.age, Some(MAX_METHODS));
        self.frame_mut(f).add_edge(Edge::Lookup(lookup));
        if lookup.too_many {
            return CaseResult::dynamic(Lat::any(), DynamicReason::AbstractArguments);
        }
        let matches = &lookup.get().matches;
        match matches.as_slice() {
            [] => CaseResult::dynamic(Lat::Bottom, DynamicReason::NoMethod),
            [only] if only.fully_covers => {
                let mut result = self.one_match(f, v, only, Some(lats), inbounds);
                result.lat = about_operands(result.lat, lats, operands);
                if let CaseCallee::Invoke { ci, .. } = &result.callee
                    && self.dispatches_better(*ci)
                {
                    result.callee = CaseCallee::Dynamic(DynamicReason::AbstractArguments);
                }
                result
            }
            several => {
                let mut lat = Lat::Bottom;
                let mut effects = Effects::PURE;
                for found in several {
                    let result = self.one_match(f, v, found, None, false);
                    effects = effects.and(result.effects);
                    lat = lat.join(&result.lat.forget_condition());
                }
                let why = if lookup.ambiguous && types.iter().all(|&t| ty::types_is_concrete(t)) {
                    DynamicReason::Ambiguous
                } else {
                    DynamicReason::AbstractArguments
                };
                if !lookup.covers() || lookup.ambiguous {
                    effects.nothrow = false;
                }
                CaseResult { lat, callee: CaseCallee::Dynamic(why), effects }
            }
        }
    }

    /// Is this instance for arguments whose types are known only in part, and not to be inlined? On the host such a call is
    /// dispatched at run time: the instance for the arguments' own types is fast code, this one would dispatch at every step.
    fn dispatches_better(&self, ci: CiRef) -> bool {
        let body = ci.get().body::<TypedBody>();
        self.ctx.freeze.is_none() && !ci.get().mi().get().sig().is_dispatch_tuple() && !body.is_some_and(is_small)
    }

    /// One method of a look-up. `lats` are the arguments, if they are known better than by their types.
    fn one_match(&mut self, f: FrameId, v: Val, found: &Match, lats: Option<&[Lat]>, inbounds: bool) -> CaseResult {
        let Some(mi) = self.limited_instance(found) else {
            return CaseResult::dynamic(Lat::any(), DynamicReason::Limited);
        };
        self.instance_result(f, v, mi, lats, inbounds)
    }

    /// The result of calling a method instance.
    fn instance_result(&mut self, f: FrameId, v: Val, mi: MiRef, lats: Option<&[Lat]>, inbounds: bool) -> CaseResult {
        match self.result_of(Some((f, v)), mi) {
            Outcome::Limited => CaseResult::dynamic(Lat::any(), DynamicReason::Limited),
            Outcome::Open(callee) => {
                let frame = self.frame(callee);
                let lat = frame.ret.clone();
                let shape = shape_of(&frame.code);
                let ci = frame.ci().expect("only instances are open");
                self.frame_mut(f).add_edge(Edge::Instance(ci));
                self.frame_mut(f).recursive = true;
                CaseResult { lat, callee: CaseCallee::Invoke { ci, shape }, effects: Effects::UNKNOWN }
            }
            Outcome::Done(ci) => {
                self.frame_mut(f).add_edge(Edge::Instance(ci));
                let facts = self.facts(ci);
                let Some((code, _)) = self.code_of_cached(mi) else {
                    return CaseResult::dynamic(facts.ret.clone(), DynamicReason::Limited);
                };
                let shape = shape_of(&code);
                if let Some(lats) = lats
                    && code.meta.foldable
                    && let Some(v) = self.evaluated(lats)
                {
                    return CaseResult { lat: v, callee: CaseCallee::Invoke { ci, shape }, effects: Effects::PURE };
                }
                if let Some(lats) = lats
                    && let Some(local) = self.specialised(mi, &code, &facts, lats, inbounds)
                {
                    for &edge in &local.edges {
                        self.frame_mut(f).add_edge(edge);
                    }
                    let callee = CaseCallee::Local { body: local.body.clone(), shape };
                    return CaseResult { lat: local.facts.ret.clone(), callee, effects: local.facts.effects };
                }
                CaseResult { lat: facts.ret.clone(), callee: CaseCallee::Invoke { ci, shape }, effects: facts.effects }
            }
        }
    }

    /// Runs a call of a function that is declared foldable, if all its arguments are constants. `None` if it throws or
    /// its result has an identity of its own.
    fn evaluated(&self, lats: &[Lat]) -> Option<Lat> {
        let mut values = runtime::ValueVec::new();
        for lat in lats {
            values.push(lat.as_const()?);
        }
        let evaluator = runtime::hooks::evaluator().ok()?;
        let result = evaluator.call_in_world(self.ctx.age.0, values[0], &values[1..]).ok()?;
        crate::consts::is_immutable(result).then(|| Lat::constant(result))
    }

    /// `invoke(f, types, args...)`.
    pub fn invoke(&mut self, f: FrameId, v: Val, call: CallArgs, inbounds: bool) -> CallResult {
        let target = call.lats[1].clone();
        let mut inner = CallArgs { lats: vec![target], operands: vec![call.operands[1]], rest: None };
        inner.lats.extend_from_slice(&call.lats[3..]);
        inner.operands.extend_from_slice(&call.operands[3..]);
        let Some(types) = call.lats[2].as_type().filter(|_| !callable_unknown(call.lats[1].widen())) else {
            return CallResult::dynamic(Lat::any(), DynamicReason::UnknownFunction, call);
        };
        let Some((name, params)) = types.datatype().filter(|(name, _)| *name == builtin::tuple_name()) else {
            return CallResult::dynamic(Lat::any(), DynamicReason::UnknownFunction, call);
        };
        let _ = name;
        let mut elements = vec![inner.lats[0].widen()];
        elements.extend_from_slice(params);
        let sig = ty::tuple(&elements);
        let lookup = self.ctx.world.lookup(self.ctx.tables, sig, self.ctx.age);
        self.frame_mut(f).add_edge(Edge::Lookup(lookup));
        let Some(found) = lookup.get().selected().found() else {
            return CallResult::dynamic(Lat::any(), DynamicReason::NoMethod, call);
        };
        let actual = ty::tuple(&inner.lats.iter().map(Lat::widen).collect::<Vec<_>>());
        if !ty::subtype(actual, sig) {
            return CallResult::dynamic(Lat::any(), DynamicReason::AbstractArguments, call);
        }
        let (narrow, sparams) = types::intersect_env(actual, found.method.sig());
        let mi = found.method.instance(narrow, &sparams);
        let lats = inner.lats.clone();
        let mut case = self.instance_result(f, v, mi, Some(&lats), inbounds);
        case.lat = about_operands(case.lat, &lats, &inner.operands);
        if matches!(case.callee, CaseCallee::Dynamic(_)) {
            return CallResult::dynamic(case.lat, DynamicReason::Limited, call);
        }
        finish_single(case, inner)
    }

    /// `gpu_function(f, Tuple{types...})`: the instance that such a call selects is compiled with the code that asks for it, in
    /// the same world, and ends it when it ends.
    pub fn function_pointer(&mut self, f: FrameId, v: Val, call: CallArgs) -> CallResult {
        let refused = |why, call| CallResult::dynamic(Lat::any(), why, call);
        if call.rest.is_some() || call.lats.len() != 3 {
            return refused(DynamicReason::UnknownArity, call);
        }
        let params = call.lats[2].as_type().and_then(|t| t.datatype().filter(|(n, _)| *n == builtin::tuple_name()));
        let Some((_, params)) = params else { return refused(DynamicReason::UnknownFunction, call) };
        let mut types = vec![call.lats[1].widen()];
        types.extend_from_slice(params);
        if !types.iter().all(|&t| ty::types_is_concrete(t) || ty::type_parameter(t).is_some()) {
            return refused(DynamicReason::AbstractArguments, call);
        }
        let lookup = self.ctx.world.lookup(self.ctx.tables, ty::tuple(&types), self.ctx.age);
        self.frame_mut(f).add_edge(Edge::Lookup(lookup));
        let Some(found) = lookup.get().selected().found() else {
            let lats = types.iter().map(|&t| Lat::of_type(t)).collect();
            // What it says is about the call that there would be.
            let call = CallArgs { lats, operands: call.operands, rest: None };
            return CallResult::dynamic(Lat::Bottom, DynamicReason::NoMethod, call);
        };
        let case = self.instance_result(f, v, found.instance(), None, false);
        match case.callee {
            CaseCallee::Invoke { ci, shape } if !shape.is_va => {
                let ret = case.lat.widen();
                let target = Target::FunctionPointer { ci, shape, ret };
                let pointer = builtin::ptr_of(ret);
                CallResult { lat: Lat::of_type(pointer), plan: Plan::new(target, Vec::new(), Effects::PURE) }
            }
            _ => refused(DynamicReason::Limited, call),
        }
    }

    /// `applicable(f, args...)`.
    pub fn applicable(&mut self, f: FrameId, call: CallArgs) -> CallResult {
        let sig = ty::tuple(&call.lats[1..].iter().map(Lat::widen).collect::<Vec<_>>());
        if callable_unknown(call.lats[1].widen()) {
            return CallResult::dynamic(Lat::bool(), DynamicReason::Builtin, call);
        }
        let lookup = self.ctx.world.lookup_limited(self.ctx.tables, sig, self.ctx.age, Some(MAX_METHODS));
        self.frame_mut(f).add_edge(Edge::Lookup(lookup));
        let known = if lookup.covers() {
            Some(true)
        } else if lookup.is_empty() {
            Some(false)
        } else {
            None
        };
        let Some(known) = known else { return CallResult::dynamic(Lat::bool(), DynamicReason::Builtin, call) };
        let plan = Plan::new(Target::Builtin(runtime::Builtin::Applicable), call.operands[1..].to_vec(), Effects::PURE);
        CallResult { lat: Lat::constant_bool(known), plan }
    }

    /// The instance for a match, with a signature that recursion cannot make grow without end.
    fn limited_instance(&self, found: &Match) -> Option<MiRef> {
        let method = found.method;
        let mut on_stack = 0;
        let mut previous = None;
        for frame in self.active().filter(|frame| frame.mi.method() == method) {
            on_stack += 1;
            previous = previous.or(Some(frame.mi.sig()));
        }
        if on_stack >= RECURSION_LIMIT {
            return None;
        }
        let Some(previous) = previous.filter(|_| on_stack >= GROWING_LIMIT) else {
            return Some(found.instance());
        };
        if !grows(found.sig, previous) {
            return Some(found.instance());
        }
        let wide = widened_signature(found.sig, previous);
        let (sig, sparams) = types::intersect_env(wide, method.sig());
        if sig.is_bottom() || !ty::subtype(found.sig, sig) {
            return None;
        }
        Some(method.instance(sig, &sparams))
    }

    fn code_of_cached(&self, mi: MiRef) -> Option<(Arc<CodeInfo>, ())> {
        // A generated body's slots are those of its generator.
        self.ctx.source.code(mi.method()).map(|code| (code, ()))
    }

    /// A private body for these arguments, where that promises something and keeps the promise.
    fn specialised(
        &mut self,
        mi: MiRef,
        code: &CodeInfo,
        facts: &Facts,
        lats: &[Lat],
        inbounds: bool,
    ) -> Option<Rc<LocalResult>> {
        if !facts.compilable || code.meta.constprop == Some(false) {
            return None;
        }
        let general = signature::slots_of_instance(mi, code);
        let slots = slot_arguments(code, lats, &general);
        let better = slots.iter().zip(&general).any(|(s, g)| s != g);
        let all_constant = slots.iter().all(|s| s.as_const().is_some());
        let unchecked = inbounds && self.reads_boundscheck(mi, code);
        if !better && !unchecked {
            return None;
        }
        if !unchecked {
            // Nothing to gain where the answer is known, or where there is nothing to fold.
            if facts.ret.as_const().is_some() && facts.effects.removable() {
                return None;
            }
            if facts.flat && !all_constant && ty::is_primitive(facts.ret.widen()) {
                return None;
            }
            let forced = code.meta.constprop == Some(true) || code.meta.inline == Some(true);
            let hopeful = facts.dynamic || !ty::types_is_concrete(facts.ret.widen()) || all_constant;
            if facts.size > MAX_LOCAL_SIZE && !forced && !hopeful {
                return None;
            }
        }
        let depth = self.active().filter(|frame| frame.is_local()).count();
        if depth >= MAX_LOCAL_DEPTH
            || self.active().any(|frame| frame.is_local() && frame.mi == mi && frame.args == slots)
        {
            return None;
        }
        if self.active().filter(|frame| frame.is_local() && frame.mi == mi).count() >= 2 {
            return None;
        }
        let known =
            self.locals.get(&mi).and_then(|all| all.iter().find(|e| e.inbounds == unchecked && e.args == slots));
        let result = match known {
            Some(entry) => entry.result.clone(),
            None => {
                // What led back to unfinished code may succeed later: only success is remembered.
                let result = self.infer_local(mi, slots.clone(), unchecked)?;
                let entry = LocalEntry { args: slots, inbounds: unchecked, result: result.clone() };
                self.locals.entry(mi).or_default().push(entry);
                result
            }
        };
        let local = &result.facts;
        // A constant is better than a condition.
        let general_ret = facts.ret.clone().forget_condition();
        let no_worse = local.ret.clone().forget_condition().le(&general_ret);
        let gained = unchecked
            || (no_worse && local.ret != facts.ret && !matches!(local.ret, Lat::Ty(t) if t == general_ret.widen()))
            || (facts.dynamic && !local.dynamic)
            || (local.effects.removable() && !facts.effects.removable())
            || local.size + 2 < facts.size;
        // With bounds checks off the body is another one: it may return where the checked one always throws.
        (gained && (unchecked || no_worse)).then_some(result)
    }

    /// Does the body (or what it passes `@inbounds` on to) ask whether bounds are checked?
    fn reads_boundscheck(&self, mi: MiRef, code: &CodeInfo) -> bool {
        code.meta.propagate_inbounds || self.code_of(mi).is_some_and(|(_, ssa)| ssa.has_boundscheck)
    }
}

/// Nothing is known of what is called but that it can be.
fn callable_unknown(t: Ty) -> bool {
    if ty::type_parameter(t).is_some_and(|p| !p.has_free_vars()) || ty::types_is_concrete(t) {
        // The type of all types calls whatever constructor.
        return ty::subtype(t, builtin::type_()) && ty::type_parameter(t).is_none();
    }
    if t.is_union() {
        return t.union_parts().into_iter().any(callable_unknown);
    }
    true
}

fn shape_of(code: &CodeInfo) -> Shape {
    Shape { slots: code.nargs as usize, is_va: code.is_va }
}

fn finish_single(case: CaseResult, call: CallArgs) -> CallResult {
    match case.callee {
        CaseCallee::Dynamic(why) => {
            let mut result = CallResult::dynamic(case.lat, why, call);
            result.plan.effects = case.effects;
            result
        }
        callee => {
            let lat = case.lat;
            let cases = vec![Case { tests: Vec::new(), callee, ret: lat.clone() }];
            CallResult { lat, plan: Plan::new(Target::Cases(cases), call.operands, case.effects) }
        }
    }
}

/// Positions of small unions with their parts, as long as the number of combinations stays small. Concrete parts
/// come first.
fn split_positions(types: &[Ty]) -> Vec<(usize, Vec<Ty>)> {
    let mut product = 1;
    let mut splits = Vec::new();
    for (i, &t) in types.iter().enumerate() {
        if !t.is_union() {
            continue;
        }
        let mut parts = t.union_parts();
        if product * parts.len() > MAX_SPLIT {
            continue;
        }
        product *= parts.len();
        parts.sort_by_key(|&p| !ty::types_is_concrete(p));
        splits.push((i, parts));
    }
    splits
}

fn combinations(splits: &[(usize, Vec<Ty>)]) -> Vec<Vec<(usize, Test)>> {
    let mut all = vec![Vec::new()];
    for (i, parts) in splits {
        all = all
            .into_iter()
            .flat_map(|tests: Vec<(usize, Test)>| {
                parts.iter().map(move |&p| {
                    let mut tests = tests.clone();
                    tests.push((*i, Test::Type(p)));
                    tests
                })
            })
            .collect();
    }
    all
}

/// A call split on one operand that gives `true` for some parts and `false` for the others tells about it.
fn split_condition(
    call: &CallArgs,
    splits: &[(usize, Vec<Ty>)],
    verdicts: &[(Vec<(usize, Test)>, Lat)],
) -> Option<Lat> {
    let [(position, _)] = splits else { return None };
    let (mut then, mut otherwise) = (Vec::new(), Vec::new());
    for (tests, lat) in verdicts {
        if !ty::subtype(lat.widen(), builtin::bool_()) {
            return None;
        }
        let [(_, Test::Type(part))] = tests.as_slice() else { return None };
        if lat.as_bool() != Some(false) {
            then.push(*part);
        }
        if lat.as_bool() != Some(true) {
            otherwise.push(*part);
        }
    }
    if then.is_empty() || otherwise.is_empty() || then.len() == verdicts.len() && otherwise.len() == verdicts.len() {
        return None;
    }
    tell(&call.operands[*position], Lat::of_type(ty::union(&then)), Lat::of_type(ty::union(&otherwise)))
}

/// What a callee's condition about its parameter tells in the caller.
fn about_operands(lat: Lat, lats: &[Lat], operands: &[Operand]) -> Lat {
    let Lat::Cond(c) = &lat else { return lat };
    let Subject::Param(n) = c.of else { return Lat::bool() };
    let (Some(operand), Some(argument)) = (operands.get(n as usize), lats.get(n as usize)) else { return Lat::bool() };
    // The argument is a condition itself, passed on as it is or negated.
    if let Lat::Cond(inner) = argument {
        return match (c.then.as_bool(), c.otherwise.as_bool()) {
            (Some(true), Some(false)) => argument.clone(),
            (Some(false), Some(true)) => {
                Lat::Cond(Arc::new(Cond { of: inner.of, then: inner.otherwise.clone(), otherwise: inner.then.clone() }))
            }
            _ => Lat::bool(),
        };
    }
    let narrow = |told: &Lat| argument.meet(told);
    tell(operand, narrow(&c.then), narrow(&c.otherwise)).unwrap_or(Lat::bool())
}

/// What is known of each slot of a callee, given the arguments of a call.
fn slot_arguments(code: &CodeInfo, lats: &[Lat], general: &[Lat]) -> Vec<Lat> {
    let nargs = code.nargs as usize;
    let fixed = if code.is_va { nargs - 1 } else { nargs };
    let narrowed = |i: usize, lat: Lat| match general.get(i) {
        Some(g) if !lat.le(g) => lat.meet(g),
        _ => lat,
    };
    let mut slots: Vec<Lat> =
        lats.iter().take(fixed).enumerate().map(|(i, l)| narrowed(i, l.clone().forget_condition())).collect();
    if code.is_va {
        let rest = lats.iter().skip(fixed).map(|l| l.clone().forget_condition()).collect();
        slots.push(Lat::tuple(rest));
    }
    slots
}

/// Is the signature larger than one that led here?
fn grows(new: Ty, old: Ty) -> bool {
    let (new_elements, old_elements) = (signature::elements(new), signature::elements(old));
    new_elements.len() > old_elements.len() || ty::depth(new) > ty::depth(old) || ty::size(new) > ty::size(old)
}

/// The signature with what grew replaced by something that does not.
fn widened_signature(new: Ty, old: Ty) -> Ty {
    let (new_elements, old_elements) = (signature::elements(new), signature::elements(old));
    let fixed = new_elements.len().min(old_elements.len());
    let mut elements: Vec<Ty> = (0..fixed)
        .map(|i| {
            let (n, o) = (new_elements[i], old_elements[i]);
            if i > 0 && (ty::depth(n) > ty::depth(o) || ty::size(n) > ty::size(o)) { family_of(n) } else { n }
        })
        .collect();
    if new_elements.len() > fixed {
        let rest = new_elements[fixed..]
            .iter()
            .fold(builtin::bottom(), |acc, &t| crate::lattice::join_types(acc, t.vararg().map_or(t, |(e, _)| e)));
        elements.push(crate::ty::vararg(ty::as_element(rest)));
    }
    ty::tuple(&elements)
}

/// All applications of a type's name.
fn family_of(t: Ty) -> Ty {
    if ty::type_parameter(t).is_some() {
        return builtin::type_();
    }
    match t.unwrap_unionall().name() {
        Some(name) if name == builtin::tuple_name() => builtin::tuple(),
        Some(name) => name.wrapper(),
        None => builtin::any(),
    }
}
