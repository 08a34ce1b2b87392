//! Device arrays, and what else kernels take.

use crate::engine::Engine;
use crate::error::Error;
use backend_native::cpu::{CpuDevice, DeviceId};
use runtime::Module;
use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::fmt;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::OnceLock;
use types::{Ty, builtin};

/// A Rust type that kernels know as a Julia type of the same representation.
pub trait Element: Copy + Send + Sync + sealed::Known + 'static {}

pub(crate) mod sealed {
    /// # Safety
    /// `kind` names the Julia type with this representation, all zeros are a value.
    pub unsafe trait Known: Default {
        const KIND: super::Kind;
    }
}

/// Element types by number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
}

/// How many there are.
const KINDS: usize = 11;

macro_rules! elements {
    ($($rust:ty = $kind:ident),*) => {$(
        // SAFETY: the Julia type of that kind has this type's size, alignment and values.
        unsafe impl sealed::Known for $rust {
            const KIND: Kind = Kind::$kind;
        }
        impl Element for $rust {}
        impl From<$rust> for Arg<'_> {
            fn from(value: $rust) -> Self {
                let mut words = [0u64; WORDS];
                // SAFETY: the words have room for any scalar, and every bit pattern of theirs is allowed.
                unsafe { words.as_mut_ptr().cast::<$rust>().write(value) };
                Arg { kind: Kind::$kind, rank: 0, words, device: None, _memory: PhantomData }
            }
        }
    )*};
}
elements!(
    bool = Bool,
    i8 = I8,
    i16 = I16,
    i32 = I32,
    i64 = I64,
    u8 = U8,
    u16 = U16,
    u32 = U32,
    u64 = U64,
    f32 = F32,
    f64 = F64
);

/// Dimensions of an array, at most.
pub const MAX_RANK: usize = 3;

/// A pointer and the dimensions.
const WORDS: usize = 1 + MAX_RANK;

/// A kernel's argument: a number, a slice of the caller's memory, or a device array.
///
/// Slices become device vectors that point to the same memory: a kernel's writes are in the slice when the launch
/// returns. [`args!`](crate::args) makes a list of them.
#[derive(Clone, Copy)]
pub struct Arg<'a> {
    kind: Kind,
    /// 0: a number.
    rank: u8,
    /// The bytes of the number, or of the device array as kernels see it.
    words: [u64; WORDS],
    /// Where the array lies, if it lies on a device.
    device: Option<DeviceId>,
    _memory: PhantomData<&'a mut ()>,
}

/// The arguments of a launch: `args![&mut y, &device_array, 2.0f32]`.
#[macro_export]
macro_rules! args {
    ($($arg:expr),* $(,)?) => { &[$($crate::Arg::from($arg)),*] };
}

impl<'a, T: Element> From<&'a mut [T]> for Arg<'a> {
    fn from(slice: &'a mut [T]) -> Arg<'a> {
        let words = [slice.as_mut_ptr().expose_provenance() as u64, slice.len() as u64, 0, 0];
        Arg { kind: T::KIND, rank: 1, words, device: None, _memory: PhantomData }
    }
}
impl<'a, T: Element> From<&'a mut Vec<T>> for Arg<'a> {
    fn from(vec: &'a mut Vec<T>) -> Arg<'a> {
        vec.as_mut_slice().into()
    }
}
impl<'a, T: Element, const N: usize> From<&'a mut [T; N]> for Arg<'a> {
    fn from(array: &'a mut [T; N]) -> Arg<'a> {
        array.as_mut_slice().into()
    }
}
impl<'a, T: Element> From<&'a DeviceArray<T>> for Arg<'a> {
    fn from(array: &'a DeviceArray<T>) -> Arg<'a> {
        let mut words = [0; WORDS];
        words[0] = array.memory.as_ptr().expose_provenance() as u64;
        for (word, &n) in words[1..].iter_mut().zip(array.dims()) {
            *word = n as u64;
        }
        Arg { kind: T::KIND, rank: array.rank as u8, words, device: Some(array.device), _memory: PhantomData }
    }
}

impl Arg<'_> {
    /// Where its bytes lie.
    #[inline]
    pub(crate) fn place(&self) -> *const u8 {
        self.words.as_ptr().cast()
    }

    /// Its type, as kernels are looked up by.
    #[inline]
    pub(crate) fn ty(&self, engine: &Engine) -> Result<Ty, Error> {
        static TYPES: [[OnceLock<Ty>; WORDS]; KINDS] = [const { [const { OnceLock::new() }; WORDS] }; KINDS];
        let cell = &TYPES[self.kind as usize][self.rank as usize];
        match cell.get() {
            Some(ty) => Ok(*ty),
            None => {
                let ty = make_type(engine, self.kind, self.rank)
                    .ok_or_else(|| Error::system("the prelude's module Device has no type DeviceArray"))?;
                Ok(*cell.get_or_init(|| ty))
            }
        }
    }

    /// Where its array lies, if that is on a device.
    #[inline]
    pub(crate) fn device(&self) -> Option<DeviceId> {
        self.device
    }
}

/// The Julia type of a number or of an array of them.
fn make_type(engine: &Engine, kind: Kind, rank: u8) -> Option<Ty> {
    let element = match kind {
        Kind::Bool => builtin::bool_(),
        Kind::I8 => builtin::int8(),
        Kind::I16 => builtin::int16(),
        Kind::I32 => builtin::int32(),
        Kind::I64 => builtin::int64(),
        Kind::U8 => builtin::uint8(),
        Kind::U16 => builtin::uint16(),
        Kind::U32 => builtin::uint32(),
        Kind::U64 => builtin::uint64(),
        Kind::F32 => builtin::float32(),
        Kind::F64 => builtin::float64(),
    };
    if rank == 0 {
        return Some(element);
    }
    // Address space 1: memory of the device that all its groups see.
    let module = Module::from_value(engine.session().base().get_str("Device")?)?;
    let array = module.get_str("DeviceArray")?.as_type()?;
    types::apply(array, &[element, Ty::int(rank.into()), Ty::int(1)]).ok()
}

