//! Time from typed IR to PTX of small kernels, first and warm.

use backend_ptx::{PtxOptions, PtxTarget, compile_kernel};
use base::Span;
use codegen::UnitOptions;
use codegen::testing::{kernels, library};
use codegen::tree::emit_tree;
use std::time::Instant;
use types::Ty;

fn main() {
    let target = PtxTarget::new(PtxOptions::for_sm(90).expect("a known architecture")).expect("an LLVM with NVPTX");
    let (which, report) = library::compile(&library::report_to_state(), &target);
    for (name, body) in
        [("vadd", kernels::vadd()), ("group_sum", kernels::group_sum()), ("checked_add", kernels::checked_add())]
    {
        let params: Vec<Ty> = body.params.iter().map(|p| p.ty).collect();
        for round in 0..4 {
            let start = Instant::now();
            let units = emit_tree(&body, None, &target, UnitOptions::default()).expect("emits");
            let emitted = start.elapsed();
            let made = compile_kernel(
                &units,
                &[(which, &report)],
                &params,
                body.ret,
                name,
                &target,
                UnitOptions::default(),
                Span::NONE,
            )
            .expect("compiles");
            println!("{name} round {round}: emit {emitted:?}, in all {:?}, {} bytes", start.elapsed(), made.ptx.len());
        }
    }
}
