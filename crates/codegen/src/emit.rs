//! Emission of one translation unit.

use crate::function::FunctionEmitter;
use crate::info::{
    Bake, CallSite, Relocation, RelocationKind, RelocationStyle, RelocationTarget, ThrowSite, UnitInfo, UnitOptions,
};
use crate::inline_llvm::InlineCode;
use crate::shape::{Scalar, Shape};
use crate::signature::{Hidden, Signature};
use crate::{CALL_BASE, ENTRY, SITE_BASE, TargetLowering, WRAPPER};
use base::{Diagnostic, Span, Symbol};
use ir::lowered::GlobalRef;
use ir::typed::{CalleeId, TypedBody};
use llvm::{Attribute, AttributeSite, CallConv, Context, Function, Global, Linkage, Module};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use types::Ty;

/// A module with its symbols' meanings.
pub struct EmittedUnit<'c> {
    pub module: Module<'c>,
    pub info: UnitInfo,
}

/// State of the emission of one unit.
pub(crate) struct UnitEmitter<'m> {
    pub module: &'m Module<'m>,
    pub context: &'m Context,
    pub target: &'m dyn TargetLowering,
    pub options: UnitOptions,
    pub info: RefCell<UnitInfo>,
    pub findings: RefCell<Vec<Diagnostic>>,
    objects: RefCell<HashMap<usize, llvm::Value<'m>>>,
    tags: RefCell<HashMap<usize, llvm::Value<'m>>>,
    named: RefCell<HashMap<String, llvm::Value<'m>>>,
    shapes: RefCell<HashMap<Ty, Rc<Shape>>>,
    next: RefCell<HashMap<&'static str, u32>>,
    /// Code in LLVM's language that the unit calls.
    pub inline: RefCell<Vec<InlineCode>>,
}

