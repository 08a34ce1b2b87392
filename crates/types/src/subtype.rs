//! Subtyping.
//!
//! Decides `∀ left variables, ∀ left union members ∃ right variables, ∃ right union members`.
//! Variables live in an environment of bounds that the search narrows ([`crate::env`]); choices
//! among union members are two decision strings, left and right, that are replayed with the last
//! open decision flipped. The shape follows Zappa Nardelli et al., "Julia Subtyping: A Rational
//! Reconstruction" (OOPSLA 2018), with Julia 1.11's treatment of diagonal variables and of nested
//! unions in invariant positions.

use crate::apply::{is_any, make_union, occurs};
use crate::builtin;
use crate::cell::{Data, Ty, TypeVar};
use crate::env::{Binding, Env, Position, Side};
use crate::param::ParamValue;

/// `a <: b`.
pub fn subtype(a: Ty, b: Ty) -> bool {
    match quick(a, b) {
        Some(known) => known,
        None => !never_below(a, b) && Env::new(0).forall_exists(a, b, Position::Top),
    }
}

/// `a <: b`, and what the outer `where` variables of `b` (outermost first) stand for: the least
/// solution where there is one, else a variable.
pub fn subtype_env(a: Ty, b: Ty) -> Option<Vec<Ty>> {
    let mut vars = Vec::new();
    let mut body = b;
    while let Some((v, inner)) = body.unionall() {
        vars.push(v);
        body = inner;
    }
    if vars.is_empty() {
        return subtype(a, b).then(Vec::new);
    }
    if never_below(a, b) {
        return None;
    }
    let mut env = Env::new(vars.len());
    if !env.forall_exists(a, b, Position::Top) {
        return None;
    }
    Some(env.outputs.iter().zip(vars).map(|(&o, v)| o.unwrap_or(v.ty())).collect())
}

/// `a == b` as types: each is a subtype of the other.
pub fn type_equal(a: Ty, b: Ty) -> bool {
    if a == b {
        return true;
    }
    let closed = !a.has_free_vars() && !b.has_free_vars();
    // `typeof(Union{})` equals `Type{Union{}}`.
    let kind = a == builtin::typeof_bottom() || b == builtin::typeof_bottom();
    if closed && !kind && a.is_datatype() && b.is_datatype() {
        let ((na, pa), (nb, pb)) = (a.datatype().expect("checked"), b.datatype().expect("checked"));
        if na != nb || (!na.is_tuple() && pa.len() != pb.len()) {
            return false;
        }
        if !na.is_tuple() {
            return pa.iter().zip(pb).all(|(&x, &y)| type_equal(x, y));
        }
    }
    subtype(a, b) && subtype(b, a)
}

/// `value isa ty` for a value parameter.
pub fn isa_param(value: &ParamValue, ty: Ty) -> bool {
    subtype(value.type_of(), ty)
}

/// Answers that need no environment. `None`: ask the full algorithm.
fn quick(a: Ty, b: Ty) -> Option<bool> {
    // A value lies below `Any` only: types like `Tuple{3}` carry sizes.
    if a == b || is_any(b) && (a.is_type() || a.is_value()) || a.is_bottom() && b.is_type() {
        return Some(true);
    }
    if a.is_value() || b.is_value() {
        return Some(false);
    }
    let (Data::DataType(na, pa), Data::DataType(nb, pb)) = (a.data(), b.data()) else {
        return None;
    };
    if a.has_free_vars() || b.has_free_vars() {
        return None;
    }
    if na.is_tuple() && nb.is_tuple() {
        if pa.last().is_some_and(|p| p.is_vararg()) || pb.last().is_some_and(|p| p.is_vararg()) {
            return None;
        }
        if pa.len() != pb.len() {
            return Some(false);
        }
        return Some(pa.iter().zip(*pb).all(|(&x, &y)| subtype(x, y)));
    }
    if na.is_type() || nb.is_type() {
        return None;
    }
    let mut up = a;
    loop {
        let (n, p) = up.datatype()?;
        if n == *nb {
            return if p.len() == pb.len() { Some(p.iter().zip(*pb).all(|(&x, &y)| type_equal(x, y))) } else { None };
        }
        if is_any(up) {
            return Some(false);
        }
        if n.is_type() {
            return None;
        }
        up = up.supertype();
    }
}

