//! Definitions: methods of global functions, and closures as structs with methods.

use crate::linearize::{ClosureType, Linearizer};
use crate::node::{Kind, LambdaId, Method, Node, Owner};
use crate::scope::THUNK;
use crate::x::{VarId, sym};
use base::{Span, Symbol};
use ir::lowered::*;

impl Linearizer<'_, '_> {
    pub(crate) fn function_declaration(&mut self, target: &Node, span: Span) -> Operand {
        match target.kind {
            Kind::Global(g) => {
                if self.current != 0 {
                    return self.not_toplevel(g.name, span);
                }
                self.emit(Stmt::DefineFunction(g))
            }
            Kind::Var(f) => self.make_closure(f, span),
            _ => self.value(target),
        }
    }

    fn not_toplevel(&mut self, name: Symbol, span: Span) -> Operand {
        let message =
            format!("Global method definition around `{name}` needs to be placed at the top level, or use \"eval\".");
        self.error("lowering.not-toplevel", message, span)
    }

    /// The value is the function.
    pub(crate) fn method(&mut self, method: &Method, span: Span) -> Operand {
        if let Owner::Function(Node { kind: Kind::Var(f), .. }) = method.owner {
            let is_local_function = self.captures.closures.contains_key(&f);
            if is_local_function {
                self.closure_method(f, method, span);
                return self.none();
            }
        }
        if self.current != 0 {
            return self.not_toplevel(method.lambda.name, span);
        }
        let captured = self.lambdas[method.lambda.id.0 as usize].free.clone();
        // Closures inside are defined first.
        let code = self.function(&method.lambda, None, &captured);
        let vars = self.type_vars(method, &[]);
        let function_type = match &method.owner {
            Owner::Function(f) => {
                let f = self.value(f);
                self.core_call(sym!("Typeof"), vec![f])
            }
            Owner::Type(ty) => self.value(ty),
        };
        let sig = self.signature(method, function_type, vars);
        let captured = captured.iter().map(|&v| self.raw(v, span)).collect();
        let table = method.table.as_ref().map(|t| self.value(t));
        self.emit(Stmt::DefineMethod { table, sig, code: Self::shared(code), captured });
        self.none()
    }

    /// Makes the `TypeVar`s of a method: those of enclosing functions, then its own.
    fn type_vars(&mut self, method: &Method, outer: &[(LambdaId, u32)]) -> Vec<Operand> {
        let mut vars = Vec::new();
        for &(lambda, i) in outer {
            let name = self.lambdas[lambda.0 as usize].sparams[i as usize];
            let var = self.type_var(name, None, None);
            self.b().sparam_alias.insert((lambda, i), var);
            vars.push(var);
        }
        for sparam in &method.sparams {
            let lower = sparam.lower.as_ref().map(|n| self.value(n));
            let upper = sparam.upper.as_ref().map(|n| self.value(n));
            let var = self.type_var(sparam.name.sym, lower, upper);
            if let Some(v) = sparam.var {
                self.b().alias.insert(v, var);
            }
            vars.push(var);
        }
        vars
    }

    fn type_var(&mut self, name: Symbol, lower: Option<Operand>, upper: Option<Operand>) -> Operand {
        let name = self.symbol(name);
        let lower = match lower {
            Some(op) => op,
            None if self.d.ex.host.bottom().is_some() => {
                Operand::Const(self.d.ex.host.bottom().unwrap_or(self.nothing))
            }
            None => {
                let union = self.core(sym!("Union"));
                self.core_call(sym!("apply_type"), vec![union])
            }
        };
        let upper = match upper {
            Some(op) => op,
            None => self.core(sym!("Any")),
        };
        self.core_call(sym!("_typevar"), vec![name, lower, upper])
    }

    fn signature(&mut self, method: &Method, function_type: Operand, vars: Vec<Operand>) -> Operand {
        let mut types = Vec::new();
        let mut arguments = method.arg_types.iter();
        if method.keyword_call {
            let kwcall = self.core(sym!("kwcall"));
            types.push(self.core_call(sym!("Typeof"), vec![kwcall]));
            if let Some(keywords) = arguments.next() {
                types.push(self.value(keywords));
            }
        }
        types.push(function_type);
        let rest = self.values(arguments);
        types.extend(rest);
        let types = self.core_call(sym!("svec"), types);
        let vars = self.core_call(sym!("svec"), vars);
        self.core_call(sym!("svec"), vec![types, vars])
    }

    // ---- closures ----------------------------------------------------------------------------

