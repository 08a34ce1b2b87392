//! Runs a kernel of a file again and again, and loads the file whenever it changes: what the change touched is compiled
//! again, and nothing else.
//!
//!     cargo run -p rekindle --example watch -- FILE.jl KERNEL [ROUNDS]
//!
//! The kernel gets a vector of 1,024 `Float32`s. Edit the file meanwhile; text that does not load is reported, and the
//! old kernel goes on. Without arguments the example writes a file of its own and edits it.

use rekindle::{DeviceArray, Engine, Error, Event, Grid, Options, Recording, args};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file that is looked at again when its time or length has changed.
struct Watched {
    path: PathBuf,
    stamp: Option<(SystemTime, u64)>,
}

impl Watched {
    /// May the file be another than at the last call?
    ///
    /// # Errors
    /// A file that is not there.
    fn changed(&mut self) -> std::io::Result<bool> {
        let facts = std::fs::metadata(&self.path)?;
        let stamp = Some((facts.modified()?, facts.len()));
        Ok(std::mem::replace(&mut self.stamp, stamp) != stamp)
    }
}

/// What loading and launching once more came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    evaluated: usize,
    ended: usize,
    inferred: usize,
    compiled: usize,
}

/// A kernel whose source is watched.
struct Live {
    engine: &'static Engine,
    file: Watched,
    kernel: String,
    data: DeviceArray<f32>,
    events: Recording,
}

impl Live {
    fn new(engine: &'static Engine, path: &Path, kernel: &str) -> Result<Live, String> {
        let data = DeviceArray::zeros(engine.default_device(), &[1024]).map_err(|e| e.to_string())?;
        Ok(Live {
            engine,
            file: Watched { path: path.to_owned(), stamp: None },
            kernel: kernel.into(),
            data,
            events: engine.record()?,
        })
    }

    /// Evaluates what was edited in the file; how many statements.
    fn reload(&mut self) -> Result<usize, Box<dyn std::error::Error>> {
        if !self.file.changed()? {
            return Ok(0);
        }
        Ok(self.engine.update_file(&self.file.path)?)
    }

    fn launch(&self) -> Result<(), Error> {
        self.engine.kernel(&self.kernel)?.launch(Grid::linear(self.data.len(), 64), args![&self.data])
    }

    /// What was done since the last call.
    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for event in self.events.take() {
            match event {
                Event::Ended { .. } => counts.ended += 1,
                Event::Inferred { .. } => counts.inferred += 1,
                Event::Compiled { .. } => counts.compiled += 1,
                _ => {}
            }
        }
        counts
    }

    /// One round: the first element after it, and what was done.
    fn round(&mut self) -> Result<(f32, Counts), Box<dyn std::error::Error>> {
        let loaded = self.reload();
        self.launch()?;
        Ok((self.data.to_vec()[0], Counts { evaluated: loaded?, ..self.counts() }))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let engine = Engine::start(Options { announce: false, ..Options::default() })?;
    let [file, kernel, rest @ ..] = &given[..] else { return demonstrate(engine) };
    let rounds: usize = rest.first().map_or(Ok(usize::MAX), |n| n.parse())?;
    let mut live = Live::new(engine, Path::new(file), kernel)?;
    for _ in 0..rounds {
        match live.round() {
            Ok((first, counts)) if counts != Counts::default() => println!("{first}  {counts:?}"),
            Ok(_) => {}
            Err(e) => eprintln!("{e}"),
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

const FIRST: &str = "
step(x) = x + 1
function advance!(y)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    i <= length(y) && (y[i] = step(y[i]))
    return
end
other!(y) = (y[1] = -1; return)
";

/// A file of the example's own, edited while it is watched.
fn demonstrate(engine: &'static Engine) -> Result<(), Box<dyn std::error::Error>> {
    engine.load_str("modules", "using CUDA")?;
    let dir = std::env::temp_dir().join(format!("rekindle-watch-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let path = dir.join("advance.jl");
    let outcome = edit_and_run(engine, &path);
    std::fs::remove_dir_all(&dir)?;
    outcome
}

fn edit_and_run(engine: &'static Engine, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::write(path, FIRST)?;
    let mut live = Live::new(engine, path, "advance!")?;
    println!("first      {:?}", live.round()?);
    println!("unchanged  {:?}", live.round()?);
    std::fs::write(path, FIRST.replace("x + 1", "x + 10"))?;
    println!("edited     {:?}", live.round()?);
    std::fs::write(path, "step(x) = x +")?;
    match live.round() {
        Ok(round) => println!("wrong      {round:?}"),
        Err(e) => println!("wrong      {}", e.to_string().lines().next().unwrap_or_default()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_loaded_once_and_only_what_it_touches_is_compiled_again() {
        let engine = Engine::start(Options { announce: false, ..Options::default() }).expect("starts");
        engine.load_str("modules", "using CUDA").expect("loads");
        let dir = std::env::temp_dir().join(format!("rekindle-watch-test-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a folder of our own");
        let path = dir.join("advance.jl");
        std::fs::write(&path, FIRST).expect("can be written");

        let mut live = Live::new(engine, &path, "advance!").expect("there is a CPU device");
        let (first, counts) = live.round().expect("runs");
        assert_eq!((first, counts.compiled), (1.0, 1));
        assert_eq!(live.round().expect("runs"), (2.0, Counts::default()), "nothing changed");

        let other = |n: f32| {
            let mut y = [n];
            engine.kernel("other!").expect("is defined").launch(Grid::linear(1, 1), args![&mut y]).expect("runs");
            assert_eq!(y, [-1.0]);
        };
        other(1.0);
        live.counts();

        // Touched, and a remark that moves everything.
        std::fs::write(&path, format!("# a remark\n{FIRST}")).expect("can be written");
        assert_eq!(live.round().expect("runs"), (3.0, Counts::default()), "no statement was edited");

        // The step, and with it the kernel; not the other kernel.
        std::fs::write(&path, FIRST.replace("x + 1", "x + 10")).expect("can be written");
        let expected = Counts { evaluated: 1, ended: 2, inferred: 2, compiled: 1 };
        assert_eq!(live.round().expect("runs"), (13.0, expected));
        other(2.0);
        assert_eq!(live.counts(), Counts::default());

        // What is wrong is reported, and the old kernel goes on.
        std::fs::write(&path, "step(x) = x +").expect("can be written");
        assert!(live.round().is_err());
        assert_eq!(live.round().expect("runs").0, 33.0);

        std::fs::write(&path, FIRST.replace("x + 1", "2x")).expect("can be written");
        assert_eq!(live.round().expect("runs").0, 66.0);
        std::fs::remove_dir_all(&dir).expect("can be removed");
    }
}
