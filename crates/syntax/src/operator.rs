//! Operators and their precedence: the table of the Julia manual's "Operator Precedence and Associativity".

/// Precedence levels, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Prec {
    Assignment,
    Pair,
    Conditional,
    Arrow,
    LazyOr,
    LazyAnd,
    Comparison,
    PipeLeft,
    PipeRight,
    Colon,
    Plus,
    Times,
    Rational,
    Bitshift,
    Power,
    Decl,
    Dot,
    /// Only ever unary: `!`, `¬`, `√`, …
    Unary,
}

const ASCII: &[(&str, Prec)] = &[
    (">>>=", Prec::Assignment),
    ("<<=", Prec::Assignment),
    (">>=", Prec::Assignment),
    ("//=", Prec::Assignment),
    ("+=", Prec::Assignment),
    ("-=", Prec::Assignment),
    ("*=", Prec::Assignment),
    ("/=", Prec::Assignment),
    ("\\=", Prec::Assignment),
    ("^=", Prec::Assignment),
    ("%=", Prec::Assignment),
    ("|=", Prec::Assignment),
    ("&=", Prec::Assignment),
    (":=", Prec::Assignment),
    ("$=", Prec::Assignment),
    ("===", Prec::Comparison),
    ("!==", Prec::Comparison),
    ("==", Prec::Comparison),
    ("!=", Prec::Comparison),
    (">=", Prec::Comparison),
    ("<-->", Prec::Arrow),
    ("<--", Prec::Arrow),
    ("-->", Prec::Arrow),
    ("->", Prec::Decl),
    ("=>", Prec::Pair),
    ("<=", Prec::Comparison),
    ("<:", Prec::Comparison),
    (">:", Prec::Comparison),
    ("<|", Prec::PipeLeft),
    ("|>", Prec::PipeRight),
    ("||", Prec::LazyOr),
    ("&&", Prec::LazyAnd),
    (">>>", Prec::Bitshift),
    ("<<", Prec::Bitshift),
    (">>", Prec::Bitshift),
    ("//", Prec::Rational),
    ("++", Prec::Plus),
    ("::", Prec::Decl),
    ("...", Prec::Dot),
    ("..", Prec::Colon),
    ("=", Prec::Assignment),
    ("?", Prec::Conditional),
    (">", Prec::Comparison),
    ("<", Prec::Comparison),
    (":", Prec::Colon),
    ("+", Prec::Plus),
    ("-", Prec::Plus),
    ("|", Prec::Plus),
    ("*", Prec::Times),
    ("/", Prec::Times),
    ("%", Prec::Times),
    ("&", Prec::Times),
    ("\\", Prec::Times),
    ("^", Prec::Power),
    ("~", Prec::Assignment),
    ("!", Prec::Unary),
    ("$", Prec::Plus),
];

const POWER: &str = "↑↓⇵⟰⟱⤈⤉⤊⤋⤒⤓⥉⥌⥍⥏⥑⥔⥕⥘⥙⥜⥝⥠⥡⥣⥥⥮⥯↑↓";
const TIMES: &str = "⌿÷··⋅∘×∩∧⊗⊘⊙⊚⊛⊠⊡⊓∗∙∤⅋≀⊼⋄⋆⋇⋉⋊⋋⋌⋏⋒⟑⦸⦼⦾⦿⧶⧷⨇⨰⨱⨲⨳⨴⨵⨶⨷⨸⨻⨼⨽⩀⩃⩄⩋⩍⩎⩑⩓⩕⩘⩚⩜⩞⩟⩠⫛⊍▷⨝⟕⟖⟗⌿⨟";
const PLUS: &str = "−¦⊕⊖⊞⊟∪∨⊔±∓∔∸≏⊎⊻⊽⋎⋓⟇⧺⧻⨈⨢⨣⨤⨥⨦⨧⨨⨩⨪⨫⨬⨭⨮⨹⨺⩁⩂⩅⩊⩌⩏⩐⩒⩔⩖⩗⩛⩝⩡⩢⩣";
const COLON: &str = "…⁝⋮⋱⋰⋯";
const UNARY: &str = "¬√∛∜⋆";
const COMPARISON: &str = "≥≤≡≠≢∈∉∋∌⊆⊈⊂⊄⊊∝∊∍∥∦∷∺∻∽∾≁≃≂≄≅≆≇≈≉≊≋≌≍≎≐≑≒≓≖≗≘≙≚≛≜≝≞≟≣≦≧≨≩≪≫≬≭≮≯≰≱≲≳≴≵≶≷≸≹≺≻≼≽≾≿⊀⊁⊃⊅⊇⊉⊋⊏⊐⊑⊒⊜⊩⊬⊮⊰⊱⊲⊳⊴⊵⊶⊷⋍⋐⋑⋕⋖⋗⋘⋙⋚⋛⋜⋝⋞⋟⋠⋡⋢⋣⋤⋥⋦⋧⋨⋩⋪⋫⋬⋭⋲⋳⋴⋵⋶⋷⋸⋹⋺⋻⋼⋽⋾⋿⟈⟉⟒⦷⧀⧁⧡⧣⧤⧥⩦⩧⩪⩫⩬⩭⩮⩯⩰⩱⩲⩳⩵⩶⩷⩸⩹⩺⩻⩼⩽⩾⩿⪀⪁⪂⪃⪄⪅⪆⪇⪈⪉⪊⪋⪌⪍⪎⪏⪐⪑⪒⪓⪔⪕⪖⪗⪘⪙⪚⪛⪜⪝⪞⪟⪠⪡⪢⪣⪤⪥⪦⪧⪨⪩⪪⪫⪬⪭⪮⪯⪰⪱⪲⪳⪴⪵⪶⪷⪸⪹⪺⪻⪼⪽⪾⪿⫀⫁⫂⫃⫄⫅⫆⫇⫈⫉⫊⫋⫌⫍⫎⫏⫐⫑⫒⫓⫔⫕⫖⫗⫘⫙⫷⫸⫹⫺⊢⊣⟂⫪⫫";

