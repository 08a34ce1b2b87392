//! [`Intrinsic::eval`]: intrinsics on boxed operands.

use super::{Intrinsic as I, float, int, memory};
use crate::{Exception, TypeInfo, Value, core_types, errors, info, object};
use types::Ty;

/// The bits of a primitive object, zero-extended.
pub fn load_bits(v: Value, t: &TypeInfo) -> u128 {
    let mut bytes = [0u8; 16];
    let n = t.size.min(16);
    // SAFETY: a primitive object has `size` bytes.
    unsafe { std::ptr::copy_nonoverlapping(v.as_ptr(), bytes.as_mut_ptr(), n) };
    u128::from_le_bytes(bytes) & int::mask(t.bits)
}

/// A primitive object of type `ty` with these bits.
pub fn store_bits(ty: Ty, bits: u128) -> Value {
    let bytes = bits.to_le_bytes();
    // SAFETY: primitive types have at most 16 bytes.
    unsafe { Value::from_bytes(ty, bytes.as_ptr()) }
}

fn primitive(op: I, v: Value) -> Result<&'static TypeInfo, Exception> {
    let t = info(v.type_of());
    if t.bits == 0 || t.bits > 128 {
        return Err(errors::error(&format!("{}: value is not a primitive type", op.name())));
    }
    Ok(t)
}

fn same_type(op: I, a: Value, b: Value) -> Result<&'static TypeInfo, Exception> {
    if a.type_of() != b.type_of() {
        return Err(errors::error(&format!("{}: types of a and b must match", op.name())));
    }
    primitive(op, a)
}

fn target(op: I, v: Value) -> Result<&'static TypeInfo, Exception> {
    let t = v.as_proper_type().filter(|t| t.is_datatype()).map(info);
    match t {
        Some(t) if t.bits > 0 && t.bits <= 128 => Ok(t),
        _ => Err(errors::error(&format!("{}: target type not a leaf primitive type", op.name()))),
    }
}

fn no_such(op: I, t: &TypeInfo) -> Exception {
    errors::error(&format!("{}: not defined for values of type {}", op.name(), t.ty))
}

/// Operations on two `Int64`s, the most frequent of all.
#[inline]
fn fast_int64(op: I, a: i64, b: i64) -> Option<Value> {
    Some(match op {
        I::AddInt => Value::int(a.wrapping_add(b)),
        I::SubInt => Value::int(a.wrapping_sub(b)),
        I::MulInt => Value::int(a.wrapping_mul(b)),
        I::SltInt => Value::boolean(a < b),
        I::SleInt => Value::boolean(a <= b),
        I::EqInt => Value::boolean(a == b),
        I::NeInt => Value::boolean(a != b),
        I::UltInt => Value::boolean((a as u64) < b as u64),
        I::UleInt => Value::boolean(a as u64 <= b as u64),
        I::AndInt => Value::int(a & b),
        I::OrInt => Value::int(a | b),
        I::XorInt => Value::int(a ^ b),
        _ => return None,
    })
}

#[inline]
fn fast_float64(op: I, a: f64, b: f64) -> Option<Value> {
    Some(match op {
        I::AddFloat | I::AddFloatFast => Value::float64(a + b),
        I::SubFloat | I::SubFloatFast => Value::float64(a - b),
        I::MulFloat | I::MulFloatFast => Value::float64(a * b),
        I::DivFloat | I::DivFloatFast => Value::float64(a / b),
        I::LtFloat | I::LtFloatFast => Value::boolean(a < b),
        I::LeFloat | I::LeFloatFast => Value::boolean(a <= b),
        I::EqFloat | I::EqFloatFast => Value::boolean(a == b),
        I::NeFloat | I::NeFloatFast => Value::boolean(a != b),
        _ => return None,
    })
}

