//! Programs mutated at random (from a fixed seed) go through the front-end: the parser gives a tree that holds every byte and
//! findings inside the text; every statement is lowered, macros included, or refused; definitions are evaluated, and what they
//! define is inferred. Nothing panics, nothing hangs. `REKINDLE_FUZZ_SECONDS` sets how long (5), `REKINDLE_FUZZ_SEED` where it
//! starts.

#[path = "support/julia.rs"]
mod julia;

use interp::{Session, on_big_stack};
use runtime::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use syntax::Expr;

/// Longest text made.
const MAX_TEXT: usize = 3000;
/// What one text may take.
const HANG: Duration = Duration::from_secs(20);

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 11) as usize % n.max(1)
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// Words and signs that mean something to the grammar.
#[rustfmt::skip]
const TOKENS: &[&str] = &[
    "end", "function ", "struct ", "mutable struct ", "abstract type ", "module ", "if ", "else", "elseif ", "for ",
    "while ", "try", "catch", "finally", "let ", "begin", "quote", "do", "macro ", "return ", "break", "continue",
    "const ", "global ", "local ", "where ", "in ", "isa ", "import ", "using ", "export ", "outer ", "new", "(", ")",
    "[", "]", "{", "}", ",", ";", "\n", " ", "=", "==", "===", "+=", ".=", ".+", "+", "-", "*", "/", "^", "'", "\"",
    "\"\"\"", "`", "$", "$(", "@", "@x ", "@generated ", "@goto a", "@label a", "@inbounds ", "@kernel ", ":", "::",
    ":(", "->", "=>", "|>", "...", "..", ".", "?", "!", "&&", "||", "<:", ">:", "<", "~", "\\", "%", "#", "#=", "=#",
    "0x", "1e", "1.", "0b1", "'a'", "1_0", "_", "x", "T", "Int", "Vararg", "∈", "α", "≠", "÷", "̂", "\u{200b}", "🙂",
    "var\"a b\"", "r\"", "b\"", "raw\"", "(;", "; kw...", "x->", "[;;", ";;", "nothing", "Core.", "ccall", "esc",
    "eval", "@. ", "@views ", "x...", "a.b.c", "f(x)=", "::T where T",
];

fn corpus() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders: Vec<PathBuf> = vec![root.join("examples"), root.join("crates/cli/tests/wrong")];
    folders.extend(["kernels", "lang", "types"].map(|d| root.join("../shared/golden/programs").join(d)));
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            eprintln!("SKIPPED: {} is not there", folder.display());
            continue;
        };
        files.extend(entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "jl")));
    }
    files.sort();
    files.iter().filter_map(|f| std::fs::read_to_string(f).ok()).collect()
}

