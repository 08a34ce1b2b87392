//! Finalizers: what is to be called with an object once nothing refers to it any more.
//!
//! The collector only marks what is dead; the calls are made by Julia code, at the places that ask [`take_ready`], and
//! for everything that is left when the program ends.

use crate::{Exception, Value, ValueVec, errors, gc};
use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// One registered call. Lives in memory that the collector scans.
#[repr(C)]
struct Entry {
    function: Value,
    /// The object's address once it is dead (this reference keeps it until the call), 0 before.
    dead: AtomicUsize,
    /// The object's address, inverted: no reference.
    hidden: usize,
    /// The entry that the same object got before this one.
    earlier: *mut Entry,
    next_ready: *mut Entry,
    done: bool,
}

#[derive(Default)]
struct Table {
    /// All entries by the time of registration, as addresses.
    all: Vec<usize>,
    /// Latest entry of each object, by its inverted address.
    latest: HashMap<usize, usize>,
}

static TABLE: Mutex<Option<Table>> = Mutex::new(None);
static READY: AtomicPtr<Entry> = AtomicPtr::new(std::ptr::null_mut());

/// Called by the collector, perhaps amid an allocation: neither locks nor allocates.
extern "C" fn died(base: *mut c_void, latest: *mut c_void) {
    let mut entry = latest as *mut Entry;
    while !entry.is_null() {
        // SAFETY: entries live as long as the process; those of one object are in one chain.
        unsafe {
            (*entry).dead.store(base as usize + gc::HEADER, Ordering::Release);
            let mut head = READY.load(Ordering::Acquire);
            loop {
                (*entry).next_ready = head;
                match READY.compare_exchange_weak(head, entry, Ordering::AcqRel, Ordering::Acquire) {
                    Ok(_) => break,
                    Err(now) => head = now,
                }
            }
            entry = (*entry).earlier;
        }
    }
}

/// Calls `function(object)` some time after the object became unreachable, at the latest when the program ends.
///
/// # Errors
/// The object is immutable.
pub fn register(function: Value, object: Value) -> Result<(), Exception> {
    if !crate::info(object.type_of()).mutable {
        return Err(errors::error(&format!("objects of type {} cannot be finalized", object.type_of())));
    }
    let entry = gc::root_memory(size_of::<Entry>()) as *mut Entry;
    let hidden = !object.addr();
    let mut guard = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    let table = guard.get_or_insert_default();
    let earlier = table.latest.insert(hidden, entry as usize).unwrap_or(0) as *mut Entry;
    table.all.push(entry as usize);
    // SAFETY: fresh memory of the entry's size and alignment.
    unsafe {
        entry.write(Entry {
            function,
            dead: AtomicUsize::new(0),
            hidden,
            earlier,
            next_ready: std::ptr::null_mut(),
            done: false,
        });
    }
    drop(guard);
    gc::on_death_with(object, died, entry as usize);
    Ok(())
}

/// Takes an entry out of the table; its function and object go onto `calls` unless that happened before.
///
/// # Safety
/// `entry` is an entry whose object is alive (or dead and kept by `dead`).
unsafe fn take(table: &mut Table, entry: usize, found: &mut Vec<(Value, usize)>) {
    // SAFETY: by the caller's promise; the table's lock is held, so that nobody else writes.
    let e = unsafe { &mut *(entry as *mut Entry) };
    if !std::mem::replace(&mut e.done, true) {
        if table.latest.get(&e.hidden) == Some(&entry) {
            table.latest.remove(&e.hidden);
        }
        found.push((e.function, !e.hidden));
    }
}

fn pairs(found: Vec<(Value, usize)>) -> Value {
    let mut calls = ValueVec::new();
    for (f, object) in found {
        calls.push(f);
        // SAFETY: the address of an object that an entry's `dead`, or the caller, keeps.
        calls.push(unsafe { Value::from_ptr(object as *mut u8) });
    }
    Value::svec(&calls)
}

/// Functions and dead objects to call them with, alternating, in the order in which Julia calls them.
pub fn take_ready() -> Value {
    let mut entry = READY.swap(std::ptr::null_mut(), Ordering::AcqRel);
    let (mut found, mut taken) = (Vec::new(), Vec::new());
    let mut guard = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    let table = guard.get_or_insert_default();
    while !entry.is_null() {
        taken.push(entry);
        // SAFETY: what is in the list is an entry with a dead object.
        unsafe {
            take(table, entry as usize, &mut found);
            entry = (*entry).next_ready;
        }
    }
    let gone: std::collections::HashSet<usize> = taken.iter().map(|&e| e as usize).collect();
    table.all.retain(|e| !gone.contains(e));
    drop(guard);
    let calls = pairs(found);
    for e in taken {
        // SAFETY: the calls hold the object now; nobody has the entry any more.
        unsafe { gc::release(e as *mut u8) };
    }
    calls
}

/// The same for one object that is alive.
pub fn take_of(object: Value) -> Value {
    let mut found = Vec::new();
    let mut guard = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    let table = guard.get_or_insert_default();
    let mut entry = table.latest.get(&!object.addr()).map_or(std::ptr::null_mut(), |&e| e as *mut Entry);
    while !entry.is_null() {
        // SAFETY: the entries of an object that is alive.
        unsafe {
            take(table, entry as usize, &mut found);
            entry = (*entry).earlier;
        }
    }
    drop(guard);
    pairs(found)
}

/// The same for every object: the program ends.
pub fn take_all() -> Value {
    // Between finding an object and holding it nothing may be collected.
    gc::enable(false);
    let mut found = Vec::new();
    let mut guard = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    let table = guard.get_or_insert_default();
    for entry in std::mem::take(&mut table.all).into_iter().rev() {
        // SAFETY: an entry leaves the table before its object does.
        unsafe { take(table, entry, &mut found) };
    }
    drop(guard);
    let calls = pairs(found);
    gc::enable(true);
    calls
}
