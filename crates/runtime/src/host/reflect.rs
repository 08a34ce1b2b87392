//! Questions about types, modules and objects.

use super::args::*;
use crate::array::{Elements, elements_of};
use crate::{Exception, Module, Value, core_types, egal, errors, gc, info, object, reflect};
use base::Symbol;
use types::Ty;

super::table! { pub TABLE:
    isconcretetype 1..=1 Bool pure |a| boolean(a[0].as_type().is_some_and(|t| t.is_concrete()));
    isabstracttype 1..=1 Bool pure |a| boolean(body(a[0]).is_some_and(|t| t.name().is_some_and(|n| n.is_abstract())));
    isprimitivetype 1..=1 Bool pure |a| boolean(body(a[0]).is_some_and(|t| t.name().is_some_and(|n| n.is_primitive())));
    isbitstype 1..=1 Bool pure |a| boolean(a[0].as_type().is_some_and(|t| t.is_concrete() && info(t).isbits));
    isghosttype 1..=1 Bool pure |a| {
        boolean(a[0].as_type().is_some_and(|t| t.is_concrete() && info(t).instance.is_some()))
    };
    ismutabletype 1..=1 Bool pure |a| boolean(body(a[0]).is_some_and(|t| t.name().is_some_and(|n| n.is_mutable())));
    ismutable 1..=1 Bool pure |a| boolean(info(a[0].type_of()).mutable);
    isstructtype 1..=1 Bool pure |a| boolean(body(a[0]).is_some_and(|t| t.name().is_some_and(|n| n.is_struct())));
    isdispatchtuple 1..=1 Bool pure |a| boolean(a[0].as_type().is_some_and(|t| t.is_dispatch_tuple()));
    has_free_typevars 1..=1 Bool pure |a| boolean(a[0].as_type().is_some_and(|t| t.has_free_vars()));
    supertype 1..=1 Any pure |a| {
        let t = ty(a[0])?;
        let inner = t.unwrap_unionall();
        if !inner.is_datatype() {
            return Err(errors::argument("supertype: not a DataType"));
        }
        Ok(Value::from(close(inner.supertype(), t)))
    };
    fieldcount 1..=1 Int64 pure |a| {
        let t = ty(a[0])?;
        field_count(t).map(|n| Value::int(n as i64)).ok_or_else(|| errors::argument("type does not have a definite number of fields"))
    };
    fieldnames 1..=1 Any pure |a| {
        let t = ty(a[0])?;
        let inner = t.unwrap_unionall();
        if inner.name().is_some_and(|n| n.is_abstract()) || !inner.is_datatype() {
            return Err(errors::argument("type does not have a definite number of fields"));
        }
        let names: crate::ValueVec = match special_names(inner) {
            Some(names) => names.iter().map(|&n| Value::symbol(n)).collect(),
            None => {
                let names = inner.field_names();
                if inner.name().is_some_and(|n| n.is_tuple()) {
                    (0..field_count(t).unwrap_or(0)).map(|i| Value::int(i as i64 + 1)).collect()
                } else {
                    names.iter().map(|&n| Value::symbol(n)).collect()
                }
            }
        };
        Ok(object::tuple(&names))
    };
    fieldoffset 2..=2 UInt64 pure |a| {
        let (t, i) = (ty(a[0])?, int(a[1])?);
        let f = (i >= 1 && t.is_concrete()).then(|| info(t).fields.get(i as usize - 1)).flatten();
        f.map(|f| Value::uint64(f.offset as u64)).ok_or_else(|| errors::bounds(a[0], i))
    };
    hasfield 2..=2 Bool pure |a| {
        let inner = ty(a[0])?.unwrap_unionall();
        let name = a[1].as_symbol().ok_or_else(|| errors::type_error("hasfield", "", Value::from(core_types().symbol), a[1]))?;
        boolean(match special_names(inner) {
            Some(names) => names.contains(&name.as_str()),
            None => inner.field_index(name).is_some(),
        })
    };
    field_is_const 2..=2 Bool pure |a| {
        let (t, i) = (ty(a[0])?.unwrap_unionall(), a[1]);
        let index = match i.as_symbol() {
            Some(name) => t.field_index(name).unwrap_or(usize::MAX),
            None => (int(i)? - 1) as usize,
        };
        let n = t.name();
        boolean(n.is_some_and(|n| !n.is_mutable() || n.fields().is_some_and(|f| f.const_fields.contains(&index))))
    };
    typename_symbol 1..=1 Symbol pure |a| {
        let t = ty(a[0])?;
        if t.is_union() || t.is_bottom() {
            return Ok(Value::symbol("Union"));
        }
        match t.unwrap_unionall().name() {
            Some(n) => Ok(Value::symbol(n.name())),
            None => Err(errors::argument("type does not have a name")),
        }
    };
    function_name 1..=1 Symbol pure |a| Ok(Value::symbol(crate::function::name_of(a[0])));
    module_name 1..=1 Symbol pure |a| Ok(Value::symbol(module(a[0])?.name));
    module_path 1..=1 String pure |a| Ok(Value::string(&module(a[0])?.path()));
    module_parent 1..=1 Module pure |a| Ok(module(a[0])?.parent().value());
    parentmodule 1..=1 Module pure |a| {
        if let Some(m) = Module::from_value(a[0]) {
            return Ok(m.parent().value());
        }
        let t = a[0].as_type().unwrap_or_else(|| a[0].type_of()).unwrap_unionall();
        let path = t.name().map_or("Core", |n| n.module().as_str());
        reflect::module_by_path(path).map(Module::value).ok_or_else(|| errors::error("no such module"))
    };
    module_names 1..=3 Any effect |a| {
        let (m, all, imported) = (module(a[0])?, flag(a, 1), flag(a, 2));
        // programs define what is theirs in Main, and export nothing
        let in_main = crate::module::root(Symbol::new("Main")).is_some_and(|main| std::ptr::eq(main, m));
        let names: crate::ValueVec = m
            .names()
            .iter()
            .filter(|b| {
                let own = b.settled().is_some_and(|o| std::ptr::eq(o, **b)) && b.own_value().is_some();
                b.is_public() || (all || in_main) && own && !b.is_deprecated() || imported && b.is_imported()
            })
            .filter(|b| all || !b.name.as_str().starts_with('#'))
            .map(|b| Value::symbol(b.name))
            .collect();
        Ok(crate::array::vector_of(core_types().symbol, &names))
    };
    is_exported 2..=2 Bool effect |a| boolean(binding(a)?.is_some_and(|b| b.is_exported()));
    is_public 2..=2 Bool effect |a| boolean(binding(a)?.is_some_and(|b| b.is_public()));
    is_const 2..=2 Bool effect |a| boolean(binding(a)?.and_then(|b| b.settled()).is_some_and(|b| b.is_const()));
    binding_module 2..=2 Any effect |a| {
        Ok(binding(a)?.and_then(|b| b.resolve()).map_or_else(Value::nothing, |b| b.module.value()))
    };
    objectid 1..=1 UInt64 pure |a| Ok(Value::uint64(egal::object_id(a[0])));
    type_hash 2..=2 UInt64 pure |a| {
        Ok(Value::uint64(egal::hash_bytes(word(a[1])?, &egal::object_id(a[0]).to_le_bytes())))
    };
    typejoin 0..=any Any pure |a| {
        let ts = a.iter().map(|&v| ty(v)).collect::<Result<Vec<_>, _>>()?;
        Ok(Value::from(ts.into_iter().reduce(types::typejoin).unwrap_or_else(types::builtin::bottom)))
    };
    promote_typejoin 2..=2 Any pure |a| Ok(Value::from(types::promote_typejoin(ty(a[0])?, ty(a[1])?)));
    typeintersect 2..=2 Any pure |a| Ok(Value::from(types::intersect(ty(a[0])?, ty(a[1])?)));
    morespecific 2..=2 Bool pure |a| boolean(types::more_specific(ty(a[0])?, ty(a[1])?));
    type_equal 2..=2 Bool pure |a| boolean(types::type_equal(ty(a[0])?, ty(a[1])?));
    type_string 1..=1 String pure |a| Ok(Value::string(&ty(a[0])?.to_string()));
    element_size 1..=1 Int64 pure |a| Ok(Value::int(elements_of(ty(a[0])?).stride as i64));
    element_inline 1..=1 Bool pure |a| boolean(elements_of(ty(a[0])?).inline);
    reinterpret_load 3..=3 Any effect |a| {
        let (t, v, i) = (ty(a[0])?, array(a[1])?, int(a[2])?);
        let e = elements_of(t);
        let at = place(&e, v.elements, v.len(), i).ok_or_else(|| errors::bounds(a[1], i))?;
        // SAFETY: both kinds of element are plain data, and the place is inside the array.
        Ok(unsafe { Value::from_bytes(t, v.data().add(at)) })
    };
    reinterpret_store 3..=3 Nothing effect |a| {
        let (v, x, i) = (array(a[0])?, a[1], int(a[2])?);
        let e = elements_of(x.type_of());
        let at = place(&e, v.elements, v.len(), i).ok_or_else(|| errors::bounds(a[0], i))?;
        // SAFETY: as for loading.
        unsafe { std::ptr::copy_nonoverlapping(x.as_ptr(), v.data().add(at), info(x.type_of()).size) };
        nothing()
    };
    reinterpret_bits 2..=2 Any pure |a| {
        let (t, x) = (info(ty(a[0])?), a[1]);
        let from = info(x.type_of());
        if !t.isbits || !from.isbits || t.size != from.size {
            return Err(errors::argument("reinterpret: both types must be plain data of one size"));
        }
        // SAFETY: both are plain data of one size.
        Ok(unsafe { Value::from_bytes(t.ty, x.as_ptr()) })
    };
    copy_memory 5..=5 Nothing effect |a| {
        // (destination, its first element, source, its first element, count) for Memory or Array
        let n = int(a[4])?;
        if n > 0 {
            let (d, s) = (element_address(a[0], int(a[1])?, n)?, element_address(a[2], int(a[3])?, n)?);
            if d.1.inline != s.1.inline || d.1.stride != s.1.stride || d.1.ty != s.1.ty && d.1.inline {
                return Err(errors::argument("copy_memory: element types differ"));
            }
            // SAFETY: both ranges are inside their memories.
            unsafe { std::ptr::copy(s.0, d.0, n as usize * d.1.stride) };
        }
        nothing()
    };
    fill_bytes 4..=4 Nothing effect |a| {
        // (memory or array, first element, count, byte)
        let n = int(a[2])?;
        if n > 0 {
            let (p, e) = element_address(a[0], int(a[1])?, n)?;
            if e.has_references {
                return Err(errors::argument("fill_bytes: elements are not plain data"));
            }
            // SAFETY: the range is inside the memory, and any byte is fine for plain data.
            unsafe { std::ptr::write_bytes(p, int(a[3])? as u8, n as usize * e.stride) };
        }
        nothing()
    };
    pointer_from_objref 1..=1 Any effect |a| {
        let c = core_types();
        Ok(Value::bits(c.ptr_of(c.nothing), a[0].addr()))
    };
    unsafe_wrap_memory 3..=3 Any effect |a| {
        // (Memory type, Ptr, length)
        let t = ty(a[0])?;
        // SAFETY: a pointer object has eight bytes; the caller vouches for its memory.
        Ok(unsafe { crate::array::memory_wrap(t, a[1].read(0), int(a[2])?) })
    };
    unsafe_string 2..=2 String effect |a| {
        let n = int(a[1])?;
        // SAFETY: the caller vouches for the pointer.
        let p: *const u8 = unsafe { a[0].read(0) };
        if p.is_null() {
            return Err(errors::argument("cannot convert NULL to string"));
        }
        let n = if n >= 0 {
            n as usize
        } else {
            // SAFETY: the caller vouches for a terminated string.
            unsafe { std::ffi::CStr::from_ptr(p as *const std::ffi::c_char) }.count_bytes()
        };
        // SAFETY: the caller vouches for `n` bytes.
        Ok(crate::strings::string_from_bytes(unsafe { std::slice::from_raw_parts(p, n) }))
    };
    svec_length 1..=1 Int64 pure |a| Ok(Value::int(a[0].as_svec().map_or(0, <[Value]>::len) as i64));
    is_builtin 1..=1 Bool pure |a| boolean(crate::function::callee(a[0]) != crate::function::Callee::Generic);
    gc 0..=1 Nothing effect |_| {
        gc::collect();
        nothing()
    };
    // functions and objects, alternating, whose finalizers are due
    finalizers_ready 0..=0 Any effect |_| Ok(crate::finalize::take_ready());
    finalizers_of 1..=1 Any effect |a| Ok(crate::finalize::take_of(a[0]));
    finalizers_all 0..=0 Any effect |_| Ok(crate::finalize::take_all());
    gc_bytes 0..=0 Int64 effect |_| Ok(Value::int(gc::statistics().1 as i64));
    copy_ast 1..=1 Any effect |a| Ok(crate::expr::copy_ast(a[0]));
    is_operator 1..=1 Bool pure |a| {
        let s = a[0].as_symbol().map_or("", |s| s.as_str());
        boolean(syntax::is_operator(s))
    };
    allocate_like 1..=1 Any effect |a| {
        // a fresh object of the same type with all fields undefined or zero; memories and arrays likewise
        let t = info(a[0].type_of());
        if t.is_memory {
            return crate::array::memory_new(t.ty, crate::array::memory_parts(a[0]).0 as i64);
        }
        if t.special || t.opaque {
            return Err(errors::argument("allocate_like: not a struct"));
        }
        Ok(object::allocate(t))
    };
    init_field 3..=3 Nothing effect |a| {
        // sets a field of an object under construction, constant or not
        let (t, i) = (info(a[0].type_of()), int(a[1])?);
        let f = t.fields.get((i - 1) as usize).ok_or_else(|| errors::bounds(a[0], i))?;
        if !f.accepts(a[2]) || t.instance.is_some() {
            return Err(errors::type_error("init_field", "", Value::from(f.ty), a[2]));
        }
        // SAFETY: the field is one of the object's, and the value fits.
        unsafe { object::store_field(a[0].as_ptr(), f, a[2]) };
        nothing()
    };
    new_struct 2..=2 Any pure |a| {
        let fields = array(a[1])?.to_vec();
        crate::object::new_object(ty(a[0])?, &fields)
    };
    rebuild_closure 2..=2 Any pure |a| {
        // the same closure over other captures: its type has a parameter per capture of no declared type
        let fields = object::fields_of(a[1]);
        let old = a[0].type_of();
        let Some(name) = old.name() else { return Err(errors::argument("not a closure")) };
        let defs = name.fields().map_or(&[][..], |f| &f.types);
        let params: Vec<Ty> = old
            .params()
            .iter()
            .enumerate()
            .map(|(i, &p)| {
                let var = name.params()[i].ty();
                defs.iter().position(|&d| d == var).and_then(|k| fields.get(k)).map_or(p, |v| v.type_of())
            })
            .collect();
        let new = crate::param::apply_terms(name.wrapper(), &params)?;
        crate::object::new_object(new, &fields)
    };
    tuple_accepts_length 2..=2 Bool pure |a| {
        let (t, n) = (ty(a[0])?.unwrap_unionall(), int(a[1])?);
        let elements = types::tuple_elements(t).unwrap_or(&[]);
        boolean(match elements.split_last() {
            Some((last, fixed)) if last.is_vararg() => match last.vararg().and_then(|(_, len)| len).and_then(Ty::as_int) {
                Some(k) => fixed.len() as i64 + k == n,
                None => n >= fixed.len() as i64,
            },
            _ => elements.len() as i64 == n,
        })
    };
    type_wrapper 1..=1 Any pure |a| {
        let n = ty(a[0])?.unwrap_unionall().name().ok_or_else(|| errors::argument("type does not have a name"))?;
        Ok(Value::from(n.wrapper()))
    };
    type_string_unaliased 1..=1 String pure |a| {
        // `Vector{Int64}` is `Array{Int64, 1}`: what shows without the names that aliases give
        Ok(Value::string(&unaliased(ty(a[0])?)))
    };
    bits_hex 1..=1 String pure |a| {
        let t = info(a[0].type_of());
        let x = crate::intrinsic::load_bits(a[0], t);
        Ok(Value::string(&format!("{x:0width$x}", width = t.size * 2)))
    };
    bits_string 1..=1 String pure |a| {
        let t = info(a[0].type_of());
        if t.bits == 0 {
            return Err(errors::argument(&format!("{} not a primitive type", t.ty)));
        }
        let x = crate::intrinsic::load_bits(a[0], t);
        Ok(Value::string(&format!("{x:0width$b}", width = t.bits as usize)))
    };
    is_identifier 1..=1 Bool pure |a| boolean(super::unparse::is_identifier(&text(a[0])?));
    expr_string 1..=1 String effect |a| Ok(Value::string(&super::unparse::source(a[0])));
    quoted_expr_string 1..=1 String effect |a| Ok(Value::string(&super::unparse::quoted_source(a[0])));
    describe 1..=1 String effect |a| Ok(Value::string(&crate::debug::describe(a[0], 4)));
}

