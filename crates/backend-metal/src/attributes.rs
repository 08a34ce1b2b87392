//! What optimisation may know of AIR's functions, which LLVM does not know.

use llvm::{Attribute, AttributeSite, Function, Module};

/// LLVM's masks of what memory a function touches: that of its pointer arguments.
const READS_ARGUMENTS: u64 = 1;
const CHANGES_ARGUMENTS: u64 = 3;
const NOTHING: u64 = 0;

/// Says of each declared function of AIR's what it does.
pub fn describe_functions(module: &Module<'_>) {
    for f in module.functions().into_iter().filter(|f| f.is_declaration()) {
        if let Some(rest) = f.name().strip_prefix("air.") {
            describe(f, rest);
        }
    }
}

fn describe(f: Function<'_>, name: &str) {
    let add = |attribute| f.add_attribute(AttributeSite::Function, attribute);
    let first = name.split('.').next().unwrap_or(name);
    let group = ["simd_", "quad_", "simdgroup_matrix_", "wg", "simdgroup"].iter().any(|p| name.starts_with(p));
    add(Attribute::Flag("nounwind"));
    add(Attribute::Flag("willreturn"));
    if group {
        add(Attribute::Flag("convergent"));
    } else if let Some(what) = name.strip_prefix("atomic.") {
        match what.split('.').nth(1) {
            Some("load") => add(Attribute::Int("memory", READS_ARGUMENTS)),
            Some(_) if !what.starts_with("fence") => add(Attribute::Int("memory", CHANGES_ARGUMENTS)),
            _ => add(Attribute::Flag("convergent")),
        }
    } else if matches!(first, "sincos" | "fast_sincos") && f.param_count() == 2 {
        add(Attribute::Int("memory", CHANGES_ARGUMENTS));
        for attribute in [Attribute::Int("captures", 0), Attribute::Flag("writeonly")] {
            f.add_attribute(AttributeSite::Param(1), attribute);
        }
    } else if f.function_type().param_types().iter().all(|t| !t.is_pointer()) && is_mathematics(first) {
        add(Attribute::Int("memory", NOTHING));
    }
}

/// Is this a function of numbers, which depends on them alone?
fn is_mathematics(name: &str) -> bool {
    !matches!(name, "os_log" | "wg" | "simdgroup" | "atomic") && !name.contains("texture") && !name.contains("get_")
}
