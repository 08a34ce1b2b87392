//! Times the inference of calls, each for a fresh owner (so that everything it calls is inferred, too):
//! `bench FILE 'f, (types...)'…`.

#[path = "../tests/support/julia.rs"]
mod julia;

use std::time::{Duration, Instant};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((file, calls)) = args.split_first() else { return eprintln!("bench FILE 'f, (types...)'…") };
    let text = std::fs::read_to_string(file).unwrap_or_default();
    interp::on_big_stack(|| {
        let session = julia::session();
        let m = session.main;
        let loaded = session
            .with_interp(|i| session.eval_text(i, m, file, &text).map(|_| ()).map_err(|e| session.error_text(i, e)));
        if let Err(e) = loaded {
            return eprintln!("{e}");
        }
        for call in calls {
            let mut times: Vec<Duration> = Vec::new();
            let mi = match julia::infer_call(session, m, call) {
                Ok(ci) => ci.mi(),
                Err(e) => {
                    eprintln!("{call}: {e}");
                    continue;
                }
            };
            let source = julia::Methods(session);
            for round in 0..30 {
                let owner = world::Owner::new(world::OwnerValue::from(format!("{call} {round}").as_str()));
                let ctx = infer::InferContext { owner, ..julia::context(session, &source) };
                let start = Instant::now();
                if infer::infer(&ctx, mi).is_err() {
                    eprintln!("{call}: not inferred");
                }
                times.push(start.elapsed());
            }
            times.sort();
            println!("{call}: {:?} median, {:?} least, with all callees", times[times.len() / 2], times[0]);
        }
    });
}
