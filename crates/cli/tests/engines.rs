//! Two engines, one semantics: random programs give the same with native code and interpreted. The programs are made from a
//! fixed seed (`REKINDLE_ENGINES_SEED` another, `REKINDLE_ENGINES_COUNT` how many functions), so a failure repeats.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

/// What the functions of a program call, and how each is run: its result or exception, and what it logged on the way.
const PRELUDE: &str = r#"
const LOG = Any[]
struct P; x::Int; y::Float64; end
pick(v, i) = isempty(v) ? 0 : v[mod1(i, length(v))]
after(x) = x === nothing ? -1 : x + 1
@noinline capped(x) = x > 100 ? 100 : x + 1
triangle(x) = (s = 0; for i in 1:mod(x, 4); s += i; end; s)
signum(x) = x == 0 ? 0 : x < 0 ? -1 : 1
kind(x::Int) = 1; kind(x::Float64) = 2; kind(x::Symbol) = x === :a ? 3 : 4; kind(x) = 5
less(a; b = 2) = a - b
letter(i) = isodd(i) ? :a : iseven(i >> 1) ? :b : :c
function attempt(f, args...)
    empty!(LOG)
    r = try
        repr(f(args...))
    catch e
        string("threw ", typeof(e))
    end
    println(f, args, " ", r, " ", LOG)
end
"#;

/// Types of the expressions that are made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Float,
    Bool,
    Symbol,
    Vector,
    Anything,
    Pair,
    Maybe,
}
use Kind::*;

const ALL: [Kind; 8] = [Int, Float, Bool, Symbol, Vector, Anything, Pair, Maybe];

/// A text with a letter in place of each operand: `i f b s v a t n` stand for the kinds in the order of [`ALL`].
fn forms(kind: Kind) -> &'static [&'static str] {
    match kind {
        Int => &[
            "(#i + #i)",
            "(#i - #i)",
            "(#i * #i)",
            "ifelse(#b, #i, #i)",
            "(#b ? #i : #i)",
            "length(#v)",
            "sum(#v)",
            "pick(#v, #i)",
            "#t[1]",
            "after(#n)",
            "capped(#i)",
            "triangle(#i)",
            "signum(#i)",
            "mod(#i, 5)",
            "kind(#i)",
            "kind(#f)",
            "kind(#s)",
            "kind(#b)",
            "let q = #i; q * q end",
            "less(#i; b = #i)",
            "P(#i, #f).x",
            "sum(map(z -> z + #i, #v))",
            "count(isodd, #v)",
            "reduce(max, #v; init = #i)",
            "div(#i, #i)",
            "(#i >> 1)",
        ],
        Float => &[
            "(#f + #f)",
            "(#f * #i)",
            "(#b ? #f : #f)",
            "Float64(#i)",
            "#t[2]",
            "abs(#f)",
            "P(#i, #f).y",
            "max(#f, #f)",
            "sum(#i / 2 for _ in 1:2)",
            "sqrt(#f)",
        ],
        Bool => &[
            "(#i < #i)",
            "(#s === #s)",
            "(#s == #s)",
            "(#b && #b)",
            "(#b || #b)",
            "!#b",
            "(#n === nothing)",
            "(p3 === :a)",
            "(p5 === nothing)",
            "(p5 isa Int)",
            "isodd(#i)",
            "(#f >= #f)",
            "(#i in #v)",
            "isempty(#a)",
            "(#n isa Int)",
            "(#a[1] isa Symbol)",
        ],
        Symbol => &["(#b ? #s : #s)", "letter(#i)"],
        Vector => &[
            "[#i, #i]",
            "(#v .+ #i)",
            "[x * 2 for x in #v if #b]",
            "vcat(#v, #i)",
            "reverse(#v)",
            "push!(copy(#v), #i)",
            "filter(isodd, #v)",
            "collect(1:mod(#i, 4))",
        ],
        Anything => &["Any[#i, #s]", "Any[#f]", "push!(Any[], #b)"],
        Pair => &["(#i, #f)", "(#b ? #t : #t)", "(P(#i, #f).x, #f)"],
        Maybe => &["(#b ? nothing : #i)", "findfirst(==(#i), #v)", "#i"],
    }
}

