//! Renders findings at the edge: with source excerpts for people, as JSON for programs.
//!
//! The stages make [`base::Diagnostic`] values and never text for a terminal.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use base::{Diagnostic, Severity, SourceMap, Span};

/// Text in rustc's manner, all findings one after the other.
pub fn render_all(findings: &[Diagnostic], colour: bool) -> String {
    let mut out = String::new();
    for d in findings {
        out.push_str(&render(d, colour));
        out.push('\n');
    }
    out
}

/// One finding with its excerpt, notes and way out.
pub fn render(d: &Diagnostic, colour: bool) -> String {
    render_with(d, colour, true)
}

/// The same without its message, to stand below one that is printed in another way.
pub fn render_excerpt(d: &Diagnostic, colour: bool) -> String {
    render_with(d, colour, false)
}

fn render_with(d: &Diagnostic, colour: bool, titled: bool) -> String {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let primary = d.labels.first().map(|l| l.span).filter(|s| !s.is_none());
    let files: Vec<_> = d.labels.iter().map(|l| SourceMap::file(l.span.file)).collect();
    let mut group = if titled {
        let title = level.primary_title(&d.message).id(d.code);
        Group::with_title(title)
    } else {
        Group::with_level(level)
    };
    if let Some(primary) = primary {
        // labels of one file share an excerpt; the primary file comes first
        let mut order: Vec<base::FileId> = vec![primary.file];
        for l in &d.labels {
            if !l.span.is_none() && !order.contains(&l.span.file) {
                order.push(l.span.file);
            }
        }
        for file in order {
            let Some(at) = d.labels.iter().position(|l| l.span.file == file) else { continue };
            let source = &files[at];
            let mut snippet = Snippet::source(source.text.as_str()).path(source.name.as_str());
            for (i, l) in d.labels.iter().enumerate().filter(|(_, l)| l.span.file == file && !l.span.is_none()) {
                let kind = if i == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                let range = excerpt_range(&source.text, l.span);
                let a = kind.span(range);
                snippet = snippet.annotation(if l.text.is_empty() { a } else { a.label(l.text.as_str()) });
            }
            group = group.element(snippet);
        }
    }
    for n in &d.notes {
        group = group.element(Level::NOTE.message(n.as_str()));
    }
    if let Some(h) = &d.help {
        group = group.element(Level::HELP.message(h.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group]).to_string()
}

/// The span inside the text, on character boundaries, never longer than its first line.
fn excerpt_range(text: &str, span: Span) -> std::ops::Range<usize> {
    let mut start = (span.start as usize).min(text.len());
    while start > 0 && !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (span.end as usize).clamp(start, text.len());
    if let Some(n) = text[start..].find('\n') {
        end = end.min(start + n);
    }
    while end < text.len() && !text.is_char_boundary(end) {
        end += 1;
    }
    start..end.max(start)
}

/// One finding as a JSON object: `severity, code, message, labels [{file, line, column, end_line, end_column, text}], notes, help`.
pub fn to_json(d: &Diagnostic) -> serde_json::Value {
    let labels: Vec<_> = d
        .labels
        .iter()
        .filter(|l| !l.span.is_none())
        .map(|l| {
            let f = SourceMap::file(l.span.file);
            let (line, column) = f.line_column(l.span.start);
            let (end_line, end_column) = f.line_column(l.span.end);
            serde_json::json!({ "file": f.name, "line": line, "column": column, "end_line": end_line, "end_column": end_column, "text": l.text })
        })
        .collect();
    serde_json::json!({
        "severity": match d.severity { Severity::Error => "error", Severity::Warning => "warning", Severity::Note => "note" },
        "code": d.code, "message": d.message, "labels": labels, "notes": d.notes, "help": d.help,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_shows_place_reason_and_way_out() {
        let f = SourceMap::add("a.jl", "x = (1 + 2\ny = 3\n");
        let d = Diagnostic::error("syntax.unclosed-bracket", "expected `)`", Span::new(f, 11, 12))
            .label(Span::new(f, 4, 5), "opened here")
            .help("close it");
        let text = render(&d, false);
        assert!(text.contains("error[syntax.unclosed-bracket]: expected `)`"), "{text}");
        assert!(text.contains("a.jl:2:1") && text.contains("opened here") && text.contains("help: close it"), "{text}");
        assert_eq!(to_json(&d)["labels"][0]["line"], 2);
    }

    #[test]
    fn spans_outside_the_text_do_not_panic() {
        let f = SourceMap::add("b.jl", "αβ");
        for (s, e) in [(1, 2), (0, 99), (50, 60), (4, 4), (3, 1)] {
            render(&Diagnostic::error("x", "m", Span::new(f, s, e)), false);
        }
    }
}
