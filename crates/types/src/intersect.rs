//! Type intersection.
//!
//! Computes a type that contains every common value. Choices among union members are enumerated
//! and their results united; variables are narrowed in the environment, and when a variable's
//! scope ends it is replaced by the one type it was narrowed to, or bound again around the result.

use crate::apply::{apply_unchecked, is_any, make_union, make_unionall, occurs, substitute, vararg};
use crate::builtin;
use crate::cell::{Data, Ty, TypeVar};
use crate::disjoint::obviously_disjoint;
use crate::env::{Binding, Constraint, Env, Position, Side};
use crate::subtype::{
    TupleShape, is_leaf_bound, may_be_diagonal, occurs_invariant, subtype, subtype_env, type_of_instance,
};

/// A type that contains the common values of `a` and `b` (`typeintersect`); exact where Julia's is.
pub fn intersect(a: Ty, b: Ty) -> Ty {
    if a.is_value() || b.is_value() {
        return if a == b { a } else { builtin::bottom() };
    }
    if obviously_disjoint(a, b) {
        return builtin::bottom();
    }
    if subtype(a, b) {
        return a;
    }
    if fixed_concrete(a) && fixed_concrete(b) {
        return builtin::bottom();
    }
    if subtype(b, a) {
        return b;
    }
    let between = |a: Ty, b: Ty| {
        let mut env = Env::new(0);
        env.intersection = true;
        env.intersect_all(a, b)
    };
    let exact = |t: Ty| subtype(t, a) && subtype(t, b);
    let found = between(a, b);
    let surely_nothing = found.is_bottom() && !(a.is_unionall() && b.is_unionall());
    if surely_nothing || !found.is_bottom() && exact(found) {
        return found;
    }
    // Too much or too little. Which side's variables are opened first matters for how much is learnt of them.
    let turned = between(b, a);
    // That nothing is found one way does not make what is found the other way nothing.
    let better = !turned.is_bottom() && (found.is_bottom() || exact(turned));
    if better { turned } else { found }
}

/// True where `a` and `b` have surely no value in common.
pub fn has_empty_intersection(a: Ty, b: Ty) -> bool {
    intersect(a, b).is_bottom()
}

/// Intersection of a call signature `a` with a method's signature `b`, and what the outer
/// `where` variables of `b` (outermost first) stand for: a type or value where determined, else a
/// type variable with the bounds that are known (its static parameter is undetermined).
pub fn intersect_env(a: Ty, b: Ty) -> (Ty, Vec<Ty>) {
    if let Some(outputs) = subtype_env(a, b) {
        return (a, outputs);
    }
    if fixed_concrete(a) && fixed_concrete(b) || obviously_disjoint(a, b) {
        return (builtin::bottom(), Vec::new());
    }
    let mut vars = Vec::new();
    let mut body = b;
    while let Some((v, inner)) = body.unionall() {
        vars.push(v);
        body = inner;
    }
    if subtype(b, a) {
        return (b, vars.iter().map(|v| v.ty()).collect());
    }
    let mut env = Env::new(vars.len());
    env.intersection = true;
    let ty = env.intersect_all(a, b);
    if ty.is_bottom() {
        return (ty, Vec::new());
    }
    let found = env.outputs.iter().zip(&vars).map(|(&o, v)| o.unwrap_or(v.ty()));
    let outputs = match subtype_env(ty, b) {
        Some(outputs) => outputs,
        None => found.collect(),
    };
    (ty, outputs)
}

/// A concrete type that is not a tuple with abstract possibilities: nothing but itself is below.
fn fixed_concrete(t: Ty) -> bool {
    t.is_concrete()
}

/// Does every value of `t` determine `var` through a covariant position? Then narrowing its upper
/// bound is exact.
fn always_occurs_covariant(t: Ty, var: TypeVar, pos: Position) -> bool {
    if !t.has_free_vars() {
        return false;
    }
    match t.data() {
        Data::Var(_) => t == var.ty() && pos == Position::Covariant,
        Data::Union(parts) => parts.iter().all(|&p| always_occurs_covariant(p, var, pos)),
        Data::UnionAll { var: v, body } => {
            let v = TypeVar(*v);
            v != var
                && (always_occurs_covariant(v.upper(), var, Position::Top) || always_occurs_covariant(*body, var, pos))
        }
        Data::DataType(name, params) => {
            let inner =
                if name.is_tuple() && pos != Position::Invariant { Position::Covariant } else { Position::Invariant };
            params.iter().any(|&p| always_occurs_covariant(p, var, inner))
        }
        // A `Vararg` may be empty.
        Data::Vararg { .. } | Data::Bottom | Data::Value(_) => false,
    }
}

