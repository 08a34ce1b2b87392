//! Tokens, one at a time: what a token is depends on nothing but the text at a position, save for
//! string contents and `'`, which the parser reads itself.

use crate::operator::{self, Prec};
use unicode_general_category::{GeneralCategory, get_general_category};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tok {
    Ident,
    Keyword,
    /// A number; the text decides its type.
    Number,
    /// `"`, `"""`, `` ` ``, `` ``` `` — only the opening delimiter.
    Quote,
    Prime,
    /// An operator with its precedence; `dotted` for `.+`.
    Op(Prec),
    /// `.` that is no operator: field access or `f.(x)`.
    Dot,
    Open(char),
    Close(char),
    Comma,
    Semicolon,
    At,
    Eof,
    Error,
}

#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Tok,
    pub start: usize,
    pub end: usize,
    /// Blanks or comments before it.
    pub space: bool,
    /// A line end before it.
    pub newline: bool,
    /// More than one line end directly before it (a blank line).
    pub blank_line: bool,
    pub dotted: bool,
    /// An unterminated `#=` comment before it.
    pub open_comment: bool,
}

const KEYWORDS: &[&str] = &[
    "baremodule",
    "begin",
    "break",
    "catch",
    "const",
    "continue",
    "do",
    "else",
    "elseif",
    "end",
    "export",
    "false",
    "finally",
    "for",
    "function",
    "global",
    "if",
    "import",
    "let",
    "local",
    "macro",
    "module",
    "quote",
    "return",
    "struct",
    "true",
    "try",
    "using",
    "while",
];

pub fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text)
}

pub fn is_ident_start(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic() || c == '_';
    }
    if operator::scan(c.encode_utf8(&mut [0; 4])).is_some() {
        return false;
    }
    use GeneralCategory::*;
    match get_general_category(c) {
        UppercaseLetter | LowercaseLetter | TitlecaseLetter | ModifierLetter | OtherLetter | LetterNumber
        | CurrencySymbol => true,
        OtherSymbol => !matches!(c as u32, 0x00A6 | 0x2190..=0x21FF | 0x233F | 0xFFFC | 0xFFFD),
        MathSymbol => {
            matches!(c as u32, 0x2140..=0x2144 | 0x2200 | 0x2202..=0x2204 | 0x2205 | 0x2206 | 0x2207 | 0x220E | 0x220F | 0x2210 | 0x2211 | 0x221E | 0x221F | 0x2220..=0x2222 | 0x222B..=0x2233 | 0x223F
            | 0x22A4 | 0x22A5 | 0x22BE | 0x22BF | 0x22C0..=0x22C3 | 0x25F8..=0x25FF | 0x266F | 0x27D8 | 0x27D9 | 0x27C0 | 0x27C1 | 0x299B..=0x29B4
            | 0x2A00..=0x2A06 | 0x2A09..=0x2A16 | 0x2A1B | 0x2A1C | 0x1D6C1 | 0x1D6DB | 0x1D6FB | 0x1D715 | 0x1D735 | 0x1D74F | 0x1D76F | 0x1D789 | 0x1D7A9 | 0x1D7C3)
        }
        _ => {
            matches!(c as u32, 0x207A..=0x207E | 0x208A..=0x208E | 0x2118 | 0x212E | 0x309B..=0x309C | 0x1D7CE..=0x1D7E1)
        }
    }
}

pub fn is_ident_continue(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_' || c == '!';
    }
    if is_ident_start(c) {
        return true;
    }
    if matches!(c as u32, 0x2032..=0x2037 | 0x2057 | 0x2070..=0x209C) {
        return true;
    }
    use GeneralCategory::*;
    operator::scan(c.encode_utf8(&mut [0; 4])).is_none()
        && matches!(
            get_general_category(c),
            DecimalNumber
                | NonspacingMark
                | SpacingMark
                | EnclosingMark
                | ConnectorPunctuation
                | ModifierSymbol
                | OtherNumber
        )
}

/// Length of the identifier at the start of `text` (0 if none). A trailing `!` that belongs to `!=` is left.
pub fn ident_len(text: &str) -> usize {
    let mut chars = text.char_indices();
    match chars.next() {
        Some((_, c)) if is_ident_start(c) => {}
        _ => return 0,
    }
    for (i, c) in chars {
        if c == '!' && text[i + 1..].starts_with('=') && !text[i + 1..].starts_with("==") {
            return i;
        }
        if c == '!' && text[i + 1..].starts_with("==") {
            return i;
        }
        if !is_ident_continue(c) {
            return i;
        }
    }
    text.len()
}

fn digits(bytes: &[u8], mut i: usize, ok: impl Fn(u8) -> bool) -> usize {
    while i < bytes.len()
        && (ok(bytes[i])
            || (bytes[i] == b'_' && i + 1 < bytes.len() && ok(bytes[i + 1]) && i > 0 && bytes[i - 1] != b'.'))
    {
        i += 1;
    }
    i
}

