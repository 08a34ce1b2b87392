//! Kernels of KernelAbstractions from Rust: launched over an index range, as `kernel(backend, group)(args...; ndrange)`
//! does from scripts.

use crate::array::{Arg, MAX_RANK};
use crate::error::Error;
use crate::launch::{Launch, Places, Types};
use crate::library::{Grid, Kernel};
use backend_native::cpu::CpuDevice;
use base::Symbol;
use std::sync::OnceLock;
use types::{ParamValue, Ty, builtin};

impl Kernel {
    /// Launches a `@kernel` over an index range of one to three dimensions, in groups of `group` work-items (missing
    /// dimensions count as 1), on the default device, and waits for it.
    ///
    /// ```
    /// # fn main() -> Result<(), rekindle::Error> {
    /// # use rekindle::{Engine, Options, args};
    /// let engine = Engine::start(Options { announce: false, ..Options::default() })?;
    /// engine.load_str("fill.jl", "
    ///     using KernelAbstractions
    ///     @kernel function table!(y, n)
    ///         i, j = @index(Global, NTuple)
    ///         y[i + n * (j - 1)] = i * j
    ///     end")?;
    /// let mut y = [0i64; 6];
    /// engine.kernel("table!")?.launch_over(&[3, 2], &[2], args![&mut y, 3i64])?;
    /// assert_eq!(y, [1, 2, 3, 2, 4, 6]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A function that is no `@kernel`, a range or group with no or too many dimensions, and as [`launch`](Self::launch).
    pub fn launch_over(&self, range: &[usize], group: &[u32], args: &[Arg<'_>]) -> Result<(), Error> {
        self.launch_over_on(self.engine.default_device(), range, group, args)
    }

    /// As [`launch_over`](Self::launch_over), on a device of [`Engine::devices`](crate::Engine::devices).
    ///
    /// # Errors
    /// As [`launch_over`](Self::launch_over).
    pub fn launch_over_on(
        &self,
        device: &CpuDevice,
        range: &[usize],
        group: &[u32],
        args: &[Arg<'_>],
    ) -> Result<(), Error> {
        let function = self.body.and_then(|b| b.value()).ok_or_else(|| no_kernel(self))?;
        let rank = range.len();
        if !(1..=MAX_RANK).contains(&rank) || group.len() > rank || group.contains(&0) {
            return Err(Error::argument(format!(
                "a range has 1 to {MAX_RANK} dimensions and a group no more than it, each at least 1: {range:?} in groups of {group:?}"
            )));
        }
        if range.contains(&0) {
            return Ok(());
        }
        let mut grid = Grid { groups: [1; 3], group_size: [1; 3], shared: 0 };
        // A context's bytes: the group's size, then the range.
        let mut context = [1u64; 2 * MAX_RANK];
        for (d, &n) in range.iter().enumerate() {
            let size = group.get(d).copied().unwrap_or(1);
            grid.group_size[d] = size;
            grid.groups[d] = u32::try_from(n.div_ceil(size as usize))
                .map_err(|_| Error::argument(format!("{range:?} in groups of {group:?} are too many groups")))?;
            context[d] = size.into();
            context[rank + d] = n as u64;
        }
        let (mut types, mut places) = (Types::new(), Places::new());
        types.push(interp::dispatch_type(function));
        places.push(function.addr() as *const u8);
        types.push(context_type(rank)?);
        places.push(context.as_ptr().cast());
        self.push_arguments(device, args, &mut types, &mut places)?;
        let launch = Launch { device, types: &types, places: &places, grid, age: self.age() };
        // SAFETY: each place holds a value of its type; what arguments borrow stays while this call runs.
        let ran = unsafe { self.engine.launch(&launch) };
        ran.map_err(|failed| self.engine.launch_error(failed, self.binding.name.as_str(), &types))
    }
}

/// What a work-item knows of a launch over a range of `rank` dimensions whose sizes are not in the type.
fn context_type(rank: usize) -> Result<Ty, Error> {
    static TYPES: [OnceLock<Ty>; MAX_RANK] = [const { OnceLock::new() }; MAX_RANK];
    if let Some(ty) = TYPES[rank - 1].get() {
        return Ok(*ty);
    }
    let make = || {
        let module = runtime::module::root(Symbol::new("KernelAbstractions"))?;
        let context = module.get_str("Context")?.as_type()?;
        let sizes = types::type_of_tuple(&vec![builtin::int64(); rank]);
        let folded = Ty::from_param(ParamValue::Bool(false));
        types::apply(context, &[Ty::int(rank as i64), sizes, sizes, folded]).ok()
    };
    let made = make().ok_or_else(|| Error::argument("KernelAbstractions is not loaded"))?;
    Ok(*TYPES[rank - 1].get_or_init(|| made))
}

#[cold]
fn no_kernel(kernel: &Kernel) -> Error {
    Error::argument(format!("`{}` is no `@kernel`: launch it with a grid", kernel.binding.name))
}