/// Precedence of a one-character operator outside ASCII.
fn unicode_prec(c: char) -> Option<Prec> {
    if c.is_ascii() {
        return None;
    }
    if "≔⩴≕".contains(c) {
        return Some(Prec::Assignment);
    }
    if UNARY.contains(c) && c != '⋆' {
        return Some(Prec::Unary);
    }
    if POWER.contains(c) {
        return Some(Prec::Power);
    }
    if TIMES.contains(c) {
        return Some(Prec::Times);
    }
    if PLUS.contains(c) {
        return Some(Prec::Plus);
    }
    if COLON.contains(c) {
        return Some(Prec::Colon);
    }
    if COMPARISON.contains(c) {
        return Some(Prec::Comparison);
    }
    // Arrows left over: all of arrow precedence.
    match c as u32 {
        0x2190..=0x21FF | 0x27F0..=0x27FF | 0x2900..=0x297F | 0x2B30..=0x2B4C | 0xFFE9 | 0xFFEB => Some(Prec::Arrow),
        _ => None,
    }
}

/// May the operator carry a suffix (`+₁`, `*ᵀ`)?
fn takes_suffix(op: &str) -> bool {
    !matches!(op, "=" | "::" | "->" | "?" | "..." | "$" | ":" | "&&" | "||" | ":=" | "<:" | ">:" | "!" | "-->" | "..")
        && !op.ends_with('=')
        || matches!(op, "==" | ">=" | "<=" | "!=" | "===" | "!==")
}

pub(crate) fn is_op_suffix(c: char) -> bool {
    matches!(c as u32,
        0xB2 | 0xB3 | 0xB9 | 0x2B0..=0x2BF | 0x2C6..=0x2D1 | 0x2E0..=0x2E4 | 0x1D2C..=0x1D6A | 0x1D78 | 0x1D9B..=0x1DBF | 0x2032..=0x2037 | 0x2057
        | 0x2070..=0x2094 | 0x2095..=0x209C | 0xA71B..=0xA71D | 0x2C7C | 0x2C7D | 0x300..=0x36F)
}

/// The operator at the start of `text`: its length in bytes without any suffix, and precedence.
pub(crate) fn scan(text: &str) -> Option<(usize, Prec)> {
    for &(op, prec) in ASCII {
        if text.starts_with(op) {
            return Some((op.len(), prec));
        }
    }
    let c = text.chars().next()?;
    let prec = unicode_prec(c)?;
    let n = c.len_utf8();
    // `÷=`, `⊻=`, `−=` update; other Unicode operators have no update form
    if "÷⊻−".contains(c) && text[n..].starts_with('=') && !text[n..].starts_with("==") {
        return Some((n + 1, Prec::Assignment));
    }
    Some((n, prec))
}

/// Length of the operator with its suffix.
pub(crate) fn with_suffix(text: &str, len: usize) -> usize {
    if !takes_suffix(&text[..len]) {
        return len;
    }
    len + text[len..].chars().take_while(|&c| is_op_suffix(c)).map(char::len_utf8).sum::<usize>()
}

/// Is `name` an operator (possibly dotted), as `Base.isoperator` means it?
pub fn is_operator(name: &str) -> bool {
    if matches!(name, "in" | "isa" | "where" | "'" | ".'" | ".") {
        return true;
    }
    let whole = |t: &str| scan(t).is_some_and(|(n, _)| with_suffix(t, n) == t.len());
    whole(name) || name.strip_prefix('.').is_some_and(|t| !t.is_empty() && whole(t) && !t.starts_with('.'))
}

/// Precedence of a (possibly dotted) operator's name.
pub fn precedence(name: &str) -> Option<Prec> {
    match name {
        "in" | "isa" => return Some(Prec::Comparison),
        "." => return Some(Prec::Dot),
        _ => {}
    }
    let t = match name.strip_prefix('.') {
        Some(t) if !t.is_empty() && !t.starts_with('.') => t,
        _ => name,
    };
    scan(t).map(|(_, p)| p)
}

/// Can it stand before its only operand? (`+`, `-`, `!`, `~`, `¬`, `√`, …, `<:`, `>:`, `&`, `::`, `$`)
pub fn is_unary(name: &str) -> bool {
    let t = match name.strip_prefix('.') {
        Some(t) if !t.is_empty() => t,
        _ => name,
    };
    matches!(t, "+" | "-" | "!" | "~" | "¬" | "√" | "∛" | "∜" | "⋆" | "±" | "∓" | "<:" | ">:" | "−")
}