/// A quick no for signatures: a tuple whose length or whose elements' names rule `b` out.
fn never_below(a: Ty, b: Ty) -> bool {
    let (Some((na, pa)), Some((nb, pb))) = (a.datatype(), b.unwrap_unionall().datatype()) else {
        return false;
    };
    if !na.is_tuple() || !nb.is_tuple() {
        return !a.has_free_vars() && !names_may_subtype(a, b.unwrap_unionall());
    }
    let open_a = pa.last().is_some_and(|p| p.is_vararg());
    let open_b = pb.last().is_some_and(|p| p.is_vararg());
    let (fixed_a, fixed_b) = (pa.len() - usize::from(open_a), pb.len() - usize::from(open_b));
    if fixed_a < fixed_b || (fixed_a > fixed_b && !open_b) {
        return true;
    }
    pa[..fixed_a].iter().zip(&pb[..fixed_b]).any(|(&x, &y)| {
        x.is_datatype() && {
            let body = y.unwrap_unionall();
            body.is_datatype() && !names_may_subtype(x, body)
        }
    })
}

/// Could a type named like `x` be a subtype of one named like `y`, by names alone?
pub(crate) fn names_may_subtype(x: Ty, y: Ty) -> bool {
    let (Some(nx), Some(ny)) = (x.name(), y.name()) else { return true };
    if nx == ny || is_any(y) || nx.is_type() || ny.is_type() {
        return true;
    }
    let mut up = x;
    while !is_any(up) {
        up = match up.datatype() {
            Some((n, _)) if n == ny => return true,
            Some((n, _)) => n.supertype(),
            None => return true,
        };
    }
    false
}

/// The members of a union, or the type itself.
pub(crate) fn is_member(union: Ty, x: Ty) -> bool {
    match union.data() {
        Data::Union(parts) => match x.data() {
            Data::Union(xs) => xs.iter().all(|x| parts.contains(x)),
            _ => parts.contains(&x),
        },
        _ => union == x,
    }
}

/// A bound that leaves one run-time type: concrete, `Type{…}`, `Union{}`, or a value.
pub(crate) fn is_leaf_bound(t: Ty) -> bool {
    match t.data() {
        Data::Bottom | Data::Value(_) => true,
        Data::DataType(name, params) => {
            if name.is_abstract() {
                name.is_type() && !params.iter().any(|p| p.is_var())
            } else {
                t.is_concrete()
            }
        }
        _ => false,
    }
}

/// A variable that is concrete when diagonal: one without a lower bound.
pub(crate) fn may_be_diagonal(var: TypeVar) -> bool {
    var.lower().is_bottom()
}

/// What a variable stands for that an argument of this type was matched with: an object that is a type is
/// passed as `Type{X}`, but its type is that of `X`.
pub(crate) fn type_of_instance(t: Ty) -> Ty {
    match t.type_param() {
        Some(of) if !of.has_free_vars() => of.kind_type(),
        _ => t,
    }
}

/// As [`type_of_instance`], for unions whose members all give one type, too.
fn type_of_instances(t: Ty) -> Ty {
    let mut kinds = t.union_parts().into_iter().map(type_of_instance);
    match kinds.next() {
        Some(first) if kinds.all(|k| k == first) => first,
        _ => t,
    }
}

/// Does `var` occur in an invariant position of `t`?
pub(crate) fn occurs_invariant(var: TypeVar, t: Ty) -> bool {
    fn go(var: TypeVar, t: Ty, inside: bool) -> bool {
        if !t.has_free_vars() {
            return false;
        }
        match t.data() {
            Data::Var(_) => inside && t == var.ty(),
            Data::Union(parts) => parts.iter().any(|&p| go(var, p, inside)),
            Data::UnionAll { var: v, body } => {
                let v = TypeVar(*v);
                go(var, v.lower(), inside) || go(var, v.upper(), inside) || (v != var && go(var, *body, inside))
            }
            Data::DataType(name, params) => {
                let inside = inside || !name.is_tuple();
                params.iter().any(|&p| go(var, p, inside))
            }
            Data::Vararg { elem, len } => {
                elem.is_some_and(|e| go(var, e, inside)) || len.is_some_and(|n| go(var, n, true))
            }
            Data::Bottom | Data::Value(_) => false,
        }
    }
    go(var, t, false)
}