fn atoms(kind: Kind) -> &'static [&'static str] {
    match kind {
        Int => &["0", "1", "2", "3", "-1", "7", "10"],
        Float => &["0.5", "1.0", "2.0", "-1.5", "3.25"],
        Bool => &["true", "false"],
        Symbol => &[":a", ":b", ":c"],
        Vector => &["[1, 2, 3]", "Int[]"],
        Anything => &["Any[1, :a, 2.5]"],
        Pair => &["(1, 2.0)"],
        Maybe => &["nothing", "5"],
    }
}

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A function under construction: the variables that are surely defined, with their kinds.
struct Writer<'r> {
    random: &'r mut Random,
    known: Vec<(String, Kind)>,
    made: usize,
    text: String,
}

impl Writer<'_> {
    fn fresh(&mut self) -> String {
        self.made += 1;
        format!("v{}", self.made)
    }

    fn variable(&mut self, kind: Kind) -> Option<String> {
        let of_kind: Vec<&String> = self.known.iter().filter(|(_, k)| *k == kind).map(|(n, _)| n).collect();
        (!of_kind.is_empty()).then(|| of_kind[self.random.below(of_kind.len())].clone())
    }

    /// A variable that may be assigned: not a parameter.
    fn own(&mut self, kind: Kind) -> Option<String> {
        self.variable(kind).filter(|v| v.starts_with('v'))
    }

    fn expr(&mut self, kind: Kind, depth: usize) -> String {
        if depth > 3 || self.random.chance(25) {
            if self.random.chance(80)
                && let Some(v) = self.variable(kind)
            {
                return v;
            }
            return self.random.one(atoms(kind)).to_string();
        }
        let form = self.random.one(forms(kind));
        let mut out = String::new();
        let mut rest = form;
        while let Some(at) = rest.find('#') {
            out.push_str(&rest[..at]);
            let place = "ifbsvatn".find(&rest[at + 1..at + 2]).expect("a kind's letter");
            out.push_str(&self.expr(ALL[place], depth + 1));
            rest = &rest[at + 2..];
        }
        out + rest
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.text.push_str(&"    ".repeat(indent));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn block(&mut self, indent: usize, statements: usize) {
        let before = self.known.len();
        for _ in 0..statements {
            self.statement(indent);
        }
        // What a block defines is not known after it.
        self.known.truncate(before);
        self.line(indent, "nothing");
    }

    fn statement(&mut self, indent: usize) {
        let kind = self.random.one(&ALL);
        let roll = self.random.below(100);
        let (inner, few) = (indent + 1, 1 + self.random.below(3));
        if roll < 30 {
            let (name, value) = (self.fresh(), self.expr(kind, 0));
            self.line(indent, &format!("{name} = {value}"));
            self.known.push((name, kind));
        } else if roll < 50 {
            if let Some(name) = self.own(kind) {
                let value = self.expr(kind, 0);
                self.line(indent, &format!("{name} = {value}"));
            }
        } else if roll < 62 && indent < 4 {
            let condition = self.expr(Bool, 0);
            self.line(indent, &format!("if {condition}"));
            self.block(inner, few);
            if self.random.chance(50) {
                self.line(indent, "else");
                self.block(inner, few);
            }
            self.line(indent, "end");
        } else if roll < 74 && indent < 3 {
            let name = self.fresh();
            let form = self.random.below(4);
            let over = match form {
                0 => format!("1:mod({}, 6)", self.expr(Int, 1)),
                1 => format!("copy({})", self.expr(Vector, 1)),
                2 => format!("copy({})", self.expr(Anything, 1)),
                _ => format!("enumerate(copy({}))", self.expr(Vector, 1)),
            };
            self.line(indent, &format!("for {name} in {over}"));
            if form < 2 {
                // A loop's variable is not assigned: it goes by a parameter's name.
                let alias = format!("p{name}");
                self.line(inner, &format!("{alias} = {name}"));
                self.known.push((alias, Int));
                self.block(inner, few);
                self.known.pop();
            } else {
                self.block(inner, few);
            }
            if self.random.chance(30) {
                let (condition, exit) = (self.expr(Bool, 0), self.random.one(&["break", "continue"]));
                self.line(inner, &format!("{condition} && {exit}"));
            }
            self.line(indent, "end");
        } else if roll < 80 && indent < 3 {
            let (counter, rounds) = (self.fresh(), 1 + self.random.below(5));
            self.line(indent, &format!("{counter} = 0"));
            self.line(indent, &format!("while {counter} < {rounds}"));
            self.line(inner, &format!("{counter} += 1"));
            self.block(inner, few);
            self.line(indent, "end");
        } else if roll < 86 {
            let kind = self.random.one(&[Int, Float, Pair, Maybe, Symbol]);
            let (condition, value) = (self.expr(Bool, 0), self.expr(kind, 0));
            self.line(indent, &format!("{condition} && return {value}"));
        } else if roll < 93 {
            let kind = self.random.one(&[Int, Float, Symbol, Bool]);
            let value = self.expr(kind, 0);
            self.line(indent, &format!("push!(LOG, {value})"));
        } else if let Some(name) = self.own(Vector) {
            let value = self.expr(Int, 0);
            self.line(indent, &format!("push!({name}, {value})"));
        }
    }
}

