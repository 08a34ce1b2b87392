//! Integer operations on bit patterns of any width up to 128.
//!
//! A pattern is held zero-extended in a `u128`; every function takes the width and returns a
//! pattern of that width again.

use super::Intrinsic as I;

/// The low `width` bits set.
pub fn mask(width: u32) -> u128 {
    if width >= 128 { u128::MAX } else { (1u128 << width) - 1 }
}

/// The pattern read as a two's-complement number.
pub fn signed(a: u128, width: u32) -> i128 {
    if width == 0 {
        return 0;
    }
    let shift = 128 - width.min(128);
    ((a << shift) as i128) >> shift
}

/// Division by zero or a quotient that does not fit.
#[derive(Debug, PartialEq, Eq)]
pub struct DivisionTrap;

/// Two operands of one width, a result of that width. `None`: not such an operation.
pub fn binary(op: I, width: u32, a: u128, b: u128) -> Option<Result<u128, DivisionTrap>> {
    let m = mask(width);
    let (sa, sb) = (signed(a, width), signed(b, width));
    let min = signed(1u128 << (width.clamp(1, 128) - 1), width);
    Some(Ok(match op {
        I::AddInt => a.wrapping_add(b) & m,
        I::SubInt => a.wrapping_sub(b) & m,
        I::MulInt => a.wrapping_mul(b) & m,
        I::SdivInt | I::CheckedSdivInt => {
            if sb == 0 || (sa == min && sb == -1) {
                return Some(Err(DivisionTrap));
            }
            (sa / sb) as u128 & m
        }
        I::UdivInt | I::CheckedUdivInt => {
            if b == 0 {
                return Some(Err(DivisionTrap));
            }
            a / b
        }
        I::SremInt | I::CheckedSremInt => {
            if sb == 0 {
                return Some(Err(DivisionTrap));
            }
            sa.wrapping_rem(sb) as u128 & m
        }
        I::UremInt | I::CheckedUremInt => {
            if b == 0 {
                return Some(Err(DivisionTrap));
            }
            a % b
        }
        I::AndInt => a & b,
        I::OrInt => a | b,
        I::XorInt => a ^ b,
        I::FlipsignInt => {
            if sb < 0 {
                a.wrapping_neg() & m
            } else {
                a
            }
        }
        _ => return None,
    }))
}

/// Sum, difference or product with the overflow flag.
pub fn overflowing(op: I, width: u32, a: u128, b: u128) -> Option<(u128, bool)> {
    let m = mask(width);
    let (sa, sb) = (signed(a, width), signed(b, width));
    let from_signed = |(r, o): (i128, bool)| {
        let bits = r as u128 & m;
        (bits, o || signed(bits, width) != r)
    };
    let from_unsigned = |(r, o): (u128, bool)| (r & m, o || r & m != r);
    Some(match op {
        I::CheckedSaddInt => from_signed(sa.overflowing_add(sb)),
        I::CheckedSsubInt => from_signed(sa.overflowing_sub(sb)),
        I::CheckedSmulInt => from_signed(sa.overflowing_mul(sb)),
        I::CheckedUaddInt => from_unsigned(a.overflowing_add(b)),
        I::CheckedUsubInt => (a.wrapping_sub(b) & m, a < b),
        I::CheckedUmulInt => from_unsigned(a.overflowing_mul(b)),
        _ => return None,
    })
}

/// `op(a, b)` as a truth value.
pub fn compare(op: I, width: u32, a: u128, b: u128) -> Option<bool> {
    Some(match op {
        I::EqInt => a == b,
        I::NeInt => a != b,
        I::SltInt => signed(a, width) < signed(b, width),
        I::SleInt => signed(a, width) <= signed(b, width),
        I::UltInt => a < b,
        I::UleInt => a <= b,
        _ => return None,
    })
}

/// Shifts; `count` is unsigned and of any width. Counts of the width or more shift everything out.
pub fn shift(op: I, width: u32, a: u128, count: u128) -> Option<u128> {
    let m = mask(width);
    let over = count >= u128::from(width);
    let n = if over { 0 } else { count as u32 };
    Some(match op {
        I::ShlInt => {
            if over {
                0
            } else {
                (a << n) & m
            }
        }
        I::LshrInt => {
            if over {
                0
            } else {
                a >> n
            }
        }
        I::AshrInt => {
            let s = signed(a, width);
            (if over { s >> 127 } else { s >> n }) as u128 & m
        }
        _ => return None,
    })
}

/// One operand, a result of its width.
pub fn unary(op: I, width: u32, a: u128) -> Option<u128> {
    let m = mask(width);
    Some(match op {
        I::NegInt => a.wrapping_neg() & m,
        I::NotInt => !a & m,
        I::BswapInt => a.swap_bytes() >> (128 - width),
        I::CtpopInt => u128::from(a.count_ones()),
        I::CtlzInt => u128::from(a.leading_zeros() - (128 - width)),
        I::CttzInt => u128::from(a.trailing_zeros().min(width)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_wraps_at_each_width() {
        assert_eq!(binary(I::AddInt, 8, 0xff, 2), Some(Ok(1)));
        assert_eq!(binary(I::MulInt, 16, 0x8000, 2), Some(Ok(0)));
        assert_eq!(binary(I::SubInt, 128, 0, 1), Some(Ok(u128::MAX)));
        assert_eq!(unary(I::NegInt, 8, 0x80), Some(0x80));
    }

    #[test]
    fn division_traps_where_the_quotient_does_not_exist() {
        assert_eq!(binary(I::SdivInt, 8, 0x80, 0xff), Some(Err(DivisionTrap)));
        assert_eq!(binary(I::SremInt, 8, 0x80, 0xff), Some(Ok(0)));
        assert_eq!(binary(I::UdivInt, 8, 7, 0), Some(Err(DivisionTrap)));
        assert_eq!(binary(I::SdivInt, 128, 1u128 << 127, u128::MAX), Some(Err(DivisionTrap)));
    }

    #[test]
    fn overflow_is_seen_at_the_width() {
        assert_eq!(overflowing(I::CheckedSaddInt, 8, 127, 1), Some((0x80, true)));
        assert_eq!(overflowing(I::CheckedUaddInt, 8, 127, 1), Some((0x80, false)));
        assert_eq!(overflowing(I::CheckedSmulInt, 64, 1 << 62, 2), Some((1 << 63, true)));
        assert_eq!(overflowing(I::CheckedUsubInt, 32, 1, 2), Some((0xffff_ffff, true)));
        assert_eq!(overflowing(I::CheckedSsubInt, 128, 0, 1u128 << 127), Some((1u128 << 127, true)));
    }

    #[test]
    fn shifts_past_the_width_shift_everything_out() {
        assert_eq!(shift(I::ShlInt, 8, 1, 8), Some(0));
        assert_eq!(shift(I::LshrInt, 64, u128::from(u64::MAX), 64), Some(0));
        assert_eq!(shift(I::AshrInt, 8, 0x80, 200), Some(0xff));
        assert_eq!(shift(I::AshrInt, 8, 0x80, 1), Some(0xc0));
    }

    #[test]
    fn bit_counts() {
        assert_eq!(unary(I::CtlzInt, 8, 1), Some(7));
        assert_eq!(unary(I::CttzInt, 16, 0), Some(16));
        assert_eq!(unary(I::BswapInt, 32, 0x0102_0304), Some(0x0403_0201));
        assert_eq!(unary(I::CtpopInt, 128, u128::MAX), Some(128));
    }
}