fn contains_union(t: Ty) -> bool {
    match t.data() {
        Data::Union(_) => true,
        Data::DataType(_, ps) => ps.iter().any(|&p| contains_union(p)),
        Data::UnionAll { var, body } => {
            let v = TypeVar(*var);
            contains_union(*body) || contains_union(v.upper()) || contains_union(v.lower())
        }
        Data::Vararg { elem, .. } => elem.is_some_and(contains_union),
        // The variable's bounds may hold unions.
        Data::Var(_) => true,
        Data::Bottom | Data::Value(_) => false,
    }
}

/// The smallest simple type above both.
pub(crate) fn join_bounds(a: Ty, b: Ty) -> Ty {
    if a.is_bottom() || is_any(b) || a == b {
        return b;
    }
    if b.is_bottom() || is_any(a) {
        return a;
    }
    if a.is_value() || b.is_value() {
        return builtin::any();
    }
    if a.var().is_some_and(|v| v.lower() == b) {
        return a;
    }
    if b.var().is_some_and(|v| v.lower() == a) {
        return b;
    }
    make_union(&[a, b])
}

/// A simple type below both, as large as can be told; `b` where nothing can.
pub(crate) fn meet_bounds(a: Ty, b: Ty) -> Ty {
    if is_any(a) || b.is_bottom() || a == b {
        return b;
    }
    if is_any(b) || a.is_bottom() {
        return a;
    }
    if a.is_value() || b.is_value() {
        return builtin::bottom();
    }
    if a.var().is_some_and(|v| v.upper() == b) {
        return a;
    }
    if b.var().is_some_and(|v| v.upper() == a) {
        return b;
    }
    if !a.has_free_vars() && !b.has_free_vars() {
        return crate::intersect(a, b);
    }
    b
}

impl Env {
    /// `∀ left choices ∃ right choices: x <: y`, with a choice string of its own. Bounds found for
    /// one left choice hold for the next.
    pub(crate) fn forall_exists(&mut self, x: Ty, y: Ty, pos: Position) -> bool {
        debug_assert!(self.left.depth == 0 && self.right.depth == 0);
        let mut saved = self.save();
        self.left.clear();
        loop {
            if !self.exists(x, y, &saved, pos) {
                return false;
            }
            if !self.left.next() {
                return true;
            }
            saved = self.save();
        }
    }

    fn exists(&mut self, x: Ty, y: Ty, saved: &[Binding], pos: Position) -> bool {
        self.right.clear();
        loop {
            self.left.rewind();
            self.right.rewind();
            if self.subtype(x, y, pos) {
                return true;
            }
            self.restore(saved);
            if !self.right.next() {
                return false;
            }
        }
    }

    /// A subtype question inside another: left choices are made and exhausted here. Right choices
    /// are tried here, too, first; where they do not settle it, they join the enclosing string, so
    /// that a later failure may revise them.
    fn local_forall_exists(&mut self, x: Ty, y: Ty, pos: Position, limit: bool) -> bool {
        let outer_more = self.right.more;
        if contains_union(x) && !self.right.pick() {
            let outer_left = std::mem::take(&mut self.left);
            let outer_right = std::mem::take(&mut self.right);
            let mut rounds = 0;
            let mut open = false;
            let mut saved = self.save();
            let sub = loop {
                let ok = self.exists(x, y, &saved, pos);
                open |= self.right.more > 0;
                if !ok || !self.left.next() {
                    break ok;
                }
                rounds += 1;
                saved = self.save();
            };
            self.left = outer_left;
            self.right = outer_right;
            // Everything was tried (no other right choice exists), or trying on is not worth it:
            // forget that this decision could be revised.
            if !open || (limit && (rounds > 3 || !sub)) {
                self.right.more = outer_more;
            }
            return sub;
        }
        let outer_left = std::mem::take(&mut self.left);
        let sub = loop {
            self.left.rewind();
            if !self.subtype(x, y, pos) {
                break false;
            }
            if !self.left.next() {
                break true;
            }
        };
        self.left = outer_left;
        sub
    }

    /// Compares bounds in the middle of another question.
    pub(crate) fn check_bounds(&mut self, x: Ty, y: Ty) -> bool {
        if x == y || x.is_bottom() && y.is_type() || is_any(y) && x.is_type() {
            return true;
        }
        if is_any(x) && y.is_datatype() {
            return false;
        }
        self.local_forall_exists(x, y, Position::Top, true)
    }

    fn subtype_left_var(&mut self, x: Ty, y: Ty, pos: Position) -> bool {
        if x == y && !x.is_unionall() {
            return true;
        }
        if x.is_bottom() && y.is_type() || is_any(y) && x.is_type() {
            return true;
        }
        self.subtype(x, y, pos)
    }