/// Length of the number at the start of `text`.
fn number_len(text: &str) -> usize {
    let b = text.as_bytes();
    if b.len() > 1 && b[0] == b'0' {
        match b[1] {
            b'x' => {
                let mut i = digits(b, 2, |c| c.is_ascii_hexdigit());
                let mut frac = false;
                if i < b.len() && b[i] == b'.' && !(i + 1 < b.len() && b[i + 1] == b'.') {
                    let j = digits(b, i + 1, |c| c.is_ascii_hexdigit());
                    if j > i + 1 || (j < b.len() && (b[j] == b'p' || b[j] == b'P')) {
                        frac = true;
                        i = j;
                    }
                }
                if i < b.len() && (b[i] == b'p' || b[i] == b'P') {
                    let mut j = i + 1;
                    if j < b.len() && (b[j] == b'+' || b[j] == b'-') {
                        j += 1;
                    }
                    let k = digits(b, j, |c| c.is_ascii_digit());
                    if k > j {
                        i = k;
                    }
                } else if frac {
                    // a hexadecimal fraction must have an exponent; the parser says so
                }
                return i;
            }
            b'b' => return digits(b, 2, |c| c == b'0' || c == b'1').max(1),
            b'o' => return digits(b, 2, |c| (b'0'..=b'7').contains(&c)).max(1),
            _ => {}
        }
    }
    let mut i = digits(b, 0, |c| c.is_ascii_digit());
    if i < b.len() && b[i] == b'.' && !(i + 1 < b.len() && b[i + 1] == b'.') {
        let next = text[i + 1..].chars().next();
        // `1.foo` is no float followed by a name, but `1.` before anything else is
        let takes = match next {
            Some(c) => !is_ident_start(c) || ((c == 'e' || c == 'E' || c == 'f') && exponent_at(b, i + 1)),
            None => true,
        };
        if takes || i == 0 {
            i = digits(b, i + 1, |c| c.is_ascii_digit());
        }
    }
    if exponent_at(b, i) {
        let mut j = i + 1;
        if b[j] == b'+' || b[j] == b'-' {
            j += 1;
        } else if text[j..].starts_with('−') {
            j += '−'.len_utf8();
        }
        i = digits(b, j, |c| c.is_ascii_digit());
    }
    i
}

fn exponent_at(b: &[u8], i: usize) -> bool {
    if i >= b.len() || !matches!(b[i], b'e' | b'E' | b'f') {
        return false;
    }
    let mut j = i + 1;
    if j < b.len() && (b[j] == b'+' || b[j] == b'-') {
        j += 1;
    } else if b[j..].starts_with("−".as_bytes()) {
        j += 3;
    }
    j < b.len() && b[j].is_ascii_digit()
}

/// The token at or after `pos`.
pub fn next_token(text: &str, pos: usize) -> Token {
    let mut i = pos;
    let b = text.as_bytes();
    let mut t = Token {
        kind: Tok::Eof,
        start: 0,
        end: 0,
        space: false,
        newline: false,
        blank_line: false,
        dotted: false,
        open_comment: false,
    };
    let mut newlines = 0;
    loop {
        if i >= b.len() {
            break;
        }
        match b[i] {
            b'\n' => {
                t.newline = true;
                newlines += 1;
                i += 1;
            }
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => {
                t.space = true;
                i += 1;
            }
            b'#' if b[i..].starts_with(b"#=") => {
                t.space = true;
                let mut depth = 1;
                i += 2;
                while i < b.len() && depth > 0 {
                    if b[i..].starts_with(b"#=") {
                        depth += 1;
                        i += 2;
                    } else if b[i..].starts_with(b"=#") {
                        depth -= 1;
                        i += 2;
                    } else {
                        i += 1;
                    }
                }
                if depth > 0 {
                    t.open_comment = true;
                }
            }
            b'#' => {
                t.space = true;
                newlines = 0;
                while i < b.len() && b[i] != b'\n' {
                    i += 1;
                }
            }
            _ => {
                let c = text[i..].chars().next().unwrap_or(' ');
                if c == '\u{feff}' && i == 0 || (c != ' ' && c.is_whitespace()) {
                    t.space = true;
                    i += c.len_utf8();
                } else {
                    break;
                }
            }
        }
    }
    t.space |= t.newline;
    t.blank_line = newlines > 1;
    t.start = i;
    t.end = i;
    if i >= b.len() {
        return t;
    }
    let rest = &text[i..];
    let c = rest.chars().next().unwrap_or(' ');
    let (kind, len) = match c {
        '(' | '[' | '{' => (Tok::Open(c), 1),
        ')' | ']' | '}' => (Tok::Close(c), 1),
        ',' => (Tok::Comma, 1),
        ';' => (Tok::Semicolon, 1),
        '@' => (Tok::At, 1),
        '"' => (Tok::Quote, if rest.starts_with("\"\"\"") && !rest.starts_with("\"\"\"\"\"\"x") { 3 } else { 1 }),
        '`' => (Tok::Quote, if rest.starts_with("```") { 3 } else { 1 }),
        '\'' => (Tok::Prime, 1),
        '0'..='9' => (Tok::Number, number_len(rest)),
        '.' if rest[1..].starts_with(|d: char| d.is_ascii_digit()) => (Tok::Number, number_len(rest)),
        '.' if rest.starts_with("..") => match operator::scan(rest) {
            Some((n, p)) => (Tok::Op(p), n),
            None => (Tok::Dot, 1),
        },
        '.' => match operator::scan(&rest[1..]) {
            // `.` before an operator dots it, except before those that have no dotted form
            Some((n, p))
                if !matches!(&rest[1..1 + n], "?" | "::" | "->" | ":" | "$" | "..." | ":=")
                    && !rest[1..].starts_with('$') =>
            {
                t.dotted = true;
                let n = operator::with_suffix(&rest[1..], n);
                (Tok::Op(p), n + 1)
            }
            _ => (Tok::Dot, 1),
        },
        _ if is_ident_start(c) => {
            let n = ident_len(rest);
            let word = &rest[..n];
            match word {
                "in" | "isa" => (Tok::Op(Prec::Comparison), n),
                _ if is_keyword(word) => (Tok::Keyword, n),
                _ => (Tok::Ident, n),
            }
        }
        _ => match operator::scan(rest) {
            Some((n, p)) => (Tok::Op(p), operator::with_suffix(rest, n)),
            None => (Tok::Error, c.len_utf8()),
        },
    };
    t.kind = kind;
    t.end = i + len.max(1);
    t
}
