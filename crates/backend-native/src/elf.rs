//! Renaming symbols of relocatable ELF objects.
//!
//! A cached object names its functions and what it needs by position (`entry`, `callee.0`,
//! `const.3`), because equal code must be equal bytes. Linking decides what the names are, by giving
//! the object another string table.

use std::fmt;

/// What is wrong with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElfError {
    /// Not a 64-bit little-endian relocatable ELF file, or cut short.
    Malformed,
    NoSymbols,
}

impl fmt::Display for ElfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ElfError::Malformed => "malformed object file",
            ElfError::NoSymbols => "object file without symbols",
        })
    }
}

impl std::error::Error for ElfError {}

const SHT_SYMTAB: u32 = 2;
const SECTION_HEADER: usize = 64;
const SYMBOL: usize = 24;

fn u16_at(b: &[u8], at: usize) -> Result<u16, ElfError> {
    Ok(u16::from_le_bytes(b.get(at..at.saturating_add(2)).ok_or(ElfError::Malformed)?.try_into().expect("two bytes")))
}
fn u32_at(b: &[u8], at: usize) -> Result<u32, ElfError> {
    Ok(u32::from_le_bytes(b.get(at..at.saturating_add(4)).ok_or(ElfError::Malformed)?.try_into().expect("four bytes")))
}
fn u64_at(b: &[u8], at: usize) -> Result<usize, ElfError> {
    let n = u64::from_le_bytes(
        b.get(at..at.saturating_add(8)).ok_or(ElfError::Malformed)?.try_into().expect("eight bytes"),
    );
    usize::try_from(n).map_err(|_| ElfError::Malformed)
}

/// The same object with every global symbol renamed as `rename` says (`None`: as it is).
pub fn rename_symbols(object: &[u8], rename: impl Fn(&str) -> Option<String>) -> Result<Vec<u8>, ElfError> {
    if object.len() < 64 || &object[..6] != b"\x7fELF\x02\x01" {
        return Err(ElfError::Malformed);
    }
    let sections = u64_at(object, 0x28)?;
    let count = u16_at(object, 0x3c)? as usize;
    let header = |i: usize| sections.checked_add(i * SECTION_HEADER).ok_or(ElfError::Malformed);
    let mut symbols = None;
    for i in 0..count {
        if u32_at(object, header(i)?.saturating_add(4))? == SHT_SYMTAB {
            symbols = Some(header(i)?);
        }
    }
    let symbols = symbols.ok_or(ElfError::NoSymbols)?;
    let table = u64_at(object, symbols.saturating_add(0x18))?;
    let table_size = u64_at(object, symbols.saturating_add(0x20))?;
    let first_global = u32_at(object, symbols.saturating_add(0x2c))? as usize;
    let strings_header = header(u32_at(object, symbols.saturating_add(0x28))? as usize)?;
    let strings_at = u64_at(object, strings_header.saturating_add(0x18))?;
    let strings_size = u64_at(object, strings_header.saturating_add(0x20))?;
    let strings = object.get(strings_at..strings_at.saturating_add(strings_size)).ok_or(ElfError::Malformed)?;

    let mut out = object.to_vec();
    let mut new_strings = strings.to_vec();
    if table.checked_add(table_size).is_none_or(|end| end > object.len())
        || strings_header > object.len() - SECTION_HEADER
    {
        return Err(ElfError::Malformed);
    }
    for i in first_global..table_size / SYMBOL {
        let at = table + i * SYMBOL;
        let name_at = u32_at(object, at)? as usize;
        let rest = strings.get(name_at..).ok_or(ElfError::Malformed)?;
        let len = rest.iter().position(|&b| b == 0).ok_or(ElfError::Malformed)?;
        let name = std::str::from_utf8(&rest[..len]).map_err(|_| ElfError::Malformed)?;
        if let Some(new) = rename(name) {
            let offset = u32::try_from(new_strings.len()).map_err(|_| ElfError::Malformed)?;
            new_strings.extend_from_slice(new.as_bytes());
            new_strings.push(0);
            out.get_mut(at..at + 4).ok_or(ElfError::Malformed)?.copy_from_slice(&offset.to_le_bytes());
        }
    }
    // The new table goes to the end; section names may share the old one, which stays where it is
    // unless it is the very same section: then offsets into it stay valid, as it only grew.
    let new_at = out.len() as u64;
    let new_size = new_strings.len() as u64;
    out.extend_from_slice(&new_strings);
    out[strings_header + 0x18..strings_header + 0x20].copy_from_slice(&new_at.to_le_bytes());
    out[strings_header + 0x20..strings_header + 0x28].copy_from_slice(&new_size.to_le_bytes());
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbage_is_an_error_not_a_panic() {
        assert_eq!(rename_symbols(b"", |_| None), Err(ElfError::Malformed));
        assert_eq!(rename_symbols(&[0; 100], |_| None), Err(ElfError::Malformed));
        let mut header = b"\x7fELF\x02\x01".to_vec();
        header.resize(64, 0xff);
        assert!(rename_symbols(&header, |_| None).is_err());
    }
}
