//! The language of a search: words, `qualifier:value`, quotes, a minus in front.

/// One word of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Term {
    /// Whether what fits is to be left out.
    pub(super) negated: bool,
    /// The word before the colon.
    pub(super) qualifier: Option<String>,
    /// What is looked for; of several one is enough.
    pub(super) values: Vec<String>,
}

/// Reads a query.
pub(super) fn terms(query: &str) -> Vec<Term> {
    words(query).iter().filter_map(|word| term(word)).collect()
}

/// Splits at spaces that are not in quotes.
fn words(query: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in query.chars() {
        match letter {
            '"' => quoted = !quoted,
            letter if letter.is_whitespace() && !quoted => {
                words.push(std::mem::take(&mut word));
                continue;
            }
            _ => {}
        }
        word.push(letter);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

fn term(word: &str) -> Option<Term> {
    // The operators of the advanced search stand between words; the fake takes AND, which is what a space means.
    if word == "AND" {
        return None;
    }
    let (negated, word) = word.strip_prefix('-').map_or((false, word), |rest| (true, rest));
    match word.split_once(':').filter(|(name, _)| !name.is_empty() && !name.contains('"')) {
        Some((name, values)) => Some(Term { negated, qualifier: Some(name.to_lowercase()), values: split(values) }),
        None => Some(Term { negated, qualifier: None, values: vec![word.replace('"', "")] }),
    }
}

/// Splits at commas that are not in quotes.
fn split(values: &str) -> Vec<String> {
    let mut quoted = false;
    let parts = values.split(move |letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    });
    parts.map(|part| part.replace('"', "")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_and_commas_together() {
        let terms = terms(r#"crash -label:"good first issue",bug repo:acme/app "two words""#);
        let term = |negated, qualifier: Option<&str>, values: &[&str]| Term {
            negated,
            qualifier: qualifier.map(str::to_owned),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let expected = vec![
            term(false, None, &["crash"]),
            term(true, Some("label"), &["good first issue", "bug"]),
            term(false, Some("repo"), &["acme/app"]),
            term(false, None, &["two words"]),
        ];
        assert_eq!(terms, expected);
    }
}
