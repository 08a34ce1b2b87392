//! `printf` of kernels.

/// Formats as C does: `%d %i %u %x %X %o %c %f %e %g %s %p %%` with flags, width and precision.
/// Each argument is eight bytes: an integer, a double's bits, or the address of a NUL-terminated text.
///
/// # Safety
/// Arguments of `%s` are addresses of NUL-terminated texts.
unsafe fn format(template: &str, args: &[u64]) -> String {
    let mut out = String::new();
    let mut args = args.iter().copied();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let (mut left, mut zero, mut plus, mut space) = (false, false, false, false);
        while let Some(&flag) = chars.peek() {
            match flag {
                '-' => left = true,
                '0' => zero = true,
                '+' => plus = true,
                ' ' => space = true,
                '#' => {}
                _ => break,
            }
            chars.next();
        }
        let number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut n = None;
            while let Some(d) = chars.peek().and_then(|c| c.to_digit(10)) {
                n = Some(n.unwrap_or(0usize).saturating_mul(10).saturating_add(d as usize).min(4096));
                chars.next();
            }
            n
        };
        let width = number(&mut chars).unwrap_or(0);
        let precision = if chars.peek() == Some(&'.') {
            chars.next();
            Some(number(&mut chars).unwrap_or(0))
        } else {
            None
        };
        while matches!(chars.peek(), Some('l' | 'h' | 'z' | 'j' | 't' | 'q')) {
            chars.next();
        }
        let Some(kind) = chars.next() else { break };
        if kind == '%' {
            out.push('%');
            continue;
        }
        let Some(arg) = args.next() else { continue };
        let signed = |text: String| match (text.starts_with('-'), plus, space) {
            (false, true, _) => format!("+{text}"),
            (false, false, true) => format!(" {text}"),
            _ => text,
        };
        let real = f64::from_bits(arg);
        let text = match kind {
            'd' | 'i' => signed((arg as i64).to_string()),
            'u' => arg.to_string(),
            'x' => format!("{arg:x}"),
            'X' => format!("{arg:X}"),
            'o' => format!("{arg:o}"),
            'p' => format!("0x{arg:x}"),
            'c' => char::from_u32(arg as u32).map_or_else(String::new, String::from),
            'f' | 'F' => signed(special(real).unwrap_or_else(|| format!("{real:.*}", precision.unwrap_or(6)))),
            'e' | 'E' => signed(special(real).unwrap_or_else(|| exponent(real, precision.unwrap_or(6)))),
            'g' | 'G' => signed(special(real).unwrap_or_else(|| general(real, precision.unwrap_or(6)))),
            // SAFETY: by the contract above.
            's' => unsafe { std::ffi::CStr::from_ptr(arg as *const std::ffi::c_char) }.to_string_lossy().into_owned(),
            other => format!("%{other}"),
        };
        let missing = width.saturating_sub(text.chars().count());
        if left {
            out.push_str(&text);
            out.extend(std::iter::repeat_n(' ', missing));
        } else if zero && !matches!(kind, 's' | 'c') {
            let (sign, digits) = text.split_at(usize::from(text.starts_with(['-', '+', ' '])));
            out.push_str(sign);
            out.extend(std::iter::repeat_n('0', missing));
            out.push_str(digits);
        } else {
            out.extend(std::iter::repeat_n(' ', missing));
            out.push_str(&text);
        }
    }
    out
}

fn special(x: f64) -> Option<String> {
    if x.is_nan() {
        return Some("nan".into());
    }
    x.is_infinite().then(|| if x < 0.0 { "-inf".into() } else { "inf".into() })
}

fn exponent(x: f64, precision: usize) -> String {
    let text = format!("{x:.precision$e}");
    match text.split_once('e') {
        Some((mantissa, e)) => {
            let (sign, digits) = match e.strip_prefix('-') {
                Some(digits) => ('-', digits),
                None => ('+', e),
            };
            format!("{mantissa}e{sign}{digits:0>2}")
        }
        None => text,
    }
}

fn general(x: f64, precision: usize) -> String {
    let precision = precision.max(1);
    let e = if x == 0.0 {
        0
    } else {
        format!("{x:.*e}", precision - 1).split_once('e').and_then(|(_, e)| e.parse::<i32>().ok()).unwrap_or(0)
    };
    let text = if e < -4 || e >= precision as i32 {
        exponent(x, precision - 1)
    } else {
        format!("{x:.*}", (precision as i32 - 1 - e).max(0) as usize)
    };
    let (number, tail) = match text.find('e') {
        Some(at) => text.split_at(at),
        None => (text.as_str(), ""),
    };
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    format!("{number}{tail}")
}

pub unsafe extern "C" fn rk_cpu_print(template: *const u8, len: usize, args: *const u64, n: usize) {
    // SAFETY: kernels pass a constant text and their arguments.
    let text = unsafe {
        let template = std::str::from_utf8_unchecked(std::slice::from_raw_parts(template, len));
        let args = if n == 0 { &[][..] } else { std::slice::from_raw_parts(args, n) };
        format(template, args)
    };
    runtime::host::print_out(&text);
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn formats_as_c_does() {
        let f = |t: &str, args: &[u64]| {
            // SAFETY: no `%s` without a text.
            unsafe { format(t, args) }
        };
        assert_eq!(f("%d|%5d|%-5d|%05d", &[-1i64 as u64, 42, 42, -42i64 as u64]), "-1|   42|42   |-0042");
        assert_eq!(
            f("%.2f %e %g %g", &[1.005f64.to_bits(), 12345.678f64.to_bits(), 1e10f64.to_bits(), 0.5f64.to_bits()]),
            "1.00 1.234568e+04 1e+10 0.5"
        );
        assert_eq!(f("%x %% %c", &[255, 65]), "ff % A");
        let text = c"abc";
        assert_eq!(f("[%s]", &[text.as_ptr() as u64]), "[abc]");
    }
}
