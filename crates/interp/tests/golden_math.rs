//! The elementary functions against exactly rounded results: every row within one unit in the last place, zeros (with
//! their signs), infinities and NaN exact, domain errors raised.

use interp::{Interp, Session, on_big_stack};
use runtime::{Exception, Value};
use std::path::PathBuf;

/// A format by its width.
#[derive(Clone, Copy)]
enum Format {
    Single,
    Double,
}

impl Format {
    fn infinity(self) -> u64 {
        match self {
            Format::Single => u64::from(f32::INFINITY.to_bits()),
            Format::Double => f64::INFINITY.to_bits(),
        }
    }

    fn magnitude(self, bits: u64) -> u64 {
        match self {
            Format::Single => bits & 0x7fff_ffff,
            Format::Double => bits & (u64::MAX >> 1),
        }
    }

    /// Numbered in the order of the numbers, with both zeros at 0.
    fn position(self, bits: u64) -> i128 {
        let m = self.magnitude(bits);
        if m == bits { i128::from(m) } else { -i128::from(m) }
    }

    fn value(self, bits: u64) -> Value {
        match self {
            Format::Single => Value::float32(f32::from_bits(u32::try_from(bits).expect("32 bits"))),
            Format::Double => Value::float64(f64::from_bits(bits)),
        }
    }

    /// The bits of a result, which must be of this format.
    fn bits(self, v: Value) -> Option<u64> {
        match self {
            // SAFETY: a `Float32` has 4 bytes.
            Format::Single => (v.type_of() == self.value(0).type_of()).then(|| u64::from(unsafe { v.read::<u32>(0) })),
            Format::Double => v.as_float64().map(f64::to_bits),
        }
    }

    /// Zero and infinity must be met exactly, any other number within one unit.
    fn agrees(self, ours: u64, exact: u64) -> bool {
        let m = self.magnitude(exact);
        if m > self.infinity() {
            return self.magnitude(ours) > self.infinity();
        }
        if m == 0 || m == self.infinity() {
            ours == exact
        } else {
            (self.position(ours) - self.position(exact)).abs() <= 1
        }
    }
}

/// What a row's call gives here: bits, or the error's type.
fn evaluate(session: &'static Session, interp: &Interp, f: &str, format: Format, args: &[Value]) -> String {
    match session.call_base(interp, f, args) {
        Ok(v) => match format.bits(v) {
            Some(b) => format!("{b:x}"),
            None => format!("a value of type {}", v.type_of()),
        },
        Err(Exception(e)) => format!("ERROR:{}", e.type_of()),
    }
}

/// The reference has NaN for a negative number to a power that is not whole, as no real number is the result. Julia
/// raises a `DomainError` there (`floats.json`: `(-8.0)^(1/3)`).
fn undefined_power(f: &str, format: Format, x: &str, y: &str) -> bool {
    let number = |hex: &str| {
        let bits = u64::from_str_radix(hex, 16).unwrap_or(0);
        match format {
            Format::Single => f64::from(f32::from_bits(u32::try_from(bits).expect("32 bits"))),
            Format::Double => f64::from_bits(bits),
        }
    };
    f == "^" && number(x) < 0.0 && number(x).is_finite() && number(y).is_finite() && number(y).fract() != 0.0
}

#[test]
fn math() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden/math.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: {} is not there", path.display());
        return;
    };
    let rows: serde_json::Value = serde_json::from_str(&text).expect("golden file is JSON");
    let rows = rows.as_array().expect("array of rows");
    let session = Session::start().unwrap_or_else(|e| panic!("the prelude does not load: {e}"));
    let missed: Vec<String> = on_big_stack(|| {
        session.with_interp(|interp| {
            rows.iter()
                .filter_map(|row| {
                    let get = |k: &str| row[k].as_str().unwrap_or_default();
                    let hex = |s: &str| u64::from_str_radix(s, 16);
                    let format = if get("T") == "Float32" { Format::Single } else { Format::Double };
                    let args: Vec<Value> =
                        ["x", "y2"].iter().filter_map(|k| hex(get(k)).ok()).map(|b| format.value(b)).collect();
                    let ours = evaluate(session, interp, get("f"), format, &args);
                    let expected = if undefined_power(get("f"), format, get("x"), get("y2")) {
                        "ERROR:DomainError"
                    } else {
                        get("y")
                    };
                    let ok = match (hex(&ours), hex(expected)) {
                        (Ok(a), Ok(b)) => format.agrees(a, b),
                        _ => ours == expected,
                    };
                    (!ok).then(|| {
                        format!("{}({} {}) :: {}: {ours}, exactly {expected}", get("f"), get("x"), get("y2"), get("T"))
                    })
                })
                .collect()
        })
    });
    eprintln!("math.json: {} of {} within 1 ulp", rows.len() - missed.len(), rows.len());
    for m in missed.iter().take(40) {
        eprintln!("  {m}");
    }
    assert!(missed.is_empty(), "{} rows are off", missed.len());
}
