//! Runs scripts and infers each kernel that they launch instead of running it; lists what would be dispatched at run time.

#[path = "../tests/support/julia.rs"]
mod julia;

use runtime::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

static LAUNCHES: AtomicUsize = AtomicUsize::new(0);
static CLEAN: AtomicUsize = AtomicUsize::new(0);

fn launched(args: &[Value]) {
    let session = interp::Session::start().expect("running");
    let (f, given) = (args[1], runtime::object::fields_of(args[2]));
    let mut types = vec![f.type_of()];
    types.extend(given.iter().map(|a| a.type_of()));
    LAUNCHES.fetch_add(1, Ordering::Relaxed);
    let sig = types::type_of_tuple(&types);
    let lookup = session.world.lookup(session.stack, sig, session.world.age());
    let Some(found) = lookup.get().selected().found() else { return println!("no method {sig}") };
    let source = julia::Methods(session);
    let start = std::time::Instant::now();
    match infer::infer(&julia::context(session, &source), found.instance()) {
        Ok(ci) => {
            let took = start.elapsed();
            let errors = ir::verify::verify(julia::body(ci));
            let findings: Vec<_> = infer::diagnose::findings(ci)
                .into_iter()
                .filter(|f| !matches!(f.what, infer::diagnose::FindingKind::Host(_)))
                .collect();
            println!("{} {took:?} returns {} {errors:?}", found.method.name(), julia::body(ci).ret);
            if findings.is_empty() && errors.is_empty() {
                CLEAN.fetch_add(1, Ordering::Relaxed);
            }
            for f in findings {
                let types: Vec<String> = f.types.iter().map(|t| t.to_string()).collect();
                let chain: Vec<&str> = f.chain.iter().map(|(name, _)| name.as_str()).collect();
                println!("    {:?} ({}) in {}", f.what, types.join(", "), chain.join(" < "));
            }
        }
        Err(e) => println!("{sig}: {e:?}"),
    }
}

fn main() {
    interp::set_driver_query(Box::new(|what, args| {
        (what == "launch").then(|| {
            launched(args);
            Ok(Value::nothing())
        })
    }));
    for path in std::env::args().skip(1) {
        println!("== {path}");
        interp::on_big_stack(|| {
            let session = julia::session();
            session.with_interp(|i| {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                let name = format!("M{}", path.len());
                let m = match session.fresh_main(i, &name) {
                    Ok(m) => m,
                    Err(e) => return println!("{}", session.error_text(i, e)),
                };
                if let Err(e) = session.eval_text(i, m, &path, &text) {
                    println!("    stopped: {}", session.error_text(i, e));
                }
            });
        });
    }
    println!("{} of {} launches clean", CLEAN.load(Ordering::Relaxed), LAUNCHES.load(Ordering::Relaxed));
}
