//! Rounds, medians, rows.

use serde_json::{Map, Value as Json};
use std::time::Instant;

/// One line of output.
#[derive(Debug)]
pub struct Row {
    pub name: String,
    /// Our figure and the peer's (or the limit), in `unit`; less is better in both.
    pub ours: f64,
    pub theirs: f64,
    pub unit: &'static str,
    /// `theirs / ours`, the median over neighbouring rounds where there are rounds.
    pub ratio: f64,
    /// The least ratio that is wanted.
    pub reach: f64,
    /// What the figures are of, for people.
    pub about: String,
    /// Parts of our figure (stages, counts).
    pub detail: Vec<(String, f64)>,
}

impl Row {
    /// A row against a limit: holds while `ours` does not exceed it.
    pub fn limit(name: impl Into<String>, ours: f64, limit: f64, unit: &'static str, about: impl Into<String>) -> Row {
        let ratio = if ours > 0.0 { limit / ours } else { 1.0 };
        let (name, about) = (name.into(), about.into());
        Row { name, ours, theirs: limit, unit, ratio, reach: 1.0, about, detail: Vec::new() }
    }

    /// A row from rounds with a peer, each `(ours, theirs)` measured one after the other.
    pub fn peer(name: impl Into<String>, rounds: &[(f64, f64)], unit: &'static str, reach: f64) -> Row {
        let of = |f: fn(&(f64, f64)) -> f64| median(rounds.iter().map(f).collect());
        Row {
            name: name.into(),
            ours: of(|r| r.0),
            theirs: of(|r| r.1),
            unit,
            ratio: of(|r| r.1 / r.0),
            reach,
            about: String::new(),
            detail: Vec::new(),
        }
    }

    pub fn about(mut self, text: impl Into<String>) -> Row {
        self.about = text.into();
        self
    }

    pub fn detail(mut self, parts: Vec<(String, f64)>) -> Row {
        self.detail = parts;
        self
    }

    pub fn holds(&self) -> bool {
        self.ratio >= self.reach
    }

    fn json(&self) -> Json {
        let mut o = Map::new();
        o.insert("name".into(), self.name.as_str().into());
        for (key, x) in [("ours", self.ours), ("theirs", self.theirs)] {
            o.insert(key.into(), rounded(x).into());
        }
        o.insert("unit".into(), self.unit.into());
        o.insert("ratio".into(), rounded(self.ratio).into());
        o.insert("reach".into(), self.reach.into());
        o.insert("holds".into(), self.holds().into());
        if !self.detail.is_empty() {
            let parts = self.detail.iter().map(|(k, v)| (k.clone(), rounded(*v).into())).collect();
            o.insert("detail".into(), Json::Object(parts));
        }
        Json::Object(o)
    }
}

/// Four digits: more would be noise.
fn rounded(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}

fn shown(x: f64) -> String {
    match x.abs() {
        a if a >= 1000.0 => format!("{x:.0}"),
        a if a >= 10.0 => format!("{x:.1}"),
        _ => format!("{x:.2}"),
    }
}

/// Where rows go.
pub struct Report {
    json: bool,
    /// The table's heading has been printed.
    heading: bool,
}

impl Report {
    pub fn new(json: bool) -> Report {
        Report { json, heading: false }
    }

    /// For rows that continue another process's table.
    pub fn without_heading(&mut self) {
        self.heading = true;
    }

    pub fn row(&mut self, row: Row) {
        if self.json {
            println!("{}", row.json());
            return;
        }
        if !self.heading {
            self.heading = true;
            println!(
                "{:<34} {:>10} {:>10} {:<6} {:>8} {:>6}  holds  what",
                "name", "ours", "theirs", "unit", "ratio", "reach"
            );
        }
        println!(
            "{:<34} {:>10} {:>10} {:<6} {:>8} {:>6}  {:<5}  {}",
            row.name,
            shown(row.ours),
            shown(row.theirs),
            row.unit,
            shown(row.ratio),
            shown(row.reach),
            if row.holds() { "yes" } else { "NO" },
            row.about
        );
        if !row.detail.is_empty() {
            let parts: Vec<String> = row.detail.iter().map(|(k, v)| format!("{k} {}", shown(*v))).collect();
            println!("{:<34}   {}", "", parts.join(", "));
        }
    }

    /// Says loudly what could not be measured.
    pub fn skip(&self, name: &str, why: &str) {
        eprintln!("SKIPPED {name}: {why}");
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    values.sort_by(f64::total_cmp);
    let n = values.len();
    (values[(n - 1) / 2] + values[n / 2]) / 2.0
}

/// Which clock a comparison reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    /// Time on the wall: for what uses several threads or processes.
    Wall,
    /// Time that this thread was on a processor: for work of one thread. Other load does not count.
    Thread,
}

/// Seconds of a clock since some moment.
pub fn now(clock: Clock) -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    let id = match clock {
        Clock::Wall => libc::CLOCK_MONOTONIC,
        Clock::Thread => libc::CLOCK_THREAD_CPUTIME_ID,
    };
    // SAFETY: a valid place to write to; both clocks exist on every Linux.
    unsafe { libc::clock_gettime(id, &raw mut t) };
    t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9
}

/// Seconds that `work` takes.
pub fn seconds(clock: Clock, work: impl FnOnce()) -> f64 {
    let start = now(clock);
    work();
    now(clock) - start
}

/// Runs A B A B …; each round's pair of seconds per call. Calls per round are chosen so that one side takes about
/// `least` seconds; `rounds` pairs, fewer (but five) when they would take longer than `most` seconds.
pub fn interleaved(
    clock: Clock,
    rounds: usize,
    least: f64,
    most: f64,
    mut a: impl FnMut(),
    mut b: impl FnMut(),
) -> Vec<(f64, f64)> {
    a();
    b();
    let mut one = seconds(clock, &mut a).min(seconds(clock, &mut b));
    one = one.max(1e-7);
    let calls = ((least / one).ceil() as usize).clamp(1, 1_000_000);
    let started = Instant::now();
    let mut out = Vec::new();
    while out.len() < 5 || out.len() < rounds && started.elapsed().as_secs_f64() < most {
        let x = seconds(clock, || (0..calls).for_each(|_| a())) / calls as f64;
        let y = seconds(clock, || (0..calls).for_each(|_| b())) / calls as f64;
        out.push((x, y));
    }
    out
}