/// `ty` without the union members that mention `var`.
fn without_members_of(ty: Ty, var: TypeVar) -> Ty {
    let kept: Vec<Ty> = ty.union_parts().into_iter().filter(|&p| !occurs(var, p)).collect();
    make_union(&kept)
}

impl Env {
    /// Intersection over all choices of union members on either side.
    pub(crate) fn intersect_all(&mut self, x: Ty, y: Ty) -> Ty {
        let outer = std::mem::take(&mut self.right);
        let saved = self.save();
        let mut merged: Option<Vec<Binding>> = None;
        let mut result = builtin::bottom();
        let mut rounds = 0;
        loop {
            self.right.rewind();
            let found = self.intersect_terms(x, y, Position::Top);
            if !found.is_bottom() {
                result = make_union(&[result, found]);
                merged = Some(match merged {
                    None => self.save(),
                    Some(old) => self.merge(&old, &saved),
                });
                rounds += 1;
            }
            if !self.right.next() {
                break;
            }
            self.restore(&saved);
            if rounds > 30 {
                // Too many pieces to be useful: `y` contains the intersection.
                result = y;
                merged = None;
                break;
            }
        }
        self.restore(merged.as_deref().unwrap_or(&saved));
        self.right = outer;
        result
    }

    /// Bounds that hold whichever of two choices was taken: the present ones and `old`.
    fn merge(&self, old: &[Binding], start: &[Binding]) -> Vec<Binding> {
        let mut merged = self.save();
        for ((m, o), s) in merged.iter_mut().zip(old).zip(start) {
            if m.lb != o.lb {
                m.lb = if m.lb == s.lb || o.lb == s.lb { s.lb } else { crate::subtype::meet_bounds(m.lb, o.lb) };
            }
            if m.ub != o.ub {
                m.ub = if m.ub == s.ub || o.ub == s.ub { s.ub } else { crate::subtype::join_bounds(m.ub, o.ub) };
            }
            m.occurs_inv = m.occurs_inv.max(o.occurs_inv);
            m.occurs_cov = m.occurs_cov.max(o.occurs_cov);
        }
        merged
    }

    /// An intersection needed for a bound, judged at the depth of the bound's variable.
    pub(crate) fn intersect_aside(&mut self, x: Ty, y: Ty, depth: i32) -> Ty {
        if is_any(x) && !y.is_var() || x == y {
            return y;
        }
        if is_any(y) && !x.is_var() {
            return x;
        }
        let saved = std::mem::replace(&mut self.invdepth, depth);
        let result = self.intersect_all(x, y);
        self.invdepth = saved;
        result
    }

    /// A subtype question under the present bounds, which it may narrow.
    fn below_here(&mut self, x: Ty, y: Ty) -> bool {
        let (left, right) = (std::mem::take(&mut self.left), std::mem::take(&mut self.right));
        let ok = self.forall_exists(x, y, Position::Top);
        self.left = left;
        self.right = right;
        ok
    }

    /// As [`Env::below_here`], with every variable free to stand for some type.
    fn below_existential(&mut self, x: Ty, y: Ty) -> bool {
        if x.is_bottom() || is_any(y) {
            return true;
        }
        let sides: Vec<Side> = self.vars.iter().map(|b| b.side).collect();
        self.vars.iter_mut().for_each(|b| b.side = Side::Right);
        let ok = self.below_here(x, y);
        self.vars.iter_mut().zip(sides).for_each(|(b, s)| b.side = s);
        ok
    }

    /// As [`Env::below_here`], leaving the environment alone where the answer is no.
    fn try_below(&mut self, x: Ty, y: Ty) -> bool {
        let saved = self.save();
        let ok = self.below_here(x, y);
        if !ok {
            self.restore(&saved);
        }
        ok
    }