    /// `b <: a` for a variable `b`.
    fn var_below(&mut self, b: TypeVar, a: Ty, pos: Position) -> bool {
        let Some(i) = self.find(b) else {
            return self.ignore_free || self.subtype_left_var(b.upper(), a, pos);
        };
        self.record(i, pos);
        let bound = self.vars[i];
        if bound.side == Side::Left {
            return self.subtype_left_var(bound.ub, a, pos);
        }
        if bound.ub == a {
            return true;
        }
        let value_fits = bound.lb.is_bottom() && a.is_value();
        if !(value_fits || self.check_bounds(bound.lb, a)) {
            return false;
        }
        // The lower bound was checked against the new upper bound; now narrow the latter.
        if self.intersection {
            let depth = self.vars[i].depth;
            let ub = self.vars[i].ub;
            let ub = self.intersect_aside(a, ub, depth);
            if ub != b.ty() {
                self.vars[i].ub = ub;
            }
        } else {
            let ub = if a.is_value() { a } else { meet_bounds(self.vars[i].ub, a) };
            self.vars[i].ub = ub;
        }
        if let Some(av) = a.var()
            && let Some(j) = self.find(av)
        {
            let (bb, aa) = (self.vars[i], self.vars[j]);
            if aa.side == Side::Left && is_member(bb.lb, a) && bb.depth != aa.depth && j > i {
                // An existential variable equals a universal one inside it only where that has
                // equal bounds.
                return self.subtype_left_var(aa.ub, aa.lb, pos);
            }
        }
        true
    }

    /// `a <: b` for a variable `b`.
    fn var_above(&mut self, b: TypeVar, a: Ty, pos: Position) -> bool {
        let Some(i) = self.find(b) else {
            return self.ignore_free || self.subtype_left_var(a, b.lower(), pos);
        };
        self.record(i, pos);
        let bound = self.vars[i];
        if bound.side == Side::Left {
            return self.subtype_left_var(a, bound.lb, pos);
        }
        if bound.lb == a {
            return true;
        }
        let value_fits = a.is_value() && is_any(bound.ub);
        if !(value_fits || self.check_bounds(a, bound.ub)) {
            return false;
        }
        let lb = if a.is_value() && self.vars[i].lb.is_bottom() { a } else { join_bounds(self.vars[i].lb, a) };
        if !self.intersection || !self.below_by_bounds(lb, b.ty()) {
            self.vars[i].lb = lb;
        }
        if let Some(av) = a.var()
            && let Some(j) = self.find(av)
        {
            let (bb, aa) = (self.vars[i], self.vars[j]);
            if aa.side == Side::Left && bb.depth != aa.depth && pos == Position::Invariant && j > i {
                return self.subtype_left_var(aa.ub, aa.lb, pos);
            }
        }
        true
    }

    /// Follows chains of variable bounds: is `x <: y` already said?
    pub(crate) fn below_by_bounds(&self, x: Ty, y: Ty) -> bool {
        if x == y {
            return true;
        }
        if let Data::Union(parts) = x.data() {
            return parts.iter().all(|&p| self.below_by_bounds(p, y));
        }
        let mut x = x;
        while let Some(v) = x.var() {
            x = self.find(v).map_or(v.upper(), |i| self.vars[i].ub);
            if x == y {
                return true;
            }
        }
        let mut y = y;
        while let Some(v) = y.var() {
            y = self.find(v).map_or(v.lower(), |i| self.vars[i].lb);
            if x == y {
                return true;
            }
        }
        x.is_bottom() || is_any(y)
    }

    /// `t <: u` (`side` right) or `u <: t` (left) for a `UnionAll` `u`.
    fn subtype_unionall(&mut self, t: Ty, u: Ty, side: Side, pos: Position) -> bool {
        let (var, body) = self.open(t, u);
        self.vars.push(Binding::new(var, side, self.invdepth));
        let i = self.vars.len() - 1;
        let mut ok = if side == Side::Right {
            self.output_index += 1;
            let ok = self.subtype(t, body, pos);
            self.output_index -= 1;
            if ok {
                self.output(u, i);
            }
            ok
        } else {
            self.subtype(body, t, pos)
        };
        let bound = self.vars[i];
        let diagonal = bound.occurs_cov > 1 && !occurs_invariant(var, body);
        if ok && (bound.concrete || (diagonal && may_be_diagonal(var))) {
            // A variable that occurs more than once, only covariantly, stands for one concrete
            // type; seen in its lower bound.
            if bound.concrete && !diagonal && !is_leaf_bound(bound.ub) {
                ok = false;
            } else if let Some(v) = bound.lb.var() {
                if let Some(j) = self.find(v) {
                    self.vars[j].concrete = true;
                }
            } else if !is_leaf_bound(type_of_instances(bound.lb)) {
                ok = false;
            }
        }
        self.vars.pop();
        ok && !self.escapes(&bound)
    }

