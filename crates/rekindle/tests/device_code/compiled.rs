//! Code for a device whose code no process here runs.

use crate::stories::engine;
use compiler::{Artifact, CompilerConfig};
use rekindle::Stage;

/// The code of a kernel that was loaded, by its name with the types of its arguments.
pub fn compiled(target: &str, entry: &str, stage: Stage) -> Artifact {
    let engine = engine();
    let session = engine.session();
    let target = rekindle::target_for(target, None).expect("an LLVM with the target");
    interp::on_big_stack(|| {
        let job = session.with_interp(|i| {
            let types = engine.entry_types(i, entry).map_err(|e| session.error_text(i, e))?;
            engine.job(CompilerConfig::kernel(target), &types).map_err(|e| session.error_text(i, e))
        });
        let made = engine.driver().compile(stage, &job.unwrap_or_else(|e: String| panic!("{e}")));
        made.unwrap_or_else(|e| panic!("{e}"))
    })
}

/// Images do not depend on what was compiled before, or is being compiled beside.
pub fn same_in_any_order_and_thread(target: &str, entries: &[&str]) {
    let image = |entry: &&str| compiled(target, entry, Stage::Image).bytes;
    let first: Vec<_> = entries.iter().map(image).collect();
    let again = std::thread::scope(|scope| {
        let backwards = || entries.iter().rev().map(image).collect::<Vec<_>>();
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(backwards)).collect();
        threads.into_iter().map(|t| t.join().expect("compiles")).collect::<Vec<_>>()
    });
    for images in again {
        assert!(images.iter().rev().eq(&first), "{target}");
    }
}
