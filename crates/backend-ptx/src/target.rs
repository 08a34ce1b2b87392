//! Choice of architecture and of the PTX version that it needs.

use llvm::{CodeModel, Error, Lent, OptLevel, RelocMode, TargetMachine, TargetOptions};

/// A version of the PTX language, as `major * 10 + minor`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PtxVersion(pub u32);

/// What code may use of an architecture, and so where it runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum PtxFeatures {
    /// What all later architectures have: `sm_90`.
    #[default]
    Baseline,
    /// What this very architecture has: `sm_90a`. The code runs on no other.
    Architecture,
    /// What the architectures of this family have: `sm_100f`.
    Family,
}

impl PtxFeatures {
    /// The suffix in names of architectures.
    pub fn suffix(self) -> &'static str {
        match self {
            PtxFeatures::Baseline => "",
            PtxFeatures::Architecture => "a",
            PtxFeatures::Family => "f",
        }
    }

    /// The first PTX version in which an architecture has the set.
    fn since(self, sm: u32) -> Option<u32> {
        match (self, sm) {
            (PtxFeatures::Baseline, _) => Some(0),
            (PtxFeatures::Architecture, 90) => Some(80),
            (PtxFeatures::Architecture, 100) => Some(86),
            (PtxFeatures::Architecture, 120) => Some(87),
            (PtxFeatures::Architecture | PtxFeatures::Family, 103 | 121) => Some(88),
            (PtxFeatures::Family, 100 | 120) => Some(88),
            (PtxFeatures::Architecture | PtxFeatures::Family, 110) => Some(90),
            _ => None,
        }
    }
}

/// Everything that affects the text besides the kernel.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PtxOptions {
    /// Compute capability as `major * 10 + minor`: 75 for `sm_75`.
    pub sm: u32,
    pub version: PtxVersion,
    /// Which instructions beyond those that later architectures have, too.
    pub features: PtxFeatures,
    /// Approximate division, roots and reciprocals; small 32-bit numbers count as zero.
    pub fast_math: bool,
    pub opt_level: u8,
    /// Limit on the threads of a block, for register allocation.
    pub max_threads: Option<u32>,
}

/// The architectures that can be compiled for, each with the first PTX version that knows it.
const ARCHITECTURES: &[(u32, u32)] = &[
    (70, 60),
    (72, 61),
    (75, 63),
    (80, 70),
    (86, 71),
    (87, 74),
    (89, 78),
    (90, 78),
    (100, 86),
    (103, 88),
    (110, 90),
    (120, 87),
    (121, 88),
];

/// Shuffles and votes with masks and all that the lowering uses need at least this.
const LEAST: u32 = 63;

impl PtxOptions {
    /// Options for an architecture, with the oldest PTX version that serves it: old drivers take it.
    ///
    /// `None` where the architecture is not one that can be compiled for.
    pub fn for_sm(sm: u32) -> Option<PtxOptions> {
        let &(_, version) = ARCHITECTURES.iter().find(|(known, _)| *known == sm)?;
        Some(PtxOptions {
            sm,
            version: PtxVersion(version.max(LEAST)),
            features: PtxFeatures::Baseline,
            fast_math: false,
            opt_level: 2,
            max_threads: None,
        })
    }

    /// The same with another set of features. `None` where the architecture has no such set.
    pub fn with_features(self, features: PtxFeatures) -> Option<PtxOptions> {
        let version = self.version.max(PtxVersion(features.since(self.sm)?));
        Some(PtxOptions { features, version, ..self })
    }

    /// Options from a name such as `sm_90`, `sm_90a`, or `sm_100f`.
    pub fn from_name(name: &str) -> Option<PtxOptions> {
        let number = name.strip_prefix("sm_")?;
        let digits = number.trim_end_matches(['a', 'f']);
        let features = match &number[digits.len()..] {
            "" => PtxFeatures::Baseline,
            "a" => PtxFeatures::Architecture,
            "f" => PtxFeatures::Family,
            _ => return None,
        };
        PtxOptions::for_sm(digits.parse().ok()?)?.with_features(features)
    }

    /// `sm_90a`.
    pub fn name(&self) -> String {
        format!("sm_{}{}", self.sm, self.features.suffix())
    }

    /// The architectures that can be compiled for.
    pub fn architectures() -> impl Iterator<Item = u32> {
        ARCHITECTURES.iter().map(|&(sm, _)| sm)
    }

    /// The newest architecture that code runs on a device of capability `sm` with.
    pub fn best_for_device(sm: u32) -> Option<PtxOptions> {
        let best = ARCHITECTURES.iter().map(|&(known, _)| known).filter(|&known| known <= sm).max()?;
        PtxOptions::for_sm(best)
    }

    /// Bytes that the parameters of a kernel may take: more on newer machines, from the PTX version that knows of it.
    pub fn parameter_space(&self) -> usize {
        if self.sm >= 70 && self.version.0 >= 81 { 32764 } else { 4096 }
    }

    /// The code generator for these options.
    ///
    /// What it emits is optimised again, by NVIDIA's assembler, which sees registers and instructions where LLVM sees
    /// virtual ones: LLVM's own passes at this stage take as long as all else in it and make the machine code larger
    /// rather than smaller. Contraction of products and sums, for fast mathematics, is among them.
    ///
    /// # Errors
    /// An LLVM without this back-end.
    pub fn machine(&self) -> Result<Lent, Error> {
        TargetMachine::lend(&TargetOptions {
            triple: TRIPLE.into(),
            cpu: self.name(),
            features: format!("+ptx{}", self.version.0),
            opt: if self.fast_math || self.opt_level > 2 { OptLevel::Default } else { OptLevel::None },
            reloc: RelocMode::Default,
            model: CodeModel::Default,
        })
    }
}

pub const TRIPLE: &str = "nvptx64-nvidia-cuda";
