//! What this back-end keeps with a code instance, stage by stage: the device image, which may be written down, and
//! what was loaded from it, which may not.

use super::compile::{ArgPlace, CpuArtifact, Form, Launches};
use super::device::{CpuDevice, DeviceId};
use super::launch::CpuKernel;
use super::places::Merge;
use base::{SourceMap, Span, Symbol};
use codegen::{CallSite, Frame, Relocation, ThrowSite};
use compiler::{Fixup, PortableRelocation};
use std::sync::{Arc, Mutex};
use world::results::{Decoder, Encoder, PerDevice, Portable, PortableResults, PortableValue, SessionLocal};

/// All that the CPU back-end makes of a kernel, for one configuration.
///
/// A loaded kernel is an address in this process. It cannot be written down, because no such field is
/// [`Portable`]; this does not compile:
///
/// ```compile_fail,E0277
/// use backend_native::cpu::CpuKernel;
/// use world::results::Portable;
/// let field: Portable<CpuKernel> = Portable::default();
/// ```
///
/// nor does giving the list of loaded kernels, or a device itself, to what writes images:
///
/// ```compile_fail,E0308
/// use backend_native::cpu::CpuResults;
/// use world::results::Encoder;
/// fn encode(results: &CpuResults, to: &mut Encoder) {
///     to.field(&results.modules);
/// }
/// ```
///
/// ```compile_fail,E0277
/// use backend_native::cpu::CpuDevice;
/// use world::results::Portable;
/// let field: Portable<CpuDevice> = Portable::default();
/// ```
///
/// while the image is what it is for:
///
/// ```
/// use backend_native::cpu::CpuResults;
/// use world::results::Encoder;
/// fn encode(results: &CpuResults, to: &mut Encoder) {
///     to.field(&results.image);
/// }
/// encode(&CpuResults::default(), &mut Encoder::default());
/// ```
#[derive(Default)]
pub struct CpuResults {
    /// The kernel for this kind of machine: devices of one kind share it.
    pub image: Portable<CpuImage>,
    /// The kernel where it refers to objects of this process by address: it serves this session only.
    pub baked: SessionLocal<Arc<CpuArtifact>>,
    /// The kernel compiled for groups of one size, if that is how it was launched first; and for launches of any kind.
    pub of_groups: SessionLocal<([u32; 3], &'static CpuResults)>,
    pub of_any: SessionLocal<&'static CpuResults>,
    /// Held by the one thread that compiles.
    pub making: Mutex<()>,
    /// The kernel loaded, once per device; a text where loading failed.
    pub modules: PerDevice<DeviceId, Result<CpuKernel, String>>,
}

impl CpuResults {
    /// The kernel, once it is compiled.
    #[inline]
    pub fn artifact(&self) -> Option<&Arc<CpuArtifact>> {
        match self.image.get() {
            Some(image) => Some(&image.0),
            None => self.baked.get(),
        }
    }

