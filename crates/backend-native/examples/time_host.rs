//! Time from typed IR to objects: a small host function, and kernels for the CPU device.

use backend_native::cpu::{CpuTarget, compile_kernel};
use backend_native::{HostMachine, HostOptions, Pipeline};
use base::Span;
use codegen::UnitOptions;
use codegen::testing::{BodyBuilder, int, kernels, p};
use codegen::tree::emit_tree;
use ir::typed::TypedBody;
use runtime::Intrinsic as I;
use std::time::Instant;
use types::{Ty, builtin};

fn sum() -> TypedBody {
    let t = builtin::int64();
    let mut b = BodyBuilder::new("sum", &[t], t);
    let entry = b.here();
    let (head, body, exit) = (b.block(), b.block(), b.block());
    b.goto(head);
    b.at(head);
    let (i, s) = (b.phi(t), b.phi(t));
    let go = b.op(I::SleInt, &[i, p(1)], builtin::bool_());
    b.branch(go, body, exit);
    b.at(body);
    let square = b.op(I::MulInt, &[i, i], t);
    let s2 = b.op(I::AddInt, &[s, square], t);
    let i2 = b.op(I::AddInt, &[i, int(1)], t);
    b.goto(head);
    b.add_input(i, entry, int(1));
    b.add_input(i, body, i2);
    b.add_input(s, entry, int(0));
    b.add_input(s, body, s2);
    b.at(exit);
    b.ret(s);
    b.finish()
}

fn main() {
    let machine = HostMachine::new(HostOptions::default()).expect("a back-end for this machine");
    let lowering = machine.lowering();
    for round in 0..5 {
        let start = Instant::now();
        let units = emit_tree(&sum(), None, &lowering, UnitOptions::host()).expect("emits");
        let emitted = start.elapsed();
        let object = machine.compile(&units[0].bitcode, Pipeline::Host).expect("compiles");
        println!("host sum round {round}: emit {emitted:?}, in all {:?}, {} bytes", start.elapsed(), object.len());
    }
    let target = CpuTarget::new(machine.options().triple.clone(), machine.data_layout());
    for (name, body) in [("vadd", kernels::vadd()), ("group_sum", kernels::group_sum())] {
        let params: Vec<Ty> = body.params.iter().map(|p| p.ty).collect();
        for round in 0..4 {
            let start = Instant::now();
            let units = emit_tree(&body, None, &target, UnitOptions::default()).expect("emits");
            let made =
                compile_kernel(&units, &[], &params, body.ret, &machine, &target, UnitOptions::default(), Span::NONE)
                    .expect("compiles");
            println!("cpu {name} round {round}: {:?}, {} bytes", start.elapsed(), made.object.len());
        }
    }
}
