//! Emission of a function with everything it calls.

use crate::TargetLowering;
use crate::emit::emit;
use crate::info::{UnitInfo, UnitOptions};
use crate::link::LinkInput;
use base::Diagnostic;
use ir::typed::TypedBody;
use llvm::Context;
use std::collections::HashMap;
use world::CiRef;

/// A unit of a call tree.
pub struct TreeUnit {
    /// The code instance it was emitted for; `None` for a root that has none.
    pub instance: Option<CiRef>,
    pub bitcode: Vec<u8>,
    pub info: UnitInfo,
    /// Index in the tree of each of `info.callees`.
    pub callees: Vec<usize>,
}

impl TreeUnit {
    /// What [`crate::link::link_units`] takes.
    pub fn input(&self) -> LinkInput<'_> {
        LinkInput { bitcode: &self.bitcode, info: &self.info, callees: self.callees.clone() }
    }
}

/// Emits `root` and all code instances that it reaches, in the order of first use. What a unit is does
/// not depend on who calls it: callers may keep units with their code instances.
///
/// # Errors
/// All findings of all bodies; a callee without typed body is one.
pub fn emit_tree(
    root: &TypedBody,
    instance: Option<&CiRef>,
    target: &dyn TargetLowering,
    options: UnitOptions,
) -> Result<Vec<TreeUnit>, Vec<Diagnostic>> {
    let mut units: Vec<TreeUnit> = Vec::new();
    let mut findings = Vec::new();
    let mut places: HashMap<u64, usize> = HashMap::new();
    // Instances in the order in which they get their places; `None` is the root.
    let mut queue: Vec<Option<CiRef>> = vec![instance.copied()];
    if let Some(ci) = instance {
        places.insert(ci.id(), 0);
    }
    let mut next = 0;
    while next < queue.len() {
        let ci = queue[next];
        let body = if next == 0 { Some(root) } else { ci.as_ref().and_then(|ci| ci.body::<TypedBody>()) };
        next += 1;
        let Some(body) = body else {
            let message = "a function that is called here has no typed code".to_owned();
            findings.push(Diagnostic::error("codegen.no-body", message, root.span));
            units.push(TreeUnit { instance: ci, bitcode: Vec::new(), info: UnitInfo::default(), callees: Vec::new() });
            continue;
        };
        let context = Context::new();
        match emit(&context, body, target, options) {
            Ok(unit) => {
                let mut callees = Vec::new();
                for (_, callee) in &unit.info.callees {
                    let place = *places.entry(callee.instance.id()).or_insert_with(|| {
                        queue.push(Some(callee.instance));
                        queue.len() - 1
                    });
                    callees.push(place);
                }
                units.push(TreeUnit { instance: ci, bitcode: unit.module.to_bitcode(), info: unit.info, callees });
            }
            Err(found) => {
                findings.extend(found);
                units.push(TreeUnit {
                    instance: ci,
                    bitcode: Vec::new(),
                    info: UnitInfo::default(),
                    callees: Vec::new(),
                });
            }
        }
    }
    if findings.is_empty() { Ok(units) } else { Err(findings) }
}
