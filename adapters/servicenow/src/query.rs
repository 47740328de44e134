//! Encoded queries, which ServiceNow's filters are written in, built so that no value can be more than a value.
//!
//! Terms are joined by `^`, and there is no way to write that sign inside of a value that every release reads: so a value
//! with one is never sent. A value that begins with `javascript:` would be run as a program, and is not sent either.
//! A term that is wrong is passed over by the instance without a word, so that what comes back is looked at again.
//!
//! <https://www.servicenow.com/docs/csh?topicname=c_EncodedQueryStrings.html>

use usher_adapter_sdk::{Error, Result, model::Time};

/// What a value must not begin with, in any case.
const SCRIPT: &str = "javascript:";

/// The account that asks; a constant, since it is a program.
pub(crate) const MYSELF: &str = "sys_id=javascript:gs.getUserID()";

/// Terms that must all hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Encoded(String);

impl Encoded {
    /// Adds a term that was made here.
    pub(crate) fn and(mut self, term: impl AsRef<str>) -> Self {
        let term = term.as_ref();
        if !self.0.is_empty() && !term.is_empty() {
            self.0.push('^');
        }
        self.0.push_str(term);
        self
    }

    /// Adds an order.
    pub(crate) fn ordered(self, column: &str, descending: bool) -> Self {
        self.and(format!("ORDERBY{}{column}", if descending { "DESC" } else { "" }))
    }

    /// Returns the query as it is sent.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

/// Returns the term that a column has a value.
pub(crate) fn is(column: &str, value: &str) -> Result<String> {
    safe(value).map(|value| format!("{column}={value}"))
}

/// Returns the term that one of the columns has a value.
pub(crate) fn any_is(columns: &[&str], value: &str) -> Result<String> {
    let value = safe(value)?;
    Ok(columns.iter().map(|column| format!("{column}={value}")).collect::<Vec<_>>().join("^OR"))
}

/// Returns the term that a column has one of the values, or none where `or_empty` says so.
pub(crate) fn is_in<S: AsRef<str>>(column: &str, values: &[S], or_empty: bool) -> Result<String> {
    let values = values.iter().map(|value| safe(value.as_ref()).and_then(without_comma)).collect::<Result<Vec<_>>>()?;
    let empty = format!("{column}ISEMPTY");
    Ok(match (values.is_empty(), or_empty) {
        (true, _) => empty,
        (false, false) => format!("{column}IN{}", values.join(",")),
        (false, true) => format!("{column}IN{}^OR{empty}", values.join(",")),
    })
}

/// Returns the terms that each word is in one of the columns, and whether that is exactly what was asked.
///
/// A word is divided where it holds what cannot be sent: more is found then, and has to be looked at again.
pub(crate) fn words(columns: &[&str], text: &str) -> (Vec<String>, bool) {
    let mut exact = true;
    let mut terms = Vec::new();
    for word in text.split_whitespace() {
        exact &= !word.contains(|c: char| c == '^' || c.is_control());
        for part in word.split(|c: char| c == '^' || c.is_control()).filter(|part| !part.is_empty()) {
            let sent = without_script(part);
            exact &= sent.len() == part.len();
            if !sent.is_empty() {
                let term = columns.iter().map(|column| format!("{column}LIKE{sent}"));
                terms.push(term.collect::<Vec<_>>().join("^OR"));
            }
        }
    }
    (terms, exact)
}

/// Returns a time as a query has it: a whole second without a zone.
pub(crate) fn time(time: Time) -> Option<String> {
    let text = Time::from_unix_seconds(time.unix_seconds())?.to_string();
    // A year beyond four digits has a sign in front.
    let is_plain = text.len() == "2026-01-01T00:00:00Z".len();
    is_plain.then(|| text.trim_end_matches('Z').replace('T', " "))
}

/// Lets a value through that is only a value.
fn safe(value: &str) -> Result<&str> {
    let is_script = without_script(value).len() != value.trim_start().len();
    if value.contains('^') || value.contains(char::is_control) || is_script {
        return Err(Error::validation(format!("`{}` cannot be looked for", value.escape_debug())).with_hint(
            "ServiceNow reads `^`, line breaks and `javascript:` as parts of a query: name it by its sys_id.",
        ));
    }
    Ok(value)
}

fn without_comma(value: &str) -> Result<&str> {
    if value.contains(',') {
        return Err(Error::validation(format!("`{value}` cannot be looked for in a list"))
            .with_hint("ServiceNow reads a comma as the end of a value: name it by its sys_id."));
    }
    Ok(value)
}

fn without_script(text: &str) -> &str {
    let mut text = text.trim_start();
    while text.get(..SCRIPT.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCRIPT)) {
        text = text[SCRIPT.len()..].trim_start();
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: &[&str] = &["short_description", "description"];

    /// Reads a query as an instance does: its terms, each of a column, an operator and a value.
    fn read(query: &str) -> Vec<&str> {
        query.split('^').collect()
    }

    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![
            ".{0,24}",
            proptest::collection::vec(
                prop_oneof![
                    Just("^"),
                    Just("^^"),
                    Just("^OR"),
                    Just("^NQ"),
                    Just("ORDERBY"),
                    Just("javascript:"),
                    Just("JavaScript:"),
                    Just("gs.getUserID()"),
                    Just(" "),
                    Just("\n"),
                    Just(","),
                    Just("a"),
                    Just("="),
                ],
                0..8,
            )
            .prop_map(|parts| parts.concat()),
        ]
    }

