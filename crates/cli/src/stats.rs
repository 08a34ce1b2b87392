//! `--stats`: what was done, and how long each stage took.

use crate::report;
use rekindle::Engine;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// When the command began, and how long the prelude took.
pub struct Run {
    began: Instant,
    prelude: Duration,
}

impl Run {
    pub fn begin() -> Run {
        Run { began: Instant::now(), prelude: Duration::ZERO }
    }

    /// The prelude is there.
    pub fn loaded(&mut self) {
        self.prelude = self.began.elapsed();
    }

    /// Writes the statistics if they are asked for; false if that failed, which is reported.
    #[must_use]
    pub fn finish(&self, engine: &Engine, path: Option<&str>, as_json: bool) -> bool {
        let Some(path) = path else { return true };
        match self.write(engine, path) {
            Ok(()) => true,
            Err(e) => {
                report::message(&format!("the statistics could not be written to `{path}`: {e}"), as_json);
                false
            }
        }
    }

    fn write(&self, engine: &Engine, path: &str) -> std::io::Result<()> {
        let text = format!("{}\n", self.json(engine));
        if path == "-" {
            eprint!("{text}");
            return Ok(());
        }
        std::fs::write(path, text)
    }

    fn json(&self, engine: &Engine) -> serde_json::Value {
        let (done, here) = (&engine.driver().counters, &engine.counters);
        let n = |x: &AtomicU64| x.load(Ordering::Relaxed);
        let ms = |x: Duration| x.as_secs_f64() * 1e3;
        serde_json::json!({
            "inferred": n(&done.inferred), "emitted": n(&done.emitted), "optimized": n(&done.optimized),
            "codegen": n(&done.generated), "linked": n(&done.linked), "loaded": n(&here.loaded),
            "launched": n(&here.launched),
            "image_hits": 0, "store_hits": 0, "store_misses": 0, "remote_hits": 0,
            "llvm_loaded": true,
            "ms": {
                "prelude": ms(self.prelude),
                "inferred": done.times.infer.ms(), "emitted": done.times.emit.ms(), "linked": done.times.link.ms(),
                "optimized": done.times.optimize.ms(), "codegen": done.times.generate.ms(),
                "loaded": here.loading.ms(),
                "total": ms(self.began.elapsed()),
            },
        })
    }
}
