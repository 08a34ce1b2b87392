//! Device images for C programs: copies that they own.

use crate::args::{RekindleArg, arguments};
use crate::error::guard;
use crate::{engine, text};
use rekindle::DeviceParameter;
use std::ffi::{CString, c_char, c_int};
use std::ptr::null_mut;

/// An argument of the entry, as in the header.
#[repr(C)]
pub struct RekindleParameter {
    argument: u64,
    size: u64,
    align: u64,
}

/// A kernel for a device, as in the header. All pointers are the library's until `rekindle_image_free`.
#[repr(C)]
pub struct RekindleImage {
    /// `size` bytes and a NUL.
    bytes: *mut u8,
    size: usize,
    entry: *mut c_char,
    parameters: *mut RekindleParameter,
    nparameters: usize,
    with_state: c_int,
    with_table: c_int,
    with_shared: c_int,
}

/// # Safety
/// As the header says: strings end in NUL, arrays have the lengths given, `image` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_image(
    kernel: *const c_char,
    target: *const c_char,
    arch: *const c_char,
    args: *const RekindleArg,
    nargs: usize,
    image: *mut RekindleImage,
) -> c_int {
    guard(|| {
        if image.is_null() {
            return Err("there is no place for the image: it is NULL".into());
        }
        // SAFETY: by the contract above; an architecture may be missing.
        let (name, target, arch, args) = unsafe {
            let arch = if arch.is_null() { None } else { Some(text(arch)?) };
            (text(kernel)?, text(target)?, arch, arguments(args, nargs)?)
        };
        let made = engine()?.kernel(name).and_then(|k| k.image(target, arch, &args)).map_err(|e| e.to_string())?;
        let entry = CString::new(made.artifact.entry.as_str()).map_err(|e| e.to_string())?;
        let parameters: Vec<RekindleParameter> = made
            .parameters
            .iter()
            .map(|&DeviceParameter { argument, size, align }| RekindleParameter { argument, size, align })
            .collect();
        let bytes: Vec<u8> = made.artifact.bytes.iter().copied().chain([0]).collect();
        let written = RekindleImage {
            size: made.artifact.bytes.len(),
            bytes: Box::into_raw(bytes.into_boxed_slice()).cast(),
            entry: entry.into_raw(),
            nparameters: parameters.len(),
            parameters: Box::into_raw(parameters.into_boxed_slice()).cast(),
            with_state: made.with_state.into(),
            with_table: made.with_table.into(),
            with_shared: made.with_shared.into(),
        };
        // SAFETY: by the contract above.
        unsafe { image.write(written) };
        Ok(())
    })
}

/// # Safety
/// Null, or an image that `rekindle_image` filled, or one that was freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_image_free(image: *mut RekindleImage) {
    // SAFETY: by the contract above.
    let Some(image) = (unsafe { image.as_mut() }) else { return };
    let empty = RekindleImage {
        bytes: null_mut(),
        size: 0,
        entry: null_mut(),
        parameters: null_mut(),
        nparameters: 0,
        with_state: 0,
        with_table: 0,
        with_shared: 0,
    };
    let RekindleImage { bytes, size, entry, parameters, nparameters, .. } = std::mem::replace(image, empty);
    if bytes.is_null() {
        return;
    }
    // SAFETY: all three were given out by `rekindle_image`, with these lengths, and are taken back once: they are null now.
    unsafe {
        drop(Box::from_raw(std::ptr::slice_from_raw_parts_mut(bytes, size + 1)));
        drop(CString::from_raw(entry));
        drop(Box::from_raw(std::ptr::slice_from_raw_parts_mut(parameters, nparameters)));
    }
}
