//! Choice of the system that kernels are for, and with it of the versions of AIR and of Metal's language.

use llvm::{CodeModel, Error, Lent, OptLevel, RelocMode, TargetMachine, TargetOptions};
use std::fmt;

/// A version: major and minor number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Version(pub u32, pub u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// Units are the same for all versions.
pub const TRIPLE: &str = "air64-apple-macosx";

/// As Apple's compiler has it.
pub const DATA_LAYOUT: &str = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-\
     v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-\
     v512:512:512-v1024:1024:1024-n8:16:32";

/// The systems that can be compiled for, each with the newest versions of AIR and of Metal's language that it takes.
const SYSTEMS: [(u32, Version, Version); 4] = [
    (13, Version(2, 5), Version(3, 0)),
    (14, Version(2, 6), Version(3, 1)),
    (15, Version(2, 7), Version(3, 2)),
    (26, Version(2, 8), Version(4, 0)),
];

/// The first AIR that triples name.
const VERSIONED: Version = Version(2, 6);
/// The first language with fences that are no barriers.
const FENCES: Version = Version(3, 2);

/// Everything that affects the code besides the kernel.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MetalOptions {
    /// The oldest macOS that the code is for.
    pub macos: Version,
    pub air: Version,
    /// Of Metal's language.
    pub metal: Version,
    /// Approximate functions, and arithmetic that is free to be so.
    pub fast_math: bool,
    /// Small floating-point numbers are kept rather than count as zero.
    pub denormals: bool,
    pub opt_level: u8,
}

impl Default for MetalOptions {
    fn default() -> MetalOptions {
        MetalOptions::for_system(26).expect("a system of the table")
    }
}

impl MetalOptions {
    /// Options for a major version of macOS. `None` where it cannot be compiled for.
    pub fn for_system(macos: u32) -> Option<MetalOptions> {
        let &(_, air, metal) = SYSTEMS.iter().find(|(known, ..)| *known == macos)?;
        Some(MetalOptions { macos: Version(macos, 0), air, metal, fast_math: false, denormals: false, opt_level: 2 })
    }

    /// Options from a name: a system, and what is wanted of arithmetic, as in `macos15+fastmath`.
    pub fn from_name(name: &str) -> Option<MetalOptions> {
        let mut parts = name.split('+');
        let mut options = MetalOptions::for_system(parts.next()?.strip_prefix("macos")?.parse().ok()?)?;
        for part in parts {
            match part {
                "fastmath" => options.fast_math = true,
                "denormals" => options.denormals = true,
                _ => return None,
            }
        }
        Some(options)
    }

    /// Names of the systems that can be compiled for.
    pub fn systems() -> impl Iterator<Item = String> {
        SYSTEMS.iter().map(|(macos, ..)| format!("macos{macos}"))
    }

    /// Has the language fences that are no barriers?
    pub fn has_fences(&self) -> bool {
        self.metal >= FENCES
    }

    /// The triple that Apple's tools learn the system and the version of AIR from.
    pub fn triple(&self) -> String {
        let Version(major, minor) = self.air;
        let version = if self.air >= VERSIONED { format!("_v{major}{minor}") } else { String::new() };
        format!("air64{version}-apple-macosx{}.{}.0", self.macos.0, self.macos.1)
    }
}

/// `macos15+fastmath`.
impl fmt::Display for MetalOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "macos{}", self.macos.0)?;
        for (name, on) in [("fastmath", self.fast_math), ("denormals", self.denormals)] {
            if on {
                write!(f, "+{name}")?;
            }
        }
        Ok(())
    }
}

/// What answers passes that ask about the machine. LLVM has none for AIR; of those that it has, AMD's knows the same of memory:
/// space 0 may be any other, spaces 1, 2 and 3 have nothing in common, and variables on the stack are what their type
/// says. It is never asked for code.
///
/// # Errors
/// An LLVM without that back-end.
pub fn stand_in() -> Result<Lent, Error> {
    TargetMachine::lend(&TargetOptions {
        triple: "amdgcn-amd-amdhsa".into(),
        cpu: String::new(),
        features: String::new(),
        opt: OptLevel::Default,
        reloc: RelocMode::Default,
        model: CodeModel::Default,
    })
}

#[cfg(test)]
mod tests {
    use super::MetalOptions;

    #[test]
    fn names_say_the_system_and_what_is_wanted_of_arithmetic() {
        let name = |text: &str| MetalOptions::from_name(text).map(|o| o.to_string());
        for text in ["macos13", "macos26", "macos15+fastmath", "macos14+fastmath+denormals"] {
            assert_eq!(name(text).as_deref(), Some(text));
        }
        assert_eq!(name("macos15+denormals+fastmath").as_deref(), Some("macos15+fastmath+denormals"));
        for wrong in ["", "macos", "macos16", "macos15+", "macos15-fastmath", "m1"] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn triples_name_the_version_of_air() {
        let triples: Vec<String> =
            MetalOptions::systems().map(|s| MetalOptions::from_name(&s).unwrap().triple()).collect();
        assert_eq!(
            triples,
            [
                "air64-apple-macosx13.0.0",
                "air64_v26-apple-macosx14.0.0",
                "air64_v27-apple-macosx15.0.0",
                "air64_v28-apple-macosx26.0.0"
            ]
        );
    }
}
