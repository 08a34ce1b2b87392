//! What differs between machines.

use crate::info::RelocationStyle;
use base::Diagnostic;
use llvm::{Builder, Function, IntPredicate, Module, Value};

/// What a work-item may ask about its place; answers are `i32` and count from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IndexQuery {
    LocalId,
    GroupId,
    GroupSize,
    NumGroups,
}

/// Who a fence orders memory for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FenceScope {
    Group,
    Device,
    System,
}

/// Where a shuffle's source lane comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShuffleMode {
    Index,
    Up,
    Down,
    Xor,
}

/// What some machines do not have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Feature {
    /// Arithmetic with integers of 128 bits.
    Int128,
    Float16,
    Float64,
    /// Memory for objects, while the kernel runs.
    Objects,
    /// Functions as values.
    FunctionPointers,
    /// Atomic accesses to fewer than 32 bits.
    SmallAtomics,
    /// Atomic accesses to 64 bits.
    WideAtomics,
}

impl Feature {
    /// As findings name it.
    pub fn describe(self) -> &'static str {
        match self {
            Feature::Int128 => "a 128-bit integer",
            Feature::Float16 => "`Float16`",
            Feature::Float64 => "`Float64`",
            Feature::Objects => "making an object",
            Feature::FunctionPointers => "the address of a function",
            Feature::SmallAtomics => "an atomic access to fewer than 32 bits",
            Feature::WideAtomics => "an atomic access to 64 bits",
        }
    }
}

/// How a kernel's entry gets an aggregate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AggregateParameters {
    /// By value: a pointer to memory of the work-item's own.
    ByValue,
    /// The same, as a struct: what some drivers take for an aggregate.
    ByStruct,
    /// By a pointer, in this address space, to the launch's arguments, which nothing changes.
    ByReference { space: u32 },
    /// The same, each in a buffer of its own, and so for all arguments but pointers.
    Buffers { space: u32 },
}

/// The lane that a shuffle takes its value from: for lane `here` of segments of `width` lanes, a power of two. Lanes beyond the
/// segment's ends stand for the lane itself.
pub fn source_lane<'m>(
    b: &Builder<'m>,
    mode: ShuffleMode,
    here: Value<'m>,
    lane: Value<'m>,
    width: Value<'m>,
) -> Value<'m> {
    let within = b.sub(width, here.ty().const_int(1));
    let first = b.and(here, b.not(within));
    let inside = |from| b.icmp(IntPredicate::LLVMIntSLT, from, b.add(first, width));
    match mode {
        ShuffleMode::Index => b.or(first, b.and(lane, within)),
        ShuffleMode::Up => {
            let from = b.sub(here, lane);
            b.select(b.icmp(IntPredicate::LLVMIntSGE, from, first), from, here)
        }
        ShuffleMode::Down => {
            let from = b.add(here, lane);
            b.select(inside(from), from, here)
        }
        ShuffleMode::Xor => {
            let from = b.xor(here, lane);
            b.select(inside(from), from, here)
        }
    }
}

/// A format of C's `printf` whose integers are of 64 bits, as all that are passed: with this length in front of their
/// conversions in place of any other.
pub fn format_of_longs(format: &str, length: &str) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        if c != '%' {
            continue;
        }
        while let Some(&d) = chars.peek() {
            if d.is_ascii_digit() || matches!(d, '-' | '+' | ' ' | '#' | '.') {
                out.push(d);
                chars.next();
            } else {
                break;
            }
        }
        while matches!(chars.peek(), Some('l' | 'h' | 'z' | 'j' | 't' | 'q')) {
            chars.next();
        }
        if let Some(kind) = chars.next() {
            if matches!(kind, 'd' | 'i' | 'u' | 'x' | 'X' | 'o') {
                out.push_str(length);
            }
            out.push(kind);
        }
    }
    out
}

/// An argument of a device-side print.
#[derive(Clone, Copy)]
pub struct PrintArg<'m> {
    /// An `i64` (integers, sign- or zero-extended by their type), a `double`, or a pointer.
    pub value: Value<'m>,
}

/// The place in which a target emits code.
pub struct Site<'a, 'm> {
    pub module: &'m Module<'m>,
    pub builder: &'a Builder<'m>,
    pub function: Function<'m>,
    /// The hidden kernel-state pointer of the current function.
    pub state: Option<Value<'m>>,
    /// The record of the call of the current function, at debug level 2: `{ pointer to the record of its caller's call or null,
    /// i32 number of the call }`.
    pub calls: Option<Value<'m>>,
}

/// One kind of machine, as code generation sees it.
///
/// Every method is called while a unit is emitted and must depend on its arguments alone. Device
/// operations have no meaning on hosts; the defaults report them as unsupported.
pub trait TargetLowering: Sync {
    /// Name in diagnostics and keys: `host`, `cpu kernel`, `ptx`.
    fn name(&self) -> &str;
    fn triple(&self) -> &str;
    fn data_layout(&self) -> &str;

    /// What else of the machine units depend on, as part of their key.
    fn variant(&self) -> String {
        String::new()
    }

    /// Objects can be allocated, boxed and dispatched on; exceptions are objects.
    fn is_host(&self) -> bool {
        false
    }

    /// How code gets at host objects.
    fn relocation_style(&self) -> RelocationStyle {
        if self.is_host() { RelocationStyle::Link } else { RelocationStyle::Patch }
    }

    /// The table of references in the entry of a kernel whose arguments come [packed](crate::KernelEntry::Packed).
    fn relocation_table<'m>(&self, _site: &Site<'_, 'm>) -> Option<Value<'m>> {
        None
    }