    /// Was a variable from outside an invariant constructor matched with something that mentions this one from
    /// inside, whose scope ends here? `A{B{T} where T}` has no `T` that the outer variable could stand for.
    fn escapes(&self, inner: &Binding) -> bool {
        let mentions = |t: Ty| t != inner.var.ty() && t.has_free_vars() && occurs(inner.var, t);
        self.vars.iter().any(|b| b.depth != inner.depth && (mentions(b.lb) || mentions(b.ub)))
    }

    /// Notes what the right variable at `i`, opened from `u`, stands for.
    fn output(&mut self, u: Ty, i: usize) {
        let k = self.output_index;
        if k >= self.outputs.len() {
            return;
        }
        let Some((declared, _)) = u.unionall() else { return };
        let b = self.vars[i];
        let value = if b.any_length && is_any(b.lb) {
            declared.ty()
        } else if b.occurs_inv == 0 && !b.lb.is_bottom() {
            let of = type_of_instances(b.lb);
            if is_leaf_bound(of) { of } else { TypeVar::new(declared.name(), builtin::bottom(), b.lb).ty() }
        } else if b.lb == b.ub || !b.lb.is_bottom() {
            b.lb
        } else if b.lb == b.var.lower() && b.ub == b.var.upper() {
            declared.ty()
        } else {
            TypeVar::new(declared.name(), b.lb, b.ub).ty()
        };
        self.outputs[k] = match self.outputs[k] {
            // Different members of a union gave different values: unknown.
            Some(old) if old != value => Some(declared.ty()),
            _ => Some(value),
        };
    }

    pub(crate) fn subtype(&mut self, x: Ty, y: Ty, pos: Position) -> bool {
        if !self.enter() {
            return false;
        }
        let ok = self.subtype_step(x, y, pos);
        self.leave();
        ok
    }

    fn subtype_step(&mut self, x: Ty, y: Ty, pos: Position) -> bool {
        let (mut x, mut y) = (x, y);
        if let Data::Union(parts) = x.data() {
            if is_member(y, x) {
                return true;
            }
            x = self.left.pick_member(parts);
        }
        if let Data::Union(parts) = y.data() {
            if is_member(y, x) {
                return true;
            }
            if x.is_unionall() {
                return self.subtype_unionall(y, x, Side::Left, pos);
            }
            let apart = match x.var() {
                // A variable is first matched with the whole union.
                Some(v) => {
                    let right = self.find(v).is_some_and(|i| self.vars[i].side == Side::Right);
                    (right || y.has_free_vars()) && self.right.pick()
                }
                None => true,
            };
            if apart {
                y = self.right.pick_member(parts);
            }
        }
        match (x.var(), y.var()) {
            (Some(xv), Some(yv)) => return self.subtype_vars(xv, yv, pos),
            (Some(xv), None) => {
                if y.is_unionall() {
                    let universal = match self.find(xv) {
                        None => !self.ignore_free,
                        Some(i) => self.vars[i].side == Side::Left,
                    };
                    if universal {
                        return self.subtype_unionall(x, y, Side::Right, pos);
                    }
                }
                return self.var_below(xv, y, pos);
            }
            (None, Some(yv)) => return self.var_above(yv, x, pos),
            (None, None) => {}
        }
        if is_any(y) && !x.has_free_vars() && (x.is_type() || x.is_value()) {
            return true;
        }
        if x.is_bottom() && !y.has_free_vars() && y.is_type() {
            return true;
        }
        if x.is_unionall() || y.is_unionall() {
            let (bx, by) = (x.unwrap_unionall(), y.unwrap_unionall());
            if bx.is_datatype() && by.is_datatype() && !names_may_subtype(bx, by) {
                return false;
            }
            if x.is_unionall() {
                if x == y && !x.has_free_vars() {
                    return true;
                }
                return self.subtype_unionall(y, x, Side::Left, pos);
            }
            return self.subtype_unionall(x, y, Side::Right, pos);
        }
        let (Some((nx, px)), Some((ny, py))) = (x.datatype(), y.datatype()) else {
            return x.is_bottom() && y.is_type() || x == y;
        };
        if x == y || is_any(y) {
            return true;
        }
        if nx.is_type() && !ny.is_type() {
            return !px[0].is_var() && px[0].kind_type() == y;
        }
        if ny.is_type() && x == builtin::typeof_bottom() {
            // its only instance
            return self.subtype(builtin::type_of_type(builtin::bottom()), y, pos);
        }
        if ny.is_type() && x.is_kind() {
            // A kind is below `Type{T}` where `T` ranges over everything.
            return py[0].is_var() && self.subtype(builtin::type_(), y, pos);
        }
        let mut up = x;
        while up.name() != Some(ny) {
            if is_any(up) {
                return false;
            }
            up = up.supertype();
        }
        if ny.is_tuple() {
            return self.subtype_tuple(px, py, pos);
        }
        let px = up.params();
        if px.len() != py.len() {
            return false;
        }
        self.invdepth += 1;
        let ok = px.iter().zip(py).all(|(&a, &b)| self.equal(a, b));
        self.invdepth -= 1;
        ok
    }

