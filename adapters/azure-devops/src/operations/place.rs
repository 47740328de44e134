//! Where a page of a list begins: what a cursor says.

use std::fmt;

use usher_adapter_sdk::{Error, Result, message::Cursor};

/// A place in a list.
///
/// A window is written as `w300-741` or, without an end, as `w300-`: numbers beyond the first, up to the last. A list
/// of numbers in an order of their own is written as `n` and the distances from each to the next, `n300,-12,7`; `!` behind
/// it says that the platform gave no more than these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Whatever fits and has a number in this window: it holds whatever changes underneath.
    Window { after: u64, to: Option<u64> },
    /// These work items, in this order.
    Numbers { numbers: Vec<u64>, is_cut: bool },
    /// Whatever fits and has a number below this: the next of a list that begins with the newest, `b300`.
    Below(u64),
}

impl Place {
    /// Reads a cursor; none is the beginning.
    pub(super) fn read(cursor: Option<&Cursor>) -> Result<Option<Self>> {
        let Some(cursor) = cursor else { return Ok(None) };
        Self::parse(cursor.as_str()).map(Some).ok_or_else(|| {
            Error::validation(format!("`{}` is no place in a list", cursor.as_str()))
                .with_hint("Begin the list anew, without a cursor.")
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_at_checked(1)?;
        match kind {
            "w" => {
                let (after, to) = rest.split_once('-')?;
                let to = if to.is_empty() { None } else { Some(number(to)?) };
                Some(Self::Window { after: number(after)?, to })
            }
            "b" => number(rest).map(Self::Below),
            "n" => {
                let mut numbers = Vec::new();
                let (distances, is_cut) = rest.strip_suffix('!').map_or((rest, false), |rest| (rest, true));
                for distance in distances.split(',') {
                    let last = numbers.last().copied().unwrap_or_default();
                    numbers.push(u64::checked_add_signed(last, distance.parse().ok()?)?);
                }
                Some(Self::Numbers { numbers, is_cut })
            }
            _ => None,
        }
    }

    pub(super) fn cursor(&self) -> Cursor {
        Cursor::new(self.to_string())
    }
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window { after, to: Some(to) } => write!(f, "w{after}-{to}"),
            Self::Window { after, to: None } => write!(f, "w{after}-"),
            Self::Below(number) => write!(f, "b{number}"),
            Self::Numbers { numbers, is_cut } => {
                f.write_str("n")?;
                let mut last = 0;
                for (place, number) in numbers.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    write!(f, "{comma}{}", i128::from(*number) - i128::from(last))?;
                    last = *number;
                }
                f.write_str(if *is_cut { "!" } else { "" })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in ["w0-", "w300-741", "b300", "n300", "n300,-12,7", "n1,1!"] {
            assert_eq!(Place::read(Some(&Cursor::new(text))).unwrap().unwrap().cursor().as_str(), text);
        }
        assert_eq!(Place::parse("n300,-12,7"), Some(Place::Numbers { numbers: vec![300, 288, 295], is_cut: false }));
        assert_eq!(Place::read(None).unwrap(), None);
    }

    #[test]
    fn a_strange_cursor_is_refused_before_anything_is_asked() {
        for text in
            ["", "w", "w-", "w1", "wx-", "w1-+2", "b", "b-1", "n", "n1,", "n1,-2", "n99999999999999999999", "é", "x1"]
        {
            assert!(Place::read(Some(&Cursor::new(text))).is_err(), "{text}");
        }
    }
}
