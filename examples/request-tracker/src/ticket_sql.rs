//! TicketSQL: conditions of a search, and how a text stands in one without becoming part of it.
//!
//! <https://docs.bestpractical.com/rt/5.0/query_builder.html>

/// Returns a text as a string of TicketSQL: a quote or a backslash in it ends nothing.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        if matches!(character, '\'' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('\'');
    quoted
}

/// Returns the condition that any of these texts is the value of a field.
pub(crate) fn any_of<S: AsRef<str>>(field: &str, values: impl IntoIterator<Item = S>) -> String {
    let conditions = values.into_iter().map(|value| format!("{field} = {}", quoted(value.as_ref())));
    format!("({})", conditions.collect::<Vec<_>>().join(" OR "))
}

/// Returns the condition that every word is in the title or in a message.
pub(crate) fn words(text: &str) -> Option<String> {
    let condition = |word: &str| {
        let word = quoted(word);
        format!("(Subject LIKE {word} OR Content LIKE {word})")
    };
    let conditions: Vec<String> = text.split_whitespace().map(condition).collect();
    (!conditions.is_empty()).then(|| conditions.join(" AND "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a string as Request Tracker's parser does: to the next quote that no backslash is before.
    fn read(text: &str) -> Option<(String, &str)> {
        let mut rest = text.strip_prefix('\'')?;
        let mut read = String::new();
        loop {
            let mut characters = rest.chars();
            match characters.next()? {
                '\'' => return Some((read, characters.as_str())),
                '\\' => read.push(characters.next()?),
                other => read.push(other),
            }
            rest = characters.as_str();
        }
    }

    /// Returns a condition with `?` in place of each string, and the strings.
    fn parted(condition: &str) -> Option<(String, Vec<String>)> {
        let (mut rest, mut frame, mut strings) = (condition, String::new(), Vec::new());
        while let Some(place) = rest.find('\'') {
            let (string, behind) = read(&rest[place..])?;
            frame.push_str(&rest[..place]);
            frame.push('?');
            strings.push(string);
            rest = behind;
        }
        frame.push_str(rest);
        Some((frame, strings))
    }

    proptest! {
        #[test]
        fn whatever_a_text_holds_it_stays_one_string(text in r#"(['\\"() =<>%;#-]|OR|AND|id|\PC){0,40}"#) {
            let string = quoted(&text);
            prop_assert_eq!(read(&string), Some((text.clone(), "")));
            // Nothing that stands behind it is drawn in, and nothing of it gets out.
            let condition = format!("{} AND {}", any_of("Queue", [text.as_str(), "b"]), any_of("Status", ["open", text.as_str()]));
            let frame = "(Queue = ? OR Queue = ?) AND (Status = ? OR Status = ?)".to_owned();
            let strings = [text.as_str(), "b", "open", text.as_str()].map(str::to_owned).to_vec();
            prop_assert_eq!(parted(&condition), Some((frame, strings)));
        }

        #[test]
        fn words_of_any_text_are_conditions_that_they_do_not_change(text in r#"(['\\"() =<>%;#-]|OR|AND|id|\PC){0,40}"#) {
            let own: Vec<String> = text.split_whitespace().flat_map(|word| [word.to_owned(), word.to_owned()]).collect();
            let frame = vec!["(Subject LIKE ? OR Content LIKE ?)"; own.len() / 2].join(" AND ");
            let expected = (!own.is_empty()).then_some((frame, own));
            prop_assert_eq!(words(&text).as_deref().and_then(parted), expected);
        }
    }

    #[test]
    fn quotes_and_backslashes_end_no_string() {
        for text in ["", "a", "O'Brien", r"\", r"\'", r"x\' OR id > 0 OR Subject = \'", "' OR 1=1 --", "«Größe»\n"]
        {
            assert_eq!(read(&quoted(text)), Some((text.to_owned(), "")), "{text}");
        }
    }

    #[test]
    fn every_word_must_be_there_and_no_words_are_no_condition() {
        assert_eq!(
            words(" it's done ").unwrap(),
            r"(Subject LIKE 'it\'s' OR Content LIKE 'it\'s') AND (Subject LIKE 'done' OR Content LIKE 'done')"
        );
        assert_eq!(words("  "), None);
        assert_eq!(any_of("Queue", ["a", "b"]), "(Queue = 'a' OR Queue = 'b')");
    }
}
