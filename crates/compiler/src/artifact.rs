//! What a compilation gives, and which of it means the same in another session.
//!
//! Code gets at objects of the host through [relocations](Relocation), which a loader resolves anew. Those that can be named
//! (symbols, strings, types, singletons, plain data) may persist; an object that is known by its address alone is *baked*, and
//! code that holds one is of use in this session only. The types keep the two apart: what writes images and stores takes
//! [`PortableArtifact`]s, and the only way to one is [`Artifact::portable`].
//!
//! ```compile_fail,E0277
//! use world::results::Portable;
//! let field: Portable<compiler::Artifact> = Portable::default();
//! ```
//!
//! ```
//! use compiler::{Artifact, PortableArtifact};
//! use world::results::Portable;
//! let field: Portable<PortableArtifact> = Portable::default();
//! field.set(Artifact { bytes: vec![1], ..Artifact::default() }.portable().unwrap()).unwrap();
//! ```

use base::{SourceMap, Symbol};
use codegen::{Bake, CallSite, Frame, Relocation, RelocationKind, RelocationTarget, ThrowSite};
use runtime::Value;
use std::any::Any;
use std::fmt;
use std::sync::Arc;
use types::Ty;
use world::results::PortableValue;

/// What a compilation gives.
#[derive(Clone, Debug, Default)]
pub struct Artifact {
    /// Text (LLVM IR, assembly) or bytes (object), as the stage says.
    pub bytes: Vec<u8>,
    /// Name of the entry in it.
    pub entry: String,
    /// What a loader has to fill in.
    pub relocations: Vec<Relocation>,
    /// What the numbers that device code reports stand for.
    pub sites: Vec<ThrowSite>,
    /// What the numbers of call records stand for, at debug level 2.
    pub calls: Vec<CallSite>,
    /// Addresses in the code that mean something in this session only.
    pub bakes: Vec<Bake>,
    /// What only the back-end's own loader understands.
    pub detail: Option<Arc<dyn Any + Send + Sync>>,
}

impl Artifact {
    /// The bytes as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The form that other sessions can use.
    ///
    /// # Errors
    /// An artifact that is tied to this session, with the reasons.
    pub fn portable(&self) -> Result<PortableArtifact, SessionDependent> {
        let mut bakes = self.bakes.clone();
        let mut relocations = Vec::new();
        for r in &self.relocations {
            match Fixup::of(r.target) {
                Some(fixup) => relocations.push(PortableRelocation { symbol: r.symbol.clone(), kind: r.kind, fixup }),
                None => {
                    let what = format!("a reference that has no name in other sessions (`{}`)", r.symbol);
                    bakes.push(Bake { what, function: Symbol::new(&self.entry), span: base::Span::NONE });
                }
            }
        }
        if !bakes.is_empty() {
            return Err(SessionDependent { bakes });
        }
        Ok(PortableArtifact {
            bytes: self.bytes.clone(),
            entry: self.entry.clone(),
            relocations,
            sites: self.sites.iter().map(PortableSite::new).collect(),
            calls: self.calls.iter().map(|c| c.frames.iter().map(PortableFrame::new).collect()).collect(),
        })
    }
}

/// Why an artifact serves this session only.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionDependent {
    pub bakes: Vec<Bake>,
}

impl fmt::Display for SessionDependent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what: Vec<&str> = self.bakes.iter().map(|b| b.what.as_str()).collect();
        write!(f, "the code is of use in this session only: it holds {}", what.join(", "))
    }
}
impl std::error::Error for SessionDependent {}

/// An artifact without anything of the session that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct PortableArtifact {
    pub bytes: Vec<u8>,
    pub entry: String,
    pub relocations: Vec<PortableRelocation>,
    pub sites: Vec<PortableSite>,
    pub calls: Vec<Vec<PortableFrame>>,
}

/// A relocation by the name of what it stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct PortableRelocation {
    pub symbol: String,
    pub kind: RelocationKind,
    pub fixup: Fixup,
}

/// A type as another session finds it: its name, and a digest by which it is known to be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// As Julia prints it.
    pub text: String,
    pub fingerprint: [u8; 32],
}

impl TypeName {
    fn of(ty: Ty) -> TypeName {
        TypeName { text: ty.to_string(), fingerprint: types::fingerprint(ty) }
    }

    fn find(&self, find: &dyn Fn(&str) -> Option<Ty>) -> Option<Ty> {
        find(&self.text).filter(|&ty| types::fingerprint(ty) == self.fingerprint)
    }
}

/// What a relocation stands for, in words that hold in every session.
#[derive(Clone, Debug, PartialEq)]
pub enum Fixup {
    Symbol(String),
    String(Vec<u8>),
    Bool(bool),
    Type(TypeName),
    /// The word that tags objects of the type.
    Tag(TypeName),
    /// The only instance of a type.
    Instance(TypeName),
    /// An object of plain data.
    Data(TypeName, Vec<u8>),
    /// A function of the host, by name.
    Host(String),
    /// A global variable: path of its module, name.
    Binding(String, String),
}

