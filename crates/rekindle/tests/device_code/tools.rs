//! What other people's tools say of our code: NVIDIA's assembler of PTX, LLVM's disassembler of GCN and its
//! verifier of AIR, Khronos's validator of SPIR-V.

use rekindle::Artifact;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What the machine's tool says; `None` where it is not there.
pub fn check(text: &str, image: Option<&Artifact>, target: &str) -> Option<Result<(), String>> {
    let bytes = image.map(|i| &i.bytes[..]);
    if target == "cpu" {
        None
    } else if target.starts_with("macos") {
        let nothing = ["-o".to_owned(), "/dev/null".to_owned()];
        let assembler = on_path(&["llvm-as-22", "llvm-as"])?;
        on_file(&assembler, &nothing, text.as_bytes(), "ll").map(|done| outcome(&done, &[]))
    } else if target.starts_with("gfx") {
        // Disassembles as what it was made for.
        let arch = target.split(':').next().unwrap_or(target);
        let args = ["-d".to_owned(), format!("--mcpu={arch}")];
        on_file(&objdump()?, &args, bytes?, "co").map(|done| outcome(&done, &["<unknown>", "<invalid"]))
    } else if target.starts_with("spirv") {
        let version = target.trim_start_matches("spirv").split('-').next().filter(|v| !v.is_empty()).unwrap_or("1.4");
        let env = ["--target-env".to_owned(), format!("spv{version}")];
        on_file(&on_path(&["spirv-val"])?, &env, bytes?, "spv").map(|done| outcome(&done, &[]))
    } else {
        let arch = target.trim_end_matches("+fastmath");
        // A device function alone is an object to be linked.
        let mut args = if text.contains(".entry") { vec![] } else { vec!["-c".to_owned()] };
        args.extend([format!("-arch={arch}"), "-o".to_owned(), "/dev/null".to_owned()]);
        on_file(&ptxas()?, &args, text.as_bytes(), "ptx").map(|done| outcome(&done, &[]))
    }
}

/// The symbols of an ELF file.
pub fn symbols(bytes: &[u8]) -> String {
    let readelf = on_path(&["llvm-readelf-22", "llvm-readelf", "readelf"]).expect("a tool that shows symbols");
    let done = on_file(&readelf, &["-sW".to_owned()], bytes, "co").expect("it runs");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// Is there a linker of code objects?
pub fn can_link() -> bool {
    backend_gcn::linker().is_some()
}

/// Says what could not be asked.
pub fn tell_missing() {
    let missing = [
        (ptxas().is_none(), "ptxas not found (set REKINDLE_PTXAS)"),
        (!can_link(), "ld.lld not found (package lld-22)"),
        (objdump().is_none(), "llvm-objdump not found (package llvm-22)"),
        (on_path(&["spirv-val"]).is_none(), "spirv-val not found (package spirv-tools)"),
    ];
    for (_, what) in missing.iter().filter(|(is, _)| *is) {
        eprintln!("SKIPPED: {what}");
    }
}

fn outcome(done: &Output, bad: &[&str]) -> Result<(), String> {
    let said = String::from_utf8_lossy(&done.stdout);
    let wrong: Vec<&str> = said.lines().filter(|l| bad.iter().any(|b| l.contains(b))).collect();
    if done.status.success() && wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{}{}", String::from_utf8_lossy(&done.stderr), wrong.join("\n")))
}

fn on_file(tool: &Path, args: &[String], bytes: &[u8], extension: &str) -> Option<Output> {
    let name = format!("rekindle-device-code-{}.{extension}", std::process::id());
    let file = std::env::temp_dir().join(name);
    std::fs::write(&file, bytes).expect("the temporary folder is writable");
    let done = Command::new(tool).args(args).arg(&file).output().ok();
    let _ = std::fs::remove_file(&file);
    done
}

fn ptxas() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-tools/ptxas");
    std::env::var_os("REKINDLE_PTXAS").map(PathBuf::from).into_iter().chain([here]).find(|p| p.exists())
}

fn objdump() -> Option<PathBuf> {
    on_path(&["llvm-objdump-22", "llvm-objdump"])
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|n| std::env::split_paths(&path).map(|folder| folder.join(n)).find(|p| p.is_file()))
}
