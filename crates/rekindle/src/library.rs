//! The library's face: load code, get a kernel, launch it, redefine what it calls, catch errors.

use crate::array::Arg;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::launch::{Launch, Places, Types};
use backend_native::cpu::CpuDevice;
use base::Symbol;
use runtime::{Binding, Module, Value};
use std::fmt;
use std::path::Path;
use world::WorldAge;

/// How many groups of how many work-items.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grid {
    pub groups: [u32; 3],
    pub group_size: [u32; 3],
    /// Bytes of dynamic shared memory per group.
    pub shared: u32,
}

impl Grid {
    /// At least `n` work-items along one dimension in groups of `group_size`.
    pub fn linear(n: usize, group_size: u32) -> Grid {
        let groups = (n.div_ceil(group_size.max(1) as usize)).max(1) as u32;
        Grid { groups: [groups, 1, 1], group_size: [group_size, 1, 1], shared: 0 }
    }
}

/// A function to launch as a kernel.
///
/// It follows what its name means: each launch runs the newest methods, so that redefinitions, also of what the
/// function calls, are seen by the next launch. A launch that runs already goes on with the code that it started with.
/// [`pinned`](Kernel::pinned) gives one that stays with the methods of today.
#[derive(Clone, Copy)]
pub struct Kernel {
    pub(crate) engine: &'static Engine,
    pub(crate) binding: &'static Binding,
    /// Of a `@kernel`: the function that runs on the device.
    pub(crate) body: Option<&'static Binding>,
    /// What stays as it was, with the value that the name had.
    pinned: Option<(WorldAge, Value)>,
}

impl fmt::Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kernel({}.{}", self.binding.module.path(), self.binding.name)?;
        match self.pinned {
            Some((age, _)) => write!(f, " in world {age})"),
            None => f.write_str(")"),
        }
    }
}

impl Engine {
    /// Evaluates source text in `Main`; `name` stands for it in messages. Threads that load at once do so one after
    /// the other; launches go on meanwhile.
    ///
    /// ```
    /// # fn main() -> Result<(), rekindle::Error> {
    /// use rekindle::{Engine, Grid, Options, args};
    /// let engine = Engine::start(Options { announce: false, ..Options::default() })?;
    /// engine.load_str("scale.jl", "
    ///     using CUDA
    ///     change(x, a) = a * x
    ///     function scale!(y, a)
    ///         i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    ///         i <= length(y) && (y[i] = change(y[i], a))
    ///         return
    ///     end")?;
    /// let scale = engine.kernel("scale!")?;
    /// let mut y = vec![1.0f32; 1000];
    /// scale.launch(Grid::linear(y.len(), 64), args![&mut y, 2.0f32])?;
    /// assert!(y.iter().all(|&v| v == 2.0));
    ///
    /// engine.load_str("change.jl", "change(x, a) = x - a")?; // the next launch compiles `scale!` again
    /// scale.launch(Grid::linear(y.len(), 64), args![&mut y, 2.0f32])?;
    /// assert!(y.iter().all(|&v| v == 0.0));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Syntax errors, with all findings; what the code throws.
    pub fn load_str(&'static self, name: &str, text: &str) -> Result<(), Error> {
        let session = self.session();
        self.julia(|i| session.eval_text(i, session.main, name, text).map(|_| ()).map_err(|e| self.error(i, e)))
    }

    /// Evaluates a file in `Main`; `include` in it is relative to it.
    ///
    /// # Errors
    /// As [`Engine::load_str`], and a file that cannot be read.
    pub fn load_file(&'static self, path: &Path) -> Result<(), Error> {
        let session = self.session();
        self.julia(|i| session.run_file(i, path).map(|_| ()).map_err(|e| self.error(i, e)))
    }

    /// Evaluates an expression in `Main` and gives its value as Julia shows it.
    ///
    /// ```
    /// # fn main() -> Result<(), rekindle::Error> {
    /// # use rekindle::{Engine, ErrorKind, Options};
    /// let engine = Engine::start(Options { announce: false, ..Options::default() })?;
    /// assert_eq!(engine.eval("[x^2 for x in 1:3]")?, "[1, 4, 9]");
    ///
    /// let error = engine.eval("sqrt(-1)").unwrap_err();
    /// assert_eq!(error.kind, ErrorKind::Thrown);
    /// assert!(error.message.starts_with("DomainError with -1"));
    ///
    /// let error = engine.load_str("half.jl", "x = 1\ny = (x +").unwrap_err();
    /// assert_eq!(error.kind, ErrorKind::Syntax);
    /// assert!(error.to_string().contains("half.jl:2")); // with an excerpt of the line
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`Engine::load_str`].
    pub fn eval(&'static self, code: &str) -> Result<String, Error> {
        let session = self.session();
        self.julia(|i| match session.eval_str(i, code) {
            Ok(v) => Ok(session.repr(i, v)),
            Err(e) => Err(self.error(i, e)),
        })
    }

    /// A kernel by the name of its function in `Main` (or `Module.name`).
    ///
    /// # Errors
    /// A name that is not defined, or is that of something that cannot be called.
    pub fn kernel(&'static self, name: &str) -> Result<Kernel, Error> {
        let undefined = || Error::argument(format!("UndefVarError: `{name}` not defined in `Main`"));
        let mut path: Vec<&str> = name.split('.').collect();
        // `Base.:+` and the like are no kernels.
        let last = path.pop().filter(|last| !last.is_empty()).ok_or_else(undefined)?;
        let mut module = self.session().main;
        for part in path {
            let inner = module.existing(Symbol::new(part)).and_then(Binding::value).and_then(Module::from_value);
            module = inner.ok_or_else(undefined)?;
        }
        let binding = module.binding(Symbol::new(last));
        match binding.value() {
            Some(_) => {
                let body = module.existing(Symbol::new(&format!("gpu_{last}"))).filter(|b| b.value().is_some());
                Ok(Kernel { engine: self, binding, body, pinned: None })
            }
            None => Err(undefined()),
        }
    }

    /// Runs `f` with an interpreter, when no other thread of the library's does.
    pub(crate) fn julia<T: Send>(
        &'static self,
        f: impl FnOnce(&interp::Interp) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.with_julia(f).unwrap_or_else(|e| Err(Error::system(e)))
    }
}

