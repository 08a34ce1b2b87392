//! What is inferred does not depend on what was inferred before: typed code is the same text in any order of requests.

#[path = "support/julia.rs"]
mod julia;

use std::collections::BTreeMap;

const CODE: &str = r#"
struct V3{T}; x::T; y::T; z::T; end
Base.:+(a::V3, b::V3) = V3(a.x+b.x, a.y+b.y, a.z+b.z)
poly(x) = 2x^2 + 3x + 1
loop(n) = (s = 0; for i in 1:n; s += i; end; s)
sum2(x) = (s = zero(x); for i in 1:10; s += x*i; end; s)
fact(n) = n <= 1 ? 1 : n * fact(n - 1)
even(n) = n == 0 ? true : odd(n - 1)
odd(n) = n == 0 ? false : even(n - 1)
zips(a, b) = (s = 0; for (x, y) in zip(a, b); s += x*y; end; s)
kw(x; a=1, b=2.0) = x*a + b
callkw(x) = kw(x; b=3)
vadd!(c, a, b) = (for i in eachindex(c); @inbounds c[i] = a[i] + b[i]; end; c)
both(n) = fact(n) + loop(n) + (even(n) ? 1 : 0)
"#;

const CALLS: &[&str] = &[
    "poly, (Float32,)",
    "loop, (Int,)",
    "sum2, (Float32,)",
    "fact, (Int,)",
    "even, (Int,)",
    "odd, (Int,)",
    "zips, (Vector{Float32}, Vector{Float32})",
    "callkw, (Float32,)",
    "+, (V3{Float32}, V3{Float32})",
    "vadd!, (Vector{Float32}, Vector{Float32}, Vector{Float32})",
    "both, (Int,)",
];

/// The typed code of each call, of a module of its own where all names are the same.
fn texts(order: impl Iterator<Item = &'static &'static str>, owner: &str) -> BTreeMap<String, String> {
    let session = julia::session();
    let m = julia::module_once(session, "OrderOfInference", CODE);
    order
        .map(|call| {
            let ci = julia::infer_call_for(session, m, call, world::Owner::new(world::OwnerValue::from(owner)))
                .expect("inferred");
            (call.to_string(), julia::text(session, ci))
        })
        .collect()
}

#[test]
fn typed_code_is_the_same_in_any_order() {
    interp::on_big_stack(|| {
        // Owners have caches of their own, so each order starts cold.
        let forward = texts(CALLS.iter(), "forward");
        let backward = texts(CALLS.iter().rev(), "backward");
        for (call, text) in &forward {
            assert_eq!(text, &backward[call], "{call}");
        }
    });
}
