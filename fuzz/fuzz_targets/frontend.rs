//! Any text that parses is lowered or refused with findings: macros are expanded, nothing else runs.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let session = interp::Session::start().expect("the prelude loads");
    let parse = syntax::parse_text("fuzz", text);
    session.with_interp(|interp| {
        for statement in parse.expr().args().iter().filter(|s| !s.is_line()) {
            let _ = interp.lower(session.main, statement);
        }
    });
});
