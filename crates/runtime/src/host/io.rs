//! Streams and files.

use super::args::*;
use crate::strings::string_from_bytes;
use crate::{Exception, Value, errors};
use std::io::{BufRead, Write};
use std::sync::Mutex;

super::table! { pub TABLE:
    write_stream 2..=2 Nothing effect |a| {
        write_bytes(int(a[0])?, bytes(a[1])?)?;
        nothing()
    };
    write_stream_bytes 2..=2 Nothing effect |a| {
        write_bytes(int(a[0])?, byte_data(a[1])?)?;
        nothing()
    };
    flush_stream 1..=1 Nothing effect |a| {
        flush(int(a[0])?);
        nothing()
    };
    redirect_begin 1..=1 Nothing effect |a| {
        let stream = int(a[0])?;
        REDIRECTED.lock().unwrap_or_else(|e| e.into_inner()).push((stream, Vec::new()));
        nothing()
    };
    redirect_end 0..=0 String effect |_| {
        let last = REDIRECTED.lock().unwrap_or_else(|e| e.into_inner()).pop();
        Ok(string_from_bytes(&last.map_or_else(Vec::new, |(_, bytes)| bytes)))
    };
    read_line 0..=0 String effect |_| {
        let mut line = Vec::new();
        std::io::stdin().lock().read_until(b'\n', &mut line).map_err(|e| errors::error(&e.to_string()))?;
        Ok(string_from_bytes(&line))
    };
    read_all 0..=0 String effect |_| {
        let mut all = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut all).map_err(|e| errors::error(&e.to_string()))?;
        Ok(string_from_bytes(&all))
    };
    read_file 1..=1 String effect |a| {
        let path = text(a[0])?;
        std::fs::read(&*path).map(|b| string_from_bytes(&b)).map_err(|e| file_error("opening file", &path, &e))
    };
    write_file 2..=2 Nothing effect |a| {
        let path = text(a[0])?;
        std::fs::write(&*path, byte_data(a[1])?).map_err(|e| file_error("opening file", &path, &e))?;
        nothing()
    };
    remove_file 1..=1 Nothing effect |a| {
        let path = text(a[0])?;
        let gone = if std::path::Path::new(&*path).is_dir() { std::fs::remove_dir_all(&*path) } else { std::fs::remove_file(&*path) };
        gone.map_err(|e| file_error("unlink", &path, &e))?;
        nothing()
    };
    make_dir 1..=1 Nothing effect |a| {
        let path = text(a[0])?;
        std::fs::create_dir_all(&*path).map_err(|e| file_error("mkdir", &path, &e))?;
        nothing()
    };
    list_dir 1..=1 Any effect |a| {
        let path = text(a[0])?;
        let entries = std::fs::read_dir(&*path).map_err(|e| file_error("readdir", &path, &e))?;
        let mut names: Vec<String> = entries.filter_map(|e| Some(e.ok()?.file_name().to_string_lossy().into_owned())).collect();
        names.sort();
        let names: crate::ValueVec = names.iter().map(|n| Value::string(n)).collect();
        Ok(crate::array::vector_of(crate::core_types().string, &names))
    };
    is_file 1..=1 Bool effect |a| boolean(std::path::Path::new(&*text(a[0])?).is_file());
    is_dir 1..=1 Bool effect |a| boolean(std::path::Path::new(&*text(a[0])?).is_dir());
    temp_name 0..=0 String effect |_| {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("jl_{}_{n}", std::process::id()));
        Ok(Value::string(&path.to_string_lossy()))
    };
}

fn file_error(what: &str, path: &str, e: &std::io::Error) -> Exception {
    errors::system(&format!("{what} {path:?}"), e)
}

/// Where standard output and error go while something captures them.
static CAPTURE: Mutex<Option<(Vec<u8>, Vec<u8>)>> = Mutex::new(None);
/// Redirections that a program has begun, innermost last: what is written to the stream collects there.
static REDIRECTED: Mutex<Vec<(i64, Vec<u8>)>> = Mutex::new(Vec::new());
/// Standard output, buffered; flushed when large, on request and at exit.
static OUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn write_bytes(stream: i64, bytes: &[u8]) -> Result<(), Exception> {
    let mut redirected = REDIRECTED.lock().unwrap_or_else(|e| e.into_inner());
    if let Some((_, collected)) = redirected.iter_mut().rfind(|(s, _)| *s == stream) {
        collected.extend(bytes);
        return Ok(());
    }
    drop(redirected);
    if let Some((out, err)) = CAPTURE.lock().unwrap_or_else(|e| e.into_inner()).as_mut() {
        if stream == 2 {
            err.extend(bytes)
        } else {
            out.extend(bytes)
        }
        return Ok(());
    }
    match stream {
        2 => {
            // Keep the order of what the two streams show on one terminal.
            flush(1);
            let _ = std::io::stderr().write_all(bytes);
        }
        1 => {
            let mut out = OUT.lock().unwrap_or_else(|e| e.into_inner());
            out.extend(bytes);
            if out.len() > 1 << 15 || bytes.contains(&b'\n') && std::io::IsTerminal::is_terminal(&std::io::stdout()) {
                write_out(&mut out);
            }
        }
        _ => return Err(errors::argument(&format!("no such stream: {stream}"))),
    }
    Ok(())
}

fn write_out(out: &mut Vec<u8>) {
    let mut stdout = std::io::stdout().lock();
    // A closed pipe ends output silently, as for other command-line programs.
    let _ = stdout.write_all(out);
    let _ = stdout.flush();
    out.clear();
}

fn flush(stream: i64) {
    if stream == 1 {
        write_out(&mut OUT.lock().unwrap_or_else(|e| e.into_inner()));
    }
}

/// Writes text to Julia's standard output (or its capture).
pub fn print_out(text: &str) {
    let _ = write_bytes(1, text.as_bytes());
}

/// Writes text to Julia's standard error (or its capture).
pub fn print_err(text: &str) {
    let _ = write_bytes(2, text.as_bytes());
}

/// Runs `f` and returns what it wrote to standard output and standard error. One capture at a time.
pub fn capture<T>(f: impl FnOnce() -> T) -> (T, Vec<u8>, Vec<u8>) {
    *CAPTURE.lock().unwrap_or_else(|e| e.into_inner()) = Some((Vec::new(), Vec::new()));
    let r = f();
    let (out, err) = CAPTURE.lock().unwrap_or_else(|e| e.into_inner()).take().unwrap_or_default();
    (r, out, err)
}

/// Writes buffered output out; to be called before the process ends.
pub fn flush_all() {
    flush(1);
}