    /// Is `var` mentioned by `t` or by the bounds of a variable that `t` is?
    fn reaches(&self, t: Ty, var: TypeVar) -> bool {
        let mut seen = Vec::new();
        let mut work = vec![t];
        while let Some(t) = work.pop() {
            let parts = match t.data() {
                Data::Union(parts) => parts.to_vec(),
                _ => vec![t],
            };
            for p in parts {
                let Some(v) = p.var() else { continue };
                if v == var {
                    return true;
                }
                if seen.contains(&v) {
                    continue;
                }
                seen.push(v);
                if let Some(i) = self.find(v) {
                    work.extend([self.vars[i].lb, self.vars[i].ub]);
                }
            }
        }
        false
    }

    /// Would `bound` for `var` say that it contains itself, such as `T <: Ref{T}`?
    fn unsatisfiable_bound(&self, bound: Ty, var: TypeVar) -> bool {
        if bound.is_var() || bound.is_value() {
            return false;
        }
        let bound = self.spelled_out(bound, var);
        match bound.data() {
            Data::Union(parts) => parts.iter().any(|&p| occurs(var, p) && p != var.ty()),
            _ => occurs(var, bound),
        }
    }

    /// `t` with what its variables must equal in their place, until `var` appears.
    fn spelled_out(&self, mut t: Ty, var: TypeVar) -> Ty {
        for b in self.vars.iter().rev() {
            if occurs(var, t) {
                break;
            }
            if b.lb == b.ub && b.lb.is_type() && !b.lb.is_var() && occurs(b.var, t) {
                t = substitute(t, &[(b.var, b.lb)]);
            }
        }
        t
    }

    fn set_upper(&mut self, i: usize, bound: Ty) {
        let var = self.vars[i].var;
        if bound == var.ty() || self.reaches(bound, var) {
            return;
        }
        self.vars[i].ub = bound;
    }

    /// Variable `i` is the value `v`.
    fn set_constant(&mut self, i: usize, v: Ty) -> Ty {
        let b = &mut self.vars[i];
        if b.lb.is_bottom() && is_any(b.ub) {
            b.lb = v;
            b.ub = v;
            return v;
        }
        if b.lb == v { v } else { builtin::bottom() }
    }

    fn intersect_var(&mut self, b: TypeVar, a: Ty, side: Side, pos: Position) -> Ty {
        let bottom = builtin::bottom();
        let aside = |env: &mut Env, bound: Ty, depth: i32| match side {
            Side::Right => env.intersect_aside(a, bound, depth),
            Side::Left => env.intersect_aside(bound, a, depth),
        };
        let Some(i) = self.find(b) else { return aside(self, b.upper(), 0) };
        let (lb, ub) = (self.vars[i].lb, self.vars[i].ub);
        if self.reaches(lb, b) || self.reaches(ub, b) {
            return a;
        }
        if lb == ub && lb.is_var() {
            return match side {
                Side::Right => self.intersect_terms(a, lb, pos),
                Side::Left => self.intersect_terms(lb, a, pos),
            };
        }
        if a.is_value() {
            return self.set_constant(i, a);
        }
        if lb.is_value() {
            // A length or another value never equals a type.
            return bottom;
        }
        let depth = self.vars[i].depth;
        if pos == Position::Invariant {
            let narrowed = if !a.has_free_vars() {
                let saved = self.save();
                if !(self.below_existential(lb, a) && self.below_existential(a, ub)) {
                    self.restore(&saved);
                    return bottom;
                }
                a
            } else {
                self.triangular += 1;
                let narrowed = aside(self, ub, depth);
                self.triangular -= 1;
                let saved = self.save();
                let possible = self.below_existential(lb, narrowed);
                self.restore(&saved);
                if !possible || !self.below_here(lb, narrowed) {
                    return bottom;
                }
                narrowed
            };
            if narrowed != b.ty() {
                if narrowed.has_free_vars() && self.unsatisfiable_bound(narrowed, b) {
                    return bottom;
                }
                self.vars[i].ub = narrowed;
                self.vars[i].lb = narrowed;
            }
            return narrowed;
        }
        let narrowed = aside(self, ub, depth);
        if narrowed.is_bottom() {
            return bottom;
        }
        let (lb, ub) = (self.vars[i].lb, self.vars[i].ub);
        let constraint = self.vars[i].constraint;
        if constraint == Constraint::Covariant || self.triangular > 0 {
            if self.triangular > 0 && self.unsatisfiable_bound(narrowed, b) {
                return bottom;
            }
            let saved = self.save();
            let possible = self.below_existential(lb, narrowed);
            self.restore(&saved);
            if !possible {
                return bottom;
            }
            self.set_upper(i, narrowed);
            return b.ty();
        }
        if constraint == Constraint::Free {
            if !ub.is_var() && !a.is_var() && self.try_below(ub, a) {
                return b.ty();
            }
            return narrowed;
        }
        if !a.is_var() {
            if narrowed == a && !lb.is_bottom() {
                return narrowed;
            }
            if ub == lb {
                return narrowed;
            }
        }
        self.set_upper(i, narrowed);
        b.ty()
    }