    fn subtype_vars(&mut self, xv: TypeVar, yv: TypeVar, pos: Position) -> bool {
        if xv == yv {
            return true;
        }
        let (xi, yi) = (self.find(xv), self.find(yv));
        let right = |e: &Env, i: Option<usize>| i.is_some_and(|i| e.vars[i].side == Side::Right);
        if right(self, xi) {
            if let Some(j) = yi {
                self.record(j, pos);
            }
            if right(self, yi) {
                let (i, j) = (xi.expect("right variables are bound"), yi.expect("right variables are bound"));
                self.record(i, pos);
                let (lb, ub) = (self.vars[i].lb, self.vars[j].ub);
                return self.subtype(lb, ub, Position::Top);
            }
            return self.var_below(xv, yv.ty(), pos);
        }
        if right(self, yi) {
            if let Some(i) = xi {
                self.record(i, pos);
            }
            return self.var_above(yv, xv.ty(), pos);
        }
        // Bounds of universal variables never change, and lead only to other universal variables,
        // hence `||` loses nothing.
        let ub = xi.map_or(xv.upper(), |i| self.vars[i].ub);
        let lb = yi.map_or(yv.lower(), |j| self.vars[j].lb);
        if self.ignore_free && xi.is_none() && yi.is_none() {
            return true;
        }
        self.subtype(ub, yv.ty(), pos) || self.subtype(xv.ty(), lb, pos)
    }

    /// Type equality in an invariant position.
    pub(crate) fn equal(&mut self, x: Ty, y: Ty) -> bool {
        if x == y {
            return true;
        }
        if let (Some((nx, px)), Some((ny, py))) = (x.datatype(), y.datatype()) {
            if nx != ny {
                // Only `Type{…}` and kinds can be equal under different names; they are not.
                return false;
            }
            if !nx.is_tuple() {
                self.invdepth += 1;
                let ok = px.len() == py.len() && px.iter().zip(py).all(|(&a, &b)| self.equal(a, b));
                self.invdepth -= 1;
                return ok;
            }
        }
        if !x.has_free_vars() && !y.has_free_vars() && (x.is_datatype() && y.is_datatype()) {
            return type_equal(x, y);
        }
        self.local_forall_exists(x, y, Position::Invariant, false)
            && self.local_forall_exists(y, x, Position::Top, false)
    }

    /// The known number a length variable stands for.
    fn known_length(&self, len: Option<Ty>) -> Option<usize> {
        let mut len = len?;
        for _ in 0..=self.vars.len() {
            if let Some(n) = len.as_int() {
                return Some(n.max(0) as usize);
            }
            let i = self.find(len.var()?)?;
            len = self.vars[i].lb;
        }
        None
    }

