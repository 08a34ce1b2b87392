//! Functions beyond the golden rows: degrees, half turns, remainders by 2π, reciprocals, whole powers and module
//! SpecialFunctions, against exactly rounded results; and what has no such result: messages and signs.

use interp::{Interp, Session, on_big_stack};

fn eval(session: &'static Session, interp: &Interp, text: &str) -> String {
    match session.eval_text(interp, session.main, "values", text) {
        Ok(v) => session.repr(interp, v),
        Err(e) => session.error_text(interp, e),
    }
}

/// Floats in the order of their bits, so that neighbours differ by 1.
fn position(hex: &str, single: bool) -> i128 {
    let bits = u64::from_str_radix(hex, 16).expect("hexadecimal digits");
    let sign = if single { 1 << 31 } else { 1 << 63 };
    if bits & sign == 0 { i128::from(bits) } else { -i128::from(bits & !sign) }
}

#[test]
fn values() {
    let rows: Vec<Vec<&str>> = include_str!("data/math_values.txt")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split(' ').collect())
        .collect();
    assert!(rows.len() > 600);
    let session = Session::start().unwrap_or_else(|e| panic!("the prelude does not load: {e}"));
    let missed: Vec<String> = on_big_stack(|| {
        session.with_interp(|interp| {
            eval(session, interp, "using SpecialFunctions");
            let mut missed = Vec::new();
            for row in &rows {
                let split = row.iter().position(|w| *w == "=").expect("a result");
                let (f, single, args) = (row[0], row[1] == "Float32", &row[2..split]);
                let (bits, width) = if single { ("UInt32", 8) } else { ("UInt64", 16) };
                let x = format!("reinterpret({}, 0x{:0>width$})", row[1], args[0]);
                let call = args.get(1).map_or_else(|| format!("({f})({x})"), |n| format!("(n -> {x}^n)({n})"));
                let ours = eval(session, interp, &format!("string(reinterpret({bits}, {call}), base = 16)"));
                let ours = ours.trim_matches('"');
                let allowed: i128 = row[split + 2].parse().expect("a distance");
                if u64::from_str_radix(ours, 16).is_err()
                    || (position(ours, single) - position(row[split + 1], single)).abs() > allowed
                {
                    missed.push(format!("{f} {args:?} :: {}: {ours}, exactly {}", row[1], row[split + 1]));
                }
            }
            missed
        })
    });
    assert!(missed.is_empty(), "{} of {} rows are off:\n{}", missed.len(), rows.len(), missed.join("\n"));
}

#[test]
fn signs_and_errors() {
    let cases = [
        (
            "(sinpi(-1.0), cospi(0.5), tanpi(1.0), tanpi(0.5), tanpi(1.5), tand(90))",
            "(-0.0, 0.0, -0.0, Inf, -Inf, Inf)",
        ),
        ("(sind(30), cosd(60), tand(45), sind(180), sind(-180), cosd(270))", "(0.5, 0.5, 1.0, 0.0, -0.0, 0.0)"),
        (
            "(log10(1000.0), log2(8.0), exp10(22.0), 10.0^22, cbrt(-27.0), exp2(-1074.0))",
            "(3.0, 3.0, 1.0e22, 1.0e22, -3.0, 5.0e-324)",
        ),
        (
            "(atan(0.0, -1.0), atan(-0.0, -1.0), atan(-0.0, 1.0), atan(1.0, -Inf))",
            "(3.141592653589793, -3.141592653589793, -0.0, 3.141592653589793)",
        ),
        (
            "(hypot(3, 4), hypot(1, 2, 2), hypot(Inf, NaN), hypot(1.0e300, 1.0e300))",
            "(5.0, 3.0, Inf, 1.4142135623730952e300)",
        ),
        (
            "((-0.0)^5, (-2.0)^-3, 0.0^-1, (-0.0)^-1, 2f0^Int32(10), Float16(2)^3)",
            "(-0.0, -0.125, Inf, -Inf, 1024.0f0, Float16(8.0))",
        ),
        (
            "(sin(Float16(0.5)), cos(1), exp(1//2), sinc(0.5), evalpoly(2.0, (1, 2, 3)))",
            "(Float16(0.4795), 0.5403023058681398, 1.6487212707001282, 0.6366197723675814, 17.0)",
        ),
        (
            "(rem2pi(7.0, RoundNearest), mod2pi(-1.0), rad2deg(pi), modf(-3.5))",
            "(0.7168146928204135, 5.283185307179586, 180.0, (-0.5, -3.0))",
        ),
        ("sin(Inf)", "DomainError with Inf:\nsin(x) is only defined for finite x."),
        (
            "log(-1.0)",
            "DomainError with -1.0:\nlog was called with a negative real argument but will only return a complex result if called with a complex argument. Try log(Complex(x)).",
        ),
        (
            "log1p(-2.0)",
            "DomainError with -2.0:\nlog1p was called with a real argument < -1 but will only return a complex result if called with a complex argument. Try log1p(Complex(x)).",
        ),
        (
            "(-8.0)^(1/3)",
            "DomainError with -8.0:\nExponentiation yielding a complex result requires a complex argument.\nReplace x^y with (x+0im)^y, Complex(x)^y, or similar.",
        ),
        ("acos(2.0)", "DomainError with 2.0:\nacos(x) not defined for |x| > 1"),
        ("acosh(0.5)", "DomainError with 0.5:\nacosh(x) is only defined for x ≥ 1."),
        ("sind(Inf)", "DomainError with Inf:\n`x` cannot be infinite."),
    ];
    let session = Session::start().unwrap_or_else(|e| panic!("the prelude does not load: {e}"));
    on_big_stack(|| {
        session.with_interp(|interp| {
            for (expr, expected) in cases {
                assert_eq!(eval(session, interp, expr), expected, "{expr}");
            }
        });
    });
}
