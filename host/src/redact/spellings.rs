//! How a secret looks after somebody has encoded it: in an address, in base64, in JSON, in a page.

use std::collections::BTreeSet;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Shorter pieces of base64 are in long texts by chance.
const SHORTEST_PIECE: usize = 4;

/// Returns a value as it is and in every encoding that is expected of those who say it back.
pub(super) fn spellings(value: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::from([value.to_owned()]);
    all.extend(in_addresses(value));
    all.extend(in_base64(value.as_bytes()));
    all.extend(in_pages(value));
    let once: Vec<String> = in_json(value).collect();
    // An answer in JSON that is quoted in another.
    all.extend(once.iter().flat_map(|escaped| in_json(escaped)).collect::<Vec<_>>());
    all.extend(once);
    all.extend([value.escape_debug().to_string(), value.escape_default().to_string()]);
    all
}

/// What stays as it is in an address, by whoever writes it.
const IN_ADDRESSES: &[&AsciiSet] = &[
    // RFC 3986
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~'),
    // `encodeURIComponent` of browsers and Node
    &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b'!')
        .remove(b'*')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')'),
    // forms
    &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_'),
    // the query, the path and the user of the URL standard
    QUERY,
    PATH,
    &PATH.add(b'/').add(b':').add(b';').add(b'=').add(b'@').add(b'[').add(b'\\').add(b']').add(b'|'),
    // Python's `quote`, which leaves slashes
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/'),
    // everything
    NON_ALPHANUMERIC,
];

const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');
const PATH: &AsciiSet = &QUERY.add(b'?').add(b'^').add(b'`').add(b'{').add(b'}');

fn in_addresses(value: &str) -> impl Iterator<Item = String> + '_ {
    let upper = IN_ADDRESSES.iter().map(|set| utf8_percent_encode(value, set).to_string());
    let cases = upper.flat_map(|upper| [lower_hex(&upper), upper]);
    cases.flat_map(|encoded| [encoded.replace("%20", "+"), encoded])
}

/// Returns a percent-encoded text with its hexadecimal digits in lower case.
fn lower_hex(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(2.min(part.len()));
        lower.push('%');
        lower.push_str(&digits.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}

/// Returns what base64 makes of a value, wherever in the encoded text it stands: alone, in `user:secret`, in a whole file.
///
/// A letter of base64 holds six bits, so there are three ways for a value to fall. In each, the letters that hold only
/// bits of the value are the same whatever stands around it.
fn in_base64(value: &[u8]) -> Vec<String> {

    let mut all = Vec::new();
    for engine in [STANDARD, URL_SAFE] {
        let alone = engine.encode(value);
        all.push(alone.trim_end_matches('=').to_owned());
        all.push(alone);
        for before in 0..3_usize {
            let mut shifted = vec![0; before];
            shifted.extend_from_slice(value);
            let encoded = engine.encode(&shifted);
            let piece = &encoded[(before * 8).div_ceil(6)..(shifted.len() * 8) / 6];
            if piece.len() >= SHORTEST_PIECE {
                all.push(piece.to_owned());
            }
        }
    }
    all
}

/// Returns what JSON makes of a value between its quotes: as few escapes as possible, slashes too, no letters but ASCII,
/// and what is special in a page too.
fn in_json(value: &str) -> impl Iterator<Item = String> {
    let quoted = serde_json::Value::from(value).to_string();
    let least = quoted[1..quoted.len() - 1].to_owned();
    let slashes = least.replace('/', "\\/");
    let forms = [least, slashes];
    forms.into_iter().flat_map(|form| {
        let ascii = |special: &'static str| [escaped(&form, special, false), escaped(&form, special, true)];
        let rest = ascii("").into_iter().chain(ascii("<>&")).chain(ascii("<>&'")).collect::<Vec<_>>();
        rest.into_iter().chain([form])
    })
}

/// Returns JSON with everything but ASCII, and these characters, as `\u….`.
fn escaped(json: &str, special: &str, upper: bool) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() && !special.contains(character) {
            out.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            out.push_str(&if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") });
        }
    }
    out
}

/// Returns what pages make of a value, such as those in which a proxy complains.
fn in_pages(value: &str) -> impl Iterator<Item = String> {
    let least = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let double = least.replace('"', "&quot;");
    let quotes = ["&#39;", "&#x27;", "&apos;"].map(|single| double.replace('\'', single));
    quotes.into_iter().chain([double.replace("&quot;", "&#34;").replace('\'', "&#39;"), double, least])
}