    fn intersect_vars(&mut self, xv: TypeVar, yv: TypeVar, pos: Position) -> Ty {
        let (xi, yi) = (self.find(xv), self.find(yv));
        for i in [xi, yi].into_iter().flatten() {
            self.record(i, pos);
        }
        if pos != Position::Invariant {
            // Narrow the one that the search opened.
            return match (xi, yi) {
                (None, Some(_)) => self.intersect_var(yv, xv.ty(), Side::Right, pos),
                _ => self.intersect_var(xv, yv.ty(), Side::Left, pos),
            };
        }
        if xi.is_none() && yi.is_none() {
            return if self.ignore_free { yv.ty() } else { builtin::bottom() };
        }
        let y = yv.ty();
        let bounds = |e: &Env, i: Option<usize>, v: TypeVar| match i {
            Some(i) => (e.vars[i].lb, e.vars[i].ub),
            None => (v.lower(), v.upper()),
        };
        let (xlb, xub) = bounds(self, xi, xv);
        let (ylb, yub) = bounds(self, yi, yv);
        // Known lengths and other values must agree.
        if xlb.is_value() && ylb.is_value() {
            return if xlb == ylb { ylb } else { builtin::bottom() };
        }
        let lb = if self.reaches(xlb, yv) {
            ylb
        } else if self.reaches(ylb, xv) {
            xlb
        } else {
            crate::subtype::join_bounds(xlb, ylb)
        };
        let ub = if self.reaches(xub, yv) {
            yub
        } else if self.reaches(yub, xv) {
            xub
        } else {
            let depth = xi.or(yi).map_or(0, |i| self.vars[i].depth);
            self.triangular += 1;
            let ub = self.intersect_aside(xub, yub, depth);
            self.triangular -= 1;
            ub
        };
        if !lb.is_value() && !self.below_existential(lb, ub) {
            return builtin::bottom();
        }
        if let Some(j) = yi {
            if !self.reaches(lb, yv) {
                self.vars[j].lb = lb;
            }
            if !self.reaches(ub, yv) {
                self.vars[j].ub = ub;
            }
        }
        if let Some(i) = xi
            && !self.reaches(y, xv)
        {
            self.vars[i].lb = y;
            self.vars[i].ub = y;
        }
        y
    }

    /// Intersection in an invariant position: the common equal, if any.
    pub(crate) fn intersect_invariant(&mut self, x: Ty, y: Ty) -> Option<Ty> {
        if !x.has_free_vars() && !y.has_free_vars() {
            return crate::type_equal(x, y).then_some(y);
        }
        self.invdepth += 1;
        let found = self.intersect_terms(x, y, Position::Invariant);
        self.invdepth -= 1;
        if x.is_var() && y.is_var() && (found.is_var() || found.is_value()) {
            return Some(found);
        }
        if found.is_value() {
            return Some(found);
        }
        if found.is_bottom() {
            // Equal only where both can be `Union{}`.
            let ok = !x.is_value()
                && !y.is_value()
                && self.try_below(x, builtin::bottom())
                && self.try_below(y, builtin::bottom());
            return ok.then_some(found);
        }
        // Judged inside the constructor: a variable from outside cannot stand for one bound in here.
        self.invdepth += 1;
        let saved = self.save();
        let ok = self.below_existential(x, y) && {
            self.restore(&saved);
            self.below_existential(y, x)
        };
        self.restore(&saved);
        self.invdepth -= 1;
        ok.then_some(found)
    }

