//! What a work-item asks about its place. Metal answers in parameters of a kernel's entry, so calls of the functions that stand
//! for the questions (`julia.air.thread_position_in_grid.v3i32`, …) become parameters: of the entry, and of all functions
//! on the way to them.

use llvm::{Builder, Function, Module, Type, TypeKind, Value, copy_argument_attributes};
use std::collections::HashMap;

/// How the names of questions start; then come the name of the parameter and its type.
const PREFIX: &str = "julia.air.";

/// Questions that are answered with one number.
const SCALARS: [&str; 11] = [
    "dispatch_quadgroups_per_threadgroup",
    "dispatch_simdgroups_per_threadgroup",
    "quadgroup_index_in_threadgroup",
    "quadgroups_per_threadgroup",
    "simdgroup_index_in_threadgroup",
    "simdgroups_per_threadgroup",
    "thread_execution_width",
    "thread_index_in_quadgroup",
    "thread_index_in_simdgroup",
    "thread_index_in_threadgroup",
    "threads_per_simdgroup",
];
/// Questions that are answered with one number for each dimension.
const POSITIONS: [&str; 9] = [
    "dispatch_threads_per_threadgroup",
    "grid_origin",
    "grid_size",
    "thread_position_in_grid",
    "thread_position_in_threadgroup",
    "threadgroup_position_in_grid",
    "threadgroups_per_grid",
    "threads_per_grid",
    "threads_per_threadgroup",
];

/// A parameter of the entry that answers a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Input {
    /// `thread_position_in_grid`
    pub name: String,
    /// As Metal's language names its type.
    pub type_name: String,
}

/// The input that a function of this name and type stands for.
fn input(f: Function<'_>) -> Option<Input> {
    let full = f.name();
    let (name, suffix) = full.strip_prefix(PREFIX)?.rsplit_once('.')?;
    let (bits, lanes) = match suffix {
        "i32" => (32, 1),
        "v2i32" => (32, 2),
        "v3i32" => (32, 3),
        "i16" => (16, 1),
        "v2i16" => (16, 2),
        "v3i16" => (16, 3),
        _ => return None,
    };
    if !(POSITIONS.contains(&name) || lanes == 1 && SCALARS.contains(&name)) {
        return None;
    }
    let ty = f.function_type();
    let (element, found) = ty.return_type().vector_parts().unwrap_or((ty.return_type(), 1));
    if element.kind() != TypeKind::Int(bits) || found != lanes || !ty.param_types().is_empty() {
        return None;
    }
    let element = if bits == 16 { "ushort" } else { "uint" };
    let lanes = if lanes == 1 { String::new() } else { lanes.to_string() };
    Some(Input { name: name.into(), type_name: format!("{element}{lanes}") })
}

/// Gives all functions that ask something, and those that call them, the answers as their last parameters. Returns those of `entry`.
pub fn thread_inputs(module: &Module<'_>, entry: &str) -> Vec<Input> {
    let mut questions: Vec<(Function<'_>, Input)> =
        module.functions().into_iter().filter(|f| f.has_uses()).filter_map(|f| Some((f, input(f)?))).collect();
    questions.sort_by(|(_, a), (_, b)| (&a.name, &a.type_name).cmp(&(&b.name, &b.type_name)));
    if questions.is_empty() {
        return Vec::new();
    }
    let marks: Vec<Function<'_>> = questions.iter().map(|(f, _)| *f).collect();
    let needs = needs(module, &marks);
    let changed: Vec<Changed<'_>> =
        needs.into_iter().map(|(old, needs)| Changed::new(module, old, needs, &marks)).collect();
    for f in &changed {
        settle_calls(module, f, &changed, &marks);
    }
    for f in &changed {
        // What names the function without calling it.
        f.old.replace_uses_with(f.new.value());
        // SAFETY: its calls were replaced and its blocks moved; the handle is not used again.
        unsafe { f.old.delete() };
    }
    let of_entry = changed.iter().find(|f| f.new.name() == entry).map(|f| f.needs.clone()).unwrap_or_default();
    of_entry.into_iter().map(|i| questions[i].1.clone()).collect()
}

/// The functions with bodies that ask something, themselves or by those they call, each with what.
fn needs<'m>(module: &'m Module<'_>, marks: &[Function<'m>]) -> Vec<(Function<'m>, Vec<usize>)> {
    let bodies: Vec<Function<'m>> = module.functions().into_iter().filter(|f| !f.is_declaration()).collect();
    let called: Vec<Vec<Function<'m>>> =
        bodies.iter().map(|f| f.instructions().into_iter().filter_map(|i| i.called_function()).collect()).collect();
    let mut asked: Vec<Vec<bool>> =
        called.iter().map(|calls| marks.iter().map(|m| calls.contains(m)).collect()).collect();
    let mut grew = true;
    while grew {
        grew = false;
        for (caller, calls) in called.iter().enumerate() {
            for callee in calls.iter().filter_map(|c| bodies.iter().position(|b| b == c)) {
                let more: Vec<bool> = asked[caller].iter().zip(&asked[callee]).map(|(own, its)| *own || *its).collect();
                grew |= more != asked[caller];
                asked[caller] = more;
            }
        }
    }
    let which = |asked: Vec<bool>| (0..marks.len()).filter(|&i| asked[i]).collect::<Vec<_>>();
    bodies.into_iter().zip(asked).map(|(f, a)| (f, which(a))).filter(|(_, needs)| !needs.is_empty()).collect()
}

/// A function with its inputs.
struct Changed<'m> {
    old: Function<'m>,
    new: Function<'m>,
    needs: Vec<usize>,
    /// Its inputs as values, by question.
    values: HashMap<usize, Value<'m>>,
}

impl<'m> Changed<'m> {
    fn new(module: &'m Module<'_>, old: Function<'m>, needs: Vec<usize>, marks: &[Function<'m>]) -> Changed<'m> {
        let ty = old.function_type();
        let mut params: Vec<Type<'m>> = ty.param_types();
        let own = params.len() as u32;
        params.extend(needs.iter().map(|&i| marks[i].function_type().return_type()));
        let ty = ty.return_type().function(&params, false);
        let new = module.retype_function(old, ty, |_, f| (0..own).map(|i| f.param(i)).collect());
        let values = needs.iter().enumerate().map(|(n, &i)| (i, new.param(own + n as u32))).collect();
        Changed { old, new, needs, values }
    }
}

/// Answers the questions in a function, and has it pass on answers.
fn settle_calls<'m>(module: &'m Module<'_>, f: &Changed<'m>, changed: &[Changed<'m>], marks: &[Function<'m>]) {
    let builder = Builder::new(module.context());
    for call in f.new.instructions() {
        let Some(callee) = call.called_function() else { continue };
        let answer = if let Some(mark) = marks.iter().position(|m| *m == callee) {
            f.values[&mark]
        } else if let Some(callee) = changed.iter().find(|c| c.old == callee) {
            let mut args = call.call_args();
            args.extend(callee.needs.iter().map(|i| f.values[i]));
            builder.position_before(call);
            let new = builder.call(callee.new, &args);
            copy_argument_attributes(call, new);
            new.set_fast_math(call.fast_math().bits());
            new
        } else {
            continue;
        };
        call.replace_uses_with(answer);
        // SAFETY: without uses now; the loop goes on to the next.
        unsafe { call.erase() };
    }
}
