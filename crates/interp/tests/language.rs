//! The language as the interpreter runs it: each case is a text, evaluated in a module of its own, and what it prints.

use interp::{Session, on_big_stack};
use runtime::host;
use std::sync::Mutex;

/// What `text` prints; an uncaught error shows as `ERROR: ` and its message's first line.
fn run(text: &str) -> String {
    // Output is captured for the whole process: one case at a time.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(|e| e.into_inner());
    let session = Session::start().unwrap_or_else(|e| panic!("the prelude does not load: {e}"));
    let text = text.to_string();
    on_big_stack(move || {
        session.with_interp(|interp| {
            let main = session.fresh_main(interp, "Main").expect("a module");
            let (result, out, _) = host::capture(|| session.eval_text(interp, main, "case.jl", &text));
            let mut out = String::from_utf8_lossy(&out).into_owned();
            if let Err(e) = result {
                let message = session.error_text(interp, e);
                out.push_str(&format!("ERROR: {}", message.lines().next().unwrap_or("")));
            }
            out.trim_end().to_string()
        })
    })
}

fn check(text: &str, want: &str) {
    assert_eq!(run(text), want, "of {text}");
}

#[test]
fn functions_in_older_worlds_do_not_see_newer_methods() {
    check(
        "f() = 1
         function g()
             @eval f() = 2
             print(f(), Base.invokelatest(f))
         end
         g(); print(f())",
        "122",
    );
}

#[test]
fn calls_of_methods_that_come_too_late_are_errors() {
    check(
        "function g()
             @eval later() = 1
             later()
         end
         try; g(); catch e; print(e isa MethodError); end",
        "true",
    );
}