impl Fixup {
    /// `None` for what is known by its address alone.
    pub fn of(target: RelocationTarget) -> Option<Fixup> {
        let v = match target {
            RelocationTarget::Tag(ty) => return Some(Fixup::Tag(TypeName::of(ty))),
            RelocationTarget::Host(name) => return Some(Fixup::Host(name.as_str().to_owned())),
            RelocationTarget::Binding(global) => {
                let module = runtime::Module::from_value(global.module)?;
                return Some(Fixup::Binding(module.path(), global.name.as_str().to_owned()));
            }
            RelocationTarget::Object(v) => v,
        };
        if codegen::session_bound(v).is_some() {
            return None;
        }
        let ty = v.type_of();
        Some(if let Some(name) = v.as_symbol() {
            Fixup::Symbol(name.as_str().to_owned())
        } else if let Some(t) = v.as_type() {
            Fixup::Type(TypeName::of(t))
        } else if let Some(bytes) = v.as_bytes() {
            Fixup::String(bytes.to_vec())
        } else if let Some(b) = v.as_bool() {
            Fixup::Bool(b)
        } else if ty.is_singleton() {
            Fixup::Instance(TypeName::of(ty))
        } else if ty.is_bits() {
            // SAFETY: an object of plain data has as many bytes as its type.
            let bytes = (0..runtime::info(ty).size).map(|i| unsafe { v.read::<u8>(i) }).collect();
            Fixup::Data(TypeName::of(ty), bytes)
        } else {
            return None;
        })
    }

    /// What it stands for in this session, `find` giving the type of a name.
    pub fn resolve(&self, find: &dyn Fn(&str) -> Option<Ty>) -> Option<RelocationTarget> {
        Some(RelocationTarget::Object(match self {
            Fixup::Symbol(name) => Value::symbol(Symbol::new(name)),
            Fixup::String(bytes) => runtime::pin(runtime::strings::string_from_bytes(bytes)),
            Fixup::Bool(b) => Value::boolean(*b),
            Fixup::Type(name) => Value::from(name.find(find)?),
            Fixup::Tag(name) => return Some(RelocationTarget::Tag(name.find(find)?)),
            Fixup::Instance(name) => runtime::info(name.find(find)?).instance?,
            Fixup::Data(name, bytes) => {
                let ty = name.find(find).filter(|&t| t.is_bits() && runtime::info(t).size == bytes.len())?;
                let object = runtime::pin(runtime::object::allocate(runtime::info(ty)));
                // SAFETY: a new object of this type has as many bytes, and nobody else has it yet.
                unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), object.as_ptr(), bytes.len()) };
                object
            }
            Fixup::Host(name) => return Some(RelocationTarget::Host(Symbol::new(name))),
            Fixup::Binding(module, name) => {
                let module = runtime::reflect::module_by_path(module)?.value();
                return Some(RelocationTarget::Binding(ir::lowered::GlobalRef { module, name: Symbol::new(name) }));
            }
        }))
    }
}

/// A level of a stack: function, file, line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortableFrame {
    pub function: String,
    pub file: String,
    pub line: u64,
}

impl PortableFrame {
    fn new(frame: &Frame) -> PortableFrame {
        let function = frame.function.as_str().to_owned();
        if frame.span.is_none() {
            return PortableFrame { function, file: String::new(), line: 0 };
        }
        let file = SourceMap::file(frame.span.file).name.clone();
        PortableFrame { function, file, line: frame.span.line() as u64 }
    }
}

/// A throw site with its places spelled out.
#[derive(Clone, Debug, PartialEq)]
pub struct PortableSite {
    pub kind: String,
    pub message: Option<String>,
    pub args: u64,
    pub frames: Vec<PortableFrame>,
}

impl PortableSite {
    fn new(site: &ThrowSite) -> PortableSite {
        PortableSite {
            kind: site.kind.clone(),
            message: site.message.clone(),
            args: site.args.into(),
            frames: site.frames.iter().map(PortableFrame::new).collect(),
        }
    }
}

// ---- bytes ---------------------------------------------------------------------------------------

fn put_list<T>(items: &[T], out: &mut Vec<u8>, put: impl Fn(&T, &mut Vec<u8>)) {
    (items.len() as u64).encode(out);
    items.iter().for_each(|item| put(item, out));
}

fn take_list<T>(input: &mut &[u8], take: impl Fn(&mut &[u8]) -> Option<T>) -> Option<Vec<T>> {
    // The length may be wrong: nothing is allocated by it.
    (0..u64::decode(input)?).map(|_| take(input)).collect()
}

