//! Calls of LLVM's intrinsics, and what stands in their place: shared by the rewrites of mathematics.

use llvm::{Builder, FastMath, Function, Module, Type, TypeKind, Value};

/// The calls of intrinsics in a module, each with the intrinsic's name without types (`llvm.smax`).
pub fn intrinsic_calls<'m>(module: &'m Module<'_>) -> Vec<(Value<'m>, String)> {
    let calls = module.functions().into_iter().flat_map(|f| f.instructions());
    calls.filter_map(|i| Some((i, base_name(&i.called_function()?.name())?))).collect()
}

/// `llvm.smax` of `llvm.smax.v2i64`.
fn base_name(name: &str) -> Option<String> {
    let rest = name.strip_prefix("llvm.")?;
    let is_type = |part: &str| {
        let element = part.strip_prefix('v').map_or(part, |v| v.trim_start_matches(|c: char| c.is_ascii_digit()));
        let digits = element.strip_prefix("bf").or_else(|| element.strip_prefix(['i', 'f']));
        digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
    };
    let parts: Vec<&str> = rest.split('.').take_while(|part| !is_type(part)).collect();
    Some(format!("llvm.{}", parts.join(".")))
}

/// `f32`, `v2i64`: how AIR's names end.
pub fn suffix(ty: Type<'_>) -> Option<String> {
    if let Some((element, lanes)) = ty.vector_parts() {
        return Some(format!("v{lanes}{}", suffix(element)?));
    }
    match ty.kind() {
        TypeKind::Int(bits) => Some(format!("i{bits}")),
        TypeKind::Half => Some("f16".into()),
        TypeKind::BFloat => Some("bf16".into()),
        TypeKind::Float => Some("f32".into()),
        _ => None,
    }
}

/// Calls AIR's function of this name, declared for these arguments, in front of `at`.
pub fn call_air<'m>(module: &'m Module<'_>, at: Value<'m>, name: &str, ret: Type<'m>, args: &[Value<'m>]) -> Value<'m> {
    let types: Vec<Type<'m>> = args.iter().map(|a| a.ty()).collect();
    let f: Function<'m> = module.declare(name, ret.function(&types, false));
    let b = Builder::new(module.context());
    b.position_before(at);
    let call = b.call(f, args);
    call.set_fast_math(at.fast_math().bits());
    call
}

/// Does `what` in single precision for numbers of `bfloat`, for which AIR has no mathematics.
pub fn in_single<'m>(
    module: &'m Module<'_>,
    at: Value<'m>,
    args: &[Value<'m>],
    what: impl FnOnce(&[Value<'m>]) -> Value<'m>,
) -> Value<'m> {
    let (single, narrow) = (wider(module, at.ty()), at.ty());
    if single == narrow {
        return what(args);
    }
    let b = Builder::new(module.context());
    b.position_before(at);
    let wide: Vec<Value<'m>> = args.iter().map(|&a| b.fpext(a, single)).collect();
    let result = what(&wide);
    b.position_before(at);
    b.fptrunc(result, narrow)
}

/// The type in which AIR calculates with this one.
fn wider<'m>(module: &'m Module<'_>, ty: Type<'m>) -> Type<'m> {
    let single = module.context().float_type();
    match (ty.kind(), ty.vector_parts()) {
        (TypeKind::BFloat, _) => single,
        (_, Some((element, lanes))) if element.kind() == TypeKind::BFloat => single.vector(lanes),
        _ => ty,
    }
}

/// Puts `new` in the place of a call.
pub fn replace<'m>(old: Value<'m>, new: Value<'m>) {
    old.replace_uses_with(new);
    // SAFETY: without uses now; rewrites do not look at what they replaced.
    unsafe { old.erase() };
}

/// May a call's result be approximate?
pub fn is_approximate(call: Value<'_>) -> bool {
    call.fast_math().has(FastMath::APPROXIMATE)
}
