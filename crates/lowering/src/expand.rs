//! Macro expansion and hygiene.
//!
//! Each expansion opens a *layer*: names in what the macro returned belong to the layer, names
//! under `escape` to the layer of the call. Scope resolution treats names of different layers as
//! different variables, and a name of a layer that is no local variable as a global of the
//! module where the macro was defined.
//!
//! Most macros are Julia functions which the host runs. The ones in [`builtin`](crate::builtin_macros)
//! only wrap their argument in a form of lowering's and are expanded here.

use crate::LowerError;
use crate::host::LoweringHost;
use crate::x::{Head, LayerId, Name, X, XK, sym};
use base::{Diagnostic, Span, Symbol};
use ir::lowered::GlobalRef;
use runtime::Value;
use std::rc::Rc;
use syntax::{Expr, ExprKind, Lit};

pub struct Layer {
    /// Where global names of the layer resolve.
    pub module: Value,
    pub parent: LayerId,
    /// Number for the names of globals which the expansion creates (`#x#3`), once one was needed.
    pub number: Option<u32>,
}

pub struct Expander<'h> {
    pub host: &'h mut dyn LoweringHost,
    pub layers: Vec<Layer>,
    pub diagnostics: Vec<Diagnostic>,
}

type Expanded = Result<X, LowerError>;