    /// The one to launch so many groups of this size with, if it is compiled.
    #[inline]
    pub fn for_launch(&'static self, groups: [u32; 3], size: [u32; 3]) -> Option<&'static CpuResults> {
        match self.of_groups.get() {
            Some(&(of, found)) if of == size => Some(found),
            _ if self.artifact().is_some_and(|a| a.form.launches.fits(groups, size)) => Some(self),
            _ => self.of_any.get().copied().filter(|_| !Launches::Usual.fits(groups, size)),
        }
    }

    /// Keeps a compiled kernel where it belongs. What another thread compiled meanwhile is the same, and stays.
    pub fn keep(&self, artifact: Arc<CpuArtifact>) {
        match CpuImage::new(artifact) {
            Ok(image) => drop(self.image.set(image)),
            Err(artifact) => drop(self.baked.set(artifact)),
        }
    }

    /// The kernel as loaded on a device: a look-up when it has been; `loading` is called when it has not.
    pub fn module(&self, device: &CpuDevice, loading: impl FnOnce()) -> Option<&Result<CpuKernel, String>> {
        if let Some(found) = self.modules.get(&device.id()) {
            return Some(found);
        }
        let artifact = self.artifact()?;
        Some(self.modules.get_or_init(&device.id(), || {
            loading();
            // SAFETY: the artifact was compiled for this machine, in this process or in one with the same configuration.
            unsafe { CpuKernel::load(artifact.clone()) }.map_err(|e| e.to_string())
        }))
    }
}

impl PortableResults for CpuResults {
    fn encode(&self, to: &mut Encoder) {
        to.field(&self.image);
    }
    fn decode(&self, from: &mut Decoder<'_>) -> bool {
        from.field(&self.image)
    }
}

/// A kernel that means the same in every process: what it refers to outside of itself, it names.
#[derive(Clone, Debug)]
pub struct CpuImage(Arc<CpuArtifact>);

impl CpuImage {
    /// The image, or the artifact back if it refers to an object or a type by its address.
    pub fn new(artifact: Arc<CpuArtifact>) -> Result<CpuImage, Arc<CpuArtifact>> {
        // Types are not looked up by name when an image is loaded.
        let named = |r: &Relocation| {
            use Fixup::{Binding, Bool, Host, String, Symbol};
            matches!(Fixup::of(r.target), Some(Symbol(_) | String(_) | Bool(_) | Host(_) | Binding(..)))
        };
        if artifact.bakes.is_empty() && artifact.relocations.iter().all(named) {
            Ok(CpuImage(artifact))
        } else {
            Err(artifact)
        }
    }

    pub fn artifact(&self) -> &Arc<CpuArtifact> {
        &self.0
    }
}

impl PortableValue for CpuImage {
    fn encode(&self, out: &mut Vec<u8>) {
        let CpuArtifact {
            object,
            args,
            packed_size,
            shared_size,
            sites,
            relocations,
            has_barrier,
            calls,
            bakes: _,
            debug_level,
            form,
        } = &*self.0;
        object.encode(out);
        list(args, out, |a, out| {
            [a.arg, a.offset, a.size, usize::from(a.reference)].iter().for_each(|&n| (n as u64).encode(out))
        });
        (*packed_size as u64).encode(out);
        (*shared_size as u64).encode(out);
        list(sites, out, encode_site);
        list(relocations, out, |r, out| {
            // `CpuImage::new` let nothing in that has no name.
            if let Some(fixup) = Fixup::of(r.target) {
                PortableRelocation { symbol: r.symbol.clone(), kind: r.kind, fixup }.encode(out);
            }
        });
        list(calls, out, |c, out| list(&c.frames, out, encode_frame));
        u64::from(*debug_level).encode(out);
        u64::from(*has_barrier).encode(out);
        encode_form(*form, out);
    }

