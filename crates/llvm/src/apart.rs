//! Code emission in a process of its own.
//!
//! LLVM's SPIR-V back-end keeps what it knows of a module in a variable of the process and does not clear all of it: what it
//! emits next may then have parts of what came before, and two threads may not use it at once. In a child of this
//! process nothing came before; and whatever happens there does not happen here.

use crate::{Error, FileType, Module, TargetMachine};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A child starts with the locks that other threads held when it was made, and none of these threads: it may wait for ever.
const PATIENCE_SECONDS: u32 = 60;
const ATTEMPTS: u32 = 3;

/// First byte of an answer.
const EMITTED: u8 = 1;
const REFUSED: u8 = 2;

impl TargetMachine {
    /// Emits `module` as [`TargetMachine::emit`] does, as if it were the first that this process emits.
    ///
    /// # Errors
    /// What LLVM says; that it ended without an answer; a system without room for another process.
    pub fn emit_apart(&self, module: &Module<'_>, file: FileType) -> Result<Vec<u8>, Error> {
        for _ in 0..ATTEMPTS {
            let answer = self.attempt(module, file).map_err(|e| Error(format!("no process could be started: {e}")))?;
            if let Some((kind, bytes)) = answer {
                return if kind == EMITTED { Ok(bytes) } else { Err(Error(String::from_utf8_lossy(&bytes).into())) };
            }
        }
        Err(Error("the code generator ended without an answer".into()))
    }

    /// What one child answers; `None` if it ends before it has.
    fn attempt(&self, module: &Module<'_>, file: FileType) -> io::Result<Option<(u8, Vec<u8>)>> {
        let mut ends = [0; 2];
        // SAFETY: room for two descriptors, which are owned from here on.
        let (from, to) = unsafe {
            if libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) != 0 {
                return Err(io::Error::last_os_error());
            }
            (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1]))
        };
        // SAFETY: the child runs LLVM on what it has a copy of, writes to the pipe and ends without returning to anything of
        // this process. The C library's allocator works in children.
        let child = unsafe { libc::fork() };
        if child < 0 {
            return Err(io::Error::last_os_error());
        }
        if child == 0 {
            drop(from);
            self.answer(module, file, File::from(to));
        }
        drop(to);
        let answer = read_answer(&mut File::from(from));
        // SAFETY: a child of this process; nobody else waits for it. Where children are not waited for, there is nothing to do.
        unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
        Ok(answer)
    }

    /// The child's part.
    fn answer(&self, module: &Module<'_>, file: FileType, mut to: File) -> ! {
        // SAFETY: the process is about to end in one way or another; `module` is not dropped in it, so that the copy is the
        // only one that is used.
        unsafe {
            libc::signal(libc::SIGALRM, libc::SIG_DFL);
            libc::alarm(PATIENCE_SECONDS);
            let outcome = catch_unwind(AssertUnwindSafe(|| self.emit(std::ptr::read(module), file)));
            let answered = match outcome {
                Ok(Ok(bytes)) => write_answer(&mut to, EMITTED, &bytes),
                Ok(Err(e)) => write_answer(&mut to, REFUSED, e.0.as_bytes()),
                Err(_) => Ok(()),
            };
            libc::_exit(i32::from(answered.is_err()))
        }
    }
}

fn write_answer(to: &mut File, kind: u8, bytes: &[u8]) -> io::Result<()> {
    to.write_all(&[kind])?;
    to.write_all(&(bytes.len() as u64).to_le_bytes())?;
    to.write_all(bytes)
}

/// With its length, as children that other threads start may hold the pipe open.
fn read_answer(from: &mut File) -> Option<(u8, Vec<u8>)> {
    let (mut kind, mut len) = ([0], [0; 8]);
    from.read_exact(&mut kind).ok()?;
    from.read_exact(&mut len).ok()?;
    let mut bytes = vec![0; usize::try_from(u64::from_le_bytes(len)).ok()?];
    from.read_exact(&mut bytes).ok()?;
    Some((kind[0], bytes))
}
