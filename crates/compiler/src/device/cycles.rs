//! Recursion, which machines without a stack have no place for.

use base::{Diagnostic, Span, Symbol};
use codegen::TargetLowering;
use codegen::tree::TreeUnit;
use ir::typed::TypedBody;

/// Units that call each other in a ring, the first one called again by the last. The same ring for the same units.
fn cycle(units: &[TreeUnit]) -> Option<Vec<usize>> {
    let mut done = vec![false; units.len()];
    // The way to where the search is, each unit with how many of its callees were followed.
    let mut way: Vec<(usize, usize)> = vec![(0, 0)];
    while let Some((at, followed)) = way.last_mut() {
        let (unit, next) = (*at, *followed);
        *followed += 1;
        match units.get(unit).and_then(|u| u.callees.get(next)) {
            None => {
                done[unit] = true;
                way.pop();
            }
            Some(&callee) => {
                if let Some(start) = way.iter().position(|&(u, _)| u == callee) {
                    return Some(way[start..].iter().map(|&(u, _)| u).collect());
                }
                if !done[callee] {
                    way.push((callee, 0));
                }
            }
        }
    }
    None
}

/// Refuses kernels whose calls lead back to where they come from. `code` is the finding's.
///
/// # Errors
/// The ring of calls.
pub fn refuse_recursion(
    units: &[TreeUnit],
    lowering: &dyn TargetLowering,
    code: &'static str,
) -> Result<(), Vec<Diagnostic>> {
    match cycle(units) {
        Some(ring) => Err(vec![recursion(units, &ring, lowering.name(), code)]),
        None => Ok(()),
    }
}

fn recursion(units: &[TreeUnit], ring: &[usize], machine: &str, code: &'static str) -> Diagnostic {
    let described: Vec<(Symbol, Span)> = ring.iter().filter_map(|&unit| describe(&units[unit])).collect();
    let (first, span) = described.first().copied().unwrap_or((Symbol::new("a function"), Span::NONE));
    let message = format!("recursion is not supported in {machine} code: `{first}` calls itself");
    let mut finding = Diagnostic::error(code, message, span);
    for pair in described.windows(2) {
        finding = finding.note(format!("`{}` calls `{}`", pair[0].0, pair[1].0));
    }
    if let [_, .., (last, _)] = described[..] {
        finding = finding.note(format!("`{last}` calls `{first}`"));
    }
    finding.help("use a loop, with an array for what is still to be done where one is needed")
}

fn describe(unit: &TreeUnit) -> Option<(Symbol, Span)> {
    let body = unit.instance?.get().body::<TypedBody>()?;
    Some((body.name, body.span))
}
