//! Un-optimised code per function, kept with the function's code instance.

use crate::config::UnitKey;
use crate::{ConfigRef, Counters};
use base::Diagnostic;
use codegen::tree::TreeUnit;
use codegen::{TargetLowering, UnitInfo, UnitOptions};
use ir::typed::TypedBody;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use world::CiRef;
use world::results::{Portable, SessionLocal};

/// What code generation makes of one code instance before any linking or optimisation.
#[derive(Default)]
pub struct UnitResults {
    /// LLVM bitcode: a function of the typed IR alone.
    pub bitcode: Portable<Vec<u8>>,
    /// What its external symbols stand for in this process.
    pub info: SessionLocal<UnitInfo>,
}

/// The unit of one code instance, emitted if it is not there yet.
fn unit(
    ci: CiRef,
    target: &dyn TargetLowering,
    key: UnitKey,
    options: UnitOptions,
    counters: &Counters,
) -> Result<&'static UnitResults, Vec<Diagnostic>> {
    let results = world::results::results::<UnitResults>(ci, &key);
    if results.info.get().is_some() {
        return Ok(results);
    }
    let Some(body) = ci.get().body::<TypedBody>() else {
        let message = format!("`{}` has no typed code", ci.get().mi().get().method().get().name());
        return Err(vec![Diagnostic::error("codegen.no-body", message, base::Span::NONE)]);
    };
    counters.emitted.fetch_add(1, Ordering::Relaxed);
    let (bitcode, info) = counters.times.emit.time(|| codegen::emit_bitcode(body, target, options))?;
    // Another thread may have been faster: both made the same.
    let _ = results.bitcode.set(bitcode);
    let _ = results.info.set(info);
    Ok(results)
}

/// The units of a call tree, the root's first, in the order of first use.
pub fn unit_tree(root: CiRef, config: ConfigRef) -> Result<Vec<TreeUnit>, Vec<Diagnostic>> {
    counted_unit_tree(root, config, &Counters::default())
}

/// The same, counting those that were not there yet.
pub(crate) fn counted_unit_tree(
    root: CiRef,
    config: ConfigRef,
    counters: &Counters,
) -> Result<Vec<TreeUnit>, Vec<Diagnostic>> {
    let target = config.get().target.lowering();
    let options = config.unit_options();
    let key = config.unit_key();
    let mut places: HashMap<u64, usize> = HashMap::from([(root.get().id(), 0)]);
    let mut queue = vec![root];
    let mut units = Vec::new();
    let mut findings = Vec::new();
    let mut next = 0;
    while next < queue.len() {
        let ci = queue[next];
        next += 1;
        match unit(ci, target, key, options, counters) {
            Ok(results) => {
                let info = results.info.get().cloned().unwrap_or_default();
                let bitcode = results.bitcode.get().cloned().unwrap_or_default();
                let callees = info
                    .callees
                    .iter()
                    .map(|(_, callee)| {
                        *places.entry(callee.instance.get().id()).or_insert_with(|| {
                            queue.push(callee.instance);
                            queue.len() - 1
                        })
                    })
                    .collect();
                units.push(TreeUnit { instance: Some(ci), bitcode, info, callees });
            }
            Err(found) => {
                findings.extend(found);
                units.push(TreeUnit {
                    instance: Some(ci),
                    bitcode: Vec::new(),
                    info: UnitInfo::default(),
                    callees: Vec::new(),
                });
            }
        }
    }
    if findings.is_empty() { Ok(units) } else { Err(findings) }
}