    fn intersect_union(&mut self, x: Ty, u: Ty, side: Side, pos: Position) -> Ty {
        let Data::Union(parts) = u.data() else { unreachable!("called with a union") };
        if pos == Position::Invariant || (!x.has_free_vars() && !u.has_free_vars()) {
            let saved = self.save();
            let mut merged: Option<Vec<Binding>> = None;
            let mut found = Vec::new();
            for &p in *parts {
                self.restore(&saved);
                let r = match side {
                    Side::Right => self.intersect_all(x, p),
                    Side::Left => self.intersect_all(p, x),
                };
                if !r.is_bottom() {
                    found.push(r);
                    merged = Some(match merged {
                        None => self.save(),
                        Some(old) => self.merge(&old, &saved),
                    });
                }
            }
            self.restore(merged.as_deref().unwrap_or(&saved));
            return make_union(&found);
        }
        let choice = self.right.pick_member(parts);
        match side {
            Side::Right => self.intersect_terms(x, choice, pos),
            Side::Left => self.intersect_terms(choice, x, pos),
        }
    }

    fn intersect_unionall(&mut self, t: Ty, u: Ty, side: Side, pos: Position) -> Ty {
        let saved = self.save();
        let (var, body) = self.open(t, u);
        let covariant_only = !occurs_invariant(var, body);
        let first = if may_be_diagonal(var) && covariant_only && always_occurs_covariant(body, var, pos) {
            Constraint::Covariant
        } else {
            Constraint::Free
        };
        let mut fresh = Binding::new(var, side, self.invdepth);
        fresh.constraint = first;
        let (result, b) = self.intersect_body(t, body, pos, fresh);
        if result.is_bottom() {
            return result;
        }
        if b.is_length && b.lb.is_value() {
            // The length became known: tuples that were met before it are that long, too.
            self.restore(&saved);
            return self.intersect_known(t, substitute(body, &[(var, b.lb)]), side, pos);
        }
        let second = if b.concrete {
            Constraint::Covariant
        } else if b.occurs_inv > 1 || (b.occurs_inv > 0 && b.occurs_cov > 0) || !var.lower().is_bottom() {
            Constraint::Invariant
        } else if b.occurs_cov > 0 && covariant_only {
            Constraint::Covariant
        } else {
            first
        };
        if second == first && !b.concrete {
            return result;
        }
        // What was learnt about the uses of the variable changes how to narrow it: once more.
        self.restore(&saved);
        let closed = |t: Ty| !t.has_free_vars();
        if first == Constraint::Free && b.lb == b.ub && closed(b.lb) && !b.lb.is_value() {
            // What it must equal is known, too.
            (fresh.lb, fresh.ub) = (b.lb, b.ub);
        }
        fresh.constraint = second;
        self.intersect_body(t, body, pos, fresh).0
    }

    /// As [`Env::intersect_unionall`] of `body` whose variable was replaced.
    fn intersect_known(&mut self, t: Ty, body: Ty, side: Side, pos: Position) -> Ty {
        match side {
            Side::Right => {
                self.output_index += 1;
                let r = self.intersect_terms(t, body, pos);
                self.output_index -= 1;
                r
            }
            Side::Left => self.intersect_terms(body, t, pos),
        }
    }

    fn intersect_body(&mut self, t: Ty, body: Ty, pos: Position, binding: Binding) -> (Ty, Binding) {
        let var = binding.var;
        self.vars.push(binding);
        let i = self.vars.len() - 1;
        let result = self.intersect_known(t, body, binding.side, pos);
        let bound = self.vars[i];
        self.vars.truncate(i);
        if result.is_bottom() {
            return (result, bound);
        }
        let diagonal = bound.occurs_cov > 1 && !occurs_invariant(var, body) && may_be_diagonal(var);
        if (bound.concrete || diagonal) && !bound.lb.is_var() && !is_leaf_bound(bound.lb) {
            return (builtin::bottom(), bound);
        }
        (self.close(result, bound, body), bound)
    }

