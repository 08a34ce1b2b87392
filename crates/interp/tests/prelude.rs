//! The library's code as a whole.

use interp::{Session, on_big_stack};
use ir::lowered::{CodeInfo, code_of};
use std::path::Path;

/// The bundled modules: directories with a file of their own name.
fn bundled() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../julia");
    let mut names: Vec<String> = std::fs::read_dir(&root)
        .expect("the sources are there")
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|name| root.join(name).join(format!("{name}.jl")).is_file() && name != "base")
        .collect();
    names.sort();
    names
}

#[test]
fn every_body_that_was_left_for_later_lowers() {
    on_big_stack(|| {
        let session = Session::start().expect("the prelude loads");
        session.with_interp(|interp| {
            for name in bundled() {
                session.eval_str(interp, &format!("import {name}")).map_err(|e| e.0.addr()).expect("a bundled module");
            }
        });
        let methods = session.world.methods(session.world.global());
        let deferred = |m: &&world::MethodRef| m.source_as::<CodeInfo>().is_some_and(|code| code.deferred.is_some());
        let left: Vec<_> = methods.iter().filter(deferred).collect();
        let broken: Vec<String> = left
            .iter()
            .filter(|m| code_of(m.source()).is_none())
            .map(|m| format!("{}.{}", m.module(), m.name()))
            .collect();
        println!("bodies lowered late: {} of {} agree", left.len() - broken.len(), left.len());
        assert!(broken.is_empty(), "these do not lower: {broken:?}");
        assert!(left.len() * 2 > methods.len(), "only {} of {} methods were deferred", left.len(), methods.len());
    });
}

#[test]
fn user_code_is_lowered_where_it_is_defined() {
    on_big_stack(|| {
        let session = Session::start().expect("the prelude loads");
        session.with_interp(|interp| {
            let wrong = session.eval_str(interp, "late_error(x) = (x; local x)\n1 + 1");
            let text = wrong.map(|_| String::new()).unwrap_or_else(|e| session.error_text(interp, e));
            assert!(text.contains("syntax"), "no error at the definition: {text:?}");
        });
    });
}