#[test]
fn exceptions_unwind_through_finally_and_keep_their_causes() {
    check(
        "function f()
             try
                 try
                     error(\"a\")
                 catch
                     error(\"b\")
                 finally
                     print(\"finally \")
                 end
             catch e
                 print(e.msg, \" \", length(current_exceptions()))
             end
             print(\" \", length(current_exceptions()))
         end
         f()",
        "finally b 2 0",
    );
}

#[test]
fn returning_from_a_catch_block_ends_the_handling() {
    check(
        "f() = for i in 1:3
             try
                 error(i)
             catch
                 i == 2 && return length(current_exceptions())
                 continue
             end
         end
         print(f(), length(current_exceptions()))",
        "10",
    );
}

#[test]
fn endless_recursion_is_an_exception() {
    check("f(x) = 1 + f(x); try; f(1); catch e; print(typeof(e)); end", "StackOverflowError");
    check("g(x) = g(x + 1); try; g(1); catch e; print(typeof(e)); end", "StackOverflowError");
}

#[test]
fn closures_share_what_they_assign() {
    check("function c(); n = 0; inc() = (n += 1); get() = n; inc(); inc(); get(); end; print(c())", "2");
    check("fs = [() -> i for i in 1:3]; print(map(f -> f(), fs))", "[1, 2, 3]");
}

#[test]
fn generated_functions_expand_once_per_signature() {
    check(
        "n = Ref(0)
         @generated function g(x)
             n[] += 1
             :((x, $(string(x))))
         end
         print(g(1), g(2), g(1.5), n[])",
        "(1, \"Int64\")(2, \"Int64\")(1.5, \"Float64\")2",
    );
}

#[test]
fn keywords_are_checked_and_defaults_see_earlier_ones() {
    check("f(x; a, b = a + x) = (a, b); print(f(1; a = 2), f(1, a = 5, b = 0))", "(2, 3)(5, 0)");
    check("f(; a) = a; f()", "ERROR: UndefKeywordError: keyword argument `a` not assigned");
    check("f(; a = 1) = a; try; f(; b = 1); catch e; print(e isa MethodError); end", "true");
}

#[test]
fn splatting_flattens_everything_iterable() {
    check(
        "v(x...) = x; print(v((1, 2)..., [3]..., (a = 4,)..., (i for i in 5:6)..., \"xy\"...))",
        "(1, 2, 3, 4, 5, 6, 'x', 'y')",
    );
}

#[test]
fn macros_are_hygienic() {
    check(
        "macro swap(a, b)
             :(tmp = $(esc(a)); $(esc(a)) = $(esc(b)); $(esc(b)) = tmp)
         end
         function f()
             tmp, y = 1, 2
             @swap tmp y
             (tmp, y)
         end
         print(f())",
        "(2, 1)",
    );
}

#[test]
fn modules_export_and_import() {
    check(
        "module A
             export f
             f() = 1
             g() = 2
             module B; h() = 3; end
         end
         using .A
         import .A: g as gg
         import .A.B
         print(f(), gg(), B.h(), A.B === B)",
        "123true",
    );
    check("module A; f() = 1; end; using .A; f()", "ERROR: UndefVarError: `f` not defined in `Main`");
}

#[test]
fn extending_an_imported_function_needs_an_import() {
    check(
        "module A; export f; f() = 1; end
         using .A
         f()
         f(x) = 2",
        "ERROR: invalid method definition in Main: function A.f must be explicitly imported to be extended",
    );
}

#[test]
fn constants_and_types_cannot_become_something_else() {
    check("struct S; x::Int; end; struct S; x::Int; end; print(S(1).x)", "1");
    check("struct S; x::Int; end; struct S; y::Int; end", "ERROR: invalid redefinition of constant Main.S");
    check("const c = 1; c = \"s\"", "ERROR: invalid redefinition of constant Main.c");
}

#[test]
fn typed_globals_convert() {
    check("x::Float64 = 1; print(x); x = 2; print(x, typeof(x))", "1.02.0Float64");
}

#[test]
fn invoke_takes_the_method_of_the_given_types() {
    check("f(x::Integer) = 1; f(x::Number) = 2; print(f(3), invoke(f, Tuple{Number}, 3))", "12");
}

#[test]
fn static_parameters_of_types_are_their_kinds() {
    check("f(x::T) where {T} = T; g(x::Type{T}) where {T} = T; print(f(Int), \" \", g(Int))", "DataType Int64");
}

#[test]
fn undefined_things_are_named() {
    check("nope", "ERROR: UndefVarError: `nope` not defined in `Main`");
    check("f() = (x; x = 1); f()", "ERROR: UndefVarError: `x` not defined in local scope");
    check("struct M; x; M() = new(); end; M().x", "ERROR: UndefRefError: access to undefined reference");
    check("(1, 2).z", "ERROR: type Tuple has no field z");
}

#[test]
fn eval_and_quoted_code() {
    check("ex = :(a + $(1 + 1)); a = 40; print(ex, \" = \", eval(ex))", "a + 2 = 42");
    check("for (n, v) in ((:p, 1), (:q, 2)); @eval $n() = $v; end; print(p() + q())", "3");
}

#[test]
fn objects_survive_constant_collection() {
    let session = Session::start().unwrap_or_else(|e| panic!("the prelude does not load: {e}"));
    let _ = session;
    runtime::gc::stress(7);
    let got = run("function work(n)
             d = Dict{String,Any}()
             for i in 1:n
                 d[\"k$i\"] = (i, [string(j) for j in 1:3], x -> x + i)
             end
             sum(v[1] + length(v[2]) + v[3](1) for v in values(d))
         end
         print(work(20), sort([string(i) for i in 20:-1:1])[end])");
    runtime::gc::stress(0);
    assert_eq!(got, "5009");
}

#[test]
fn syntax_errors_are_exceptions() {
    assert!(run("f(x = ").starts_with("ERROR: syntax"), "{}", run("f(x = "));
}

#[test]
fn c_functions_can_be_called() {
    check("print(ccall(:abs, Int32, (Int32,), -5), ccall(:pow, Float64, (Float64, Float64), 2.0, 10.0))", "51024.0");
}