    /// Ends the scope of a variable: replaces it in the result and in the outer bounds, or binds it
    /// around the result.
    fn close(&mut self, result: Ty, b: Binding, body: Ty) -> Ty {
        let bottom = builtin::bottom();
        let known_value = b.ub.is_value() && (b.lb.is_var() || b.lb.is_bottom());
        // `Tuple{T} where T<:Int` is `Tuple{Int}`.
        let leaf = is_leaf_bound(b.ub) && !occurs_invariant(b.var, body);
        let value = if b.lb == b.ub || known_value || leaf {
            Some(b.ub)
        } else if b.lb.is_value() && is_any(b.ub) {
            Some(b.lb)
        } else {
            None
        };
        if b.is_length && value.is_some_and(|v| v.is_type()) {
            return bottom;
        }
        let narrowed = b.lb != b.var.lower() || b.ub != b.var.upper();
        let new_var = if value.is_none() && narrowed { TypeVar::new(b.var.name(), b.lb, b.ub) } else { b.var };
        let mut moved_out = false;
        for k in (0..self.vars.len()).rev() {
            let outer = self.vars[k];
            if occurs(b.var, outer.lb) {
                if b.lb == outer.var.ty() {
                    return bottom;
                }
                self.vars[k].lb = if let Some(v) = value {
                    substitute(outer.lb, &[(b.var, v)])
                } else if outer.lb == b.var.ty() {
                    b.lb
                } else if outer.depth == b.depth
                    && !occurs(outer.var, b.lb)
                    && !occurs(outer.var, b.ub)
                    && occurs(b.var, outer.ub)
                {
                    moved_out = true;
                    substitute(outer.lb, &[(b.var, new_var.ty())])
                } else {
                    make_unionall(new_var, substitute(outer.lb, &[(b.var, new_var.ty())]))
                };
            }
            if occurs(b.var, outer.ub) {
                let mut upper = outer.ub;
                if b.ub == outer.var.ty() {
                    upper = without_members_of(upper, b.var);
                    if upper.is_bottom() && upper != self.vars[k].lb {
                        return bottom;
                    }
                }
                self.vars[k].ub = if let Some(v) = value {
                    substitute(upper, &[(b.var, v)])
                } else if upper == b.var.ty() {
                    b.ub
                } else if !occurs(b.var, upper) {
                    upper
                } else if outer.depth == b.depth && !occurs(outer.var, b.lb) && !occurs(outer.var, b.ub) {
                    moved_out = true;
                    substitute(upper, &[(b.var, new_var.ty())])
                } else {
                    make_unionall(new_var, substitute(upper, &[(b.var, new_var.ty())]))
                };
            }
        }
        let mut result = result;
        let mut stands_for = value;
        if occurs(b.var, result) || moved_out {
            match value {
                Some(v) => {
                    result = substitute(result, &[(b.var, v)]);
                    // Inner variables may have become determined, too.
                    while let Some((v, inner)) = result.unionall()
                        && v.lower() == v.upper()
                    {
                        result = substitute(inner, &[(v, v.lower())]);
                    }
                }
                None => {
                    if new_var != b.var {
                        result = substitute(result, &[(b.var, new_var.ty())]);
                    }
                    stands_for = Some(new_var.ty());
                    if moved_out {
                        self.pending.push(new_var);
                    } else {
                        result = make_unionall(new_var, result);
                    }
                }
            }
        }
        // Variables that outer bounds mention are bound outside those bounds' variables.
        if !self.pending.is_empty() {
            let (inside, ready): (Vec<TypeVar>, Vec<TypeVar>) = std::mem::take(&mut self.pending)
                .into_iter()
                .partition(|&p| self.vars.iter().any(|o| occurs(p, o.lb) || occurs(p, o.ub)));
            self.pending = inside;
            for p in ready {
                result = make_unionall(p, result);
            }
        }
        if b.side == Side::Right && self.output_index < self.outputs.len() {
            let k = self.output_index;
            self.outputs[k] = match stands_for {
                Some(v) if b.occurs_inv > 0 => Some(v),
                Some(v) if is_leaf_bound(v) => Some(type_of_instance(v)),
                _ => Some(b.var.ty()),
            };
        }
        result
    }

    pub(crate) fn intersect_terms(&mut self, x: Ty, y: Ty, pos: Position) -> Ty {
        if !self.enter() {
            // Either side contains the intersection.
            return if y.is_var() { x } else { y };
        }
        let result = self.intersect_step(x, y, pos);
        self.leave();
        result
    }

