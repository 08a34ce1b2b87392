//! Models of the lock-free parts, run through every interleaving and every reordering that the memory model allows:
//! `cargo test -p rekindle-world --features loom --lib models`.
//!
//! The writer is the thread that goes first: of the accesses to one atomic the model remembers only the last as what a
//! later one may change places with, so a reader that went first would be forgotten.

use crate::age::{WorldAge, WorldRange};
use crate::edges::Life;
use crate::list::{GrowIndex, GrowList};
use crate::results::ResultEntry;
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicU64, Ordering};
use loom::thread;

/// Data whose every access the model checks for races.
struct Content(UnsafeCell<u64>);

// SAFETY: written only while it is made; the model checks that no read races with that.
unsafe impl Sync for Content {}
// SAFETY: as above.
unsafe impl Send for Content {}

impl Content {
    fn new(value: u64) -> Content {
        Content(UnsafeCell::new(value))
    }
    fn get(&self) -> u64 {
        // SAFETY: nothing writes after construction.
        self.0.with(|value| unsafe { *value })
    }
}

fn leak(value: u64) -> &'static Content {
    Box::leak(Box::new(Content::new(value)))
}

/// Enough preemptions for every known kind of error, few enough for seconds.
fn model(preemptions: usize, story: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(story);
}

#[test]
fn of_two_threads_that_publish_the_same_exactly_one_succeeds_and_both_see_its_content() {
    model(3, || {
        let list = Arc::new(GrowList::new());
        let publish = |list: Arc<GrowList<Content>>| {
            move || {
                let (content, new) = list.get_or_push(|content| content.get() == 1, || Content::new(1));
                (content.get(), std::ptr::from_ref(content).addr(), new)
            }
        };
        let other = thread::spawn(publish(list.clone()));
        let (value, at, new) = publish(list.clone())();
        let (other_value, other_at, other_new) = other.join().expect("no panic");
        assert_eq!((value, at), (other_value, other_at));
        assert!(new != other_new);
        assert_eq!(list.iter().count(), 1);
    });
}

#[test]
fn different_publications_all_arrive_and_a_reader_sees_only_finished_ones() {
    model(2, || {
        let list = Arc::new(GrowList::new());
        let publish = |list: &GrowList<Content>, value| {
            list.get_or_push(|content: &Content| content.get() == value, || Content::new(value)).1
        };
        let reader = list.clone();
        let reader = thread::spawn(move || {
            let seen: Vec<u64> = reader.iter().map(Content::get).collect();
            assert!(seen.iter().all(|value| [1, 2].contains(value)));
        });
        let writer = list.clone();
        let writer = thread::spawn(move || publish(&writer, 1));
        assert!(publish(&list, 2));
        assert!(writer.join().expect("no panic"));
        reader.join().expect("no panic");
        let mut all: Vec<u64> = list.iter().map(Content::get).collect();
        all.sort_unstable();
        assert_eq!(all, [1, 2]);
    });
}

#[test]
fn a_remembered_answer_is_found_while_the_memory_of_them_grows() {
    model(3, || {
        let index: Arc<GrowIndex<Content>> = Arc::new(GrowIndex::new());
        // The first array has four slots: the next insertion makes a larger one.
        for value in 0..4 {
            index.get_or_insert(value, |content| content.get() == value, |_| true, || leak(value));
        }
        let reader = index.clone();
        let reader = thread::spawn(move || {
            for value in [0, 3] {
                assert_eq!(reader.find(value, |content| content.get() == value).map(Content::get), Some(value));
            }
        });
        index.get_or_insert(4, |content| content.get() == 4, |_| true, || leak(4));
        reader.join().expect("no panic");
        assert!((0..5).all(|value| index.find(value, |content| content.get() == value).is_some()));
    });
}

#[test]
fn a_new_answer_is_seen_whole_or_not_at_all() {
    model(3, || {
        let index: Arc<GrowIndex<Content>> = Arc::new(GrowIndex::new());
        index.get_or_insert(0, |content| content.get() == 0, |_| true, || leak(0));
        let reader = index.clone();
        let reader = thread::spawn(move || {
            assert!(reader.find(4, |_| true).is_none_or(|content| [0, 4].contains(&content.get())));
        });
        index.get_or_insert(4, |content| content.get() == 4, |_| true, || leak(4));
        reader.join().expect("no panic");
    });
}

#[test]
fn one_answer_is_remembered_however_many_work_it_out() {
    model(3, || {
        let index: Arc<GrowIndex<Content>> = Arc::new(GrowIndex::new());
        let ask = |index: Arc<GrowIndex<Content>>| {
            move || {
                let same = |content: &Content| content.get() == 7;
                match index.find(7, same) {
                    Some(found) => std::ptr::from_ref(found).addr(),
                    None => std::ptr::from_ref(index.get_or_insert(7, same, |_| true, || leak(7)).0).addr(),
                }
            }
        };
        let other = thread::spawn(ask(index.clone()));
        let mine = ask(index.clone())();
        assert_eq!(mine, other.join().expect("no panic"));
    });
}

#[test]
fn who_reads_the_new_age_finds_ended_whatever_the_change_ended() {
    model(3, || {
        let world = Arc::new((Life::new(WorldRange::from(WorldAge::FIRST)), AtomicU64::new(1)));
        let changed = world.clone();
        let change = thread::spawn(move || {
            let (life, current) = &*changed;
            // As `World::add_method` does: end first, then let the counter go on.
            life.end(WorldAge(1));
            current.store(2, Ordering::Release);
        });
        let (life, current) = &*world;
        let age = WorldAge(current.load(Ordering::Acquire));
        assert_eq!(life.contains(age), age == WorldAge(1), "at age {age}");
        change.join().expect("no panic");
    });
}

#[test]
fn an_instance_is_visible_only_with_its_range() {
    model(3, || {
        let list = Arc::new(GrowList::new());
        let reader = list.clone();
        let reader = thread::spawn(move || {
            for life in reader.iter().copied() {
                let life: &Life = life;
                assert!(life.contains(WorldAge(2)) && !life.contains(WorldAge(1)));
            }
        });
        let life: &'static Life = Box::leak(Box::new(Life::new(WorldRange::EMPTY)));
        // As `World::publish` does: the range first, then the place in the list.
        life.set(WorldRange::from(WorldAge(2)));
        list.get_or_push(|_| false, || life);
        reader.join().expect("no panic");
        assert_eq!(list.iter().count(), 1);
    });
}

#[test]
fn consumers_that_ask_for_results_at_once_get_one_object_each() {
    model(2, || {
        let results: Arc<GrowList<ResultEntry>> = Arc::new(GrowList::new());
        fn ask<V: crate::results::Results>(results: &GrowList<ResultEntry>, key: u8) -> (usize, bool) {
            let same = |entry: &ResultEntry| entry.value::<V, u8>(&key).is_some();
            let (entry, new) = results.get_or_push(same, || ResultEntry::new::<V, u8>(&key));
            (std::ptr::from_ref(entry.value::<V, u8>(&key).expect("just made")).addr(), new)
        }
        let there = results.clone();
        let other = thread::spawn(move || (ask::<String>(&there, 1), ask::<Vec<u8>>(&there, 1)));
        let mine = ask::<String>(&results, 1);
        let (same, different) = other.join().expect("no panic");
        assert_eq!(mine.0, same.0);
        assert!(mine.1 != same.1 && different.1 && different.0 != mine.0);
        assert_eq!(results.iter().count(), 2);
    });
}
