//! Percent-decoding and base64: a few lines each, so that parsing a manifest needs no crate for them.

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// How often a doubly encoded text is decoded before it counts as nonsense.
const DECODE_ROUNDS: usize = 5;

/// Returns the text with each `%xx` decoded once, or nothing if that is not UTF-8.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match hex_pair(&bytes[at..]) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).ok()
}

/// Returns the text decoded until it no longer changes, for links that were encoded twice.
pub(crate) fn percent_decode_fully(text: &str) -> Option<String> {
    let mut current = text.to_owned();
    for _ in 0..DECODE_ROUNDS {
        let next = percent_decode(&current)?;
        if next == current {
            return Some(current);
        }
        current = next;
    }
    None
}

/// Returns the standard base64 form, with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = (word >> (18 - 6 * place) & 63) as usize;
            text.push(if place <= chunk.len() { BASE64[index] as char } else { '=' });
        }
    }
    text
}

/// Returns the byte of a leading `%xx`.
fn hex_pair(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else {
        return None;
    };
    let high = char::from(*high).to_digit(16)?;
    let low = char::from(*low).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_that_encode_nothing_stay() {
        assert_eq!(percent_decode("100%25%2F%zz%").as_deref(), Some("100%/%zz%"));
        assert_eq!(percent_decode("%ff"), None);
    }

    #[test]
    fn full_decoding_stops_when_nothing_changes() {
        assert_eq!(percent_decode_fully("a%253Db").as_deref(), Some("a=b"));
        assert_eq!(percent_decode_fully("%25252525252541"), None);
    }

    #[test]
    fn base64_agrees_with_the_standard_examples() {
        let table =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), (":PAT", "OlBBVA==")];
        for (plain, encoded) in table {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
