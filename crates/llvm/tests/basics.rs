//! The wrapper's own promises: ownership, errors instead of aborts, determinism.

use llvm::{
    Builder, CodeModel, Context, FileType, Jit, Module, OptLevel, PassOptions, RelocMode, TargetMachine, TargetOptions,
};

fn machine(triple: &str, cpu: &str) -> TargetMachine {
    TargetMachine::new(&TargetOptions {
        triple: triple.into(),
        cpu: cpu.into(),
        features: String::new(),
        opt: OptLevel::Default,
        reloc: RelocMode::Pic,
        model: CodeModel::Default,
    })
    .unwrap()
}

fn add_function<'c>(context: &'c Context) -> Module<'c> {
    let module = Module::new(context, "m");
    {
        let i64 = context.int_type(64);
        let f = module.add_function("add", i64.function(&[i64, i64], false));
        let b = Builder::new(context);
        b.position_at_end(f.append_block());
        b.ret(Some(b.add(f.param(0), f.param(1))));
    }
    module
}

#[test]
fn a_function_compiles_links_and_runs() {
    let context = Context::new();
    let mut module = add_function(&context);
    module.verify().unwrap();
    let machine = machine(&llvm::host_triple(), "");
    module.set_triple(&machine.triple());
    module.set_data_layout(&machine.data_layout());
    module.run_passes("default<O1>", Some(&machine), PassOptions::default()).unwrap();
    let object = machine.emit(module, FileType::Object).unwrap();
    let jit = Jit::new().unwrap();
    // SAFETY: the object is the function above.
    let sum = unsafe {
        jit.add_object(&object).unwrap();
        let f: extern "C" fn(i64, i64) -> i64 = std::mem::transmute(jit.lookup("add").unwrap());
        f(40, 2)
    };
    assert_eq!(sum, 42);
    assert!(jit.lookup("nothing_of_this_name").is_err());
}

#[test]
fn bitcode_round_trips_and_is_stable() {
    let context = Context::new();
    let bytes = add_function(&context).to_bitcode();
    assert_eq!(bytes, add_function(&Context::new()).to_bitcode());
    let again = Module::parse_bitcode(&context, &bytes).unwrap();
    assert_eq!(again.to_bitcode(), bytes);
    assert!(Module::parse_bitcode(&context, b"garbage").is_err());
    assert!(Module::parse_bitcode(&context, &bytes[..bytes.len() / 2]).is_err());
}

#[test]
fn ill_formed_input_is_an_error() {
    let context = Context::new();
    assert!(Module::parse_ir(&context, "define i32 @f( {").is_err());
    let mut module = add_function(&context);
    assert!(module.run_passes("no-such-pass", None, PassOptions::default()).is_err());
    let bad = Module::new(&context, "bad");
    let f = bad.add_function("f", context.int_type(32).function(&[], false));
    let b = Builder::new(&context);
    b.position_at_end(f.append_block());
    b.ret(Some(context.int_type(64).const_int(0)));
    assert!(bad.verify().is_err());
}

#[test]
fn a_fatal_error_of_llvm_comes_back() {
    // This target has no software arithmetic of that width and gives up with `report_fatal_error`.
    let context = Context::new();
    let text = "define void @f(ptr %p) {\n  %a = load fp128, ptr %p\n  %v = fadd fp128 %a, %a\n  store fp128 %v, ptr %p\n  ret void\n}\n";
    let module = Module::parse_ir(&context, text).unwrap();
    let machine = machine("nvptx64-nvidia-cuda", "sm_75");
    module.set_triple(&machine.triple());
    let outcome = machine.emit(module, FileType::Assembly);
    assert!(outcome.is_err());
    // and the library still works
    a_function_compiles_links_and_runs();
}

#[test]
fn access_groups_and_loop_ids_are_distinct() {
    let context = Context::new();
    assert!(context.md_access_group().is_some());
}

#[test]
fn linking_joins_declarations_and_definitions() {
    let context = Context::new();
    let mut a = Module::parse_ir(
        &context,
        "declare i64 @add(i64, i64)\ndefine i64 @twice(i64 %x) {\n  %r = call i64 @add(i64 %x, i64 %x)\n  ret i64 %r\n}\n",
    )
    .unwrap();
    a.link(add_function(&context)).unwrap();
    assert!(a.function("add").is_some_and(|f| !f.is_declaration()));
    let again = add_function(&context);
    assert!(a.link(again).is_err(), "two definitions of one symbol");
}

#[test]
fn machines_are_lent_and_come_back() {
    let options = |cpu: &str| TargetOptions {
        triple: "nvptx64-nvidia-cuda".into(),
        cpu: cpu.into(),
        features: String::new(),
        opt: OptLevel::None,
        reloc: RelocMode::Default,
        model: CodeModel::Default,
    };
    let address = |m: &TargetMachine| std::ptr::from_ref(m).addr();
    let first = TargetMachine::lend(&options("sm_75")).expect("nvptx");
    let second = TargetMachine::lend(&options("sm_75")).expect("nvptx");
    assert_ne!(address(&first), address(&second), "a machine has one user at a time");
    assert!(first.triple().starts_with("nvptx64") && first.data_layout() == second.data_layout());
    first.retire();
    drop(second);
    let emit = |cpu: &str| {
        let context = Context::new();
        let module = Module::new(&context, "m");
        let machine = TargetMachine::lend(&options(cpu)).expect("nvptx");
        let text = machine.emit(module, FileType::Assembly).expect("emits");
        String::from_utf8(text).expect("text")
    };
    for cpu in ["sm_75", "sm_90", "sm_75"] {
        assert!(emit(cpu).contains(&format!(".target {cpu}")));
    }
}
