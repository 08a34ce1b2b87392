//! Inference of Julia code over a tiny `Base` of its own: what goes wrong here is not the prelude's fault.

#[path = "support/julia.rs"]
mod julia;

const TINY_BASE: &str = r#"
import Core.Intrinsics: add_int, sub_int, mul_int, slt_int, sle_int, eq_int, not_int, sitofp, add_float, mul_float, ult_int, bitcast
+(a::Int, b::Int) = add_int(a, b)
-(a::Int, b::Int) = sub_int(a, b)
*(a::Int, b::Int) = mul_int(a, b)
<(a::Int, b::Int) = slt_int(a, b)
<=(a::Int, b::Int) = sle_int(a, b)
>(a, b) = b < a
==(a::Int, b::Int) = eq_int(a, b)
+(a::Float64, b::Float64) = add_float(a, b)
*(a::Float64, b::Float64) = mul_float(a, b)
+(a::Int, b::Float64) = sitofp(Float64, a) + b
+(a::Float64, b::Int) = a + sitofp(Float64, b)
!(x::Bool) = not_int(x)
isnothing(x) = x === nothing
getproperty(x, f::Symbol) = getfield(x, f)
convert(::Type{T}, x::T) where {T} = x
convert(::Type{Float64}, x::Int) = sitofp(Float64, x)
struct UnitRange
    start::Int
    stop::Int
end
struct Val{N} end
Val(x) = Val{x}()
(a::Int):(b::Int) = UnitRange(a, b)
iterate(r::UnitRange) = r.start > r.stop ? nothing : (r.start, r.start)
iterate(r::UnitRange, i) = i == r.stop ? nothing : (i + 1, i + 1)
getindex(t::Tuple, i::Int) = getfield(t, i)
iterate(t::Tuple, i::Int = 1) = i > nfields(t) ? nothing : (getfield(t, i), i + 1)
indexed_iterate(t::Tuple, i::Int, state = 1) = (getfield(t, i), i + 1)
first(t::Tuple) = t[1]
tail(t::Tuple) = argtail(t...)
argtail(x, rest...) = rest
"#;

const CODE: &str = r#"
sum_to(n) = (s = 0; for i in 1:n; s += i; end; s)
tail_sum(::Tuple{}) = 0
tail_sum(t::Tuple) = first(t) + tail_sum(tail(t))
val(::Val{N}) where {N} = N + 1
keyword(x; scale = 2) = x * scale
destructured(t) = ((a, b) = t; b)
closure(x) = (f = y -> y + x; f(1))
default(x, y = x + 1) = y
struct P{A,B}
    a::A
    b::B
end
made(x) = P(x, 1).a
not_nothing(x) = isnothing(x) ? 0 : x
boxed(x) = (f = () -> (x += 1; x); f())
"#;

#[test]
fn a_tiny_base_infers() {
    let failures: Vec<String> = interp::on_big_stack(|| {
        let session = interp::Session::start_bare();
        session.with_interp(|i| {
            let r = session.eval_text(i, session.base(), "tiny", TINY_BASE);
            r.unwrap_or_else(|e| panic!("{}", session.error_text(i, e)));
            let r = session.eval_text(i, session.base(), "code", CODE);
            r.unwrap_or_else(|e| panic!("{}", session.error_text(i, e)));
        });
        let m = session.base();
        [
            ("sum_to, (Int,)", "Int64"),
            ("tail_sum, (Tuple{Int,Float64,Int},)", "Float64"),
            ("val, (Val{3},)", "Int64"),
            ("keyword, (Int,)", "Int64"),
            ("destructured, (Tuple{Int,Float32},)", "Float32"),
            ("closure, (Int,)", "Int64"),
            ("default, (Int,)", "Int64"),
            ("made, (Float32,)", "Float32"),
            ("not_nothing, (Union{Nothing,Int},)", "Int64"),
        ]
        .into_iter()
        .filter_map(|(call, expected)| match julia::infer_call(session, m, call) {
            Err(e) => Some(format!("{call}: {e}")),
            Ok(ci) => {
                let body = julia::body(ci);
                let errors = ir::verify::verify(body);
                let fine = errors.is_empty() && body.ret.to_string() == expected;
                (!fine).then(|| format!("{call}: {errors:?}\n{}", julia::text(session, ci)))
            }
        })
        .collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
