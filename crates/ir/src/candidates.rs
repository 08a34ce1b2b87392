//! Methods as texts: their signatures, and which come closest to a call that no method fits.

use crate::lowered::code_of;
use base::SourceMap;
use base::Span;
use runtime::core_types;
use types::Ty;
use world::MethodRef;

/// How many are told.
const MOST: usize = 3;

/// What else there is to say of a method.
#[derive(Default)]
pub struct Remarks {
    /// The names of its keywords.
    pub keywords: Vec<String>,
    /// Why it does not take the call though the arguments match; begins with a space.
    pub why_not: String,
}

/// Describes the methods that come closest to a call of `callee` with arguments of the types `given`, most similar first, each
/// in two lines as Julia lists them, with `!Matched` where an argument does not fit; `...` when there are more.
pub fn closest(
    methods: &[MethodRef],
    callee: Ty,
    given: &[Ty],
    only_first_matching: bool,
    remarks: &dyn Fn(MethodRef) -> Remarks,
) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for &m in methods {
        let body = m.sig().unwrap_unionall();
        let (own, wanted) =
            types::tuple_elements(body).and_then(<[Ty]>::split_first).map_or((callee, &[][..]), |(&f, rest)| (f, rest));
        if !types::subtype(callee, closed(own)) {
            continue;
        }
        let mut matching = 0;
        let (mut shown, mut asked, mut met) = (Vec::new(), Vec::new(), Vec::new());
        for (k, &w) in wanted.iter().enumerate() {
            let (w, dots) = w.vararg().map_or((w, ""), |(elem, _)| (elem, "..."));
            // What came before decides about type parameters; what did not match is taken to be what is wanted.
            let fits = given.get(k).is_some_and(|&g| {
                let here = types::type_of_tuple(&[&met[..], &[g]].concat());
                let there = types::type_of_tuple(&[&asked[..], &[w]].concat());
                !types::has_empty_intersection(closed(here), closed(there))
            });
            asked.push(w);
            met.push(if fits { given[k] } else { w });
            if only_first_matching && k == 0 && !fits {
                break;
            }
            matching += usize::from(fits);
            let mark = if fits || (!dots.is_empty() && k >= given.len()) { "" } else { "!Matched" };
            shown.push(format!("{mark}::{}{dots}", unbounded(w)));
        }
        if matching == 0 && (only_first_matching || given.len() > 1) {
            continue;
        }
        let text = signature_text(m);
        let head = match (text.split('(').next(), callee.type_param()) {
            (Some(head), _) if !head.is_empty() => head.to_string(),
            (_, Some(constructed)) => constructed.to_string(),
            _ => callee.to_string(),
        };
        let Remarks { keywords, why_not } = remarks(m);
        let keywords = if keywords.is_empty() { String::new() } else { format!("; {}", keywords.join(", ")) };
        let clause = text.rsplit_once(" where ").map_or(String::new(), |(_, c)| format!(" where {c}"));
        let span = code_of(m.get().source()).map_or(Span::NONE, |c| c.span);
        let (file, line) = (SourceMap::file(span.file).name.clone(), span.line());
        let module = m.get().module();
        found.push((
            matching,
            format!("{head}({}{keywords}){clause}{why_not}\n   @ {module} {file}:{line}", shown.join(", ")),
        ));
    }
    found.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    let more = found.len() > MOST;
    let mut texts: Vec<String> = found.into_iter().take(MOST).map(|(_, t)| t).collect();
    if more {
        texts.push("...".to_string());
    }
    texts
}

/// `f(x::Int64, y)` as method listings write it.
pub fn signature_text(m: MethodRef) -> String {
    let code = code_of(m.get().source());
    let body = m.sig().unwrap_unionall();
    let elements = types::tuple_elements(body).unwrap_or(&[]);
    let mut args = Vec::new();
    for (i, t) in elements.iter().enumerate().skip(1) {
        let name = code.as_ref().and_then(|c| c.slots.get(i)).map_or("_", |s| s.name.as_str());
        let name = if name.starts_with('#') || name == "_" { "" } else { name };
        let any = core_types().any;
        args.push(match t.vararg() {
            Some((elem, _)) if elem == any => format!("{name}..."),
            Some((elem, _)) => format!("{name}::{elem}..."),
            None if *t == any && !name.is_empty() => name.to_string(),
            None => format!("{name}::{}", unbounded(*t)),
        });
    }
    let mut vars = Vec::new();
    let mut sig = m.sig();
    while let Some((v, b)) = sig.unionall() {
        let bound =
            if v.upper() == core_types().any { v.name().to_string() } else { format!("{}<:{}", v.name(), v.upper()) };
        vars.push(bound);
        sig = b;
    }
    let clause = match vars.len() {
        0 => String::new(),
        1 => format!(" where {}", vars[0]),
        _ => format!(" where {{{}}}", vars.join(", ")),
    };
    let name = match elements.first().and_then(|t| t.type_param()) {
        Some(of) => format!("(::Type{{{of}}})"),
        None => m.name().to_string(),
    };
    format!("{name}({}){clause}", args.join(", "))
}

/// A type with a `where` for each variable it leaves open.
fn closed(t: Ty) -> Ty {
    let mut vars = types::apply::free_vars(t);
    vars.dedup();
    types::wrap_unionall(&vars, t)
}

/// A type's text with its parameters by name only: their bounds are told by the `where` clause.
fn unbounded(t: Ty) -> String {
    let named = types::apply::free_vars(t).into_iter().fold(t, |t, v| {
        let bounded = v.upper() != core_types().any || !v.lower().is_bottom();
        if bounded { types::apply::instantiate(t, v, types::TypeVar::unbounded(v.name()).ty()) } else { t }
    });
    named.var().map_or_else(|| named.to_string(), |v| v.name().to_string())
}