/// The type's text with aliases spelled out.
fn unaliased(t: Ty) -> String {
    let array = types::builtin::array();
    let alias = t.name().is_some()
        && t.name() == array.unwrap_unionall().name()
        && t.params()[1].as_int().is_some_and(|n| n == 1 || n == 2);
    if alias { format!("Array{{{}, {}}}", t.params()[0], t.params()[1]) } else { t.to_string() }
}

fn body(v: Value) -> Option<Ty> {
    v.as_type().map(Ty::unwrap_unionall)
}

fn flag(a: &[Value], i: usize) -> bool {
    a.get(i).and_then(|v| v.as_bool()).unwrap_or(false)
}

fn module(v: Value) -> Result<&'static Module, Exception> {
    Module::from_value(v).ok_or_else(|| errors::type_error("host function", "", Value::from(core_types().module), v))
}

fn binding(a: &[Value]) -> Result<Option<&'static crate::module::Binding>, Exception> {
    let m = module(a[0])?;
    let name: Symbol = a[1]
        .as_symbol()
        .ok_or_else(|| errors::type_error("host function", "", Value::from(core_types().symbol), a[1]))?;
    Ok(m.existing(name))
}

/// The `where`s of `outer` around `t`.
fn close(t: Ty, outer: Ty) -> Ty {
    let mut vars = Vec::new();
    let mut o = outer;
    while let Some((var, inner)) = o.unionall() {
        vars.push(var);
        o = inner;
    }
    if t.has_free_vars() { types::wrap_unionall(&vars, t) } else { t }
}

