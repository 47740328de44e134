//! Trello's ids: 24 hexadecimal digits, of which the first eight say when it was made, in seconds.
//!
//! Lists are paged by ids, and an id that nobody has, made from a second alone, is a place between two seconds.

use usher_adapter_sdk::model::Time;

/// Says whether a text is an id.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Returns the second in which something was made.
pub(crate) fn second(id: &str) -> Option<u32> {
    if !is_id(id) {
        return None;
    }
    u32::from_str_radix(&id[..8], 16).ok()
}

/// Returns when something was made.
pub(crate) fn created_at(id: &str) -> Option<Time> {
    Time::from_unix_seconds(i64::from(second(id)?))
}

/// Returns the first id of a second: whatever was made earlier has a smaller one.
pub(crate) fn first_of(second: u32) -> String {
    format!("{second:08x}0000000000000000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_when_it_was_made() {
        assert_eq!(created_at("57f4355472c5b142db8b5e45").unwrap().to_string(), "2016-10-04T23:03:48Z");
        for text in ["", "57f4355472c5b142db8b5e4", "57F4355472C5B142DB8B5E45", "57f4355472c5b142db8b5e4é"] {
            assert_eq!(created_at(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_id_of_a_second_is_not_greater_than_any_other_of_it() {
        let id = "57f4355472c5b142db8b5e45";
        let second = second(id).unwrap();
        assert!(first_of(second).as_str() < id && id < first_of(second + 1).as_str());
        assert_eq!(super::second(&first_of(second)), Some(second));
    }
}
