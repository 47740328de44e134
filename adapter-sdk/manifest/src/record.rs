//! The framed record in which a shared library carries its manifest, readable without running the library.
//!
//! A record is [`MAGIC`], the length of the rest as a little-endian `u32`, and five texts, each after its length as
//! a little-endian `u32`: crate name, package name, package version, SDK version, and the `adapter.toml`. A link
//! section may hold several records with zeros between and behind them.

/// What a record begins with.
pub const MAGIC: &[u8; 8] = b"USHERMF1";

/// The manifest of one adapter in a file, not yet parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record<'a> {
    /// Name of the crate, as in the exported symbol.
    pub crate_name: &'a str,
    /// Name of the package.
    pub package: &'a str,
    /// Version of the package.
    pub version: &'a str,
    /// Version of the SDK that built it.
    pub sdk_version: &'a str,
    /// The text of `adapter.toml`.
    pub toml: &'a str,
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Something else stands where a record should begin.
    #[error("no record at byte {offset} of the section")]
    Magic {
        /// Where.
        offset: usize,
    },
    /// The section ends before the record does.
    #[error("the record at byte {offset} of the section is cut off")]
    Truncated {
        /// Where the record begins.
        offset: usize,
    },
    /// The lengths inside do not add up.
    #[error("the lengths in the record at byte {offset} of the section do not agree")]
    Lengths {
        /// Where the record begins.
        offset: usize,
    },
    /// A text is not UTF-8.
    #[error("the record at byte {offset} of the section holds text that is not UTF-8")]
    Utf8 {
        /// Where the record begins.
        offset: usize,
    },
}

/// The records of a link section; after an error there are no more.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    section: &'a [u8],
    offset: usize,
}

/// Returns the record for a manifest. Texts are far below 4 GiB; a longer one would be cut.
pub fn encode(crate_name: &str, package: &str, version: &str, sdk_version: &str, toml: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for text in [crate_name, package, version, sdk_version, toml] {
        push(&mut body, text.as_bytes());
    }
    let mut record = MAGIC.to_vec();
    push(&mut record, &body);
    record
}

/// Returns the records of a link section, in order.
pub fn records(section: &[u8]) -> Records<'_> {
    Records { section, offset: 0 }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.section.get(self.offset..)?;
        let padding = rest.iter().position(|byte| *byte != 0)?;
        let offset = self.offset + padding;
        match record(&rest[padding..], offset) {
            Ok((record, length)) => {
                self.offset = offset + length;
                Some(Ok(record))
            }
            Err(error) => {
                self.offset = self.section.len();
                Some(Err(error))
            }
        }
    }
}

/// Returns the record with which the bytes begin, and its length.
fn record(bytes: &[u8], offset: usize) -> Result<(Record<'_>, usize), RecordError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(RecordError::Magic { offset })?;
    let (mut body, _) = split(rest).ok_or(RecordError::Truncated { offset })?;
    let length = MAGIC.len() + 4 + body.len();
    let mut text = || {
        let (text, rest) = split(body).ok_or(RecordError::Lengths { offset })?;
        body = rest;
        std::str::from_utf8(text).map_err(|_| RecordError::Utf8 { offset })
    };
    let record =
        Record { crate_name: text()?, package: text()?, version: text()?, sdk_version: text()?, toml: text()? };
    match body {
        [] => Ok((record, length)),
        _ => Err(RecordError::Lengths { offset }),
    }
}

/// Returns what a length announces, and what follows it.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

fn push(bytes: &mut Vec<u8>, text: &[u8]) {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&text[..length as usize]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        encode("my_crate", "my-crate", "1.2.3", "1.0.0", "manifest = 1\n")
    }

    #[test]
    fn record_survives_the_round_trip() {
        let bytes = sample();
        let found: Vec<_> = records(&bytes).collect();
        let expected = Record {
            crate_name: "my_crate",
            package: "my-crate",
            version: "1.2.3",
            sdk_version: "1.0.0",
            toml: "manifest = 1\n",
        };
        assert_eq!(found, [Ok(expected)]);
    }

    #[test]
    fn several_records_stand_between_zeros() {
        let mut section = vec![0; 3];
        for _ in 0..3 {
            section.extend(sample());
            section.extend([0; 5]);
        }
        assert_eq!(records(&section).filter(Result::is_ok).count(), 3);
        assert_eq!(records(&[0; 16]).count(), 0);
        assert_eq!(records(&[]).count(), 0);
    }

    #[test]
    fn every_truncation_is_an_error() {
        let bytes = sample();
        for length in 1..bytes.len() {
            let found: Vec<_> = records(&bytes[..length]).collect();
            assert!(matches!(found[..], [Err(_)]), "{length}: {found:?}");
        }
    }

    #[test]
    fn every_corrupted_byte_parses_or_is_an_error() {
        let bytes = sample();
        for place in 0..bytes.len() {
            for flip in 1..=255 {
                let mut bytes = bytes.clone();
                bytes[place] ^= flip;
                assert!(records(&bytes).count() <= bytes.len());
            }
        }
    }

    #[test]
    fn huge_length_is_an_error_and_nothing_is_allocated_for_it() {
        let mut bytes = sample();
        bytes[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        let found: Vec<_> = records(&bytes).collect();
        assert_eq!(found, [Err(RecordError::Truncated { offset: 0 })]);
    }

    #[test]
    fn garbage_between_records_is_an_error_that_names_its_place() {
        let mut section = sample();
        let end = section.len();
        section.extend(b"\0garbage");
        let last = records(&section).last();
        assert_eq!(last, Some(Err(RecordError::Magic { offset: end + 1 })));
    }
}