/// Some lines of a text, changed in a few places.
fn mutated(random: &mut Random, corpus: &[String]) -> String {
    let lines: Vec<&str> = corpus[random.below(corpus.len())].split_inclusive('\n').collect();
    let start = random.below(lines.len());
    let most = if random.below(4) == 0 { 80 } else { 15 };
    let count = 1 + random.below(most);
    let mut bytes = lines[start..(start + count).min(lines.len())].concat().into_bytes();
    bytes.truncate(MAX_TEXT);
    for _ in 0..1 + random.below(6) {
        let at = random.below(bytes.len() + 1);
        let until = (at + random.below(12)).min(bytes.len());
        match random.below(8) {
            0 => drop(bytes.drain(at..until)),
            1 => {
                if let Some(b) = bytes.get_mut(at) {
                    *b = (random.below(95) + 32) as u8;
                }
            }
            2 => {
                let piece = bytes[at..until].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            3 => {
                // a piece of another program
                let other = corpus[random.below(corpus.len())].as_bytes();
                let from = random.below(other.len());
                let piece = &other[from..(from + random.below(60)).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            4 => {
                // deep nesting
                let token = random.one(&["(", "[", "{", "-", "f(", "begin ", "x[", "if x ", ":(", "a?", "!", "$("]);
                let n = random.below(200);
                bytes.splice(at..at, token.repeat(n).into_bytes());
            }
            5 => bytes.truncate(at),
            _ => {
                let token = random.one(TOKENS);
                bytes.splice(at..at, token.bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Does evaluating this only define something?
fn defines(e: &Expr) -> bool {
    let call = |e: &Expr| e.is("call") || e.is("where") || e.is("::");
    ["function", "struct", "abstract", "primitive", "export"].iter().any(|h| e.is(h))
        || e.is("=") && e.args().first().is_some_and(call)
}

/// Infers the newest method of a function for arguments of plain types; whether there was one.
fn infer_newest(session: &'static Session, f: Value, of: usize) -> bool {
    let any = types::builtin::any();
    let rest = types::make_vararg(any, None).expect("a type");
    let callee = julia::dispatch_type(f);
    let age = session.world.age();
    let all = session.world.lookup(session.stack, types::type_of_tuple(&[callee, rest]), age);
    let Some(method) = all.get().matches.iter().map(|m| m.method).max_by_key(|m| m.id()) else { return false };
    let plain = [Value::int(1), Value::float64(1.0), Value::string("a"), Value::boolean(true)];
    let wanted = types::tuple_elements(method.sig().unwrap_unionall()).unwrap_or_default();
    let mut given = vec![callee];
    for (i, &w) in wanted.iter().enumerate().skip(1) {
        let w = w.vararg().map_or(w, |(elem, _)| elem);
        given.push(if w.is_concrete() { w } else { plain[(of + i) % plain.len()].type_of() });
    }
    let found = session.world.lookup(session.stack, types::type_of_tuple(&given), age);
    let Some(found) = found.get().selected().found() else { return false };
    let source = julia::Methods(session);
    infer::infer(&julia::context(session, &source), found.instance()).is_ok()
}

/// How many statements were lowered and refused, and how many methods inferred.
fn through(session: &'static Session, text: &str) -> [usize; 3] {
    let parse = syntax::parse_text("fuzz.jl", text);
    assert_eq!(parse.tree().text(text), text, "the tree holds the text");
    for d in parse.diagnostics() {
        for l in &d.labels {
            assert!(l.span.start <= l.span.end && l.span.end as usize <= text.len(), "{d:?}");
        }
        is_plain(&d.message, text);
    }
    session.with_interp(|interp| {
        let m = session.main;
        let [mut lowered, mut refused, mut inferred] = [0; 3];
        for s in parse.expr().args().iter().filter(|s| !s.is_line()) {
            match interp.lower(m, s) {
                Ok(_) => {
                    lowered += 1;
                    if parse.ok() && defines(s) {
                        let f = interp.eval_expr(m, s).ok().filter(|_| s.is("function") || s.is("="));
                        inferred += usize::from(f.is_some_and(|f| infer_newest(session, f, text.len())));
                    }
                }
                Err(e) => {
                    refused += 1;
                    for d in session.diagnostics_of(&e) {
                        is_plain(&d.message, text);
                    }
                }
            }
        }
        [lowered, refused, inferred]
    })
}

/// Messages are for people: nothing of how Rust shows values, unless the program says so itself.
fn is_plain(message: &str, text: &str) {
    let ours = ["ExprKind", "Some", "None"].iter().find(|w| message.contains(**w) && !text.contains(**w));
    assert!(!message.is_empty() && ours.is_none(), "{message}");
}

#[test]
fn mutated_programs_are_refused_or_lowered() {
    let number = |name: &str, default: u64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let limit = Duration::from_secs(number("REKINDLE_FUZZ_SECONDS", 5));
    let mut seed = number("REKINDLE_FUZZ_SEED", 1);
    let corpus = corpus();
    assert!(corpus.len() > 20, "programs to mutate");
    let session = julia::session();
    // What runs now and since when, for the thread that looks for hangs.
    let now: Arc<Mutex<Option<(Instant, String)>>> = Arc::default();
    let watched = now.clone();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_millis(500));
            let now = watched.lock().unwrap_or_else(|e| e.into_inner());
            if let Some((since, text)) = now.as_ref()
                && since.elapsed() > HANG
            {
                eprintln!("hang after more than {} s:\n{text}\n---", HANG.as_secs());
                std::process::exit(101);
            }
        }
    });
    let (texts, [lowered, refused, inferred], failures) = on_big_stack(move || {
        let (mut texts, mut counts) = (0u64, [0; 3]);
        let mut failures: Vec<String> = Vec::new();
        let start = Instant::now();
        while start.elapsed() < limit && failures.len() < 20 {
            let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
            random.next();
            seed += 1;
            let text = mutated(&mut random, &corpus);
            *now.lock().unwrap_or_else(|e| e.into_inner()) = Some((Instant::now(), text.clone()));
            // Warnings about the texts are not about us.
            let (outcome, ..) = runtime::host::capture(|| catch_unwind(AssertUnwindSafe(|| through(session, &text))));
            match outcome {
                Ok(more) => counts.iter_mut().zip(more).for_each(|(n, m)| *n += m),
                Err(_) => failures.push(format!("seed {}:\n{text}\n---", seed - 1)),
            }
            texts += 1;
        }
        *now.lock().unwrap_or_else(|e| e.into_inner()) = None;
        (texts, counts, failures)
    });
    let panics = failures.len();
    eprintln!(
        "fuzz: {texts} texts, {lowered} statements lowered, {refused} refused, {inferred} methods inferred, {panics} panics"
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(texts > 10 && lowered > 0 && refused > 0 && inferred > 0);
}
