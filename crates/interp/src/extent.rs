//! How much there is to do for a call, judged by its arguments.

use runtime::array::Array;
use runtime::{Value, info, object};

/// Objects are looked into this deep, and no more of them than that.
const DEPTH: u32 = 4;
const OBJECTS: u32 = 48;

/// An iteration that a number stands for weighs less than one over data: numbers are often no counts at all.
const NUMBER: u64 = 16;

/// An estimate of the iterations that loops over these arguments take: the length of the longest collection among them
/// or in them. `numbers`: may integers among them be counts?
pub fn extent(args: &[Value], numbers: bool) -> u64 {
    let mut left = OBJECTS;
    args.iter().map(|&v| of_value(v, numbers, DEPTH, &mut left)).max().unwrap_or(0)
}

fn of_value(v: Value, numbers: bool, depth: u32, left: &mut u32) -> u64 {
    if let Some(n) = v.as_int() {
        return if numbers { n.unsigned_abs() / NUMBER } else { 0 };
    }
    if let Some(bytes) = v.as_bytes() {
        return bytes.len() as u64;
    }
    if v.as_type().is_some() {
        return 0;
    }
    let t = info(v.type_of());
    let own = match Array::from_value(v) {
        Some(array) => return array.len() as u64,
        // SAFETY: a `Memory` begins with its length.
        None if t.is_memory => return unsafe { v.read::<u64>(0) },
        // A tuple of arguments, as a collection.
        None if t.is_tuple => t.fields.len() as u64,
        None => 0,
    };
    if t.special || t.fields.is_empty() || depth == 0 || *left == 0 {
        return own;
    }
    *left -= 1;
    // What a struct holds is as likely a bound as a number (`1:n`).
    let inner = object::fields_of(v).iter().map(|&f| of_value(f, true, depth - 1, left)).max();
    own.max(inner.unwrap_or(0))
}
