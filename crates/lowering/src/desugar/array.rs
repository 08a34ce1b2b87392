//! Arrays: indexing with `end`, literals and concatenation, generators.

use super::{Arg, Desugar, Indexing};
use crate::node::{Kind, Node};
use crate::x::{Head, Name, X, XK, sym};
use base::{Span, Symbol};

impl Desugar<'_> {
    // ---- indexing ----------------------------------------------------------------------------

    pub(super) fn index(&mut self, span: Span, array: &X, indices: &[X]) -> Node {
        if indices.iter().any(|i| i.is(Head::Parameters)) {
            return self.error("lowering.index", "unexpected semicolon in array expression", span);
        }
        let mut stmts = Vec::new();
        let mut args = Vec::new();
        let keywords = indices.iter().any(|i| i.is(Head::Kw) || i.is(Head::Assign));
        if keywords {
            let mut call = vec![array.clone()];
            call.extend(indices.iter().cloned());
            let f = X::new(
                span,
                XK::Global(ir::lowered::GlobalRef { module: self.ex.host.base_module(), name: sym!("getindex") }),
            );
            return self.call(span, &f, &call);
        }
        let (array, indices) = self.indexed(array, indices, &mut stmts);
        args.push(Arg::Plain(array));
        args.extend(indices);
        let f = self.base(span, sym!("getindex"));
        let call = self.call_with(span, f, args);
        if stmts.is_empty() {
            return call;
        }
        stmts.push(call);
        Node::block(span, stmts)
    }

    /// The array and its indices, with `end` and `begin` resolved.
    pub(super) fn indexed(&mut self, array: &X, indices: &[X], stmts: &mut Vec<Node>) -> (Node, Vec<Arg>) {
        let uses_bounds = indices.iter().any(mentions_bounds);
        let array = if uses_bounds { self.stable_array(array, stmts) } else { array.clone() };
        let array_node = self.expr(&array);
        let mut args = Vec::new();
        let mut splats: Vec<X> = Vec::new();
        for (position, index) in indices.iter().enumerate() {
            let (index, splat) = match index.args_of(Head::Splat) {
                Some([inner]) => (inner, true),
                _ => (index, false),
            };
            let context =
                Indexing { array: array.clone(), position, count: indices.len(), splats_before: splats.clone() };
            self.indexing.push(context);
            let mut node = self.expr(index);
            self.indexing.pop();
            if splat && uses_bounds {
                let at = node.span;
                let var = self.fresh_var(sym!("#index#"), at);
                stmts.push(Node::assign(at, Node::var(at, var), node));
                splats.push(X::new(at, XK::Var(var)));
                node = Node::var(at, var);
            }
            args.push(if splat { Arg::Splat(node) } else { Arg::Plain(node) });
        }
        (array_node, args)
    }

    /// An array expression that can be evaluated again, also inside a closure in an index.
    fn stable_array(&mut self, array: &X, stmts: &mut Vec<Node>) -> X {
        if array.is_atom() && !self.is_bound_name(array) {
            return array.clone();
        }
        let var = self.fresh_var(sym!("#array#"), array.span);
        let value = self.expr(array);
        stmts.push(Node::assign(array.span, Node::var(array.span, var), value));
        X::new(array.span, XK::Var(var))
    }

    fn is_bound_name(&self, x: &X) -> bool {
        !self.indexing.is_empty() && x.as_id().is_some_and(|n| matches!(n.sym.as_str(), "end" | "begin"))
    }

    /// Indices for reading and then writing (`a[i] += 1`): each evaluated once.
    pub(super) fn atomize_indices(&mut self, array: &X, indices: &[X], stmts: &mut Vec<Node>) -> Vec<X> {
        let (_, args) = self.indexed(array, indices, stmts);
        args.into_iter()
            .zip(indices)
            .map(|(arg, x)| {
                let (node, splat) = match arg {
                    Arg::Plain(n) => (n, false),
                    Arg::Splat(n) => (n, true),
                };
                let plain = match (&node.kind, x.is_constant()) {
                    (Kind::Const(_), true) => x.clone(),
                    _ => X::tmp(x.span, self.bind(node, stmts)),
                };
                if splat { X::node(x.span, Head::Splat, vec![plain]) } else { plain }
            })
            .collect()
    }

    /// `end` (`last`) or `begin` in the innermost index.
    pub(super) fn index_bound(&mut self, last: bool, span: Span) -> Node {
        let context = self.indexing.last().expect("the caller has checked");
        let (position, count) = (context.position, context.count);
        let array = context.array.clone();
        let splats = context.splats_before.clone();
        // The context of this index does not hold inside the computation.
        let saved = std::mem::take(&mut self.indexing);
        let array = self.expr(&array);
        let f = if last { sym!("lastindex") } else { sym!("firstindex") };
        let node = if count == 1 {
            self.base_call(span, f, vec![array])
        } else {
            let mut dimension = self.int(span, (position - splats.len()) as i64 + 1);
            for splat in &splats {
                let splat = self.expr(splat);
                let length = self.base_call(span, sym!("length"), vec![splat]);
                dimension = self.base_call(span, sym!("+"), vec![dimension, length]);
            }
            self.base_call(span, f, vec![array, dimension])
        };
        self.indexing = saved;
        node
    }

    // ---- literals ----------------------------------------------------------------------------

    pub(super) fn array(&mut self, span: Span, head: Head, ty: Option<&X>, args: &[X]) -> Node {
        if let Some(wrong) = args.iter().find(|a| a.is(Head::Parameters)) {
            let at = wrong.span;
            return self.error("lowering.array", "unexpected semicolon in array expression", at);
        }
        if let Some(wrong) = args.iter().find(|a| a.is(Head::Assign) && head == Head::Vect) {
            let text = self.text(wrong);
            let at = wrong.span;
            return self.error("lowering.array", format!("misplaced assignment statement in \"[{text}]\""), at);
        }
        let ty = ty.map(|t| self.expr(t));
        match head {
            Head::Vect => self.concatenation(span, sym!("vect"), None, args),
            Head::Hcat => self.concatenation(span, sym!("hcat"), None, args),
            Head::TypedHcat => self.concatenation(span, sym!("typed_hcat"), ty, args),
            Head::Vcat | Head::TypedVcat => self.vertical(span, ty, args),
            _ => self.n_dimensional(span, ty, args),
        }
    }

    fn concatenation(&mut self, span: Span, f: Symbol, ty: Option<Node>, args: &[X]) -> Node {
        let mut all: Vec<Arg> = ty.into_iter().map(Arg::Plain).collect();
        all.extend(self.args(args));
        let f = self.base(span, f);
        self.call_with(span, f, all)
    }

    /// `[a b; c d]`: all elements with the lengths of the rows.
    fn vertical(&mut self, span: Span, ty: Option<Node>, args: &[X]) -> Node {
        let typed = ty.is_some();
        if !args.iter().any(|a| a.is(Head::Row)) {
            return self.concatenation(span, if typed { sym!("typed_vcat") } else { sym!("vcat") }, ty, args);
        }
        let rows: Vec<&[X]> = args.iter().map(|a| a.args_of(Head::Row).unwrap_or(std::slice::from_ref(a))).collect();
        let mut all: Vec<Arg> = ty.into_iter().map(Arg::Plain).collect();
        if rows.iter().any(|r| r.iter().any(|x| x.is(Head::Splat))) {
            // The lengths are only known when it runs.
            for row in rows {
                let row = self.args(row);
                let f = self.core(span, sym!("tuple"));
                all.push(Arg::Plain(self.call_with(span, f, row)));
            }
            let f = self.base(span, if typed { sym!("typed_hvcat_rows") } else { sym!("hvcat_rows") });
            return self.call_with(span, f, all);
        }
        let lengths = rows.iter().map(|r| self.int(span, r.len() as i64)).collect();
        all.push(Arg::Plain(self.core_call(span, sym!("tuple"), lengths)));
        for row in rows {
            all.extend(self.args(row));
        }
        let f = self.base(span, if typed { sym!("typed_hvcat") } else { sym!("hvcat") });
        self.call_with(span, f, all)
    }

    /// `[a b ;;; c d]`: `(ncat d args...)` with nested `nrow`s and `row`s.
    fn n_dimensional(&mut self, span: Span, ty: Option<Node>, args: &[X]) -> Node {
        let typed = ty.is_some();
        let Some((dim, args)) = args.split_first() else {
            return self.error("lowering.array", "invalid array expression", span);
        };
        let Some(dim) = Self::integer_literal(dim) else {
            return self.error("lowering.array", "invalid array expression", dim.span);
        };
        let f = if typed { sym!("typed_hvncat") } else { sym!("hvncat") };
        let mut all: Vec<Arg> = ty.into_iter().map(Arg::Plain).collect();
        if !args.iter().any(|a| a.is(Head::Row) || a.is(Head::Nrow)) {
            all.push(Arg::Plain(self.int(span, dim)));
            all.extend(self.args(args));
            let f = self.base(span, f);
            return self.call_with(span, f, all);
        }
        // Elements in reading order, and how many each level of each dimension holds.
        let mut elements = Vec::new();
        let row_first = args.iter().any(has_row);
        let mut counts: Vec<Vec<i64>> = vec![Vec::new(); dim as usize + 1];
        let mut total = 0;
        for arg in args {
            total += self.count_levels(arg, dim - 1, row_first, &mut counts, &mut elements);
        }
        counts[dim as usize] = vec![total];
        // Dimension 1 runs along columns, 2 along rows; with rows first their levels swap.
        let balanced = balanced_shape(&counts, args, dim, row_first);
        let shape = match balanced {
            Some(lengths) => {
                let lengths = lengths.iter().map(|&n| self.int(span, n)).collect();
                self.core_call(span, sym!("tuple"), lengths)
            }
            None => {
                let mut levels = Vec::new();
                for level in counts.iter().skip(1) {
                    let numbers = level.iter().map(|&n| self.int(span, n)).collect();
                    levels.push(self.core_call(span, sym!("tuple"), numbers));
                }
                self.core_call(span, sym!("tuple"), levels)
            }
        };
        all.push(Arg::Plain(shape));
        all.push(Arg::Plain(self.boolean(span, row_first)));
        all.extend(self.args(&elements));
        let f = self.base(span, f);
        self.call_with(span, f, all)
    }

    /// Records the element counts of the sub-arrays of one argument; gives its own count.
    fn count_levels(
        &mut self,
        x: &X,
        level: i64,
        row_first: bool,
        counts: &mut [Vec<i64>],
        elements: &mut Vec<X>,
    ) -> i64 {
        let (own, parts): (i64, Option<Vec<X>>) = match x.as_node() {
            Some((Head::Nrow, [d, parts @ ..])) => (Self::integer_literal(d).unwrap_or(1), Some(parts.to_vec())),
            Some((Head::Row, parts)) => (if row_first { 1 } else { 2 }, Some(parts.to_vec())),
            _ => (0, None),
        };
        // In row-first order `;` separates rows of the second level.
        let own = if row_first && x.is(Head::Nrow) && own == 1 { 2 } else { own };
        let total = match parts {
            None => {
                elements.push(x.clone());
                1
            }
            Some(parts) => parts.iter().map(|p| self.count_levels(p, own - 1, row_first, counts, elements)).sum(),
        };
        for missing in own.max(1)..=level {
            counts[missing as usize].push(total);
        }
        if own == 0 && level < 1 {
            return total;
        }
        total
    }

    // ---- generators --------------------------------------------------------------------------

    /// `(generator body ranges...)`; a range may be a `filter`.
    pub(super) fn generator(&mut self, span: Span, body: &X, ranges: &[X]) -> Node {
        let (condition, ranges) = match ranges {
            [filter] if filter.is(Head::Filter) => {
                let parts = filter.args_of(Head::Filter).unwrap_or(&[]);
                (parts.first().cloned(), parts.get(1..).unwrap_or(&[]).to_vec())
            }
            _ => (None, ranges.to_vec()),
        };
        let mut targets = Vec::new();
        let mut iterators = Vec::new();
        for range in &ranges {
            match range.as_node() {
                Some((Head::Assign, [target, iterator])) => {
                    if target.is(Head::Outer) {
                        return self.error("lowering.outer", "invalid \"outer\" in a generator", target.span);
                    }
                    targets.push(target.clone());
                    iterators.push(iterator.clone());
                }
                _ => return self.error("lowering.generator", "invalid iteration specification", range.span),
            }
        }
        if let Some(wrong) = find_return(body) {
            return self.error("lowering.return", "\"return\" not allowed inside comprehension or generator", wrong);
        }
        let pattern = match targets.as_slice() {
            [one] => one.clone(),
            _ => X::node(span, Head::Tuple, targets.clone()),
        };
        let mut iterator = match iterators.as_slice() {
            [one] => self.expr(one),
            _ => {
                let iterators = self.args(&iterators);
                let product = self.base(span, sym!("product"));
                self.call_with(span, product, iterators)
            }
        };
        if let Some(condition) = condition {
            let predicate = self.iteration_function(span, &pattern, &condition);
            iterator = self.base_call(span, sym!("Filter"), vec![predicate, iterator]);
        }
        let f = match called_directly(body, &pattern) {
            Some(f) => self.expr(&f),
            // `x for x in xs`
            None if pattern.as_id().is_some() && pattern.as_id() == body.as_id() => self.base(span, sym!("identity")),
            None => self.iteration_function(span, &pattern, body),
        };
        self.base_call(span, sym!("Generator"), vec![f, iterator])
    }

    fn iteration_function(&mut self, span: Span, pattern: &X, body: &X) -> Node {
        // A typed variable converts, as in a loop: `x::T` here is no restriction of the argument.
        match pattern.args_of(Head::Decl) {
            Some([_, _]) => {
                // No program text is in this layer.
                let name = Name { sym: sym!("#element#"), layer: crate::x::LayerId(u32::MAX) };
                let element = X::id(span, name);
                let assign = X::node(span, Head::Assign, vec![pattern.clone(), element.clone()]);
                let local = X::node(span, Head::Local, vec![assign]);
                let body = X::block(body.span, vec![local, body.clone()]);
                self.lambda(span, &element, &body)
            }
            _ => self.lambda(span, pattern, body),
        }
    }
}

