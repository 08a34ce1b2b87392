//! Questions about code that only the running session can answer; it answers them by name.

use crate::hooks::evaluator;

/// A table whose functions all forward to the session.
macro_rules! session {
    ($($name:ident $min:literal ..= $max:tt $result:ident;)*) => {
        super::table! { pub TABLE: $($name $min..=$max $result effect |a| evaluator()?.query(stringify!($name), a);)* }
    };
}

session! {
    hasmethod 2..=3 Bool;
    which 2..=2 Any;
    methods 1..=2 Any;
    method_count 1..=1 Int64;
    method_string 1..=1 String;
    method_signature_string 1..=1 String;
    method_name 1..=1 Symbol;
    method_module 1..=1 Module;
    method_sig 1..=1 Any;
    method_nargs 1..=1 Int64;
    method_file 1..=1 Any;
    method_line 1..=1 Int64;
    method_argnames 1..=1 Any;
    method_world 1..=1 UInt64;
    method_is_varargs 1..=1 Bool;
    return_type 1..=any Any;
    coroutine_reserve 0..=0 Int64;
    coroutine_current 0..=0 Int64;
    coroutine_switch 1..=1 Nothing;
    infer_eltype 1..=1 Any;
    empty_eltype 1..=1 Any;
    call_is_ambiguous 2..=2 Bool;
    ambiguous_candidates 2..=2 Any;
    unambiguous_signature 2..=2 Any;
    detect_ambiguities 1..=any Any;
    world_of_error 1..=1 Any;
    current_world 0..=0 UInt64;
    world_age 0..=0 UInt64;
    current_exceptions 0..=0 Any;
    backtrace 0..=0 Any;
    catch_backtrace 0..=0 Any;
    backtrace_string 1..=1 String;
    eval 2..=2 Any;
    include 2..=3 Any;
    include_string 2..=3 Any;
    macroexpand 2..=3 Any;
    parse_expr 1..=2 Any;
    parse_expr_at 2..=3 Any;
    parse_all 1..=2 Any;
    lower_string 2..=2 String;
    code_lowered 2..=2 Any;
    code_typed_string 2..=2 String;
    delete_method 1..=1 Nothing;
    task_local_storage 0..=0 Any;
    device 1..=any Any;
    launch 1..=any Any;
    device_code 2..=2 String;
    closest_methods 2..=4 Any;
    only_newer_methods 2..=2 Bool;
    ambiguous_methods 1..=1 Int64;
    is_generic_function 1..=1 Bool;
    function_display_name 1..=1 String;
    rethrow_current 0..=0 Any;
    expr_sexpr 1..=1 String;
    new_module 1..=1 Module;
    new_method_table 1..=1 Any;
    named_method_table 1..=1 Any;
}
