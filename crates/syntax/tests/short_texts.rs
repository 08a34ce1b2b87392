//! Every short sequence of a few difficult tokens parses: the tree holds the text, and findings lie inside it.

/// What has met badly before: an invalid character, strings that are open, interpolation, comments.
const TOKENS: [&str; 10] = ["\u{fffd}", "$(", "$", "\"", "\"\"\"", "`", "j", " ", "\n", "#="];

fn parses(text: &str) {
    let parse = syntax::parse_text("short.jl", text);
    assert_eq!(parse.tree().text(text), text);
    for l in parse.diagnostics().iter().flat_map(|d| &d.labels) {
        assert!(l.span.start <= l.span.end && l.span.end as usize <= text.len(), "{text:?}");
        assert!(text.is_char_boundary(l.span.start as usize), "{text:?}: a finding begins inside a character");
    }
}

#[test]
fn short_sequences_of_difficult_tokens_parse() {
    let mut texts = vec![String::new()];
    for _ in 0..5 {
        texts = texts.iter().flat_map(|t| TOKENS.iter().map(move |more| format!("{t}{more}"))).collect();
        texts.iter().for_each(|t| parses(t));
    }
}

#[test]
fn an_invalid_character_in_an_open_string_before_deep_nesting_parses() {
    for n in [1, 2, 70, 190, 590, 700] {
        parses(&format!("x = 1\"\"\"\n    j \u{fffd}{}`", "$(".repeat(n)));
        parses(&format!("x = 1\"\"\"\n    j \u{fffd}{}`[i]", "$(".repeat(n)));
    }
}
