//! Any bytes parse: no panic, a tree that holds every byte, findings inside the text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let parse = syntax::parse_text("fuzz", &text);
    assert_eq!(parse.tree().text(&text), text);
    for d in parse.diagnostics() {
        for l in &d.labels {
            assert!(l.span.start <= l.span.end && l.span.end as usize <= text.len());
        }
    }
});