impl<'m> UnitEmitter<'m> {
    pub fn new(
        module: &'m Module<'m>,
        context: &'m Context,
        target: &'m dyn TargetLowering,
        options: UnitOptions,
    ) -> UnitEmitter<'m> {
        UnitEmitter {
            module,
            context,
            target,
            options,
            info: RefCell::default(),
            findings: RefCell::default(),
            objects: RefCell::default(),
            tags: RefCell::default(),
            named: RefCell::default(),
            shapes: RefCell::default(),
            next: RefCell::default(),
            inline: RefCell::default(),
        }
    }

    /// A pointer into any memory.
    pub fn pointer(&self) -> llvm::Type<'m> {
        self.context.ptr_type(self.target.address_space(0))
    }

    /// How the machine holds a reference to an object.
    pub fn reference(&self) -> Scalar {
        Scalar::Reference(self.target.address_space(0))
    }

    /// The address of a global as a pointer into any memory.
    fn address_of(&self, global: Global<'m>) -> llvm::Value<'m> {
        let (value, generic) = (global.value(), self.pointer());
        if value.ty() == generic { value } else { value.const_addrspace_cast(generic) }
    }

    /// A global variable (or constant) in the machine's address space for such.
    fn add_global(&self, name: &str, ty: llvm::Type<'m>, constant: bool) -> Global<'m> {
        let global = self.module.add_global(name, ty, self.target.global_space(constant));
        global.set_constant(constant);
        global
    }

    /// What functions of this unit take besides their arguments.
    pub fn hidden(&self) -> Hidden {
        Hidden::of(self.target, self.options)
    }

    /// The lowest free symbol of a family: `const.0`, `const.1`, …
    pub fn fresh(&self, family: &'static str) -> String {
        let mut next = self.next.borrow_mut();
        let n = next.entry(family).or_insert(0);
        let name = format!("{family}.{n}");
        *n += 1;
        name
    }

    pub fn shape(&self, ty: Ty) -> Rc<Shape> {
        if let Some(found) = self.shapes.borrow().get(&ty) {
            return found.clone();
        }
        let shape = Rc::new(Shape::of(ty, self.target));
        self.shapes.borrow_mut().insert(ty, shape.clone());
        shape
    }

    fn external(&self, family: &'static str, target: RelocationTarget) -> llvm::Value<'m> {
        let symbol = self.fresh(family);
        // An address, a variable for one, or the place in the table, which the linker knows.
        let (ty, kind) = match self.target.relocation_style() {
            RelocationStyle::Link => (self.context.int_type(8), RelocationKind::Link),
            RelocationStyle::Patch => (self.pointer(), RelocationKind::Patch),
            RelocationStyle::Table => (self.context.int_type(64), RelocationKind::Table { slot: 0 }),
        };
        let global = self.add_global(&symbol, ty, matches!(kind, RelocationKind::Table { .. }));
        self.info.borrow_mut().relocations.push(Relocation { symbol, kind, target });
        global.value()
    }

    /// Notes that the unit holds an address that means something in this session only.
    pub fn bake(&self, what: String, function: Symbol, span: Span) {
        let bake = Bake { what, function, span };
        let mut info = self.info.borrow_mut();
        if !info.bakes.contains(&bake) {
            info.bakes.push(bake);
        }
    }

    /// Address of a host object.
    pub fn object(&self, v: runtime::Value) -> llvm::Value<'m> {
        if let Some(&found) = self.objects.borrow().get(&v.addr()) {
            return found;
        }
        let made = self.external("const", RelocationTarget::Object(v));
        self.objects.borrow_mut().insert(v.addr(), made);
        made
    }

    /// A writable variable for the header and the data of an object, one for each.
    pub fn object_variable(&self, v: runtime::Value, size: u64) -> llvm::Value<'m> {
        let key = format!("object {:x}", v.addr());
        if let Some(&found) = self.named.borrow().get(&key) {
            return found;
        }
        let bytes = self.context.int_type(8).array(8 + size);
        let global = self.add_global(&self.fresh("box"), bytes, false);
        global.set_initializer(bytes.zero());
        global.set_linkage(Linkage::Internal);
        global.set_alignment(16);
        let address = self.address_of(global);
        self.named.borrow_mut().insert(key, address);
        address
    }

    /// The tag word of a type's instances, as a pointer.
    pub fn tag(&self, ty: Ty) -> llvm::Value<'m> {
        if let Some(&found) = self.tags.borrow().get(&ty.address()) {
            return found;
        }
        let made = self.external("type", RelocationTarget::Tag(ty));
        self.tags.borrow_mut().insert(ty.address(), made);
        made
    }

    pub fn host_entry(&self, name: Symbol) -> llvm::Value<'m> {
        self.by_name(format!("host {name}"), "host", RelocationTarget::Host(name))
    }

    pub fn binding(&self, global: GlobalRef) -> llvm::Value<'m> {
        let key = format!("binding {:x} {}", global.module.addr(), global.name);
        self.by_name(key, "binding", RelocationTarget::Binding(global))
    }

    fn by_name(&self, key: String, family: &'static str, target: RelocationTarget) -> llvm::Value<'m> {
        if let Some(&found) = self.named.borrow().get(&key) {
            return found;
        }
        let made = self.external(family, target);
        self.named.borrow_mut().insert(key, made);
        made
    }

    /// A private constant with these bytes.
    pub fn constant_bytes(&self, bytes: &[u8], align: u32) -> llvm::Value<'m> {
        self.constant_data(self.context.const_bytes(bytes), align)
    }

    /// A private constant.
    pub fn constant_data(&self, initializer: llvm::Value<'m>, align: u32) -> llvm::Value<'m> {
        let global = self.add_global(&self.fresh("data"), initializer.ty(), true);
        global.set_initializer(initializer);
        global.set_linkage(Linkage::Private);
        global.set_unnamed_addr();
        global.set_alignment(align.max(1));
        self.address_of(global)
    }

    /// The function of a callee, declared at first use.
    pub fn callee(&self, body: &TypedBody, id: CalleeId, path: &[u32]) -> (Function<'m>, Signature) {
        let callee = &body.callees[id.0 as usize];
        let signature = Signature::of_types(&callee.arg_types, callee.ret, self.hidden());
        let key = format!("callee {path:?} {}", id.0);
        if let Some(&found) = self.named.borrow().get(&key) {
            return (found.as_function().expect("callees are functions"), signature);
        }
        let symbol = self.fresh("callee");
        let f = self.module.add_function(&symbol, signature.llvm_type(self.context, self.target));
        f.add_attribute(AttributeSite::Function, Attribute::Flag("nounwind"));
        if callee.ret.is_bottom() {
            f.add_attribute(AttributeSite::Function, Attribute::Flag("noreturn"));
            f.add_attribute(AttributeSite::Function, Attribute::Flag("cold"));
        }
        self.info.borrow_mut().callees.push((symbol, callee.clone()));
        self.named.borrow_mut().insert(key, f.value());
        (f, signature)
    }

    /// Number of a new throw site.
    pub fn add_site(&self, site: ThrowSite) -> u32 {
        let mut info = self.info.borrow_mut();
        info.sites.push(site);
        info.sites.len() as u32 - 1
    }

    /// Number of a new place of a call.
    pub fn add_call(&self, call: CallSite) -> u32 {
        let mut info = self.info.borrow_mut();
        info.calls.push(call);
        info.calls.len() as u32 - 1
    }

    /// What the linker adds to the unit's site numbers.
    pub fn site_base(&self) -> llvm::Value<'m> {
        self.base(SITE_BASE)
    }

    /// What the linker adds to the unit's numbers of calls.
    pub fn call_base(&self) -> llvm::Value<'m> {
        self.base(CALL_BASE)
    }

    fn base(&self, symbol: &str) -> llvm::Value<'m> {
        match self.module.global(symbol) {
            Some(g) => g.value(),
            None => self.add_global(symbol, self.context.int_type(32), true).value(),
        }
    }

    /// May code of this machine call a function of this name: an instruction of the machine's or a C function that is there?
    pub fn may_declare(&self, name: &str, span: Span) -> Result<(), Diagnostic> {
        let what = if name.starts_with("llvm.nvvm.") && !self.target.triple().starts_with("nvptx") {
            format!("the instruction `{name}` of NVIDIA's machines")
        } else if !name.starts_with("llvm.") && !self.target.may_call(name) {
            format!("calling the C function `{name}`")
        } else {
            return Ok(());
        };
        let message = format!("{what} is not supported in {} code", self.target.name());
        Err(Diagnostic::error("codegen.unsupported", message, span))
    }

    pub fn report(&self, finding: Diagnostic) {
        let mut findings = self.findings.borrow_mut();
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
}

