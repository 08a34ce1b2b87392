//! The cache stands alone: no Julia syntax, no values, no LLVM under it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Packages and what they depend on, from the lock file.
fn packages() -> BTreeMap<String, Vec<String>> {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let lock = std::fs::read_to_string(lock).expect("the workspace's lock file");
    let mut packages = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let name = package.lines().find_map(|line| line.strip_prefix("name = ")).expect("a name").trim_matches('"');
        let needs = package.split_once("dependencies = [").map_or("", |(_, rest)| rest.split(']').next().unwrap_or(""));
        let needs = needs.lines().map(|line| line.trim().trim_matches([',', '"']));
        let needs = needs.filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty());
        packages.insert(name.to_string(), needs.map(String::from).collect());
    }
    packages
}

#[test]
fn the_cache_needs_of_this_workspace_only_names_and_types_and_nothing_of_llvm() {
    let packages = packages();
    let (mut seen, mut work) = (BTreeSet::new(), vec!["rekindle-world".to_string()]);
    while let Some(name) = work.pop() {
        let needs = packages.get(&name).unwrap_or_else(|| panic!("{name} is not in the lock file"));
        if seen.insert(name) {
            work.extend(needs.iter().cloned());
        }
    }
    let ours: Vec<&str> = seen.iter().map(String::as_str).filter(|name| name.starts_with("rekindle")).collect();
    assert_eq!(ours, ["rekindle-base", "rekindle-types", "rekindle-world"]);
    assert!(!seen.iter().any(|name| name.contains("llvm")), "{seen:?}");
}
