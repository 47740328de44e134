//! Templates such as `{owner}/{repo}#{number}` or `Basic {pair|base64}`: text with named slots and filters.

use crate::encoding::{base64, percent_decode_fully};
use crate::error::unknown;
use serde::{Deserialize, Serialize, Serializer};

/// Text with named slots, written `{name}` or `{name|filter}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

/// One piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Text that is copied.
    Literal(String),
    /// A place that is filled.
    Slot {
        /// Whose value goes here.
        name: String,
        /// What happens to the value on its way, in order.
        filters: Vec<Filter>,
    },
}

/// What can be done to a value before it is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Filter {
    /// Standard base64 with padding.
    Base64,
    /// Percent-decoding until nothing changes, for values that were encoded twice.
    Decode,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
}

/// Filters by name, sorted.
const FILTERS: &[(&str, Filter)] =
    &[("base64", Filter::Base64), ("decode", Filter::Decode), ("lower", Filter::Lower), ("upper", Filter::Upper)];

impl Template {
    /// Returns the template that a text spells, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (literal, tail) = rest.split_at(open);
            if tail.starts_with('}') {
                return Err(format!("`}}` without `{{` in `{text}`"));
            }
            let Some(close) = tail.find('}') else {
                return Err(format!("`{{` without `}}` in `{text}`"));
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            parts.push(slot(&tail[1..close])?);
            rest = &tail[close + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        if parts.is_empty() {
            return Err("an empty template".to_owned());
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// Returns the template as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the pieces in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Returns the names of the slots in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::Slot { name, .. } => Some(name.as_str()),
        })
    }

    /// Returns the filled text, or nothing when a value is missing or cannot be decoded.
    pub fn render(&self, value: impl Fn(&str) -> Option<String>) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Slot { name, filters } => {
                    let filled = filters.iter().try_fold(value(name)?, |value, filter| filter.apply(value))?;
                    text.push_str(&filled);
                }
            }
        }
        Some(text)
    }
}

impl Filter {
    fn apply(self, value: String) -> Option<String> {
        match self {
            Self::Base64 => Some(base64(value.as_bytes())),
            Self::Decode => percent_decode_fully(&value),
            Self::Lower => Some(value.to_lowercase()),
            Self::Upper => Some(value.to_uppercase()),
        }
    }
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// Returns whether a word may name a capture, a field or a variable.
pub(crate) fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Returns the slot that stands between two braces.
fn slot(inside: &str) -> Result<Part, String> {
    let mut words = inside.split('|').map(str::trim);
    let name = words.next().unwrap_or_default();
    if !is_name(name.strip_prefix("config.").unwrap_or(name)) {
        return Err(format!("`{{{inside}}}` is not `{{name}}` or `{{name|filter}}`"));
    }
    let filters = words.map(filter).collect::<Result<_, _>>()?;
    Ok(Part::Slot { name: name.to_owned(), filters })
}

fn filter(word: &str) -> Result<Filter, String> {
    let known = FILTERS.iter().find(|(name, _)| *name == word);
    known.map(|(_, filter)| *filter).ok_or_else(|| {
        let names: Vec<&str> = FILTERS.iter().map(|(name, _)| *name).collect();
        unknown("filter", word, &names)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(template: &str) -> Option<String> {
        let template = Template::parse(template).unwrap();
        template.render(|name| (name != "absent").then(|| format!("<{name}>")))
    }

    #[test]
    fn slots_are_filled_and_filters_applied_in_order() {
        assert_eq!(render("{a}/{b|upper}#").as_deref(), Some("<a>/<B>#"));
        assert_eq!(render("{user|upper|base64}").as_deref(), Some("PFVTRVI+"));
        assert_eq!(render("{a}{absent}"), None);
    }

    #[test]
    fn malformed_templates_are_refused_with_a_reason() {
        for (text, reason) in [
            ("", "an empty template"),
            ("{a", "`{` without `}` in `{a`"),
            ("a}", "`}` without `{` in `a}`"),
            ("{}", "`{}` is not `{name}` or `{name|filter}`"),
            ("{a|loud}", "unknown filter `loud`, expected one of `base64`, `decode`, `lower`, `upper`"),
        ] {
            assert_eq!(Template::parse(text), Err(reason.to_owned()));
        }
    }

    #[test]
    fn filters_are_sorted_by_name() {
        assert!(FILTERS.is_sorted_by_key(|(name, _)| *name));
    }
}
