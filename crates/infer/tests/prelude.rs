//! Every method of the prelude, inferred for its own declared signature: no panic, and every body is well formed.

#[path = "support/julia.rs"]
mod julia;

#[test]
fn every_method_of_the_prelude_infers_to_a_well_formed_body() {
    let failures = interp::on_big_stack(|| {
        let session = julia::session();
        let source = julia::Methods(session);
        let mut failures = Vec::new();
        let mut count = 0;
        let start = std::time::Instant::now();
        let mut slowest: Vec<(std::time::Duration, String)> = Vec::new();
        for method in session.world.methods(session.world.global()) {
            let (sig, sparams) = types::intersect_env(method.sig(), method.sig());
            let mi = method.instance(sig, &sparams);
            let at = std::time::Instant::now();
            let ctx = julia::context(session, &source);
            match infer::infer(&ctx, mi) {
                Ok(ci) => {
                    count += 1;
                    slowest.push((at.elapsed(), format!("{}: {}", method.name(), method.sig())));
                    let errors = ir::verify::verify(julia::body(ci));
                    if !errors.is_empty() {
                        failures.push(format!("{mi:?}: {errors:?}"));
                    }
                }
                Err(infer::InferError::NoCode(_)) => {}
                Err(e) => failures.push(format!("{mi:?}: {e:?}")),
            }
        }
        slowest.sort();
        eprintln!("{count} methods in {:?}", start.elapsed());
        for (took, what) in slowest.iter().rev().take(10) {
            eprintln!("  {took:?} {what}");
        }
        failures
    });
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