    fn intersect_step(&mut self, x: Ty, y: Ty, pos: Position) -> Ty {
        if x == y {
            if let Some(i) = x.var().and_then(|v| self.find(v)) {
                self.record(i, pos);
            }
            return y;
        }
        match (x.var(), y.var()) {
            (Some(xv), Some(yv)) => return self.intersect_vars(xv, yv, pos),
            (Some(v), None) => {
                if let Some(i) = self.find(v) {
                    self.record(i, pos);
                }
                return self.intersect_var(v, y, Side::Left, pos);
            }
            (None, Some(v)) => {
                if let Some(i) = self.find(v) {
                    self.record(i, pos);
                }
                return self.intersect_var(v, x, Side::Right, pos);
            }
            (None, None) => {}
        }
        if x.is_value() || y.is_value() {
            return builtin::bottom();
        }
        if !x.has_free_vars() && !y.has_free_vars() {
            if subtype(x, y) {
                return x;
            }
            if subtype(y, x) {
                return y;
            }
        }
        if x.is_union() {
            if crate::subtype::is_member(x, y) {
                return y;
            }
            return self.intersect_union(y, x, Side::Left, pos);
        }
        if y.is_union() {
            if crate::subtype::is_member(y, x) {
                return x;
            }
            if x.is_unionall() && (x.has_free_vars() || y.has_free_vars()) {
                return self.intersect_unionall(y, x, Side::Left, pos);
            }
            return self.intersect_union(x, y, Side::Right, pos);
        }
        if is_any(y) {
            return x;
        }
        if is_any(x) {
            return y;
        }
        if x.is_unionall() || y.is_unionall() {
            let (bx, by) = (x.unwrap_unionall(), y.unwrap_unionall());
            if bx.is_datatype() && by.is_datatype() && !bx.has_free_vars() && obviously_disjoint(bx, by) {
                return builtin::bottom();
            }
            return match (x.is_unionall(), y.is_unionall()) {
                (true, true) => {
                    let saved = self.save();
                    let a = self.intersect_unionall(y, x, Side::Left, pos);
                    if !a.is_unionall() {
                        return a;
                    }
                    let after = self.save();
                    self.restore(&saved);
                    let b = self.intersect_unionall(x, y, Side::Right, pos);
                    if !b.is_unionall() || (!b.has_free_vars() && !a.has_free_vars() && subtype(b, a)) {
                        return b;
                    }
                    self.restore(&after);
                    a
                }
                (true, false) => self.intersect_unionall(y, x, Side::Left, pos),
                _ => self.intersect_unionall(x, y, Side::Right, pos),
            };
        }
        let (Some((nx, px)), Some((ny, py))) = (x.datatype(), y.datatype()) else {
            return builtin::bottom();
        };
        if pos != Position::Invariant {
            if nx.is_type() && !ny.is_type() {
                return intersect_type_kind(x, y);
            }
            if ny.is_type() && !nx.is_type() {
                return intersect_type_kind(y, x);
            }
        }
        if nx == ny {
            if nx.is_tuple() {
                return self.intersect_tuple(px, py, pos);
            }
            let mut params = Vec::with_capacity(px.len());
            for (&a, &b) in px.iter().zip(py) {
                match self.intersect_invariant(a, b) {
                    Some(p) => params.push(p),
                    None => return builtin::bottom(),
                }
            }
            return apply_unchecked(nx, &params);
        }
        if pos == Position::Invariant {
            return builtin::bottom();
        }
        if reaches_name(x, y) {
            return self.intersect_sub(x, y, Side::Left, pos);
        }
        if reaches_name(y, x) {
            return self.intersect_sub(y, x, Side::Right, pos);
        }
        builtin::bottom()
    }

    /// `sub` is below `sup` by name: solves for the parameters of `sub` through its supertypes.
    fn intersect_sub(&mut self, sub: Ty, sup: Ty, side: Side, pos: Position) -> Ty {
        let above = sub.supertype();
        let common = match side {
            Side::Right => self.intersect_terms(sup, above, pos),
            Side::Left => self.intersect_terms(above, sup, pos),
        };
        let (name, params) = sub.datatype().expect("called with data types");
        if common.is_bottom() || params.is_empty() || above.params().is_empty() || !sub.has_free_vars() {
            return if common.is_bottom() { common } else { sub };
        }
        let pattern = crate::apply::wrap_all(name.params(), name.supertype());
        let mut env = Env::new(name.params().len());
        env.ignore_free = true;
        if !env.forall_exists(common, pattern, Position::Top) {
            return builtin::bottom();
        }
        let solved: Vec<Ty> = env
            .outputs
            .iter()
            .zip(name.params())
            .zip(params)
            .map(|((&found, var), &own)| match found {
                // What the supertype does not determine stays as it was.
                Some(t) if t != var.ty() && occurs(*var, name.supertype()) && !(t.is_var() && own.is_var()) => t,
                _ => own,
            })
            .collect();
        apply_unchecked(name, &solved)
    }

