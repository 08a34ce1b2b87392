//! Fingerprints of methods: the same in every process for the same code.

use ir::lowered::{CodeInfo, Operand, Stmt};
use runtime::{Module, Value, core_types, info, object};
use types::Ty;

/// What is hashed, collected first: many small pieces are slow to hash one by one.
#[derive(Default)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    fn update(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// Fingerprint of a method's body and signature, with lines relative to its first line.
pub fn of_method(code: &CodeInfo, sig: Ty) -> [u8; 32] {
    let mut h = Bytes::default();
    h.update(&types::fingerprint(sig));
    hash_code(&mut h, code);
    *blake3::hash(&h.0).as_bytes()
}

fn text(h: &mut Bytes, s: &str) {
    h.update(&(s.len() as u64).to_le_bytes());
    h.update(s.as_bytes());
}

fn hash_code(h: &mut Bytes, code: &CodeInfo) {
    text(h, code.name.as_str());
    if let Some(m) = Module::from_value(code.module) {
        text(h, &m.path());
    }
    h.update(&[code.is_va as u8, code.generated as u8]);
    h.update(&code.nargs.to_le_bytes());
    text(h, &format!("{:?}", code.meta));
    for s in &code.slots {
        text(h, s.name.as_str());
    }
    for s in &code.sparams {
        text(h, s.as_str());
    }
    let first = code.span.line();
    for (stmt, span) in code.stmts.iter().zip(&code.spans) {
        h.update(&span.line().wrapping_sub(first).to_le_bytes());
        hash_stmt(h, stmt);
    }
}

/// The statement's shape as text with its objects replaced, then the objects by content.
fn hash_stmt(h: &mut Bytes, stmt: &Stmt) {
    let mut objects = Vec::new();
    let mut o = |h: &mut Bytes, x: &Operand| match x {
        Operand::Ssa(i) => {
            h.update(&[0]);
            h.update(&i.0.to_le_bytes());
        }
        Operand::Slot(i) => {
            h.update(&[1]);
            h.update(&i.0.to_le_bytes());
        }
        Operand::StaticParam(i) => {
            h.update(&[2]);
            h.update(&i.to_le_bytes());
        }
        Operand::Global(g) => {
            h.update(&[3]);
            objects.push(g.module);
            text(h, g.name.as_str());
        }
        Operand::Const(v) => {
            h.update(&[4]);
            objects.push(*v);
        }
    };
    let tag = |h: &mut Bytes, n: u8| {
        h.update(&[0xff, n]);
    };
    match stmt {
        Stmt::Read(x) => {
            tag(h, 0);
            o(h, x);
        }
        Stmt::Call { f, args } => {
            tag(h, 1);
            o(h, f);
            args.iter().for_each(|a| o(h, a));
        }
        Stmt::New { ty, args } => {
            tag(h, 2);
            o(h, ty);
            args.iter().for_each(|a| o(h, a));
        }
        Stmt::SplatNew { ty, tuple } => {
            tag(h, 3);
            o(h, ty);
            o(h, tuple);
        }
        Stmt::ForeignCall { name, ret, arg_types, args } => {
            tag(h, 4);
            text(h, name.as_str());
            o(h, ret);
            arg_types.iter().chain(args).for_each(|a| o(h, a));
        }
        Stmt::SetSlot { slot, value } => {
            tag(h, 5);
            h.update(&slot.0.to_le_bytes());
            o(h, value);
        }
        Stmt::SetGlobal { global, value } => {
            tag(h, 6);
            o(h, &Operand::Global(*global));
            o(h, value);
        }
        Stmt::GotoIfNot { cond, target } => {
            tag(h, 7);
            o(h, cond);
            h.update(&target.to_le_bytes());
        }
        Stmt::Return(x) => {
            tag(h, 8);
            o(h, x);
        }
        Stmt::IsDefined(x) => {
            tag(h, 9);
            o(h, x);
        }
        Stmt::ThrowUndefIfNot { name, cond } => {
            tag(h, 10);
            text(h, name.as_str());
            o(h, cond);
        }
        Stmt::CopyAst(v) => {
            tag(h, 11);
            o(h, &Operand::Const(*v));
        }
        Stmt::NewVar(s) => {
            tag(h, 12);
            h.update(&s.0.to_le_bytes());
        }
        // The rest holds no objects (or occurs only at top level, which has no fingerprint).
        other => {
            tag(h, 13);
            text(h, &format!("{other:?}"));
        }
    }
    for v in objects {
        hash_value(h, v, 8);
    }
}

/// Hashes an object by content.
pub fn hash_value(h: &mut Bytes, v: Value, depth: usize) {
    if let Some(t) = v.as_type() {
        h.update(&types::fingerprint(t));
        return;
    }
    h.update(&types::fingerprint(v.type_of()));
    if depth == 0 {
        return;
    }
    let c = core_types();
    if let Some(s) = v.as_symbol() {
        text(h, s.as_str());
    } else if let Some(b) = v.as_bytes() {
        h.update(&(b.len() as u64).to_le_bytes());
        h.update(b);
    } else if let Some(m) = Module::from_value(v) {
        text(h, &m.path());
    } else if let Some(elements) = v.as_svec() {
        elements.iter().for_each(|&e| hash_value(h, e, depth - 1));
    } else if let Some(a) = runtime::array::Array::from_value(v) {
        a.to_vec().iter().for_each(|&e| hash_value(h, e, depth - 1));
    } else if v.is(c.intrinsicfunction) || v.is(c.hostfunction) {
        text(h, runtime::function::name_of(v).as_str());
    } else {
        let t = info(v.type_of());
        if t.plain {
            // SAFETY: an instance has `size` bytes.
            h.update(unsafe { std::slice::from_raw_parts(v.as_ptr(), t.size) });
        } else if !t.special {
            object::fields_of(v).iter().for_each(|&f| hash_value(h, f, depth - 1));
        }
    }
}