/// `f(x) for x in xs` maps `f` itself.
fn called_directly(body: &X, pattern: &X) -> Option<X> {
    let [f, argument] = body.args_of(Head::Call)? else { return None };
    let variable = pattern.as_id()?;
    let simple = match f.as_id() {
        Some(name) => {
            name != variable
                && crate::x::dotted_operator(name.sym).is_none()
                && name.sym != "ccall"
                && name.sym != "new"
        }
        None => false,
    };
    (simple && argument.as_id() == Some(variable)).then(|| f.clone())
}

/// A `return` that would leave the generator's function instead of the one it is written in.
fn find_return(x: &X) -> Option<Span> {
    match x.as_node()? {
        (Head::Return, _) => Some(x.span),
        (Head::Arrow | Head::Function | Head::Do, _) => None,
        (Head::Assign, [target, _]) if crate::builtin_macros::is_call_signature(target) => None,
        (_, args) => args.iter().find_map(find_return),
    }
}

/// Does an index use `end` or `begin` of the array it indexes?
fn mentions_bounds(x: &X) -> bool {
    match &x.kind {
        XK::Id(name) => matches!(name.sym.as_str(), "end" | "begin"),
        // An inner index has its own; its array part still belongs to this one.
        XK::Node(Head::Ref, args) => args.first().is_some_and(mentions_bounds),
        XK::Node(_, args) => args.iter().any(mentions_bounds),
        _ => false,
    }
}

fn has_row(x: &X) -> bool {
    match x.as_node() {
        Some((Head::Row, _)) => true,
        Some((Head::Nrow, args)) => args.iter().any(has_row),
        _ => false,
    }
}

/// The lengths per dimension if all sub-arrays of a level agree.
fn balanced_shape(counts: &[Vec<i64>], args: &[X], dim: i64, row_first: bool) -> Option<Vec<i64>> {
    let mut sizes = vec![0; dim as usize];
    // The size along the outermost dimension is the number of arguments; inward, quotients of the counts.
    sizes[dim as usize - 1] = args.len() as i64;
    let mut per_part = None;
    for level in (1..dim as usize).rev() {
        let list = &counts[level];
        let first = *list.first()?;
        if list.iter().any(|&n| n != first) {
            return None;
        }
        if let Some(outer) = per_part {
            if outer % first != 0 {
                return None;
            }
            sizes[level] = outer / first;
        }
        per_part = Some(first);
    }
    sizes[0] = per_part.unwrap_or(args.len() as i64);
    if row_first && dim >= 2 {
        sizes.swap(0, 1);
    }
    Some(sizes)
}