    fn decode(input: &mut &[u8]) -> Option<CpuImage> {
        let size = |input: &mut &[u8]| usize::try_from(u64::decode(input)?).ok();
        let object = Vec::<u8>::decode(input)?;
        let args = read_list(input, |input| {
            let (arg, offset, size) = (size(input)?, size(input)?, size(input)?);
            Some(ArgPlace { arg, offset, size, reference: u64::decode(input)? != 0 })
        })?;
        let (packed_size, shared_size) = (size(input)?, size(input)?);
        if args.iter().any(|a| a.offset.checked_add(a.size).is_none_or(|end| end > packed_size)) {
            return None;
        }
        let sites = read_list(input, decode_site)?;
        let relocations = read_list(input, |input| {
            let PortableRelocation { symbol, kind, fixup } = PortableRelocation::decode(input)?;
            Some(Relocation { symbol, kind, target: fixup.resolve(&|_| None)? })
        })?;
        let calls = read_list(input, |input| Some(CallSite { frames: read_list(input, decode_frame)? }))?;
        let debug_level = u8::try_from(u64::decode(input)?).ok()?;
        let has_barrier = u64::decode(input)? != 0;
        let form = decode_form(input)?;
        let artifact = CpuArtifact {
            object,
            args,
            packed_size,
            shared_size,
            sites,
            calls,
            relocations,
            bakes: Vec::new(),
            debug_level,
            has_barrier,
            form,
        };
        Some(CpuImage(Arc::new(artifact)))
    }
}

fn encode_form(form: Form, out: &mut Vec<u8>) {
    let launches = match form.launches {
        Launches::Usual => [0; 4],
        Launches::Any => [1, 0, 0, 0],
        Launches::Groups([x, y, z]) => [2, x, y, z],
    };
    let merges = form.merges.map(|m| match m {
        Merge::Never => 0,
        Merge::Always => u32::MAX,
        Merge::Of(size) => size,
    });
    launches.into_iter().chain(merges).for_each(|n| u64::from(n).encode(out));
}

fn decode_form(input: &mut &[u8]) -> Option<Form> {
    let number = |input: &mut &[u8]| u32::try_from(u64::decode(input)?).ok();
    let (kind, sizes) = (number(input)?, [number(input)?, number(input)?, number(input)?]);
    let launches = match kind {
        0 => Launches::Usual,
        1 => Launches::Any,
        2 => Launches::Groups(sizes),
        _ => return None,
    };
    let mut merge = || {
        Some(match number(input)? {
            0 => Merge::Never,
            u32::MAX => Merge::Always,
            size => Merge::Of(size),
        })
    };
    Some(Form { launches, merges: [merge()?, merge()?, merge()?] })
}

fn encode_site(site: &ThrowSite, out: &mut Vec<u8>) {
    // Recipes name objects of this process; without them exceptions tell their kind, message and integers.
    let ThrowSite { kind, message, args, function, span, frames, recipe: _ } = site;
    kind.encode(out);
    u64::from(message.is_some()).encode(out);
    message.clone().unwrap_or_default().encode(out);
    u64::from(*args).encode(out);
    function.as_str().to_owned().encode(out);
    encode_span(*span, out);
    list(frames, out, encode_frame);
}

fn decode_site(input: &mut &[u8]) -> Option<ThrowSite> {
    let kind = String::decode(input)?;
    let has_message = u64::decode(input)? != 0;
    let message = Some(String::decode(input)?).filter(|_| has_message);
    let args = u32::try_from(u64::decode(input)?).ok()?;
    let function = Symbol::new(&String::decode(input)?);
    let span = decode_span(input)?;
    Some(ThrowSite { kind, message, args, function, span, frames: read_list(input, decode_frame)?, recipe: None })
}

fn encode_frame(frame: &Frame, out: &mut Vec<u8>) {
    let Frame { function, span } = frame;
    function.as_str().to_owned().encode(out);
    encode_span(*span, out);
}

fn decode_frame(input: &mut &[u8]) -> Option<Frame> {
    Some(Frame { function: Symbol::new(&String::decode(input)?), span: decode_span(input)? })
}

/// A place is written as its file's name and offsets; it comes back where a text of that name is loaded.
fn encode_span(span: Span, out: &mut Vec<u8>) {
    SourceMap::file(span.file).name.clone().encode(out);
    u64::from(span.start).encode(out);
    u64::from(span.end).encode(out);
}

fn decode_span(input: &mut &[u8]) -> Option<Span> {
    let file = SourceMap::newest(&String::decode(input)?);
    let start = u32::try_from(u64::decode(input)?).ok()?;
    let end = u32::try_from(u64::decode(input)?).ok()?;
    let inside = |file| SourceMap::file(file).text.len() >= end as usize && start <= end;
    Some(file.filter(|&f| inside(f)).map_or(Span::NONE, |f| Span::new(f, start, end)))
}

fn list<T>(items: &[T], out: &mut Vec<u8>, encode: impl Fn(&T, &mut Vec<u8>)) {
    (items.len() as u64).encode(out);
    items.iter().for_each(|item| encode(item, out));
}

fn read_list<T>(input: &mut &[u8], decode: impl Fn(&mut &[u8]) -> Option<T>) -> Option<Vec<T>> {
    let n = u64::decode(input)?;
    // No allocation by a length that may be wrong.
    let mut items = Vec::new();
    for _ in 0..n {
        items.push(decode(input)?);
    }
    Some(items)
}
