//! The library's face: load code, get a kernel, launch it on Rust slices, redefine, catch errors.

use crate::engine::Engine;
use base::Diagnostic;
use runtime::{Exception, Value};
use std::fmt;
use std::path::Path;
use types::Ty;

/// What went wrong: Julia's error text, and the findings with places where there are any.
#[derive(Clone, Debug)]
pub struct Error {
    pub message: String,
    pub findings: Vec<Diagnostic>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.findings.is_empty() {
            return f.write_str(&self.message);
        }
        f.write_str(&diagnostics::render_all(&self.findings, false))
    }
}
impl std::error::Error for Error {}

/// A kernel's argument.
///
/// Slices become device vectors that point to the same memory: a kernel's writes are seen in the slice when
/// [`Kernel::launch`] returns.
pub enum Arg<'a> {
    Bool(bool),
    I32(i32),
    I64(i64),
    F32(f32),
    F64(f64),
    I32s(&'a mut [i32]),
    I64s(&'a mut [i64]),
    F32s(&'a mut [f32]),
    F64s(&'a mut [f64]),
}

/// A function to launch as a kernel: whatever its name means in `Main` at each launch, so that redefinitions are seen.
#[derive(Clone, Debug)]
pub struct Kernel {
    name: String,
}

/// How many groups of how many work-items.
#[derive(Clone, Copy, Debug)]
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

impl Engine {
    /// Evaluates source text in `Main`; `name` stands for it in messages.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use rekindle::{Arg, Engine, Grid, Options};
    /// let engine = Engine::start(Options::default())?;
    /// engine.load_str(
    ///     "scale.jl",
    ///     "using CUDA\nfunction scale!(y, a)\n  i = (blockIdx().x - 1) * blockDim().x + threadIdx().x\n  i <= length(y) && (y[i] *= a)\n  return\nend",
    /// )?;
    /// let mut y = vec![1.0f32; 1000];
    /// let n = y.len();
    /// engine.kernel("scale!")?.launch(engine, Grid::linear(n, 64), &mut [Arg::F32s(&mut y), Arg::F32(2.0)])?;
    /// assert!(y.iter().all(|&v| v == 2.0));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Syntax errors, with all findings; what the code throws.
    pub fn load_str(&'static self, name: &str, text: &str) -> Result<(), Error> {
        let session = self.session();
        session
            .with_interp(|i| session.eval_text(i, session.main, name, text).map(|_| ()).map_err(|e| self.error(i, e)))
    }

    /// Evaluates a file in `Main`; `include` in it is relative to it.
    ///
    /// # Errors
    /// As [`Engine::load_str`], and a file that cannot be read.
    pub fn load_file(&'static self, path: &Path) -> Result<(), Error> {
        let session = self.session();
        session.with_interp(|i| session.run_file(i, path).map(|_| ()).map_err(|e| self.error(i, e)))
    }

    /// Evaluates an expression in `Main` and gives its value as Julia shows it.
    ///
    /// # Errors
    /// As [`Engine::load_str`].
    pub fn eval(&'static self, code: &str) -> Result<String, Error> {
        let session = self.session();
        session.with_interp(|i| match session.eval_str(i, code) {
            Ok(v) => Ok(session.repr(i, v)),
            Err(e) => Err(self.error(i, e)),
        })
    }

    /// A kernel by the name of its function in `Main` (or `Module.name`).
    ///
    /// # Errors
    /// A name that is not defined.
    pub fn kernel(&'static self, name: &str) -> Result<Kernel, Error> {
        let session = self.session();
        session.with_interp(|i| match session.eval_str(i, name) {
            Ok(_) => Ok(Kernel { name: name.into() }),
            Err(e) => Err(self.error(i, e)),
        })
    }

    fn error(&self, interp: &interp::Interp, e: Exception) -> Error {
        let session = self.session();
        let message = session.error_text(interp, e);
        // the session keeps the findings of the last wrong text: they are this error's if it quotes one
        let mut findings = session.last_diagnostics();
        if !findings.iter().any(|d| message.contains(&d.message)) {
            findings.clear();
        }
        if findings.is_empty()
            && let Some(c) = self.last_compile_error().filter(|c| message.contains(&c.job))
        {
            findings = c.findings;
        }
        Error { message, findings }
    }
}

impl Kernel {
    /// Launches the kernel and waits for it. The first launch for these argument types compiles; later ones look up.
    ///
    /// # Errors
    /// Findings of the compilation; wrong sizes; what the kernel throws (a bounds error, say).
    pub fn launch(&self, engine: &'static Engine, grid: Grid, args: &mut [Arg<'_>]) -> Result<(), Error> {
        let session = engine.session();
        session.with_interp(|i| {
            let mut run = || -> Result<(), Exception> {
                let f = session.eval_str(i, &self.name)?;
                let mut values = runtime::ValueVec::new();
                for a in args.iter_mut() {
                    values.push(argument(engine, i, a)?);
                }
                let three = |v: [u32; 3]| {
                    runtime::object::tuple(&[Value::int(v[0].into()), Value::int(v[1].into()), Value::int(v[2].into())])
                };
                let call = [
                    Value::symbol(base::Symbol::new("cpu")),
                    f,
                    runtime::object::tuple(&values),
                    three(grid.group_size),
                    three(grid.groups),
                    Value::int(grid.shared.into()),
                ];
                i.in_world(session.world.age(), || engine.launch(&call)).map(|_| ())
            };
            run().map_err(|e| engine.error(i, e))
        })
    }
}

fn argument(engine: &'static Engine, interp: &interp::Interp, a: &mut Arg<'_>) -> Result<Value, Exception> {
    use types::builtin;
    Ok(match a {
        Arg::Bool(x) => Value::boolean(*x),
        Arg::I32(x) => Value::int32(*x),
        Arg::I64(x) => Value::int(*x),
        Arg::F32(x) => Value::float32(*x),
        Arg::F64(x) => Value::float64(*x),
        Arg::I32s(s) => vector(engine, interp, builtin::int32(), s.as_mut_ptr().addr(), s.len())?,
        Arg::I64s(s) => vector(engine, interp, builtin::int64(), s.as_mut_ptr().addr(), s.len())?,
        Arg::F32s(s) => vector(engine, interp, builtin::float32(), s.as_mut_ptr().addr(), s.len())?,
        Arg::F64s(s) => vector(engine, interp, builtin::float64(), s.as_mut_ptr().addr(), s.len())?,
    })
}

/// A device vector over memory of the caller, who keeps it while the launch runs.
fn vector(
    engine: &'static Engine,
    interp: &interp::Interp,
    ty: Ty,
    address: usize,
    n: usize,
) -> Result<Value, Exception> {
    let session = engine.session();
    let make = session.eval_str(interp, "Base.Device.vector_at")?;
    interp.call_in(session.world.age(), make, &[Value::from(ty), Value::uint64(address as u64), Value::int(n as i64)])
}
