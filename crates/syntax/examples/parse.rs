//! Parses files and prints what is wrong with them; `--tree` prints the tree of each.

fn main() {
    let mut tree = false;
    let (mut bytes, mut bad, mut n) = (0, 0, 0);
    let started = std::time::Instant::now();
    for arg in std::env::args().skip(1) {
        if arg == "--tree" {
            tree = true;
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&arg) else { continue };
        bytes += text.len();
        n += 1;
        let p = syntax::parse_text(&arg, &text);
        bad += usize::from(!p.ok());
        for d in p.diagnostics() {
            let f = base::SourceMap::file(d.labels[0].span.file);
            let (line, col) = f.line_column(d.labels[0].span.start);
            println!("{arg}:{line}:{col}: {}\n    {}", d.message, f.line_text(line));
        }
        if tree {
            println!("{}", p.expr().to_sexpr());
        }
    }
    let secs = started.elapsed().as_secs_f64();
    eprintln!("{n} files, {bad} with findings, {:.1} MB/s", bytes as f64 / 1e6 / secs);
}