    fn subtype_tuple(&mut self, xs: &[Ty], ys: &[Ty], pos: Position) -> bool {
        let pos = if pos == Position::Top { Position::Covariant } else { pos };
        let x = TupleShape::of(self, xs);
        let y = TupleShape::of(self, ys);
        let (nx, ny) = (x.fixed.len(), y.fixed.len());
        match (x.rest, y.rest) {
            (None, None) if nx != ny => return false,
            (None, Some(_)) if nx < ny => return false,
            (Some((_, len)), None) => {
                if nx > ny {
                    return false;
                }
                let Some(len) = len else { return false };
                if !self.equal_length(len, Ty::int((ny - nx) as i64)) {
                    return false;
                }
            }
            // Shorter instances of `x` would miss elements that `y` asks for.
            (Some(_), Some(_)) if nx < ny => return false,
            _ => {}
        }
        let mut last: Option<(Ty, Ty)> = None;
        let mut repeats = 0;
        for i in 0..nx.max(ny) {
            let xe = x.fixed.get(i).copied().or(x.rest.map(|r| r.0));
            let ye = y.fixed.get(i).copied().or(y.rest.map(|r| r.0));
            let (Some(xe), Some(ye)) = (xe, ye) else { break };
            // The same question more than twice tells nothing new, not even of diagonal variables.
            repeats = if last == Some((xe, ye)) { repeats + 1 } else { 0 };
            last = Some((xe, ye));
            if repeats < 2 && !self.subtype(xe, ye, pos) {
                return false;
            }
        }
        match (x.rest, y.rest) {
            (None, Some((_, Some(len)))) => self.equal_length(Ty::int((nx - ny) as i64), len),
            (Some((xe, xlen)), Some((ye, ylen))) => {
                // Twice, for any number of elements: a diagonal variable must see it.
                if !(self.subtype(xe, ye, pos) && self.subtype(xe, ye, pos)) {
                    return false;
                }
                match (xlen, ylen) {
                    (_, None) => true,
                    (None, Some(len)) => self.any_length(len),
                    (Some(xlen), Some(ylen)) => self.equal_lengths(xlen, ylen, (nx - ny) as i64),
                }
            }
            _ => true,
        }
    }

    fn equal_length(&mut self, a: Ty, b: Ty) -> bool {
        self.invdepth += 1;
        let ok = self.equal(a, b);
        self.invdepth -= 1;
        ok
    }

    /// The length variable must stand for every length.
    fn any_length(&mut self, len: Ty) -> bool {
        let Some(i) = len.var().and_then(|v| self.find(v)) else { return false };
        if self.invdepth > self.vars[i].depth {
            // `Ref{Tuple{Vararg{T}}}` is no `Ref{NTuple{N, T}}` of one `N`.
            return false;
        }
        self.invdepth += 1;
        self.record(i, Position::Invariant);
        self.invdepth -= 1;
        let b = &mut self.vars[i];
        if b.side == Side::Left || !is_any(b.ub) || !(b.lb.is_bottom() || (b.any_length && is_any(b.lb))) {
            return false;
        }
        b.lb = builtin::any();
        b.any_length = true;
        true
    }

    /// `x + offset == y` for lengths of which neither is a known number.
    fn equal_lengths(&mut self, x: Ty, y: Ty, offset: i64) -> bool {
        if offset == 0 {
            return self.equal_length(x, y);
        }
        let Some(j) = y.var().and_then(|v| self.find(v)) else { return false };
        let b = self.vars[j];
        if b.side == Side::Left {
            return false;
        }
        if b.lb == x {
            return b.offset == offset;
        }
        if !b.lb.is_bottom() || !is_any(b.ub) {
            return false;
        }
        self.record(j, Position::Invariant);
        self.vars[j].lb = x;
        self.vars[j].offset = offset;
        true
    }
}

/// A tuple type's elements with trailing `Vararg`s of known length spread out.
pub(crate) struct TupleShape {
    pub fixed: Vec<Ty>,
    /// Element and length of the `Vararg` at the end.
    pub rest: Option<(Ty, Option<Ty>)>,
}

impl TupleShape {
    pub fn of(env: &Env, elems: &[Ty]) -> TupleShape {
        let Some((&last, front)) = elems.split_last() else {
            return TupleShape { fixed: Vec::new(), rest: None };
        };
        let Some((elem, len)) = last.vararg() else {
            return TupleShape { fixed: elems.to_vec(), rest: None };
        };
        let mut fixed = front.to_vec();
        match env.known_length(len) {
            Some(n) => {
                fixed.extend(std::iter::repeat_n(elem, n));
                TupleShape { fixed, rest: None }
            }
            None => TupleShape { fixed, rest: Some((elem, len)) },
        }
    }
}
