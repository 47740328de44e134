//! The framing of manifest records once more, as `const fn`s: a villain writes its record itself.

/// Returns how long the record of these texts is.
pub const fn length(texts: &[&str; 5]) -> usize {
    let mut length = 8 + 4;
    let mut index = 0;
    while index < texts.len() {
        length += 4 + texts[index].len();
        index += 1;
    }
    length
}

/// Returns the record of crate name, package, version, SDK version and manifest.
pub const fn encode<const LENGTH: usize>(texts: &[&str; 5]) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    let mut place = copy(&mut bytes, 0, b"USHERMF1");
    place = copy(&mut bytes, place, &((LENGTH - 12) as u32).to_le_bytes());
    let mut index = 0;
    while index < texts.len() {
        let text = texts[index].as_bytes();
        place = copy(&mut bytes, place, &(text.len() as u32).to_le_bytes());
        place = copy(&mut bytes, place, text);
        index += 1;
    }
    bytes
}

const fn copy<const LENGTH: usize>(bytes: &mut [u8; LENGTH], place: usize, text: &[u8]) -> usize {
    let mut index = 0;
    while index < text.len() {
        bytes[place + index] = text[index];
        index += 1;
    }
    place + index
}

#[cfg(test)]
mod tests {
    use usher_adapter_manifest::record;

    #[test]
    fn record_is_framed_as_a_host_reads_it() {
        const TEXTS: [&str; 5] = ["crate", "package", "1.2.3", "1.0.0", "manifest = 1\n"];
        let [crate_name, package, version, sdk, toml] = TEXTS;
        let expected = record::encode(crate_name, package, version, sdk, toml);
        assert_eq!(super::encode::<{ super::length(&TEXTS) }>(&TEXTS)[..], expected);
    }
}
