//! Choice of processor and of what it is set up for.

use llvm::{CodeModel, Error, OptLevel, RelocMode, TargetMachine, TargetOptions};
use std::fmt;

pub const TRIPLE: &str = "amdgcn-amd-amdhsa";

/// A setting that a processor's memory has and code is compiled for: on, off, or (`None`) code that runs with both.
type Setting = Option<bool>;

/// What makes machine code of LLVM's IR.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Generator {
    /// The LLVM in this process.
    #[default]
    InProcess,
    /// The program `llc` of the same LLVM.
    External,
}

impl Generator {
    pub const ALL: [Generator; 2] = [Generator::InProcess, Generator::External];

    pub fn name(self) -> &'static str {
        match self {
            Generator::InProcess => "in-process",
            Generator::External => "external",
        }
    }

    /// `None` where there is none of that name.
    pub fn from_name(name: &str) -> Option<Generator> {
        Generator::ALL.into_iter().find(|g| g.name() == name)
    }
}

/// Everything that affects the code besides the kernel.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GcnOptions {
    /// `gfx90a`.
    pub processor: &'static str,
    /// Recovery from page faults.
    pub xnack: Setting,
    /// Error correction in local memory.
    pub sramecc: Setting,
    pub opt_level: u8,
    pub generator: Generator,
}

/// A processor, and which settings its code depends on.
struct Processor {
    name: &'static str,
    xnack: bool,
    sramecc: bool,
}

const fn processor(name: &'static str, xnack: bool, sramecc: bool) -> Processor {
    Processor { name, xnack, sramecc }
}

/// The processors that can be compiled for.
const PROCESSORS: &[Processor] = &[
    processor("gfx900", true, false),
    processor("gfx906", true, true),
    processor("gfx908", true, true),
    processor("gfx90a", true, true),
    processor("gfx90c", true, false),
    processor("gfx942", true, true),
    processor("gfx950", true, true),
    processor("gfx1010", true, false),
    processor("gfx1011", true, false),
    processor("gfx1012", true, false),
    processor("gfx1030", false, false),
    processor("gfx1031", false, false),
    processor("gfx1032", false, false),
    processor("gfx1033", false, false),
    processor("gfx1034", false, false),
    processor("gfx1035", false, false),
    processor("gfx1036", false, false),
    processor("gfx1100", false, false),
    processor("gfx1101", false, false),
    processor("gfx1102", false, false),
    processor("gfx1103", false, false),
    processor("gfx1150", false, false),
    processor("gfx1151", false, false),
    processor("gfx1200", false, false),
    processor("gfx1201", false, false),
];

impl GcnOptions {
    /// Options from a name as ROCm writes it: `gfx90a`, `gfx90a:sramecc+:xnack-`. `None` where there is no such processor, or it
    /// has no such setting.
    pub fn from_name(name: &str) -> Option<GcnOptions> {
        let mut parts = name.split(':');
        let wanted = parts.next()?;
        let known = PROCESSORS.iter().find(|p| p.name == wanted)?;
        let mut options = GcnOptions {
            processor: known.name,
            xnack: None,
            sramecc: None,
            opt_level: 2,
            generator: Generator::default(),
        };
        for part in parts {
            let (setting, on) = match part.strip_suffix('+') {
                Some(setting) => (setting, true),
                None => (part.strip_suffix('-')?, false),
            };
            let place = match setting {
                "xnack" if known.xnack => &mut options.xnack,
                "sramecc" if known.sramecc => &mut options.sramecc,
                _ => return None,
            };
            if place.replace(on).is_some() {
                return None;
            }
        }
        Some(options)
    }

    /// The processors that can be compiled for.
    pub fn processors() -> impl Iterator<Item = &'static str> {
        PROCESSORS.iter().map(|p| p.name)
    }

    /// Those whose names are most like this one.
    pub fn similar(name: &str) -> Vec<&'static str> {
        let wanted = name.split(':').next().unwrap_or_default().to_lowercase();
        let common = |p: &str| p.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
        let best = GcnOptions::processors().map(common).max().unwrap_or(0);
        GcnOptions::processors().filter(|p| best > 3 && common(p) == best).collect()
    }

    /// What LLVM calls the settings.
    pub fn features(&self) -> String {
        let settings = [("sramecc", self.sramecc), ("xnack", self.xnack)];
        let chosen =
            settings.iter().filter_map(|(name, on)| on.map(|on| format!("{}{name}", if on { '+' } else { '-' })));
        chosen.collect::<Vec<_>>().join(",")
    }

    /// The code generator for these options.
    ///
    /// # Errors
    /// An LLVM without this back-end.
    pub fn machine(&self) -> Result<TargetMachine, Error> {
        TargetMachine::new(&TargetOptions {
            triple: TRIPLE.into(),
            cpu: self.processor.into(),
            features: self.features(),
            opt: match self.opt_level {
                0 => OptLevel::None,
                1 => OptLevel::Less,
                2 => OptLevel::Default,
                _ => OptLevel::Aggressive,
            },
            reloc: RelocMode::Pic,
            model: CodeModel::Default,
        })
    }
}

/// `gfx90a:sramecc+:xnack-`.
impl fmt::Display for GcnOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.processor)?;
        for (name, setting) in [("sramecc", self.sramecc), ("xnack", self.xnack)] {
            if let Some(on) = setting {
                write!(f, ":{name}{}", if on { '+' } else { '-' })?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{GcnOptions, Generator};

    #[test]
    fn names_say_which_processor_and_how_it_is_set_up() {
        let name = |text: &str| GcnOptions::from_name(text).map(|o| o.to_string());
        assert_eq!(name("gfx90a").as_deref(), Some("gfx90a"));
        assert_eq!(name("gfx90a:xnack-:sramecc+").as_deref(), Some("gfx90a:sramecc+:xnack-"));
        for wrong in ["gfx90", "gfx1100:xnack+", "gfx90a:xnack", "gfx90a:xnack+:xnack-", "sm_75", ""] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
        assert_eq!(GcnOptions::from_name("gfx908:xnack-").unwrap().features(), "-xnack");
    }

    #[test]
    fn similar_processors_are_told() {
        assert_eq!(GcnOptions::similar("gfx90b"), ["gfx900", "gfx906", "gfx908", "gfx90a", "gfx90c"]);
        assert_eq!(GcnOptions::similar("gfx1104"), ["gfx1100", "gfx1101", "gfx1102", "gfx1103"]);
        assert!(GcnOptions::similar("sm_90").is_empty());
    }

    #[test]
    fn generators_have_names() {
        assert_eq!(Generator::from_name("external"), Some(Generator::External));
        assert_eq!(Generator::from_name("in-process"), Some(Generator::InProcess));
        assert_eq!(Generator::from_name("other"), None);
    }
}
