//! Builds the entry trampoline: `setjmp` cannot be called from Rust.

fn main() {
    println!("cargo::rerun-if-changed=src/trampoline.c");
    cc::Build::new().file("src/trampoline.c").opt_level(2).warnings(true).compile("rekindle_trampoline");
}