fn program(seed: u64, functions: usize) -> String {
    let mut random = Random(seed | 1);
    let mut out = PRELUDE.to_string();
    for n in 0..functions {
        let parameters = [Int, Float, Symbol, Vector, Maybe, Bool];
        let known = parameters.iter().enumerate().map(|(i, k)| (format!("p{}", i + 1), *k)).collect();
        let mut writer = Writer { random: &mut random, known, made: 0, text: String::new() };
        // A condition kept in a variable tells about another value wherever it is used.
        let condition = writer.random.one(&["p3 === :a", "p5 === nothing", "p5 isa Int", "p1 < 5"]);
        writer.line(1, &format!("v0 = {condition}"));
        writer.known.push(("v0".to_string(), Bool));
        let statements = 3 + writer.random.below(5);
        writer.block(1, statements);
        let kind = writer.random.one(&ALL);
        let result = writer.expr(kind, 0);
        let _ = writeln!(out, "function f{n}(p1, p2, p3, p4, p5, p6)\n{}    return {result}\nend", writer.text);
        for args in
            ["3, 1.5, :a, [4, 5, 6], nothing, true", "-2, 0.0, :b, Int[], 4, false", "12, -3.5, :c, [1, 3], 0, true"]
        {
            let _ = writeln!(out, "attempt(f{n}, {args})");
        }
    }
    out
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

#[test]
fn random_programs_give_the_same_natively_and_interpreted() {
    let seed = number("REKINDLE_ENGINES_SEED", 20261);
    let functions = number("REKINDLE_ENGINES_COUNT", 60) as usize;
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("engines.jl");
    std::fs::write(&file, program(seed, functions)).expect("the program can be written");
    let run = |options: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_rekindle"))
            .arg("run")
            .args(options)
            .arg(&file)
            // Loops of the library, too, although they have little to do.
            .env("REKINDLE_NATIVE", "eager")
            .stdin(Stdio::null())
            .output()
            .expect("the built command starts");
        assert!(output.status.success(), "seed {seed}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let (native, interpreted) = (run(&[]), run(&["--interpret"]));
    let differ: Vec<String> = native
        .lines()
        .zip(interpreted.lines())
        .filter(|(n, i)| n != i)
        .map(|(n, i)| format!("native      {n}\ninterpreted {i}"))
        .collect();
    assert_eq!(native.lines().count(), 3 * functions, "seed {seed}: a line per call");
    eprintln!("random calls, both engines: {} of {} agree", 3 * functions - differ.len(), 3 * functions);
    assert!(differ.is_empty(), "seed {seed}, {}:\n{}", file.display(), differ.join("\n"));
}