impl PortableValue for TypeName {
    fn encode(&self, out: &mut Vec<u8>) {
        self.text.encode(out);
        out.extend(self.fingerprint);
    }
    fn decode(input: &mut &[u8]) -> Option<TypeName> {
        let text = String::decode(input)?;
        let (fingerprint, rest) = input.split_first_chunk::<32>()?;
        *input = rest;
        Some(TypeName { text, fingerprint: *fingerprint })
    }
}

impl PortableValue for Fixup {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Fixup::Symbol(name) => (0u64.encode(out), name.encode(out)).1,
            Fixup::String(bytes) => (1u64.encode(out), bytes.encode(out)).1,
            Fixup::Bool(b) => (2u64.encode(out), u64::from(*b).encode(out)).1,
            Fixup::Type(name) => (3u64.encode(out), name.encode(out)).1,
            Fixup::Tag(name) => (4u64.encode(out), name.encode(out)).1,
            Fixup::Instance(name) => (5u64.encode(out), name.encode(out)).1,
            Fixup::Data(name, bytes) => (6u64.encode(out), name.encode(out), bytes.encode(out)).2,
            Fixup::Host(name) => (7u64.encode(out), name.encode(out)).1,
            Fixup::Binding(module, name) => (8u64.encode(out), module.encode(out), name.encode(out)).2,
        }
    }
    fn decode(input: &mut &[u8]) -> Option<Fixup> {
        Some(match u64::decode(input)? {
            0 => Fixup::Symbol(String::decode(input)?),
            1 => Fixup::String(Vec::decode(input)?),
            2 => Fixup::Bool(u64::decode(input)? != 0),
            3 => Fixup::Type(TypeName::decode(input)?),
            4 => Fixup::Tag(TypeName::decode(input)?),
            5 => Fixup::Instance(TypeName::decode(input)?),
            6 => Fixup::Data(TypeName::decode(input)?, Vec::decode(input)?),
            7 => Fixup::Host(String::decode(input)?),
            8 => Fixup::Binding(String::decode(input)?, String::decode(input)?),
            _ => return None,
        })
    }
}

impl PortableValue for PortableRelocation {
    fn encode(&self, out: &mut Vec<u8>) {
        self.symbol.encode(out);
        let (kind, slot) = match self.kind {
            RelocationKind::Link => (0u64, 0),
            RelocationKind::Patch => (1, 0),
            RelocationKind::Table { slot } => (2, slot),
        };
        kind.encode(out);
        u64::from(slot).encode(out);
        self.fixup.encode(out);
    }
    fn decode(input: &mut &[u8]) -> Option<PortableRelocation> {
        let symbol = String::decode(input)?;
        let (kind, slot) = (u64::decode(input)?, u32::try_from(u64::decode(input)?).ok()?);
        let kind = match kind {
            0 => RelocationKind::Link,
            1 => RelocationKind::Patch,
            2 => RelocationKind::Table { slot },
            _ => return None,
        };
        Some(PortableRelocation { symbol, kind, fixup: Fixup::decode(input)? })
    }
}

impl PortableValue for PortableFrame {
    fn encode(&self, out: &mut Vec<u8>) {
        self.function.encode(out);
        self.file.encode(out);
        self.line.encode(out);
    }
    fn decode(input: &mut &[u8]) -> Option<PortableFrame> {
        let (function, file) = (String::decode(input)?, String::decode(input)?);
        Some(PortableFrame { function, file, line: u64::decode(input)? })
    }
}

impl PortableValue for PortableSite {
    fn encode(&self, out: &mut Vec<u8>) {
        self.kind.encode(out);
        u64::from(self.message.is_some()).encode(out);
        self.message.clone().unwrap_or_default().encode(out);
        self.args.encode(out);
        put_list(&self.frames, out, PortableFrame::encode);
    }
    fn decode(input: &mut &[u8]) -> Option<PortableSite> {
        let kind = String::decode(input)?;
        let has_message = u64::decode(input)? != 0;
        let message = Some(String::decode(input)?).filter(|_| has_message);
        Some(PortableSite {
            kind,
            message,
            args: u64::decode(input)?,
            frames: take_list(input, PortableFrame::decode)?,
        })
    }
}

impl PortableValue for PortableArtifact {
    fn encode(&self, out: &mut Vec<u8>) {
        self.bytes.encode(out);
        self.entry.encode(out);
        put_list(&self.relocations, out, PortableRelocation::encode);
        put_list(&self.sites, out, PortableSite::encode);
        put_list(&self.calls, out, |frames, out| put_list(frames, out, PortableFrame::encode));
    }
    fn decode(input: &mut &[u8]) -> Option<PortableArtifact> {
        Some(PortableArtifact {
            bytes: Vec::decode(input)?,
            entry: String::decode(input)?,
            relocations: take_list(input, PortableRelocation::decode)?,
            sites: take_list(input, PortableSite::decode)?,
            calls: take_list(input, |input| take_list(input, PortableFrame::decode))?,
        })
    }
}
