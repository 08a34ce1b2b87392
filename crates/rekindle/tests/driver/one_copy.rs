//! F1: the driver is compiled once, whatever the number of back-ends.

use object::{Object, ObjectSymbol};

#[test]
fn the_binary_has_one_copy_of_the_driver_for_all_its_back_ends() {
    let file = std::fs::read(std::env::current_exe().expect("this test")).expect("is readable");
    let file = object::File::parse(&*file).expect("an executable");
    let names: Vec<&str> = file.symbols().filter_map(|s| s.name().ok()).collect();
    // Mangled paths hold each part with its length in front.
    let copies = |path: &[&str]| {
        let parts: Vec<String> = path.iter().map(|p| format!("{}{p}", p.len())).collect();
        let all = |name: &&&str| {
            let mut rest = **name;
            parts.iter().all(|part| match rest.find(part.as_str()) {
                Some(at) => {
                    rest = &rest[at + part.len()..];
                    true
                }
                None => false,
            }) && !rest.contains("closure")
                && (rest.starts_with("17h")
                    || rest.starts_with('E')
                    || rest.is_empty()
                    || !rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let mut found: Vec<&&str> = names.iter().filter(all).collect();
        found.sort();
        found.dedup();
        found.len()
    };
    let targets = ["NativeTarget", "CpuDeviceTarget", "PtxDeviceTarget", "Noting"];
    for target in targets {
        assert!(names.iter().any(|n| n.contains(target)), "{target} is not in the binary");
    }
    assert_eq!(copies(&["compiler", "driver", "Driver", "compile"]), 1);
    assert_eq!(copies(&["compiler", "pipeline", "run"]), 1);
    // None of the driver's functions is an instance for a back-end.
    let instances: Vec<&&str> =
        names.iter().filter(|n| n.contains("8compiler6driver") && targets.iter().any(|t| n.contains(t))).collect();
    assert_eq!(instances, Vec::<&&str>::new());
}
