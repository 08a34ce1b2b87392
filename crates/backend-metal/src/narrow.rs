//! Parameters that may point anywhere become parameters that point where all callers point.
//!
//! LLVM finds out where a pointer points within a function only. Apple's compiler has no way to read constants by a pointer that may
//! point anywhere, and such pointers cross calls wherever something was not inlined.

use llvm::{Builder, Function, Module, Opcode, Type, Value, copy_argument_attributes};

/// Narrows parameters until nothing changes any more: a function whose parameter became narrower passes a narrower one on.
/// Functions that are seen from outside, or used other than by calls, keep their types. Did anything change?
pub fn narrow_parameters(module: &Module<'_>) -> bool {
    let mut any = false;
    while narrow_once(module) {
        any = true;
    }
    any
}

fn narrow_once(module: &Module<'_>) -> bool {
    let mut any = false;
    for f in module.functions() {
        let Some(calls) = direct_calls(f) else { continue };
        let spaces: Vec<Option<u32>> = (0..f.param_count()).map(|i| agreed_space(f, i, &calls)).collect();
        if spaces.iter().any(Option::is_some) {
            retype(module, f, &calls, &spaces);
            any = true;
        }
    }
    any
}

/// The calls of a function whose type is the module's own business; `None` where it is not.
fn direct_calls(f: Function<'_>) -> Option<Vec<Value<'_>>> {
    if f.is_declaration() || !f.is_local() {
        return None;
    }
    let users = f.users();
    let calls = |user: &Value<'_>| {
        user.opcode() == Some(Opcode::LLVMCall)
            && user.called_function().is_some_and(|c| c == f)
            && user.call_args().iter().all(|arg| *arg != f.value())
    };
    (!users.is_empty() && users.iter().all(calls)).then_some(users)
}

/// The address space that all callers' pointers are cast from, where a parameter may point anywhere. Calls that pass the function's
/// own parameter on to itself agree with all others.
fn agreed_space(f: Function<'_>, param: u32, calls: &[Value<'_>]) -> Option<u32> {
    if f.param(param).ty().address_space() != Some(0) {
        return None;
    }
    let mut agreed = None;
    for call in calls {
        let arg = call.operand(param);
        if arg == f.param(param) {
            continue;
        }
        let space = arg.addrspace_cast_source()?.ty().address_space().filter(|&s| s != 0)?;
        if agreed.is_some_and(|known| known != space) {
            return None;
        }
        agreed = Some(space);
    }
    agreed
}

fn retype<'m>(module: &'m Module<'_>, f: Function<'m>, calls: &[Value<'m>], spaces: &[Option<u32>]) {
    let ty = f.function_type();
    let params: Vec<Type<'m>> = ty
        .param_types()
        .into_iter()
        .zip(spaces)
        .map(|(old, space)| space.map_or(old, |s| module.context().ptr_type(s)))
        .collect();
    // Before the body moves: what calls pass on of the function's own parameters.
    let own: Vec<Vec<bool>> =
        calls.iter().map(|c| (0..f.param_count()).map(|i| c.operand(i) == f.param(i)).collect()).collect();
    let new = module.retype_function(f, ty.return_type().function(&params, false), |b, new| {
        let cast = |i: usize| match spaces[i] {
            Some(_) => b.addrspace_cast(new.param(i as u32), f.param(i as u32).ty()),
            None => new.param(i as u32),
        };
        (0..spaces.len()).map(cast).collect()
    });
    let builder = Builder::new(module.context());
    for (call, own) in calls.iter().zip(own) {
        let arg = |(i, old): (usize, Value<'m>)| match spaces[i] {
            None => old,
            Some(_) if own[i] => new.param(i as u32),
            Some(_) => old.addrspace_cast_source().expect("all callers' are casts"),
        };
        let args: Vec<Value<'m>> = call.call_args().into_iter().enumerate().map(arg).collect();
        builder.position_before(*call);
        let replacement = builder.call(new, &args);
        copy_argument_attributes(*call, replacement);
        replacement.set_fast_math(call.fast_math().bits());
        call.replace_uses_with(replacement);
        // SAFETY: without uses now; not looked at again.
        unsafe { call.erase() };
    }
    // SAFETY: its calls were replaced and its blocks moved; the handle is not used again.
    unsafe { f.delete() };
}