    proptest! {
        #[test]
        fn a_value_is_sent_whole_in_its_own_term_or_not_at_all(value in hostile()) {
            if let Ok(term) = is("name", &value) {
                prop_assert_eq!(read(&term), [format!("name={value}")]);
                prop_assert!(!value.trim().to_ascii_lowercase().starts_with(SCRIPT));
            }
            if let Ok(term) = any_is(&["name", "email"], &value) {
                prop_assert_eq!(read(&term), [format!("name={value}"), format!("ORemail={value}")]);
            }
            if let Ok(term) = is_in("name", &[value.as_str(), "x"], false) {
                prop_assert_eq!(read(&term), [format!("nameIN{value},x")]);
                prop_assert!(!value.contains(','));
            }
        }

        #[test]
        fn words_are_terms_of_their_own_and_nothing_else(text in hostile()) {
            let (terms, _) = words(COLUMNS, &text);
            for term in terms {
                let parts = read(&term);
                prop_assert_eq!(parts.len(), 2);
                let word = parts[0].strip_prefix("short_descriptionLIKE").unwrap();
                prop_assert_eq!(parts[1].strip_prefix("ORdescriptionLIKE").unwrap(), word);
                prop_assert!(!word.is_empty() && !word.trim().to_ascii_lowercase().starts_with(SCRIPT));
                prop_assert!(text.contains(word));
            }
        }
    }

    #[test]
    fn terms_are_joined_and_an_order_comes_last() {
        let query = Encoded::default().and("active=true").and("").and(is("state", "2").unwrap());
        assert_eq!(query.ordered("sys_id", false).into_text(), "active=true^state=2^ORDERBYsys_id");
        assert_eq!(Encoded::default().ordered("sys_created_on", true).into_text(), "ORDERBYDESCsys_created_on");
    }

    #[test]
    fn nobody_is_an_empty_column() {
        assert_eq!(is_in("assigned_to", &["a", "b"], true).unwrap(), "assigned_toINa,b^ORassigned_toISEMPTY");
        assert_eq!(is_in("assigned_to", &[""; 0], true).unwrap(), "assigned_toISEMPTY");
    }

    #[test]
    fn a_word_that_is_divided_is_not_what_was_asked() {
        assert!(words(COLUMNS, "mail server").1);
        for text in ["a^b", "javascript:x", "^"] {
            assert!(!words(COLUMNS, text).1, "{text}");
        }
        assert_eq!(words(&["a"], "x^y javascript:z").0, ["aLIKEx", "aLIKEy", "aLIKEz"]);
    }

    #[test]
    fn a_time_is_a_whole_second_without_a_zone() {
        assert_eq!(time(Time::parse("2026-11-21T03:07:09.9Z").unwrap()).unwrap(), "2026-11-21 03:07:09");
        assert_eq!(time(Time::from_unix_seconds(-70_000_000_000).unwrap()), None);
    }
}