    /// Can a throw hand over plain data, by its address on the stack of the work-item?
    fn records_thrown_data(&self) -> bool {
        false
    }

    /// Does every function take the hidden state pointer first?
    fn has_state(&self) -> bool {
        !self.is_host()
    }

    /// The machine's number of an address space of `Core.LLVMPtr` (0 generic, 1 global, 3 shared, 4 constant, 5 private).
    /// Pointers in the generic one may point into any other: that is where `Ptr`s and references are.
    fn address_space(&self, space: u32) -> u32 {
        space
    }

    /// Does the machine multiply and add half-precision numbers with one rounding?
    fn has_half_fma(&self) -> bool {
        !self.is_host()
    }

    /// Is all floating-point arithmetic free to be approximate?
    fn fast_math(&self) -> bool {
        false
    }

    /// Address space of stack slots.
    fn stack_space(&self) -> u32 {
        0
    }

    /// Address space of the variables that units have, or of their constants.
    fn global_space(&self, _constant: bool) -> u32 {
        0
    }

    /// Address space of the pointers that launches pass: to what is hidden, and of arguments that may point anywhere.
    fn launch_space(&self) -> u32 {
        self.address_space(0)
    }

    /// How entries of kernels that take [parameters](crate::KernelEntry::Parameters) get aggregates.
    fn aggregate_parameters(&self) -> AggregateParameters {
        AggregateParameters::ByValue
    }

    /// Does the machine add and subtract floating-point numbers of this width in memory, by pointers of this address space, at
    /// once? If not, code compares and exchanges until nobody came between.
    fn has_float_atomics(&self, _bits: u32, _space: u32) -> bool {
        true
    }

    /// Does the machine have this? Code that needs what it has not is refused.
    fn supports(&self, _feature: Feature) -> bool {
        true
    }

    fn index<'m>(&self, _site: &Site<'_, 'm>, _query: IndexQuery, _dim: u32) -> Option<Value<'m>> {
        None
    }
    fn barrier<'m>(&self, _site: &Site<'_, 'm>) -> bool {
        false
    }
    fn fence<'m>(&self, _site: &Site<'_, 'm>, _scope: FenceScope) -> bool {
        false
    }
    /// A pointer (in shared space) to `size` bytes that the group shares, the same for equal names.
    fn shared<'m>(&self, _site: &Site<'_, 'm>, _name: &str, _size: u64, _align: u32) -> Option<Value<'m>> {
        None
    }
    /// A pointer (in shared space) into the memory whose size the launch gives.
    fn shared_dynamic<'m>(&self, _site: &Site<'_, 'm>, _offset: Value<'m>) -> Option<Value<'m>> {
        None
    }
    /// Do shuffles and votes wait for other items in a way that the kernel has to be prepared for?
    fn shuffles_wait(&self) -> bool {
        false
    }
    fn lane_id<'m>(&self, _site: &Site<'_, 'm>) -> Option<Value<'m>> {
        None
    }
    fn warp_size<'m>(&self, _site: &Site<'_, 'm>) -> Option<Value<'m>> {
        None
    }
    /// `value`, `mask`, `lane` and `width` are `i32`.
    fn shuffle<'m>(
        &self,
        _site: &Site<'_, 'm>,
        _mode: ShuffleMode,
        _mask: Value<'m>,
        _value: Value<'m>,
        _lane: Value<'m>,
        _width: Value<'m>,
    ) -> Option<Value<'m>> {
        None
    }
    fn ballot<'m>(&self, _site: &Site<'_, 'm>, _mask: Value<'m>, _predicate: Value<'m>) -> Option<Value<'m>> {
        None
    }
    /// C's `printf` with a constant format.
    fn print<'m>(&self, _site: &Site<'_, 'm>, _format: &str, _args: &[PrintArg<'m>]) -> bool {
        false
    }
    /// Ends the work-item (the emitter adds `unreachable`).
    fn exit<'m>(&self, _site: &Site<'_, 'm>) -> bool {
        false
    }
    /// A C function that device code may call (`vprintf`, `malloc`, a vendor library's).
    fn may_call(&self, _symbol: &str) -> bool {
        self.is_host()
    }
    /// The name of the synchronisation scope for atomics between all work-items of a device.
    fn atomic_scope(&self) -> Option<&'static str> {
        None
    }
    /// The machine that warns about nothing: extra findings about a body before it is emitted.
    fn validate(&self, _body: &ir::typed::TypedBody, _out: &mut Vec<Diagnostic>) {}
}

/// The machine that this process runs on, with the collector and exceptions at hand.
pub struct HostTarget {
    triple: String,
    layout: String,
}

impl HostTarget {
    /// For the triple and data layout of a target machine.
    pub fn new(triple: String, layout: String) -> HostTarget {
        HostTarget { triple, layout }
    }
}

impl TargetLowering for HostTarget {
    fn name(&self) -> &str {
        "host"
    }
    fn triple(&self) -> &str {
        &self.triple
    }
    fn data_layout(&self) -> &str {
        &self.layout
    }
    fn is_host(&self) -> bool {
        true
    }
    fn address_space(&self, _space: u32) -> u32 {
        0
    }
    fn atomic_scope(&self) -> Option<&'static str> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::format_of_longs;

    #[test]
    fn integers_of_formats_become_long() {
        assert_eq!(format_of_longs("%d %5.2f %lu %% %s\n", "ll"), "%lld %5.2f %llu %% %s\n");
        assert_eq!(format_of_longs("%lld%-3hx", "l"), "%ld%-3lx");
        assert_eq!(format_of_longs("100%", "ll"), "100%");
    }
}