/// Emits `body` as a module of its own.
///
/// # Errors
/// What the target cannot do, all of it; and IR that LLVM's verifier refuses (a defect of ours),
/// as one diagnostic with the code `codegen.verifier`.
pub fn emit<'c>(
    context: &'c Context,
    body: &TypedBody,
    target: &dyn TargetLowering,
    options: UnitOptions,
) -> Result<EmittedUnit<'c>, Vec<Diagnostic>> {
    if let Some(reason) = body.not_compilable {
        return Err(vec![Diagnostic::error(
            "codegen.not-compilable",
            format!("`{}` uses {}, which cannot be compiled for {}", body.name, reason.what, target.name()),
            reason.span,
        )]);
    }
    let mut module = Module::new(context, "unit");
    module.set_triple(target.triple());
    module.set_data_layout(target.data_layout());
    let (info, inline) = {
        let unit = UnitEmitter::new(&module, context, target, options);
        let signature = Signature::of_body(body, unit.hidden());
        let f = module.add_function(ENTRY, signature.llvm_type(context, target));
        FunctionEmitter::emit_body(&unit, body, f, &[]);
        if options.wrapper && target.is_host() {
            crate::calls::emit_wrapper(&unit, body, f, WRAPPER);
            unit.info.borrow_mut().has_wrapper = true;
        }
        let mut findings = unit.findings.into_inner();
        target.validate(body, &mut findings);
        if !findings.is_empty() {
            return Err(findings);
        }
        (unit.info.into_inner(), unit.inline.into_inner())
    };
    for code in inline {
        code.link_into(&mut module).map_err(|finding| vec![finding])?;
    }
    if let Err(error) = module.verify() {
        let message = format!("code generation made ill-formed IR for `{}`", body.name);
        return Err(vec![Diagnostic::error("codegen.verifier", message, body.span).note(error.to_string())]);
    }
    Ok(EmittedUnit { module, info })
}

/// Attributes common to every function with a body.
pub(crate) fn decorate(f: Function<'_>, body: &TypedBody, is_local: bool) {
    let flag = |name| f.add_attribute(AttributeSite::Function, Attribute::Flag(name));
    flag("nounwind");
    match body.inline {
        Some(true) => flag("alwaysinline"),
        Some(false) => flag("noinline"),
        None => {}
    }
    if body.ret.is_bottom() {
        flag("noreturn");
        flag("cold");
    }
    if is_local {
        f.set_linkage(Linkage::Internal);
        f.set_call_conv(CallConv::C);
    }
}

/// [`emit`] in a context of its own, as bitcode.
pub fn emit_bitcode(
    body: &TypedBody,
    target: &dyn TargetLowering,
    options: UnitOptions,
) -> Result<(Vec<u8>, UnitInfo), Vec<Diagnostic>> {
    let context = Context::new();
    let unit = emit(&context, body, target, options)?;
    Ok((unit.module.to_bitcode(), unit.info))
}