impl Kernel {
    /// Launches the kernel on the default device and waits for it. The first launch for these argument types compiles;
    /// later ones look up, pack the arguments and launch: on a device of one thread without a lock or an allocation.
    /// Any number of threads may launch at once.
    ///
    /// ```
    /// # fn main() -> Result<(), rekindle::Error> {
    /// # use rekindle::{Engine, ErrorKind, Grid, Options, args};
    /// let engine = Engine::start(Options { announce: false, ..Options::default() })?;
    /// engine.load_str("beyond.jl", "beyond!(y) = (y[length(y) + 1] = 0; return)")?;
    /// let error = engine.kernel("beyond!")?.launch(Grid::linear(1, 1), args![&mut [0.0f32; 4]]).unwrap_err();
    /// assert_eq!(error.kind, ErrorKind::Kernel);
    /// assert!(error.message.contains("BoundsError"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// No method for these arguments; findings of the compilation; sizes that the device does not run; an array of
    /// another device; what the kernel throws (a bounds error, say).
    #[inline]
    pub fn launch(&self, grid: Grid, args: &[Arg<'_>]) -> Result<(), Error> {
        self.launch_on(self.engine.default_device(), grid, args)
    }

    /// As [`launch`](Self::launch), on a device of [`Engine::devices`]. Devices of one kind share what is compiled;
    /// each loads it once.
    ///
    /// # Errors
    /// As [`launch`](Self::launch).
    pub fn launch_on(&self, device: &CpuDevice, grid: Grid, args: &[Arg<'_>]) -> Result<(), Error> {
        let (mut types, mut places) = (Types::new(), Places::new());
        let age = self.arguments(device, args, &mut types, &mut places)?;
        let launch = Launch { device, types: &types, places: &places, grid, age };
        // SAFETY: each place holds a value of its type; what arguments borrow stays while this call runs.
        let ran = unsafe { self.engine.launch(&launch) };
        ran.map_err(|failed| self.engine.launch_error(failed, self.binding.name.as_str(), &types))
    }

    /// Compiles the kernel for arguments of these types and loads it on the default device, if that has not been done;
    /// runs nothing.
    ///
    /// # Errors
    /// As [`launch`](Self::launch), but for what the kernel throws.
    pub fn compile(&self, args: &[Arg<'_>]) -> Result<(), Error> {
        let (mut types, mut places) = (Types::new(), Places::new());
        let device = self.engine.default_device();
        let age = self.arguments(device, args, &mut types, &mut places)?;
        let found = self.engine.find(device, &types, None, age);
        found.map(|_| ()).map_err(|failed| self.engine.launch_error(failed, self.binding.name.as_str(), &types))
    }

    /// Types and places of the function and the arguments, and the world to look up in.
    #[inline]
    pub(crate) fn arguments(
        &self,
        device: &CpuDevice,
        args: &[Arg<'_>],
        types: &mut Types,
        places: &mut Places,
    ) -> Result<WorldAge, Error> {
        // The age first: a function is older than the age in which it can be called.
        let age = self.age();
        let function = match self.pinned {
            Some((_, function)) => function,
            None => self.binding.value().ok_or_else(|| self.undefined())?,
        };
        if runtime::info(function.type_of()).size > 0 {
            // A closure's data lies on the collector's heap: it must see that this thread uses it.
            runtime::gc::enter();
        }
        types.push(interp::dispatch_type(function));
        places.push(function.addr() as *const u8);
        self.push_arguments(device, args, types, places)?;
        Ok(age)
    }

    /// The world to look up in.
    #[inline]
    pub(crate) fn age(&self) -> WorldAge {
        self.pinned.map_or_else(|| self.engine.session().world.age(), |(age, _)| age)
    }

    #[inline]
    pub(crate) fn push_arguments(
        &self,
        device: &CpuDevice,
        args: &[Arg<'_>],
        types: &mut Types,
        places: &mut Places,
    ) -> Result<(), Error> {
        for (i, arg) in args.iter().enumerate() {
            if arg.device().is_some_and(|on| on != device.id()) {
                return Err(elsewhere(i, arg, device));
            }
            types.push(arg.ty(self.engine)?);
            places.push(arg.place());
        }
        Ok(())
    }

    /// The kernel as it is now: it, and what it calls, stays with the methods of this moment, whatever is redefined.
    pub fn pinned(&self) -> Result<Kernel, Error> {
        let value = self.binding.value().ok_or_else(|| self.undefined())?;
        let age = self.engine.session().world.age();
        Ok(Kernel { pinned: Some((age, runtime::pin(value))), ..*self })
    }

    #[cold]
    fn undefined(&self) -> Error {
        let Binding { module, name, .. } = self.binding;
        Error::new(ErrorKind::Argument, format!("UndefVarError: `{name}` not defined in `{}`", module.path()))
    }
}

#[cold]
fn elsewhere(i: usize, arg: &Arg<'_>, device: &CpuDevice) -> Error {
    let on = arg.device().map_or_else(String::new, |d| d.to_string());
    Error::argument(format!("argument {} is an array on {on}, and the kernel is launched on {}", i + 1, device.id()))
}