/// Field names of types whose objects are Rust structures.
fn special_names(t: Ty) -> Option<&'static [&'static str]> {
    let c = core_types();
    Some(if t == c.datatype {
        &["name", "super", "parameters", "types", "instance", "layout", "hash", "flags"]
    } else if t == c.unionall {
        &["var", "body"]
    } else if t == c.union {
        &["a", "b"]
    } else if t == c.typevar {
        &["name", "lb", "ub"]
    } else {
        return None;
    })
}

fn field_count(t: Ty) -> Option<usize> {
    let inner = t.unwrap_unionall();
    if let Some(names) = special_names(inner) {
        return Some(names.len());
    }
    inner.field_count()
}

/// Byte offset of element `i` (from 1) of kind `e` over `len` elements of kind `under`.
fn place(e: &Elements, under: &Elements, len: usize, i: i64) -> Option<usize> {
    let at = usize::try_from(i - 1).ok()?.checked_mul(e.stride)?;
    (e.inline && under.inline && at + e.stride <= len * under.stride).then_some(at)
}

/// Address of element `i` (from 1) of a memory or array that has `n` elements from there on.
fn element_address(v: Value, i: i64, n: i64) -> Result<(*mut u8, &'static Elements), Exception> {
    let t = info(v.type_of());
    let (len, data) = if t.is_memory {
        crate::array::memory_parts(v)
    } else {
        let a = array(v)?;
        (a.len(), a.data())
    };
    let e = t.elements()?;
    if i < 1 || n < 0 || (i - 1).checked_add(n).is_none_or(|end| end as usize > len) {
        return Err(errors::bounds(v, if i < 1 { i } else { i + n - 1 }));
    }
    Ok((data.wrapping_add((i as usize - 1) * e.stride), e))
}