    /// The length variable of a `Vararg` must be `n`.
    fn set_length(&mut self, len: Option<Ty>, n: i64) -> bool {
        let Some(len) = len else { return true };
        if n < 0 {
            return false;
        }
        match len.var() {
            None => len.as_int() == Some(n),
            Some(v) => match self.find(v) {
                Some(i) => {
                    self.invdepth += 1;
                    self.record(i, Position::Invariant);
                    self.invdepth -= 1;
                    let b = self.vars[i];
                    if b.lb.is_var() && b.lb == b.ub {
                        return self.set_length(Some(b.lb), n);
                    }
                    !self.set_constant(i, Ty::int(n)).is_bottom()
                }
                None => true,
            },
        }
    }

    fn intersect_tuple(&mut self, xs: &[Ty], ys: &[Ty], pos: Position) -> Ty {
        let bottom = builtin::bottom();
        let inner = if pos == Position::Top { Position::Covariant } else { pos };
        let x = TupleShape::of(self, xs);
        let y = TupleShape::of(self, ys);
        let (nx, ny) = (x.fixed.len(), y.fixed.len());
        // Lengths first: they may fix variables that elements mention.
        let ok = match (x.rest, y.rest) {
            (None, None) => nx == ny,
            (Some((_, len)), None) => nx <= ny && self.set_length(len, (ny - nx) as i64),
            (None, Some((_, len))) => ny <= nx && self.set_length(len, (nx - ny) as i64),
            (Some(_), Some(_)) => true,
        };
        if !ok {
            return bottom;
        }
        let mut elems = Vec::with_capacity(nx.max(ny) + 1);
        for i in 0..nx.max(ny) {
            let xe = x.fixed.get(i).copied().or(x.rest.map(|r| r.0));
            let ye = y.fixed.get(i).copied().or(y.rest.map(|r| r.0));
            let (Some(xe), Some(ye)) = (xe, ye) else { break };
            let e = self.intersect_terms(xe, ye, inner);
            if e.is_bottom() {
                return bottom;
            }
            elems.push(e);
        }
        if let (Some((xe, xlen)), Some((ye, ylen))) = (x.rest, y.rest) {
            let e = self.intersect_terms(xe, ye, inner);
            if e.is_bottom() {
                // No further elements: the tuples end here.
                let (kx, ky) = (elems.len() as i64 - nx as i64, elems.len() as i64 - ny as i64);
                if !(self.set_length(xlen, kx) && self.set_length(ylen, ky)) {
                    return bottom;
                }
            } else {
                let len = match (xlen, ylen) {
                    (Some(a), Some(b)) if nx == ny => match self.intersect_invariant(a, b) {
                        Some(n) => Some(n),
                        None => return bottom,
                    },
                    // Of two lengths that differ by a constant, one is kept; the other stays open.
                    (Some(a), _) if nx >= ny => Some(a),
                    (_, Some(b)) if ny >= nx => Some(b),
                    _ => None,
                };
                for n in [xlen, ylen].into_iter().flatten() {
                    if let Some(i) = n.var().and_then(|v| self.find(v)) {
                        self.vars[i].is_length = true;
                    }
                }
                elems.push(vararg(e, len));
            }
        }
        crate::type_of_tuple(&elems)
    }
}

/// `Type{T} ∩ kind`.
fn intersect_type_kind(ty: Ty, kind: Ty) -> Ty {
    let bottom = builtin::bottom();
    let Some(t) = ty.type_param() else { return bottom };
    if !kind.is_kind() {
        return bottom;
    }
    match t.var() {
        None => {
            if t.kind_type() == kind {
                ty
            } else {
                bottom
            }
        }
        Some(v) => {
            if kind == builtin::typeof_bottom() && v.lower().is_bottom() {
                builtin::type_of_type(bottom)
            } else if is_any(v.upper()) {
                kind
            } else {
                ty
            }
        }
    }
}

fn reaches_name(x: Ty, y: Ty) -> bool {
    let Some(ny) = y.name() else { return false };
    let mut up = x;
    while !is_any(up) {
        match up.name() {
            Some(n) if n == ny => return true,
            Some(_) => up = up.supertype(),
            None => return false,
        }
    }
    false
}
