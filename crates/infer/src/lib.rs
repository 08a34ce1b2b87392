//! Type inference: lowered code and argument types in, typed SSA bodies out.
//!
//! The pipeline, one module each: [`cfg`] splits lowered code into blocks; [`ssa`] brings it into SSA form, once per
//! method; [`frame`] and [`absint`] interpret that over the [`lattice`] for one specialisation; [`calls`] and
//! [`dispatch`] resolve calls (the rules of builtins and intrinsics are in `tfunc_*`), inferring callees on the way
//! in the [`engine`], which also handles recursion and publishes code instances in the world; [`emit`] turns a finished
//! frame into an [`ir::typed::TypedBody`], [`cleanup`] tidies it with the help of [`inline`] and [`fold`]. [`diagnose`] lists what would have to be dispatched at
//! run time.

mod absint;
mod algebra;
mod bits;
mod calls;
mod cfg;
mod cleanup;
mod consts;
pub mod diagnose;
mod dispatch;
mod emit;
mod engine;
mod fold;
mod frame;
mod inline;
mod lattice;
mod number;
mod plan;
mod signature;
mod ssa;
mod tfunc_builtin;
mod tfunc_intrinsic;
mod ty;

use ir::lowered::CodeInfo;
use std::sync::Arc;
use types::Ty;
use world::{CiRef, MethodRef, MiRef, Owner, TableStack, World, WorldAge};

/// Where method bodies come from.
pub trait CodeSource: Sync {
    /// The lowered code of a method. `None` if the method is not of Julia code.
    fn code(&self, method: MethodRef) -> Option<Arc<CodeInfo>> {
        ir::lowered::code_of(method.source())
    }

    /// Runs the generator of a `@generated` method for an instance's argument types and lowers what it makes.
    /// `None` if the generator threw.
    fn expand(&self, mi: MiRef, generator: &Arc<CodeInfo>) -> Option<Arc<CodeInfo>>;
}

/// What inference works with.
pub struct InferContext<'a> {
    pub world: World,
    pub tables: TableStack,
    pub owner: Owner,
    pub age: WorldAge,
    pub source: &'a dyn CodeSource,
    /// Set for devices, which cannot read the host's variables: such code sees what a global that is not constant
    /// holds now. The function is told which values were taken; its owner rebinds those that change.
    pub freeze: Option<Freeze<'a>>,
}

/// Takes note of a global and the value that code was specialised for.
pub type Freeze<'a> = &'a (dyn Fn(&'static runtime::Binding, runtime::Value) + Sync);

/// Why there is no code instance.
#[derive(Clone, Copy, Debug)]
pub enum InferError {
    /// The method has no code that could be inferred (or its generator threw).
    NoCode(MiRef),
    /// The world moved on in a way that contradicts what was found: try again at a newer age.
    Outdated,
}

/// The code instance of a method instance for the context's owner and age: from the cache, or inferred together with
/// all it calls. Its body is an [`ir::typed::TypedBody`], its constant result (if it just returns one) a
/// [`runtime::Value`].
pub fn infer(ctx: &InferContext<'_>, mi: MiRef) -> Result<CiRef, InferError> {
    on_large_stack(|| engine::Engine::new(ctx).infer(mi))
}

/// Inference follows calls as deep as they go: what it finds must not depend on how much stack the asking thread has.
const STACK: usize = 512 << 20;

/// Runs `f` here if there is enough stack, else on a thread that has it. (Growing the stack in place is no way: the
/// collector scans stacks as it finds them registered.)
fn on_large_stack<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    if stacker::remaining_stack().is_some_and(|left| left >= STACK / 4) {
        return f();
    }
    std::thread::scope(|scope| {
        let spawned = std::thread::Builder::new().name("infer".into()).stack_size(STACK).spawn_scoped(scope, f);
        match spawned.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(e) => panic!("no thread to infer on: {e}"),
        }
    })
}

/// What a call of something of type `callee` (`Type{T}` for a constructor) with arguments of these types returns, as
/// far as inference can tell: `Base.promote_op`, `code_typed`'s answer, the element type of a comprehension.
pub fn return_type(ctx: &InferContext<'_>, callee: Ty, args: &[Ty]) -> Ty {
    let mut elements = Vec::with_capacity(args.len() + 1);
    elements.push(callee);
    elements.extend_from_slice(args);
    on_large_stack(|| engine::Engine::new(ctx).return_type(types::type_of_tuple(&elements)))
}

/// The type of the elements that iterating something of type `collection` gives.
pub fn element_type(ctx: &InferContext<'_>, collection: Ty) -> Ty {
    let Some(iterate) = calls::base_function("iterate") else { return types::builtin::any() };
    let nothing = types::builtin::nothing();
    let mut element = types::builtin::bottom();
    let mut state = types::builtin::bottom();
    let mut step = return_type(ctx, iterate.type_of(), &[collection]);
    for _ in 0..8 {
        let mut parts = (element, state);
        for part in ty::union_parts(step).into_iter().filter(|&p| p != nothing) {
            match types::tuple_elements(part) {
                Some([e, s]) if !e.is_vararg() && !s.is_vararg() => {
                    parts = (lattice::join_types(parts.0, *e), lattice::join_types(parts.1, *s));
                }
                _ => return types::builtin::any(),
            }
        }
        if parts == (element, state) {
            return element;
        }
        (element, state) = parts;
        step = return_type(ctx, iterate.type_of(), &[collection, state]);
    }
    types::builtin::any()
}
