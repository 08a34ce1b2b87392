//! What keeps code from being compiled without run-time dispatch: all findings of a call tree at once.

use base::{Span, Symbol};
use ir::typed::{DynamicReason, InstKind, TypedBody};
use std::collections::HashSet;
use types::Ty;
use world::CiRef;

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    pub what: FindingKind,
    pub span: Span,
    /// Types of what is called and of the arguments, as far as known.
    pub types: Vec<Ty>,
    /// Functions from the one it is in to the outermost, with the place of the call in each but the first.
    pub chain: Vec<(Symbol, Span)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FindingKind {
    /// A call dispatched at run time.
    Dynamic(DynamicReason),
    /// Something that only the interpreter does.
    Unsupported(Symbol),
    /// A function that cannot be compiled.
    NotCompilable(&'static str),
    /// A host function.
    Host(Symbol),
    /// Reading a global whose value is not known when compiling.
    Global(Symbol),
    /// Writing a global.
    StoreGlobal(Symbol),
    /// A name that nothing defines, and one that reads much like it.
    Undefined(Symbol, Option<Symbol>),
    /// Memory of the host's heap.
    Allocation,
}

/// Everything in the call tree under `root` that needs the host's run time, in the order of the code. Each code
/// instance is reported once, with the first chain of calls that leads to it.
pub fn findings(root: CiRef) -> Vec<Finding> {
    let mut walk = Walk { found: Vec::new(), seen: HashSet::new(), chain: Vec::new(), into_throwing: true };
    walk.instance(root);
    walk.found
}

/// The same for code generators that end a path at a call which never returns (a device reports an exception by its
/// name and place): what such callees do to make their message is not followed.
pub fn findings_until_throw(root: CiRef) -> Vec<Finding> {
    let mut walk = Walk { found: Vec::new(), seen: HashSet::new(), chain: Vec::new(), into_throwing: false };
    walk.instance(root);
    walk.found
}

struct Walk {
    found: Vec<Finding>,
    seen: HashSet<CiRef>,
    chain: Vec<(Symbol, Span)>,
    /// Follow callees that never return.
    into_throwing: bool,
}

impl Walk {
    fn instance(&mut self, ci: CiRef) {
        if !self.seen.insert(ci) {
            return;
        }
        if let Some(body) = ci.get().body::<TypedBody>() {
            self.body(body);
        }
    }

    fn body(&mut self, body: &TypedBody) {
        self.chain.push((body.name, body.span));
        if let Some(why) = body.not_compilable {
            self.report(FindingKind::NotCompilable(why.what), why.span, Vec::new());
        }
        let reports = body.only_for_exceptions();
        for (id, inst) in body.placed() {
            // what a device reports of an exception needs neither the object nor its message
            if reports.contains(&id.0) || body.throws(inst) {
                continue;
            }
            let types = || {
                let mut types = Vec::new();
                inst.kind.for_each_arg(|a| types.push(body.arg_type(a)));
                types
            };
            match &inst.kind {
                InstKind::Dynamic { why, .. } => self.report(FindingKind::Dynamic(*why), inst.span, types()),
                InstKind::Unsupported { what, .. } => self.report(FindingKind::Unsupported(*what), inst.span, types()),
                InstKind::Host { name, .. } => self.report(FindingKind::Host(*name), inst.span, types()),
                InstKind::Builtin { op: runtime::Builtin::MemoryNew, .. } => {
                    self.report(FindingKind::Allocation, inst.span, Vec::new())
                }
                InstKind::LoadGlobal(g) => {
                    let kind = match runtime::Module::from_value(g.module).filter(|m| m.get(g.name).is_none()) {
                        Some(m) => FindingKind::Undefined(g.name, m.similar_name(g.name)),
                        None => FindingKind::Global(g.name),
                    };
                    self.report(kind, inst.span, Vec::new())
                }
                InstKind::StoreGlobal(g, _) => self.report(FindingKind::StoreGlobal(g.name), inst.span, Vec::new()),
                InstKind::Invoke { .. } | InstKind::InvokeLocal { .. }
                    if inst.ty.is_bottom() && !self.into_throwing => {}
                InstKind::Invoke { callee, .. } | InstKind::FunctionPointer { callee } => {
                    self.called(inst.span, |walk| walk.instance(body.callees[callee.0 as usize].instance))
                }
                InstKind::InvokeLocal { callee, .. } => {
                    self.called(inst.span, |walk| walk.body(&body.locals[callee.0 as usize]))
                }
                _ => {}
            }
        }
        self.chain.pop();
    }

    /// Follows a call made at `span` in the innermost function of the chain.
    fn called(&mut self, span: Span, follow: impl FnOnce(&mut Walk)) {
        let at = self.chain.len() - 1;
        let before = std::mem::replace(&mut self.chain[at].1, span);
        follow(self);
        self.chain[at].1 = before;
    }

    fn report(&mut self, what: FindingKind, span: Span, types: Vec<Ty>) {
        self.found.push(Finding { what, span, types, chain: self.chain.iter().rev().copied().collect() });
    }
}
