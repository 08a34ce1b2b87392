//! Arguments of kernels and arrays on the device, as C describes them.

use rekindle::{Arg, CpuDevice, DeviceArray};
use std::ffi::c_void;

/// See `rekindle_arg` in the header.
#[repr(C)]
pub struct RekindleArg {
    pub kind: i32,
    pub integer: i64,
    pub real: f64,
    pub data: *mut c_void,
    pub length: usize,
}

/// See `rekindle_array` in the header.
pub struct RekindleArray(pub(crate) AnyArray);

/// Added to the kind of a number: a vector of such numbers.
const VECTOR: i32 = 16;
/// An array on the device.
const ARRAY: i32 = 32;

macro_rules! kinds {
    ($($number:literal => $name:ident, $ty:ty, $from:ident as $cast:expr;)*) => {
        /// An array on the device, by the kind of its elements.
        pub enum AnyArray {
            $($name(DeviceArray<$ty>),)*
        }

        impl AnyArray {
            /// An array of zeros.
            pub fn new(device: &CpuDevice, kind: i32, dims: &[usize]) -> Result<AnyArray, String> {
                match kind {
                    $($number => DeviceArray::zeros(device, dims).map(AnyArray::$name).map_err(|e| e.to_string()),)*
                    k => Err(format!("there are no arrays of kind {k}")),
                }
            }

            fn arg(&self) -> Arg<'_> {
                match self {
                    $(AnyArray::$name(a) => a.into(),)*
                }
            }

            /// Copies all elements to the device.
            ///
            /// # Safety
            /// `data` is null or points to `bytes` bytes.
            pub unsafe fn write(&self, data: *const u8, bytes: usize) -> Result<(), String> {
                match self {
                    $(AnyArray::$name(a) => {
                        check::<$ty>(a, data, bytes)?;
                        let mut elements = vec![<$ty>::default(); a.len()];
                        // SAFETY: both have so many bytes; the data need not be aligned.
                        unsafe { std::ptr::copy_nonoverlapping(data, elements.as_mut_ptr().cast(), bytes) };
                        a.copy_from(&elements);
                    })*
                }
                Ok(())
            }

            /// Copies all elements from the device.
            ///
            /// # Safety
            /// `data` is null or points to `bytes` bytes.
            pub unsafe fn read(&self, data: *mut u8, bytes: usize) -> Result<(), String> {
                match self {
                    $(AnyArray::$name(a) => {
                        check::<$ty>(a, data, bytes)?;
                        let elements = a.to_vec();
                        // SAFETY: both have so many bytes; the data need not be aligned.
                        unsafe { std::ptr::copy_nonoverlapping(elements.as_ptr().cast(), data, bytes) };
                    })*
                }
                Ok(())
            }
        }

        /// One argument.
        ///
        /// # Safety
        /// Its pointer is null or leads to what its kind says, which nobody else uses meanwhile.
        unsafe fn argument(a: &RekindleArg) -> Result<Arg<'_>, String> {
            if a.kind == ARRAY {
                // SAFETY: by the contract above.
                return unsafe { array(a.data.cast_const().cast()) }.map(AnyArray::arg);
            }
            if a.kind >= VECTOR && a.data.is_null() && a.length > 0 {
                return Err("a vector's data is NULL".into());
            }
            match a.kind {
                $($number => { let $from = a; let number: $ty = $cast; Ok(number.into()) })*
                $(k if k == VECTOR + $number => {
                    if !a.data.cast::<$ty>().is_aligned() && a.length > 0 {
                        return Err("a vector's data is not aligned".into());
                    }
                    // SAFETY: by the contract above.
                    Ok(unsafe { slice::<$ty>(a.data.cast(), a.length) }.into())
                })*
                k => Err(format!("there is no kind {k}")),
            }
        }
    };
}
kinds! {
    0 => Bool, bool, a as a.integer != 0;
    1 => I8, i8, a as a.integer as i8;
    2 => I16, i16, a as a.integer as i16;
    3 => I32, i32, a as a.integer as i32;
    4 => I64, i64, a as a.integer;
    5 => U8, u8, a as a.integer as u8;
    6 => U16, u16, a as a.integer as u16;
    7 => U32, u32, a as a.integer as u32;
    8 => U64, u64, a as a.integer as u64;
    9 => F32, f32, a as a.real as f32;
    10 => F64, f64, a as a.real;
}

fn check<T: rekindle::Element>(a: &DeviceArray<T>, data: *const u8, bytes: usize) -> Result<(), String> {
    let size = size_of::<T>() * a.len();
    if bytes != size {
        return Err(format!("the array has {size} bytes, not {bytes}"));
    }
    if data.is_null() && size > 0 {
        return Err("the data is NULL".into());
    }
    Ok(())
}

/// # Safety
/// Null or an array of this library's that was not freed.
pub unsafe fn array<'a>(a: *const RekindleArray) -> Result<&'a AnyArray, String> {
    // SAFETY: by the contract above.
    unsafe { a.as_ref() }.map(|a| &a.0).ok_or_else(|| "an array is NULL".to_owned())
}

/// # Safety
/// `p` points to `n` elements that nobody else uses, or `n` is 0.
unsafe fn slice<'a, T>(p: *mut T, n: usize) -> &'a mut [T] {
    if n == 0 {
        return &mut [];
    }
    // SAFETY: by the contract above.
    unsafe { std::slice::from_raw_parts_mut(p, n) }
}

/// All arguments of a launch.
///
/// # Safety
/// `args` points to `n` arguments, whose pointers lead to what their kinds say; no two vectors overlap.
pub unsafe fn arguments<'a>(args: *const RekindleArg, n: usize) -> Result<Vec<Arg<'a>>, String> {
    if n == 0 {
        return Ok(Vec::new());
    }
    if args.is_null() {
        return Err(format!("there are to be {n} arguments, and the list of them is NULL"));
    }
    // SAFETY: by the contract above.
    let list = unsafe { std::slice::from_raw_parts(args, n) };
    // SAFETY: by the contract above.
    let each =
        list.iter().enumerate().map(|(i, a)| unsafe { argument(a) }.map_err(|e| format!("argument {}: {e}", i + 1)));
    each.collect()
}
