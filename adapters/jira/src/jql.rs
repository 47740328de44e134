//! JQL, written so that whatever a value holds it stays one value.
//!
//! <https://support.atlassian.com/jira-software-cloud/docs/what-is-advanced-search-in-jira-cloud/>

use usher_adapter_sdk::{Error, Result, model::Time};

/// What holds of every issue: Jira refuses a search that restricts nothing.
const EVERYTHING: &str = "key IS NOT EMPTY";

/// What words of a text search Lucene would read as something else; each is escaped.
const SPECIAL: &[char] = &[
    '+', '-', '&', '|', '!', '(', ')', '{', '}', '[', ']', '^', '~', '*', '?', '\\', '/', ':', '"', '\'', '<', '>',
    '=', '@', '#',
];

/// A search: what must hold, and in which order the issues come.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Jql {
    clauses: Vec<String>,
    order: Option<String>,
}

impl Jql {
    /// Adds what must hold as well.
    pub(crate) fn and(&mut self, clause: impl Into<String>) {
        self.clauses.push(clause.into());
    }

    /// Sets the order, as in `created DESC`.
    pub(crate) fn order_by(&mut self, order: impl Into<String>) {
        self.order = Some(order.into());
    }

    /// Adds a search in JQL that somebody else has written, and takes its order.
    ///
    /// It stays in parentheses of its own: one that would close them is refused, since it could undo what else must hold.
    pub(crate) fn and_native(&mut self, text: &str) -> Result<()> {
        let (clause, order) = parted(text)?;
        if !clause.trim().is_empty() {
            self.clauses.push(format!("({})", clause.trim()));
        }
        if let Some(order) = order {
            self.order = Some(order.trim().to_owned());
        }
        Ok(())
    }
}

impl std::fmt::Display for Jql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let clauses = if self.clauses.is_empty() { EVERYTHING.to_owned() } else { self.clauses.join(" AND ") };
        f.write_str(&clauses)?;
        match &self.order {
            Some(order) => write!(f, " ORDER BY {order}"),
            None => Ok(()),
        }
    }
}

/// Returns a value in quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns that a field has one of some values.
pub(crate) fn any_of<S: AsRef<str>>(field: &str, values: impl IntoIterator<Item = S>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| quoted(value.as_ref())).collect();
    format!("{field} IN ({})", values.join(", "))
}

/// Returns that an issue is one of some, by their native ids.
pub(crate) fn ids<S: AsRef<str>>(ids: impl IntoIterator<Item = S>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.as_ref().to_owned()).collect();
    format!("id IN ({})", ids.join(", "))
}

/// Returns a time as JQL takes it whatever the account's time zone: milliseconds, without quotes.
pub(crate) fn millis(time: Time) -> i64 {
    time.unix_millis()
}

/// Returns that a text has some words, as words and not as Lucene's syntax.
pub(crate) fn words(text: &str) -> Result<String> {
    let mut escaped = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !word.chars().any(char::is_alphanumeric) {
            continue;
        }
        if !escaped.is_empty() {
            escaped.push(' ');
        }
        // In capitals these join words.
        let word = if matches!(word, "AND" | "OR" | "NOT") { word.to_lowercase() } else { word.to_owned() };
        for character in word.chars() {
            if SPECIAL.contains(&character) {
                escaped.push('\\');
            }
            escaped.push(character);
        }
    }
    if escaped.is_empty() {
        return Err(Error::validation("there is no word to search for").with_hint("Name at least one word."));
    }
    Ok(format!("text ~ {}", quoted(&escaped)))
}

/// Parts JQL into what must hold and the order, and sees that every quote and parenthesis is closed.
fn parted(text: &str) -> Result<(&str, Option<&str>)> {
    let unclosed = |what: &str| {
        Error::validation(format!("the JQL has {what} that is not closed, or closes one that is not open"))
            .with_hint("Put texts into quotes, and escape a quote in them with a backslash.")
    };
    let (mut depth, mut quote, mut order) = (0_usize, None, None);
    let mut characters = text.char_indices();
    while let Some((place, character)) = characters.next() {
        match (quote, character) {
            (_, '\\') => drop(characters.next().ok_or_else(|| unclosed("an escape"))?),
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.checked_sub(1).ok_or_else(|| unclosed("a parenthesis"))?,
            (None, 'o' | 'O') if depth == 0 && order.is_none() => order = order_at(text, place),
            (None, _) => {}
        }
    }
    if quote.is_some() {
        return Err(unclosed("a quote"));
    }
    if depth != 0 {
        return Err(unclosed("a parenthesis"));
    }
    Ok(match order {
        Some((start, end)) => (&text[..start], Some(&text[end..])),
        None => (text, None),
    })
}

