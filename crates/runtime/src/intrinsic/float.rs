//! Floating-point operations on bit patterns of 16, 32 or 64 bits.
//!
//! Half precision computes in single precision and rounds once, as compiled code does on machines
//! without half arithmetic; for one operation that equals rounding the exact result.

use super::Intrinsic as I;
use half::f16;

trait Float: Copy + PartialOrd {
    const SIGN: u64;
    fn bits(self) -> u64;
    fn of(bits: u64) -> Self;
    fn binary(op: I, a: Self, b: Self) -> Option<Self>;
    fn unary(op: I, a: Self) -> Option<Self>;
    fn fma(a: Self, b: Self, c: Self) -> Self;
    fn nan(self) -> bool;
}

/// `min`/`max` that propagate NaN and put -0 below +0.
fn min_max<F: Float>(op: I, a: F, b: F) -> Option<F> {
    let min = matches!(op, I::MinFloat | I::MinFloatFast);
    if !min && !matches!(op, I::MaxFloat | I::MaxFloatFast) {
        return None;
    }
    if a.nan() {
        return Some(a);
    }
    if b.nan() {
        return Some(b);
    }
    let a_first = a < b || (a.bits() & F::SIGN != 0 && b.bits() & F::SIGN == 0);
    Some(if a_first == min { a } else { b })
}

macro_rules! native_float {
    ($ty:ident, $bits:ident, $sign:expr) => {
        impl Float for $ty {
            const SIGN: u64 = $sign;
            fn bits(self) -> u64 {
                u64::from(self.to_bits())
            }
            fn of(bits: u64) -> $ty {
                $ty::from_bits(bits as $bits)
            }
            fn binary(op: I, a: $ty, b: $ty) -> Option<$ty> {
                Some(match op {
                    I::AddFloat | I::AddFloatFast => a + b,
                    I::SubFloat | I::SubFloatFast => a - b,
                    I::MulFloat | I::MulFloatFast => a * b,
                    I::DivFloat | I::DivFloatFast => a / b,
                    I::RemFloat | I::RemFloatFast => a % b,
                    I::CopysignFloat => a.copysign(b),
                    _ => return min_max(op, a, b),
                })
            }
            fn unary(op: I, a: $ty) -> Option<$ty> {
                Some(match op {
                    I::NegFloat | I::NegFloatFast => -a,
                    I::AbsFloat => a.abs(),
                    I::CeilLlvm => a.ceil(),
                    I::FloorLlvm => a.floor(),
                    I::RintLlvm => a.round_ties_even(),
                    I::TruncLlvm => a.trunc(),
                    I::SqrtLlvm | I::SqrtLlvmFast => a.sqrt(),
                    _ => return None,
                })
            }
            fn fma(a: $ty, b: $ty, c: $ty) -> $ty {
                a.mul_add(b, c)
            }
            fn nan(self) -> bool {
                self.is_nan()
            }
        }
    };
}
native_float!(f32, u32, 1 << 31);
native_float!(f64, u64, 1 << 63);

impl Float for f16 {
    const SIGN: u64 = 1 << 15;
    fn bits(self) -> u64 {
        u64::from(self.to_bits())
    }
    fn of(bits: u64) -> f16 {
        f16::from_bits(bits as u16)
    }
    fn binary(op: I, a: f16, b: f16) -> Option<f16> {
        match op {
            I::CopysignFloat => Some(f16::from_bits(a.to_bits() & 0x7fff | b.to_bits() & 0x8000)),
            I::MinFloat | I::MaxFloat | I::MinFloatFast | I::MaxFloatFast => min_max(op, a, b),
            _ => f32::binary(op, a.to_f32(), b.to_f32()).map(f16::from_f32),
        }
    }
    fn unary(op: I, a: f16) -> Option<f16> {
        match op {
            I::NegFloat | I::NegFloatFast => Some(f16::from_bits(a.to_bits() ^ 0x8000)),
            I::AbsFloat => Some(f16::from_bits(a.to_bits() & 0x7fff)),
            _ => f32::unary(op, a.to_f32()).map(f16::from_f32),
        }
    }
    fn fma(a: f16, b: f16, c: f16) -> f16 {
        // The product is exact in double precision, and 53 bits are enough for the second
        // rounding to be harmless.
        f16::from_f64(a.to_f64() * b.to_f64() + c.to_f64())
    }
    fn nan(self) -> bool {
        self.is_nan()
    }
}

macro_rules! by_width {
    ($width:expr, $f:ident => $body:expr) => {
        match $width {
            16 => {
                type $f = f16;
                $body
            }
            32 => {
                type $f = f32;
                $body
            }
            64 => {
                type $f = f64;
                $body
            }
            _ => None,
        }
    };
}

/// `None`: no such operation at this width.
pub fn binary(op: I, width: u32, a: u64, b: u64) -> Option<u64> {
    by_width!(width, F => F::binary(op, <F as Float>::of(a), <F as Float>::of(b)).map(Float::bits))
}

pub fn unary(op: I, width: u32, a: u64) -> Option<u64> {
    by_width!(width, F => F::unary(op, <F as Float>::of(a)).map(Float::bits))
}

/// Fused multiply-add (also of `muladd_float`, so that all engines agree).
pub fn fma(width: u32, a: u64, b: u64, c: u64) -> Option<u64> {
    by_width!(width, F => Some(F::fma(<F as Float>::of(a), <F as Float>::of(b), <F as Float>::of(c)).bits()))
}

