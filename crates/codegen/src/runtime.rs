//! What code generation asks of a device's runtime library: functions written in Julia, compiled like kernels, and
//! linked to the kernels that need them.

use crate::Feature;
use crate::emit::UnitEmitter;
use crate::function::FunctionEmitter;
use crate::signature::{Hidden, Signature};
use llvm::{Attribute, AttributeSite, Function, Value};
use types::{Ty, builtin};

/// A function of the runtime library, by the symbol under which units call it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RuntimeFunction {
    /// Reports the exception of a site with up to four integers, and ends the work-item. Then comes the record of the call
    /// of the function that throws, at debug level 2 (see [`crate::Site::calls`]), or null.
    ReportException,
    /// Memory of so many bytes.
    Malloc,
    /// Memory for an object with so many bytes of data: its header comes first, of one word.
    Box,
}

impl RuntimeFunction {
    pub const ALL: [RuntimeFunction; 3] =
        [RuntimeFunction::ReportException, RuntimeFunction::Malloc, RuntimeFunction::Box];

    /// The site that stands for memory that ran out: no site of a kernel has this number.
    pub const OUT_OF_MEMORY: u32 = u32::MAX - 2;

    /// The name in Julia, and the symbol.
    pub fn name(self) -> &'static str {
        match self {
            RuntimeFunction::ReportException => "gpu_report_exception",
            RuntimeFunction::Malloc => "gpu_malloc",
            RuntimeFunction::Box => "gpu_box",
        }
    }

    /// Types of the arguments, without the function object.
    pub fn params(self) -> Vec<Ty> {
        let i64 = builtin::int64();
        match self {
            RuntimeFunction::ReportException => {
                vec![builtin::int32(), i64, i64, i64, i64, builtin::ptr_of(builtin::nothing())]
            }
            RuntimeFunction::Malloc | RuntimeFunction::Box => vec![i64],
        }
    }

    /// What a call returns.
    pub fn ret(self) -> Ty {
        match self {
            RuntimeFunction::ReportException => builtin::bottom(),
            RuntimeFunction::Malloc | RuntimeFunction::Box => builtin::ptr_of(builtin::nothing()),
        }
    }

    /// What optimisation may know of the function, at its declarations and at its definition.
    pub(crate) fn decorate(self, f: Function<'_>) {
        let flag = |name| f.add_attribute(AttributeSite::Function, Attribute::Flag(name));
        flag("nounwind");
        match self {
            RuntimeFunction::ReportException => {
                flag("noreturn");
                flag("cold");
            }
            RuntimeFunction::Malloc | RuntimeFunction::Box => {
                f.add_attribute(AttributeSite::Return, Attribute::Flag("noalias"));
                // allocates, uninitialised: what is not used can go
                f.add_attribute(AttributeSite::Function, Attribute::Int("allockind", 1 | 8));
                f.add_attribute(AttributeSite::Function, Attribute::Text("alloc-family", self.name()));
            }
        }
    }
}

impl<'m> UnitEmitter<'m> {
    /// The declaration of a function of the runtime library. It takes what is hidden first, but for records of calls: reports
    /// do not name it.
    fn runtime_function(&self, which: RuntimeFunction) -> Function<'m> {
        if let Some(f) = self.module.function(which.name()) {
            return f;
        }
        let hidden = Hidden { calls: false, ..self.hidden() };
        let ty = Signature::of_types(&which.params(), which.ret(), hidden).llvm_type(self.context, self.target);
        let f = self.module.add_function(which.name(), ty);
        which.decorate(f);
        self.info.borrow_mut().runtime.push(which);
        f
    }
}

impl<'m> FunctionEmitter<'_, 'm> {
    /// Calls a function of the runtime library.
    pub fn call_runtime(&mut self, which: RuntimeFunction, args: &[Value<'m>]) -> Value<'m> {
        if which != RuntimeFunction::ReportException {
            self.require(Feature::Objects);
        }
        let f = self.u.runtime_function(which);
        let hidden = self.u.hidden();
        let mut values = Vec::with_capacity(args.len() + 2);
        values.extend(self.site().state.filter(|_| hidden.state));
        values.extend(self.table().filter(|_| hidden.table));
        values.extend_from_slice(args);
        self.b.call(f, &values)
    }
}