/// An array in the memory of a device, which stays there between launches.
///
/// A launch takes it by `&`, so one array may be several arguments, and arguments of several launches at once: as on
/// every device, kernels and copies that touch the same elements at the same time race. Launches of one thread come
/// one after the other.
///
/// ```
/// # fn main() -> Result<(), rekindle::Error> {
/// use rekindle::{DeviceArray, Engine, Grid, Options, args};
/// let engine = Engine::start(Options { announce: false, ..Options::default() })?;
/// engine.load_str("axpy.jl", "
///     using CUDA
///     function axpy!(y, a, x)
///         i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
///         i <= length(y) && (y[i] += a * x[i])
///         return
///     end")?;
/// let device = engine.default_device();
/// let x = DeviceArray::from_slice(device, &[1.0f64, 2.0, 3.0]);
/// let y = DeviceArray::<f64>::zeros(device, &[3])?;
/// let axpy = engine.kernel("axpy!")?;
/// axpy.launch(Grid::linear(3, 32), args![&y, 2.0, &x])?;
/// axpy.launch(Grid::linear(3, 32), args![&y, 1.0, &y])?; // one array twice
/// assert_eq!(y.to_vec(), [4.0, 8.0, 12.0]);
/// # Ok(()) }
/// ```
pub struct DeviceArray<T: Element> {
    memory: NonNull<T>,
    dims: [usize; MAX_RANK],
    rank: usize,
    device: DeviceId,
}

// SAFETY: the array owns its memory, and elements are plain data.
unsafe impl<T: Element> Send for DeviceArray<T> {}
// SAFETY: see the type's documentation on races, which are those of the device.
unsafe impl<T: Element> Sync for DeviceArray<T> {}

impl<T: Element> DeviceArray<T> {
    /// An array of zeros with one to three dimensions; the first is contiguous.
    ///
    /// # Errors
    /// No or too many dimensions, more elements than memory can have.
    pub fn zeros(device: &CpuDevice, dims: &[usize]) -> Result<DeviceArray<T>, Error> {
        if !(1..=MAX_RANK).contains(&dims.len()) {
            return Err(Error::argument(format!("device arrays have 1 to {MAX_RANK} dimensions, not {}", dims.len())));
        }
        let mut all = [1; MAX_RANK];
        all[..dims.len()].copy_from_slice(dims);
        let layout = DeviceArray::<T>::layout(&all)
            .ok_or_else(|| Error::argument(format!("an array of {dims:?} elements is too large")))?;
        let memory = if layout.size() == 0 {
            NonNull::dangling()
        } else {
            // SAFETY: the size is not 0.
            let memory = unsafe { alloc_zeroed(layout) };
            NonNull::new(memory.cast()).unwrap_or_else(|| handle_alloc_error(layout))
        };
        Ok(DeviceArray { memory, dims: all, rank: dims.len(), device: device.id() })
    }

    /// A vector with these elements.
    pub fn from_slice(device: &CpuDevice, elements: &[T]) -> DeviceArray<T> {
        let array =
            DeviceArray::zeros(device, &[elements.len()]).expect("what a slice holds fits into memory once more");
        array.copy_from(elements);
        array
    }

    fn layout(dims: &[usize; MAX_RANK]) -> Option<Layout> {
        let n = dims.iter().try_fold(1usize, |n, &d| n.checked_mul(d))?;
        // As wide as the widest vector instructions.
        Layout::array::<T>(n).ok()?.align_to(64).ok()
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.dims.iter().product()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Elements along each dimension.
    pub fn dims(&self) -> &[usize] {
        &self.dims[..self.rank]
    }

    /// The device that it lies on.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Copies elements to the device, from the first on.
    ///
    /// # Panics
    /// The slice is not as long as the array, as `copy_from_slice` does.
    pub fn copy_from(&self, elements: &[T]) {
        assert_eq!(elements.len(), self.len(), "a slice is copied to an array of another length");
        // SAFETY: both have as many elements, and the array's memory is no slice's.
        unsafe { self.memory.copy_from_nonoverlapping(NonNull::from(elements).cast(), elements.len()) };
    }

    /// Copies the elements back from the device.
    ///
    /// # Panics
    /// As [`copy_from`](Self::copy_from).
    pub fn copy_to(&self, elements: &mut [T]) {
        assert_eq!(elements.len(), self.len(), "an array is copied to a slice of another length");
        // SAFETY: as above.
        unsafe { NonNull::from(elements).cast().copy_from_nonoverlapping(self.memory, self.len()) };
    }

    /// The elements in memory order: the first dimension fastest.
    pub fn to_vec(&self) -> Vec<T> {
        let mut out = vec![T::default(); self.len()];
        self.copy_to(&mut out);
        out
    }
}

impl<T: Element> Drop for DeviceArray<T> {
    fn drop(&mut self) {
        if let Some(layout) = DeviceArray::<T>::layout(&self.dims).filter(|l| l.size() > 0) {
            // SAFETY: allocated with this layout, once.
            unsafe { dealloc(self.memory.as_ptr().cast(), layout) };
        }
    }
}

impl<T: Element> fmt::Debug for DeviceArray<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceArray<{}>({:?} on {})", std::any::type_name::<T>(), self.dims(), self.device)
    }
}