pub fn compare(op: I, width: u32, a: u64, b: u64) -> Option<bool> {
    fn go<F: Float>(op: I, a: F, b: F) -> Option<bool> {
        Some(match op {
            I::EqFloat | I::EqFloatFast => a == b,
            I::NeFloat | I::NeFloatFast => a != b,
            I::LtFloat | I::LtFloatFast => a < b,
            I::LeFloat | I::LeFloatFast => a <= b,
            I::Fpiseq => a.bits() == b.bits() || (a.nan() && b.nan()),
            _ => return None,
        })
    }
    by_width!(width, F => go(op, <F as Float>::of(a), <F as Float>::of(b)))
}

/// The number in double precision (exact).
pub fn to_f64(width: u32, a: u64) -> Option<f64> {
    // For one of the widths this converts to the same type.
    #[allow(clippy::useless_conversion)]
    {
        by_width!(width, F => Some(f64::from(<F as Float>::of(a))))
    }
}

/// Between formats: exact when widening, nearest-even when narrowing.
pub fn convert(from: u32, to: u32, a: u64) -> Option<u64> {
    let x = to_f64(from, a)?;
    Some(match to {
        // Half precision goes directly from each format: through single precision it would round twice.
        16 if from == 32 => u64::from(f16::from_f32(f32::from_bits(a as u32)).to_bits()),
        16 => u64::from(f16::from_f64(x).to_bits()),
        32 => u64::from((x as f32).to_bits()),
        64 => x.to_bits(),
        _ => return None,
    })
}

/// From an integer pattern, rounded to nearest even.
pub fn from_int(signed: bool, from: u32, to: u32, a: u128) -> Option<u64> {
    let s = super::int::signed(a, from);
    Some(match (to, signed) {
        (64, true) => (s as f64).to_bits(),
        (64, false) => (a as f64).to_bits(),
        (32, true) => u64::from((s as f32).to_bits()),
        (32, false) => u64::from((a as f32).to_bits()),
        // An integer that needs more than 24 bits is out of the range where the first rounding
        // could matter: halves end at 65504.
        (16, true) => u64::from(f16::from_f32(s as f32).to_bits()),
        (16, false) => u64::from(f16::from_f32(a as f32).to_bits()),
        _ => return None,
    })
}

/// Towards zero. Out of range (undefined in LLVM) this gives what x86-64 code gives: the least
/// `Int64` (or `Int32` for narrow types) cut to the width.
pub fn to_int(signed: bool, from: u32, to: u32, a: u64) -> Option<u128> {
    let x = to_f64(from, a)?.trunc();
    let cvt32 = |x: f64| if (-2147483648.0..2147483648.0).contains(&x) { x as i32 } else { i32::MIN };
    let cvt64 = |x: f64| if (-9223372036854775808.0..9223372036854775808.0).contains(&x) { x as i64 } else { i64::MIN };
    let bits = match (to, signed) {
        (0..=16, _) | (17..=32, true) => cvt32(x) as u128,
        (17..=32, false) | (33..=64, true) => cvt64(x) as u128,
        (33..=64, false) => {
            let low = cvt64(x);
            let high = cvt64(x - 9223372036854775808.0);
            (high & (low >> 63) | low) as u64 as u128
        }
        (_, true) => x as i128 as u128,
        (_, false) => x as u128,
    };
    Some(bits & super::int::mask(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_rounds_once() {
        let h = |x: f32| u64::from(f16::from_f32(x).to_bits());
        assert_eq!(binary(I::AddFloat, 16, h(2048.0), h(1.0)), Some(h(2048.0)));
        assert_eq!(binary(I::DivFloat, 16, h(1.0), h(3.0)), Some(h(1.0 / 3.0)));
        assert_eq!(
            fma(16, h(0.1), h(10.0), h(-1.0)),
            Some(u64::from(f16::from_f64(f16::from_f32(0.1).to_f64() * 10.0 - 1.0).to_bits()))
        );
    }

    #[test]
    fn comparisons_follow_ieee() {
        let nan = f64::NAN.to_bits();
        assert_eq!(compare(I::EqFloat, 64, nan, nan), Some(false));
        assert_eq!(compare(I::Fpiseq, 64, nan, nan), Some(true));
        assert_eq!(compare(I::EqFloat, 64, 0, 1 << 63), Some(true));
        assert_eq!(compare(I::Fpiseq, 64, 0, 1 << 63), Some(false));
    }

    #[test]
    fn conversions_out_of_range_are_those_of_x86() {
        assert_eq!(to_int(true, 64, 64, f64::NAN.to_bits()), Some(1 << 63));
        assert_eq!(to_int(false, 64, 64, 1.0e19f64.to_bits()), Some(10_000_000_000_000_000_000));
        assert_eq!(to_int(false, 64, 8, 300.0f64.to_bits()), Some(44));
        assert_eq!(to_int(true, 32, 128, u64::from((-5.5f32).to_bits())), Some((-5i128) as u128));
    }

    #[test]
    fn signed_zero_and_nan_in_minimum() {
        let (z, nz) = (0u64, 1u64 << 63);
        assert_eq!(binary(I::MinFloat, 64, z, nz), Some(nz));
        assert_eq!(binary(I::MaxFloat, 64, nz, z), Some(z));
        assert!(f64::from_bits(binary(I::MinFloat, 64, f64::NAN.to_bits(), 0).unwrap()).is_nan());
    }
}
