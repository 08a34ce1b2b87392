//! The hash of texts: MurmurHash3 (x64, 128 bits), of which the second half counts. The order of dictionaries with
//! texts or symbols as keys follows from it.

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

fn mix_low(k: u64) -> u64 {
    k.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}

fn mix_high(k: u64) -> u64 {
    k.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1)
}

fn finish(mut k: u64) -> u64 {
    k ^= k >> 33;
    k = k.wrapping_mul(0xff51_afd7_ed55_8ccd);
    k ^= k >> 33;
    k = k.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    k ^ k >> 33
}

fn word(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |w, &b| w << 8 | u64::from(b))
}

/// The second word of the 128-bit hash.
pub fn hash(bytes: &[u8], seed: u32) -> u64 {
    let (mut low, mut high) = (u64::from(seed), u64::from(seed));
    let mut blocks = bytes.chunks_exact(16);
    for block in &mut blocks {
        low ^= mix_low(word(&block[..8]));
        low = low.rotate_left(27).wrapping_add(high).wrapping_mul(5).wrapping_add(0x52dc_e729);
        high ^= mix_high(word(&block[8..]));
        high = high.rotate_left(31).wrapping_add(low).wrapping_mul(5).wrapping_add(0x3849_5ab5);
    }
    let tail = blocks.remainder();
    if tail.len() > 8 {
        high ^= mix_high(word(&tail[8..]));
    }
    if !tail.is_empty() {
        low ^= mix_low(word(&tail[..tail.len().min(8)]));
    }
    low ^= bytes.len() as u64;
    high ^= bytes.len() as u64;
    low = low.wrapping_add(high);
    high = high.wrapping_add(low);
    finish(high).wrapping_add(finish(low).wrapping_add(finish(high)))
}

/// `hash(text, h)`.
pub fn of_text(bytes: &[u8], h: u64) -> u64 {
    let h = h.wrapping_add(0x71e7_29fd_5641_9c81);
    hash(bytes, h as u32).wrapping_add(h)
}

/// `objectid` of the symbol of this name.
pub fn of_symbol(name: &str) -> u64 {
    let id = hash(name.as_bytes(), 0xcafe_8881) ^ 0xaaaa_aaaa_aaaa_aaaa;
    let mut a = id.wrapping_neg();
    a = (!a).wrapping_add(a << 21);
    a ^= a >> 24;
    a = a.wrapping_add(a << 3).wrapping_add(a << 8);
    a ^= a >> 14;
    a = a.wrapping_add(a << 2).wrapping_add(a << 4);
    a ^= a >> 28;
    a.wrapping_add(a << 31)
}
