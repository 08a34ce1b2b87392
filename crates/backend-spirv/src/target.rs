//! Choice of the version of SPIR-V, and of what devices have that not all have.

use llvm::{CodeModel, Error, OptLevel, RelocMode, TargetMachine, TargetOptions};
use std::fmt;

/// Units are the same for all versions.
pub const TRIPLE: &str = "spirv64-unknown-unknown";

/// Everything that affects the code besides the kernel.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SpirvOptions {
    /// As `major * 10 + minor`: 14 for 1.4.
    pub version: u32,
    /// May kernels need `Float64`?
    pub float64: bool,
    /// May kernels need `Float16`?
    pub float16: bool,
    /// May kernels need atomic accesses to 64 bits?
    pub int64_atomics: bool,
    pub opt_level: u8,
}

/// Names of what may be left out, in the order in which they are written.
const LEAVABLE: [&str; 3] = ["float64", "float16", "int64atomics"];
const VERSIONS: [(&str, u32); 5] = [("1.0", 10), ("1.1", 11), ("1.2", 12), ("1.3", 13), ("1.4", 14)];
/// The first version with operations of sub-groups.
const SUBGROUPS: u32 = 13;

impl Default for SpirvOptions {
    fn default() -> SpirvOptions {
        SpirvOptions { version: 14, float64: true, float16: true, int64_atomics: true, opt_level: 2 }
    }
}

impl SpirvOptions {
    /// Options from a name: a version, and what the device lacks, as in `1.2-float64-int64atomics`. `None` where there is no such
    /// version or capability.
    pub fn from_name(name: &str) -> Option<SpirvOptions> {
        let mut parts = name.split('-');
        let wanted = parts.next()?;
        let &(_, version) = VERSIONS.iter().find(|(v, _)| *v == wanted)?;
        let mut options = SpirvOptions { version, ..SpirvOptions::default() };
        for part in parts {
            let at = LEAVABLE.iter().position(|l| *l == part)?;
            *options.capabilities_mut()[at] = false;
        }
        Some(options)
    }

    /// Names of versions.
    pub fn versions() -> impl Iterator<Item = &'static str> {
        VERSIONS.iter().map(|(name, _)| *name)
    }

    /// What names can say that a device lacks.
    pub fn leavable() -> &'static [&'static str] {
        &LEAVABLE
    }

    fn capabilities_mut(&mut self) -> [&mut bool; 3] {
        [&mut self.float64, &mut self.float16, &mut self.int64_atomics]
    }

    fn capabilities(&self) -> [bool; 3] {
        [self.float64, self.float16, self.int64_atomics]
    }

    /// Does the version have operations of sub-groups?
    pub fn has_subgroups(&self) -> bool {
        self.version >= SUBGROUPS
    }

    /// The triple that makes LLVM write this version.
    pub fn triple(&self) -> String {
        format!("spirv64v{}.{}-unknown-unknown", self.version / 10, self.version % 10)
    }

    /// The code generator for these options.
    ///
    /// # Errors
    /// An LLVM without this back-end.
    pub fn machine(&self) -> Result<TargetMachine, Error> {
        TargetMachine::new(&TargetOptions {
            triple: self.triple(),
            cpu: String::new(),
            features: String::new(),
            opt: if self.opt_level == 0 { OptLevel::None } else { OptLevel::Default },
            reloc: RelocMode::Default,
            model: CodeModel::Default,
        })
    }
}

/// `1.2-float64`.
impl fmt::Display for SpirvOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.version / 10, self.version % 10)?;
        for (name, has) in LEAVABLE.iter().zip(self.capabilities()) {
            if !has {
                write!(f, "-{name}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::SpirvOptions;

    #[test]
    fn names_say_the_version_and_what_is_missing() {
        let name = |text: &str| SpirvOptions::from_name(text).map(|o| o.to_string());
        for text in ["1.0", "1.4", "1.2-float64", "1.3-float64-float16-int64atomics"] {
            assert_eq!(name(text).as_deref(), Some(text));
        }
        assert_eq!(name("1.4-int64atomics-float16").as_deref(), Some("1.4-float16-int64atomics"));
        for wrong in ["", "1.5", "2.0", "1.2-float32", "1.2-"] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
        assert_eq!(SpirvOptions::from_name("1.1").unwrap().triple(), "spirv64v1.1-unknown-unknown");
    }
}