/// Returns where `order by` begins and ends, if it stands at that place as words of their own.
fn order_at(text: &str, place: usize) -> Option<(usize, usize)> {
    let is_own = text[..place].chars().next_back().is_none_or(|before| before.is_whitespace() || before == ')');
    let rest =
        text.get(place..place + 5).filter(|word| word.eq_ignore_ascii_case("order")).map(|_| &text[place + 5..])?;
    let by = rest.trim_start();
    let is_by = by.len() < rest.len() && by.get(..2).is_some_and(|word| word.eq_ignore_ascii_case("by"));
    let end = text.len() - by.len() + 2;
    let ends = text.get(end..).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    (is_own && is_by && ends).then_some((place, end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn native(text: &str) -> Result<String> {
        let mut jql = Jql::default();
        jql.and(any_of("project", ["OPS"]));
        jql.and_native(text)?;
        Ok(jql.to_string())
    }

    #[test]
    fn a_search_that_restricts_nothing_is_bounded() {
        let mut jql = Jql::default();
        assert_eq!(jql.to_string(), "key IS NOT EMPTY");
        jql.order_by("created DESC");
        assert_eq!(jql.to_string(), "key IS NOT EMPTY ORDER BY created DESC");
    }

    #[test]
    fn native_jql_keeps_its_order_and_cannot_undo_what_else_must_hold() {
        for (text, expected) in [
            ("status = Open", r#"project IN ("OPS") AND (status = Open)"#),
            (
                "status = Open OR a = 1 order by rank ASC",
                r#"project IN ("OPS") AND (status = Open OR a = 1) ORDER BY rank ASC"#,
            ),
            ("ORDER  BY created", r#"project IN ("OPS") ORDER BY created"#),
            (r#"text ~ "order by x)" and a = 1"#, r#"project IN ("OPS") AND (text ~ "order by x)" and a = 1)"#),
            (r#"text ~ "a\" order by b""#, r#"project IN ("OPS") AND (text ~ "a\" order by b")"#),
            ("(a = 1)ORDER BY b", r#"project IN ("OPS") AND ((a = 1)) ORDER BY b"#),
            ("border by = 1", r#"project IN ("OPS") AND (border by = 1)"#),
            ("orderby = 1", r#"project IN ("OPS") AND (orderby = 1)"#),
        ] {
            assert_eq!(native(text).unwrap(), expected, "{text}");
        }
        for text in ["a = 1) OR (b = 2", "(a = 1", r#"text ~ "a"#, "text ~ 'a", ")", r#"text ~ "a\""#] {
            assert_eq!(native(text).unwrap_err().kind(), usher_adapter_sdk::ErrorKind::Validation, "{text}");
        }
    }

    #[test]
    fn words_are_words_and_nothing_of_lucenes() {
        assert_eq!(words("payment  timeout").unwrap(), r#"text ~ "payment timeout""#);
        assert_eq!(words("C++ AND a:b \"x\"").unwrap(), r#"text ~ "C\\+\\+ and a\\:b \\\"x\\\"""#);
        assert!(words(" -- ").is_err());
    }

    /// Reads a quoted value as Jira does.
    fn unquoted(text: &str) -> Option<String> {
        let inner = text.strip_prefix('"')?.strip_suffix('"')?;
        let (mut value, mut characters) = (String::new(), inner.chars());
        while let Some(character) = characters.next() {
            match character {
                '"' => return None,
                '\\' => match characters.next()? {
                    'u' => {
                        let digits: String = characters.by_ref().take(4).collect();
                        value.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                    }
                    other => value.push(other),
                },
                other => value.push(other),
            }
        }
        Some(value)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_value_of_any_characters_is_one_value_and_comes_out_as_it_went_in(text in "(\\PC|[\"'\\\\()\n\t\u{0}u]){0,20}") {
            let written = quoted(&text);
            prop_assert_eq!(unquoted(&written), Some(text));
            prop_assert!(!written.chars().any(char::is_control));
        }

        #[test]
        fn any_words_stay_in_their_quotes(text in "(\\PC|[\"'\\\\() ]){0,20}") {
            if let Ok(clause) = words(&text) {
                prop_assert!(unquoted(clause.strip_prefix("text ~ ").unwrap()).is_some(), "{}", clause);
            }
        }

        #[test]
        fn native_jql_is_refused_or_stays_in_its_parentheses(text in "(order by|[a-z=()\"'\\\\ ]){0,16}") {
            if let Ok((clause, _)) = parted(&text) {
                let whole = format!("({clause}) AND x = 1");
                prop_assert!(parted(&whole).is_ok(), "{}", whole);
            }
        }
    }
}