impl<'h> Expander<'h> {
    pub fn new(host: &'h mut dyn LoweringHost) -> Expander<'h> {
        let module = host.module();
        let root = Layer { module, parent: LayerId::ROOT, number: None };
        Expander { host, layers: vec![root], diagnostics: Vec::new() }
    }

    pub fn error(&mut self, code: &'static str, message: impl Into<String>, span: Span) -> X {
        self.diagnostics.push(Diagnostic::error(code, message, span));
        X::nothing(span)
    }

    pub fn module_of(&self, layer: LayerId) -> Value {
        self.layers[layer.0 as usize].module
    }

    pub fn core(&self, span: Span, name: Symbol) -> X {
        X::new(span, XK::Global(GlobalRef { module: self.host.core_module(), name }))
    }

    fn push_layer(&mut self, module: Value, parent: LayerId) -> LayerId {
        self.layers.push(Layer { module, parent, number: None });
        LayerId(self.layers.len() as u32 - 1)
    }

    /// Expands all macros in `e`, written in `layer`. `outer` is the place of the code around it, for
    /// code without a place of its own (made by a macro).
    pub fn expand(&mut self, e: &Expr, layer: LayerId, outer: Span) -> Expanded {
        let span = if e.span.is_none() { outer } else { e.span };
        let kind = match &e.kind {
            ExprKind::Sym(s) => XK::Id(Name { sym: *s, layer }),
            ExprKind::Lit(lit) => XK::Lit(lit.clone()),
            ExprKind::Quote(inner) => XK::Inert(Rc::new((**inner).clone())),
            ExprKind::Line { .. } => XK::Line,
            ExprKind::GlobalRef { module, name } => match self.host.module_by_path(module.as_str()) {
                Some(module) => XK::Global(GlobalRef { module, name: *name }),
                None => return Ok(self.error("lowering.unknown-module", format!("no module {module}"), span)),
            },
            ExprKind::Opaque(v) => XK::Value(self.host.opaque(*v)),
            ExprKind::Node(head, args) => return self.expand_node(e, Head::from_symbol(*head), args, layer, span),
        };
        Ok(X { span, kind })
    }

    pub fn expand_all(&mut self, args: &[Expr], layer: LayerId, span: Span) -> Result<Vec<X>, LowerError> {
        args.iter().map(|a| self.expand(a, layer, span)).collect()
    }

    fn expand_node(&mut self, e: &Expr, head: Head, args: &[Expr], layer: LayerId, span: Span) -> Expanded {
        match head {
            Head::Escape => match args.first() {
                Some(inner) => {
                    let parent = self.layers[layer.0 as usize].parent;
                    self.expand(inner, parent, span)
                }
                None => Ok(X::nothing(span)),
            },
            Head::HygienicScope => {
                let Some(inner) = args.first() else { return Ok(X::nothing(span)) };
                let module = match args.get(1).map(|m| &m.kind) {
                    Some(ExprKind::Opaque(v)) => self.host.opaque(*v),
                    _ => self.module_of(layer),
                };
                let inner_layer = self.push_layer(module, layer);
                self.expand(inner, inner_layer, span)
            }
            Head::Quote => match args.first() {
                Some(body) => self.quasiquote(body, layer, span, 1),
                None => Ok(X::nothing(span)),
            },
            Head::Inert => {
                Ok(X::new(span, XK::Inert(Rc::new(args.first().cloned().unwrap_or_else(|| Expr::nothing(span))))))
            }
            Head::Macrocall => self.expand_macrocall(e, args, layer, span),
            Head::Toplevel | Head::Module => Ok(X::new(span, XK::Toplevel(Rc::new(self.rewrap(e, layer))))),
            _ => Ok(X::node(span, head, self.expand_all(args, layer, span)?)),
        }
    }

    /// Code of a layer as an expression by itself: in the scopes that say the same as the layer.
    fn rewrap(&self, e: &Expr, layer: LayerId) -> Expr {
        let mut e = e.clone();
        let mut layer = layer;
        while layer != LayerId::ROOT {
            let this = &self.layers[layer.0 as usize];
            let module = Expr::new(e.span, ExprKind::Opaque(syntax::OpaqueValue(this.module.addr())));
            // `toplevel` itself stays outermost: its statements are what is evaluated.
            e = match e.kind {
                ExprKind::Node(head, args) if head == "toplevel" => {
                    let wrap = |a| match a {
                        Expr { kind: ExprKind::Line { .. }, .. } => a,
                        a => Expr::node(a.span, "hygienic-scope", vec![a, module.clone()]),
                    };
                    Expr::node(e.span, "toplevel", args.into_iter().map(wrap).collect())
                }
                kind => Expr::node(e.span, "hygienic-scope", vec![Expr { span: e.span, kind }, module]),
            };
            layer = this.parent;
        }
        e
    }

    fn expand_macrocall(&mut self, e: &Expr, args: &[Expr], layer: LayerId, span: Span) -> Expanded {
        if let Some(done) = self.builtin_macro(args, layer, span)? {
            return Ok(done);
        }
        // The name of the macro resolves in the layer it was written in, seen through `escape`.
        let mut lookup = layer;
        let mut args = args.to_vec();
        if let Some(name) = args.first_mut() {
            while let ExprKind::Node(head, inner) = &name.kind {
                if !(*head == "escape" && inner.len() == 1) {
                    break;
                }
                lookup = self.layers[lookup.0 as usize].parent;
                *name = inner[0].clone();
            }
        }
        let call =
            Expr { span: if e.span.is_none() { span } else { e.span }, kind: ExprKind::Node(sym!("macrocall"), args) };
        let module = self.module_of(lookup);
        let expansion =
            self.host.expand_macro(module, &call).map_err(|exception| LowerError::MacroThrew { exception, span })?;
        let inner = self.push_layer(expansion.module, layer);
        self.expand(&expansion.expr, inner, span)
    }

    /// Quoted code with interpolations becomes calls of `Core._expr`; without, it stays data.
    pub fn quasiquote(&mut self, e: &Expr, layer: LayerId, outer: Span, depth: u32) -> Expanded {
        let span = if e.span.is_none() { outer } else { e.span };
        if !has_interpolation(e, depth) {
            return Ok(X::new(span, XK::Inert(Rc::new(e.clone()))));
        }
        match &e.kind {
            ExprKind::Node(head, args) if *head == "$" && depth == 1 => {
                let [inner] = args.as_slice() else {
                    return Ok(self.error("lowering.interpolation", "more than one argument to `$`", span));
                };
                if is_splat(inner) {
                    return Ok(self.error("lowering.interpolation", "\"...\" expression outside call", span));
                }
                self.expand(inner, layer, span)
            }
            ExprKind::Node(head, args) => {
                let inner_depth = match head.as_str() {
                    "quote" => depth + 1,
                    "$" => depth - 1,
                    _ => depth,
                };
                let mut parts =
                    vec![self.core(span, sym!("_expr")), X::new(span, XK::Inert(Rc::new(Expr::sym(span, *head))))];
                for arg in args {
                    match &arg.kind {
                        // `$(xs...)` splices: every element becomes an argument.
                        ExprKind::Node(h, inner) if *h == "$" && inner_depth == 1 && inner.iter().any(is_splat) => {
                            parts.extend(self.expand_all(inner, layer, span)?);
                        }
                        ExprKind::Node(h, inner) if *h == "$" && inner_depth == 1 && inner.len() > 1 => {
                            parts.extend(self.expand_all(inner, layer, span)?);
                        }
                        _ => parts.push(self.quasiquote(arg, layer, span, inner_depth)?),
                    }
                }
                Ok(X::node(span, Head::Call, parts))
            }
            ExprKind::Quote(inner) => {
                let value = self.quasiquote(inner, layer, span, depth)?;
                let f = self.core(span, sym!("QuoteNode"));
                Ok(X::node(span, Head::Call, vec![f, value]))
            }
            _ => Ok(X::new(span, XK::Inert(Rc::new(e.clone())))),
        }
    }
}

fn is_splat(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Node(h, _) if *h == "...")
}

fn has_interpolation(e: &Expr, depth: u32) -> bool {
    match &e.kind {
        ExprKind::Node(head, args) => match head.as_str() {
            "$" if depth == 1 => true,
            "$" => args.iter().any(|a| has_interpolation(a, depth - 1)),
            "quote" => args.iter().any(|a| has_interpolation(a, depth + 1)),
            _ => args.iter().any(|a| has_interpolation(a, depth)),
        },
        ExprKind::Quote(inner) => has_interpolation(inner, depth),
        _ => false,
    }
}

/// The text of a string literal.
pub fn string_literal(e: &Expr) -> Option<String> {
    match &e.kind {
        ExprKind::Lit(Lit::Str(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    }
}
