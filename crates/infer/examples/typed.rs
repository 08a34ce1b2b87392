//! Prints the typed code of calls: `typed [--bare] FILE 'f, (types...)'…`.

#[path = "../tests/support/julia.rs"]
mod julia;

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let bare = args.first().is_some_and(|a| a == "--bare");
    if bare {
        args.remove(0);
    }
    let Some((file, calls)) = args.split_first() else { return eprintln!("typed [--bare] FILE 'f, (types...)'…") };
    let text = std::fs::read_to_string(file).unwrap_or_default();
    interp::on_big_stack(|| {
        let session = if bare { interp::Session::start_bare() } else { julia::session() };
        let m = if bare { session.base() } else { session.main };
        let loaded = session
            .with_interp(|i| session.eval_text(i, m, file, &text).map(|_| ()).map_err(|e| session.error_text(i, e)));
        if let Err(e) = loaded {
            return eprintln!("{e}");
        }
        for call in calls {
            let start = std::time::Instant::now();
            match julia::infer_call(session, m, call) {
                Ok(ci) => {
                    let took = start.elapsed();
                    println!("{}", julia::text(session, ci));
                    println!("# {took:?}; {:?}", ir::verify::verify(julia::body(ci)));
                    for finding in infer::diagnose::findings(ci) {
                        let types: Vec<String> = finding.types.iter().map(|t| t.to_string()).collect();
                        let chain: Vec<&str> = finding.chain.iter().map(|(name, _)| name.as_str()).collect();
                        println!("# {:?} ({}) in {}", finding.what, types.join(", "), chain.join(" < "));
                    }
                }
                Err(e) => println!("{call}: {e}"),
            }
        }
    });
}
