//! Source files and positions in them.

use std::sync::{Arc, Mutex, OnceLock};

/// A loaded source text; index into the process-wide [`SourceMap`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub u32);

/// A half-open byte range of one file. `Span::NONE` stands for code without source.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub const NONE: Span = Span { file: FileId(0), start: 0, end: 0 };

    pub fn new(file: FileId, start: u32, end: u32) -> Span {
        Span { file, start, end }
    }

    pub fn is_none(self) -> bool {
        self == Span::NONE
    }

    /// The smallest span that covers both (of one file; `self` where the files differ).
    pub fn to(self, other: Span) -> Span {
        if self.is_none() {
            return other;
        }
        if other.is_none() || other.file != self.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// 1-based line of the start; 0 without source.
    pub fn line(self) -> u32 {
        if self.is_none() { 0 } else { SourceMap::file(self.file).line_column(self.start).0 }
    }

    /// Is this code that comes with Rekindle, not the user's?
    pub fn in_library(self) -> bool {
        SourceMap::file(self.file).library
    }
}

/// A source text with its name and line starts.
pub struct SourceFile {
    /// As the user named it (relative stays relative); never made absolute, so that output does
    /// not depend on the directory.
    pub name: String,
    pub text: String,
    /// Comes with Rekindle: messages point at the user's code that leads here instead.
    pub library: bool,
    line_starts: Vec<u32>,
}

impl SourceFile {
    /// 1-based line and 1-based column (in bytes) of a byte offset.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let line = self.line_starts.partition_point(|&s| s <= offset).max(1);
        (line as u32, offset - self.line_starts[line - 1] + 1)
    }

    /// The text of a 1-based line without its line end.
    pub fn line_text(&self, line: u32) -> &str {
        let i = (line as usize).saturating_sub(1);
        let Some(&start) = self.line_starts.get(i) else { return "" };
        let end = self.line_starts.get(i + 1).map_or(self.text.len(), |&e| e as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r'])
    }
}

/// The process-wide table of loaded texts. File 0 is the empty file of [`Span::NONE`].
pub struct SourceMap;

fn files() -> &'static Mutex<Vec<Arc<SourceFile>>> {
    static FILES: OnceLock<Mutex<Vec<Arc<SourceFile>>>> = OnceLock::new();
    FILES.get_or_init(|| {
        Mutex::new(vec![Arc::new(SourceFile {
            name: "none".into(),
            text: String::new(),
            library: false,
            line_starts: vec![0],
        })])
    })
}

impl SourceMap {
    /// Adds a text of the user's.
    pub fn add(name: &str, text: &str) -> FileId {
        SourceMap::add_file(name, text, false)
    }

    /// Adds a text that comes with Rekindle.
    pub fn add_library(name: &str, text: &str) -> FileId {
        SourceMap::add_file(name, text, true)
    }

    fn add_file(name: &str, text: &str, library: bool) -> FileId {
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1));
        let mut files = files().lock().unwrap_or_else(|e| e.into_inner());
        files.push(Arc::new(SourceFile { name: name.into(), text: text.into(), library, line_starts }));
        FileId(files.len() as u32 - 1)
    }

    /// The newest text of a name, for places that were written down by name.
    pub fn newest(name: &str) -> Option<FileId> {
        let files = files().lock().unwrap_or_else(|e| e.into_inner());
        files.iter().rposition(|f| f.name == name).map(|i| FileId(i as u32))
    }

    pub fn file(id: FileId) -> Arc<SourceFile> {
        let files = files().lock().unwrap_or_else(|e| e.into_inner());
        files[id.0 as usize].clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let id = SourceMap::add("t", "ab\ncd\n");
        let f = SourceMap::file(id);
        assert_eq!(f.line_column(0), (1, 1));
        assert_eq!(f.line_column(4), (2, 2));
        assert_eq!(f.line_text(2), "cd");
        assert_eq!(Span::new(id, 4, 5).line(), 2);
    }
}