impl I {
    /// Applies the intrinsic to boxed operands.
    ///
    /// # Errors
    /// The Julia exception: `DivideError`, an `ErrorException` for operands that the intrinsic is not
    /// defined on, or for a device intrinsic outside a kernel.
    pub fn eval(self, args: &[Value]) -> Result<Value, Exception> {
        let (min, max) = self.arity();
        if args.len() < min || args.len() > max {
            return Err(errors::error(&format!(
                "wrong number of arguments: {} takes {min}, got {}",
                self.name(),
                args.len()
            )));
        }
        if let [a, b] = *args {
            let c = core_types();
            let ty = a.type_of();
            if ty == b.type_of() {
                // SAFETY: both have the eight bytes of their type.
                let fast = unsafe {
                    if ty == c.int64 {
                        fast_int64(self, a.read(0), b.read(0))
                    } else if ty == c.float64 {
                        fast_float64(self, a.read(0), b.read(0))
                    } else {
                        None
                    }
                };
                if let Some(v) = fast {
                    return Ok(v);
                }
            }
        }
        if self.device_only() {
            return Err(errors::error(&format!("{} is only available in device code", self.name())));
        }
        if self == I::LlvmCall {
            return Err(errors::error("`llvmcall` must be compiled to be called"));
        }
        if self == I::ObjectPointer {
            return memory::object_pointer(args[0]);
        }
        if self >= I::AddPtr && self <= I::AtomicPointerreplace {
            return memory::eval(self, args);
        }
        if self >= I::Bitcast && self <= I::Sitofp {
            return convert(self, args[0], args[1]);
        }
        match (self, args) {
            (I::HaveFma, _) => {
                let c = core_types();
                let t = args[0].as_type();
                Ok(Value::boolean(t == Some(c.float64) || t == Some(c.float32)))
            }
            (I::ShlInt | I::LshrInt | I::AshrInt, &[a, b]) => {
                let (t, u) = (primitive(self, a)?, primitive(self, b)?);
                let bits =
                    int::shift(self, t.bits, load_bits(a, t), load_bits(b, u)).ok_or_else(|| no_such(self, t))?;
                Ok(store_bits(t.ty, bits))
            }
            (_, &[a]) => {
                let t = primitive(self, a)?;
                let x = load_bits(a, t);
                let bits = int::unary(self, t.bits, x)
                    .or_else(|| float::unary(self, t.bits, x as u64).map(u128::from))
                    .ok_or_else(|| no_such(self, t))?;
                Ok(store_bits(t.ty, bits))
            }
            (_, &[a, b]) => self.eval_binary(a, b),
            (I::FmaFloat | I::MuladdFloat, &[a, b, c]) => {
                let t = same_type(self, a, b)?;
                same_type(self, a, c)?;
                let bits = |v| load_bits(v, t) as u64;
                let r = float::fma(t.bits, bits(a), bits(b), bits(c)).ok_or_else(|| no_such(self, t))?;
                Ok(store_bits(t.ty, u128::from(r)))
            }
            _ => Err(errors::error(&format!("{}: wrong number of arguments", self.name()))),
        }
    }

    fn eval_binary(self, a: Value, b: Value) -> Result<Value, Exception> {
        let t = same_type(self, a, b)?;
        let (x, y) = (load_bits(a, t), load_bits(b, t));
        if let Some(r) = int::binary(self, t.bits, x, y) {
            return match r {
                Ok(bits) => Ok(store_bits(t.ty, bits)),
                Err(int::DivisionTrap) => Err(errors::divide()),
            };
        }
        if let Some(r) = int::compare(self, t.bits, x, y) {
            return Ok(Value::boolean(r));
        }
        if let Some((bits, overflow)) = int::overflowing(self, t.bits, x, y) {
            return Ok(object::tuple(&[store_bits(t.ty, bits), Value::boolean(overflow)]));
        }
        if let Some(r) = float::binary(self, t.bits, x as u64, y as u64) {
            return Ok(store_bits(t.ty, u128::from(r)));
        }
        if let Some(r) = float::compare(self, t.bits, x as u64, y as u64) {
            return Ok(Value::boolean(r));
        }
        Err(no_such(self, t))
    }
}

fn convert(op: I, ty: Value, v: Value) -> Result<Value, Exception> {
    let to = target(op, ty)?;
    let from = primitive(op, v)?;
    let x = load_bits(v, from);
    let size_error = |what: &str| errors::error(&format!("{}: output bitsize must be {what} input bitsize", op.name()));
    let bits = match op {
        I::Bitcast => {
            if to.bits != from.bits {
                return Err(errors::error("bitcast: argument size does not match size of target type"));
            }
            x
        }
        I::TruncInt => {
            if to.bits >= from.bits {
                return Err(size_error("<"));
            }
            x & int::mask(to.bits)
        }
        I::ZextInt | I::SextInt => {
            // Equal widths are fine: a `Bool` is stored in as many bits as an `Int8`.
            if to.bits < from.bits {
                return Err(size_error(">="));
            }
            if op == I::ZextInt { x } else { int::signed(x, from.bits) as u128 & int::mask(to.bits) }
        }
        I::Fptrunc | I::Fpext => {
            if op == I::Fptrunc && to.bits >= from.bits {
                return Err(size_error("<"));
            }
            if op == I::Fpext && to.bits < from.bits {
                return Err(size_error(">="));
            }
            float::convert(from.bits, to.bits, x as u64).map(u128::from).ok_or_else(|| no_such(op, from))?
        }
        I::Fptoui | I::Fptosi => {
            float::to_int(op == I::Fptosi, from.bits, to.bits, x as u64).ok_or_else(|| no_such(op, from))?
        }
        _ => float::from_int(op == I::Sitofp, from.bits, to.bits, x).map(u128::from).ok_or_else(|| no_such(op, to))?,
    };
    Ok(store_bits(to.ty, bits))
}