    /// Defines the type of a local function, once, in the top-level code.
    fn closure_type(&mut self, f: VarId) -> GlobalRef {
        if let Some(ty) = self.closure_types.get(&f) {
            return ty.global;
        }
        let (captures, sparams) = match self.captures.closures.get(&f) {
            Some(c) => (c.captures.clone(), c.sparams.clone()),
            None => Default::default(),
        };
        let module = self.d.ex.host.module();
        let number = self.d.ex.host.next_number(module);
        let own = self.d.vars[f.0 as usize].name;
        let own = own.as_str().trim_start_matches('#');
        let global = GlobalRef { module, name: Symbol::new(&format!("#{own}#{number}")) };
        let mut fields: Vec<Symbol> = Vec::new();
        for &v in &captures {
            let name = self.d.vars[v.0 as usize].name;
            let mut unique = name;
            let mut n = 1;
            while fields.contains(&unique) {
                n += 1;
                unique = Symbol::new(&format!("{name}#{n}"));
            }
            fields.push(unique);
        }
        self.closure_types.insert(f, ClosureType { global, fields: fields.clone() });
        self.in_thunk(|this| {
            let mut params = Vec::new();
            for &(lambda, i) in &sparams {
                let name = this.lambdas[lambda.0 as usize].sparams[i as usize];
                params.push(this.type_var(name, None, None));
            }
            let mut types = Vec::new();
            for &v in &captures {
                if this.d.vars[v.0 as usize].boxed {
                    types.push(this.core(sym!("Box")));
                } else {
                    let name = Symbol::new(&format!("T{}", params.len() + 1));
                    let var = this.type_var(name, None, None);
                    params.push(var);
                    types.push(var);
                }
            }
            let params = this.core_call(sym!("svec"), params);
            let kind = NewTypeKind::Struct {
                ninit: fields.len() as u32,
                field_names: fields,
                const_fields: Vec::new(),
                atomic_fields: Vec::new(),
                mutable: false,
            };
            let ty = this.emit(Stmt::NewType { global, params, kind });
            let supertype = this.core(sym!("Function"));
            let types = this.core_call(sym!("svec"), types);
            this.emit(Stmt::FinishType { global, ty, supertype, field_types: Some(types) });
        });
        global
    }

    /// The closure object, with what it captures at this moment.
    fn make_closure(&mut self, f: VarId, span: Span) -> Operand {
        let global = self.closure_type(f);
        let (captures, sparams) = match self.captures.closures.get(&f) {
            Some(c) => (c.captures.clone(), c.sparams.clone()),
            None => Default::default(),
        };
        let values: Vec<Operand> = captures.iter().map(|&v| self.raw(v, span)).collect();
        let mut params: Vec<Operand> = Vec::new();
        for &(lambda, i) in &sparams {
            let param = Node::new(span, Kind::StaticParam(lambda, i));
            params.push(self.value(&param));
        }
        for (&v, &value) in captures.iter().zip(&values) {
            if !self.d.vars[v.0 as usize].boxed {
                params.push(self.core_call(sym!("Typeof"), vec![value]));
            }
        }
        let mut ty = Operand::Global(global);
        if !params.is_empty() {
            params.insert(0, ty);
            ty = self.core_call(sym!("apply_type"), params);
        }
        let object = self.emit(Stmt::New { ty, args: values });
        if self.d.vars[f.0 as usize].boxed {
            let object_box = self.raw(f, span);
            let contents = self.symbol(sym!("contents"));
            self.core_call(sym!("setfield!"), vec![object_box, contents, object]);
        } else {
            let slot = self.slot(f);
            self.emit(Stmt::SetSlot { slot, value: object });
        }
        object
    }

    fn closure_method(&mut self, f: VarId, method: &Method, span: Span) {
        if !self.methods_done.insert(method.lambda.id) {
            return;
        }
        let global = self.closure_type(f);
        let code = self.function(&method.lambda, Some(f), &[]);
        let sparams = self.captures.closures.get(&f).map(|c| c.sparams.clone()).unwrap_or_default();
        self.in_thunk(|this| {
            this.at_span(span);
            let vars = this.type_vars(method, &sparams);
            let mut function_type = Operand::Global(global);
            if !sparams.is_empty() {
                let mut args = vec![function_type];
                args.extend(&vars[..sparams.len()]);
                function_type = this.core_call(sym!("apply_type"), args);
            }
            let sig = this.signature(method, function_type, vars);
            let table = method.table.as_ref().map(|t| this.value(t));
            this.emit(Stmt::DefineMethod { table, sig, code: Self::shared(code), captured: Vec::new() });
            for s in &sparams {
                this.b().sparam_alias.remove(s);
            }
        });
    }

    /// Defines the local functions of a top-level loop before the loop: once, not on each round.
    pub(crate) fn hoist(&mut self, node: &Node) {
        match &node.kind {
            Kind::FuncDecl(target) => {
                if let Kind::Var(f) = target.kind {
                    self.closure_type(f);
                }
            }
            Kind::Method(method) => {
                if let Owner::Function(Node { kind: Kind::Var(f), .. }) = method.owner
                    && self.captures.closures.contains_key(&f)
                    && self.d.vars[f.0 as usize].owner == Some(THUNK)
                {
                    self.closure_method(f, method, node.span);
                }
            }
            _ => node.each_child(&mut |child| self.hoist(child)),
        }
    }
}
