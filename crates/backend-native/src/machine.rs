//! Optimisation and object emission for the machine this runs on.

use codegen::HostTarget;
use llvm::{
    CodeModel, Context, Error, FileType, Module, OptLevel, PassOptions, RelocMode, TargetMachine, TargetOptions,
};

/// Which passes run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Pipeline {
    /// None: for reflection and for tests.
    None,
    /// For host functions: one unit at a time, little time per function.
    #[default]
    Host,
    /// For kernels linked with all that they call.
    Kernel,
}

/// Everything of the machine that affects an object.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct HostOptions {
    pub triple: String,
    pub cpu: String,
    pub features: String,
    pub opt_level: u8,
}

impl Default for HostOptions {
    fn default() -> HostOptions {
        HostOptions {
            triple: llvm::host_triple(),
            cpu: llvm::host_cpu(),
            features: llvm::host_features(),
            opt_level: 2,
        }
    }
}

impl HostOptions {
    fn target(&self) -> TargetOptions {
        TargetOptions {
            triple: self.triple.clone(),
            cpu: self.cpu.clone(),
            features: self.features.clone(),
            opt: match self.opt_level {
                0 => OptLevel::None,
                1 => OptLevel::Less,
                2 => OptLevel::Default,
                _ => OptLevel::Aggressive,
            },
            reloc: RelocMode::Pic,
            model: CodeModel::Small,
        }
    }
}

/// The scalar part that every pipeline starts with: memory to registers, then the cheap and rewarding.
const SCALAR: &str = "sroa<modify-cfg>,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,simplifycfg";

/// Splits loops so that the bounds checks of most iterations are known to hold: what is left of those vectorises.
const RANGES: &str = "loop-simplify,lcssa,irce,simplifycfg,instcombine<no-verify-fixpoint>";

impl Pipeline {
    /// The pipeline in LLVM's notation; part of every key of what it makes.
    pub fn text(self) -> String {
        match self {
            Pipeline::None => String::new(),
            Pipeline::Host => format!(
                "always-inline,cgscc(inline),function({SCALAR},\
                 loop-mssa(loop-simplifycfg,licm<allowspeculation>,loop-rotate,simple-loop-unswitch),\
                 simplifycfg,instcombine<no-verify-fixpoint>,\
                 loop(loop-idiom,indvars,loop-deletion,loop-unroll-full),\
                 sroa<modify-cfg>,gvn,constraint-elimination,sccp,correlated-propagation,\
                 instcombine<no-verify-fixpoint>,dse,adce,simplifycfg,\
                 loop-mssa(licm<allowspeculation>),{RANGES},loop-vectorize,slp-vectorizer,instcombine<no-verify-fixpoint>,\
                 loop-unroll,simplifycfg,instcombine<no-verify-fixpoint>),globaldce"
            ),
            Pipeline::Kernel => format!(
                "always-inline,cgscc(inline),deadargelim,function({SCALAR},jump-threading,correlated-propagation,\
                 reassociate,loop-mssa(loop-simplifycfg,loop-rotate,licm<allowspeculation>,simple-loop-unswitch<nontrivial>),\
                 simplifycfg,instcombine<no-verify-fixpoint>,\
                 loop(loop-idiom,indvars,loop-deletion),\
                 loop-unroll<O3;no-partial;no-peeling;no-runtime;no-upperbound>,\
                 sroa<modify-cfg>,gvn,constraint-elimination,sccp,correlated-propagation,\
                 instcombine<no-verify-fixpoint>,jump-threading,dse,adce,simplifycfg,\
                 loop-mssa(licm<allowspeculation>),instcombine<no-verify-fixpoint>,\
                 loop(loop-rotate<header-duplication>),{RANGES},loop-distribute,loop-vectorize,loop-load-elim,\
                 instcombine<no-verify-fixpoint>,\
                 simplifycfg<forward-switch-cond;switch-to-lookup;hoist-common-insts;sink-common-insts>,slp-vectorizer,\
                 vector-combine,instcombine<no-verify-fixpoint>,loop-unroll,sroa<preserve-cfg>,\
                 instcombine<no-verify-fixpoint>,loop-mssa(licm<allowspeculation>),early-cse,simplifycfg),globaldce"
            ),
        }
    }
}

/// A configured code generator for this machine. One per worker thread.
pub struct HostMachine {
    options: HostOptions,
    machine: TargetMachine,
}

impl HostMachine {
    pub fn new(options: HostOptions) -> Result<HostMachine, Error> {
        let machine = TargetMachine::new(&options.target())?;
        Ok(HostMachine { options, machine })
    }

    pub fn options(&self) -> &HostOptions {
        &self.options
    }

    /// How host functions are emitted for this machine.
    pub fn lowering(&self) -> HostTarget {
        HostTarget::new(self.options.triple.clone(), self.machine.data_layout())
    }

    pub fn data_layout(&self) -> String {
        self.machine.data_layout()
    }

    /// Runs a pipeline.
    pub fn optimize(&self, module: &mut Module<'_>, pipeline: Pipeline) -> Result<(), Error> {
        let text = pipeline.text();
        if text.is_empty() || self.options.opt_level == 0 {
            return module.run_passes("always-inline", Some(&self.machine), PassOptions::default());
        }
        module.run_passes(&text, Some(&self.machine), PassOptions::default())
    }

    /// Runs any pipeline in LLVM's notation.
    pub fn run(&self, module: &mut Module<'_>, passes: &str) -> Result<(), Error> {
        module.run_passes(passes, Some(&self.machine), PassOptions::default())
    }

    /// A relocatable object, or assembly.
    pub fn emit(&self, module: Module<'_>, file: FileType) -> Result<Vec<u8>, Error> {
        self.machine.emit(module, file)
    }

    /// From a unit's bitcode to its object.
    pub fn compile(&self, bitcode: &[u8], pipeline: Pipeline) -> Result<Vec<u8>, Error> {
        let context = Context::new();
        let mut module = Module::parse_bitcode(&context, bitcode)?;
        self.optimize(&mut module, pipeline)?;
        self.emit(module, FileType::Object)
    }
}
