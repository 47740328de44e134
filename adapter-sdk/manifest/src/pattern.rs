//! The small languages of the detection tables: hosts, paths and regular expressions.

use crate::template::is_name;
use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How long a regular expression may be, in bytes.
const PATTERN_LENGTH: usize = 1_024;
/// How much memory a compiled expression may take.
const PATTERN_SIZE: usize = 256 * 1_024;

/// A regular expression that must fit a whole text; its named groups become captures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    groups: Vec<String>,
}

/// Which hosts a row of the URL table speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum HostPattern {
    /// Any host: the shape is recognised, but only a connection to that host fits.
    Any,
    /// Any host, captured under this name.
    AnyCaptured(String),
    /// The host and port of an address of a connection; the path is what stands below it.
    Connection,
    /// No host at all, as in `vstfs:///…`.
    None,
    /// This host, label by label.
    Named(Vec<Label>),
}

/// One label of a host name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Label {
    /// Exactly this text, in lower case.
    Literal(String),
    /// Any one label, captured under this name.
    Capture(String),
}

/// Which paths a row of the URL table speaks of, segment by segment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PathPattern {
    text: String,
    /// Any number of segments may stand before.
    pub any_before: bool,
    /// The segments that must be there.
    pub segments: Vec<Segment>,
    /// Any number of segments may follow.
    pub any_after: bool,
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Segment {
    /// Exactly this text.
    Literal(String),
    /// Any one segment.
    One,
    /// One segment with a capture in it.
    Capture {
        /// Text before the capture.
        prefix: String,
        /// Name of the capture.
        name: String,
        /// Text after the capture.
        suffix: String,
    },
}

impl Pattern {
    /// Returns the pattern, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > PATTERN_LENGTH {
            return Err(format!("a pattern of {} bytes, at most {PATTERN_LENGTH} are allowed", text.len()));
        }
        let invalid = |error| format!("not a valid pattern: {error}");
        // The bare text: `a)(b` would become valid inside the anchoring group.
        let regex = compile(text).map_err(invalid)?;
        let groups = regex.capture_names().flatten().map(str::to_owned);
        let pattern = Self { text: text.to_owned(), groups: groups.collect() };
        // A comment under the flag `x` would swallow the anchor.
        if text.contains('#') {
            pattern.compile().map_err(invalid)?;
        }
        Ok(pattern)
    }

    /// Returns the pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the compiled expression, anchored at both ends.
    pub fn compile(&self) -> Result<Regex, regex_lite::Error> {
        compile(&self.anchored())
    }

    /// Returns the compiled expression, which may fit anywhere in a text.
    pub fn compile_unanchored(&self) -> Result<Regex, regex_lite::Error> {
        compile(&self.text)
    }

    /// Returns the names of the groups, in order.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    fn anchored(&self) -> String {
        format!(r"\A(?:{})\z", self.text)
    }
}

impl HostPattern {
    /// Returns the pattern that a text spells, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "any" => Ok(Self::Any),
            "connection" => Ok(Self::Connection),
            "none" => Ok(Self::None),
            _ => match text.strip_prefix("{**").and_then(|rest| rest.strip_suffix('}')) {
                Some(name) if is_name(name) => Ok(Self::AnyCaptured(name.to_owned())),
                _ => text.split('.').map(|part| label(text, part)).collect::<Result<_, _>>().map(Self::Named),
            },
        }
    }

    /// Returns whether every host fits.
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any | Self::AnyCaptured(_))
    }

    /// Returns the names of the captures.
    pub fn captures(&self) -> impl Iterator<Item = &str> {
        let (labels, whole): (&[Label], Option<&str>) = match self {
            Self::Named(labels) => (labels, None),
            Self::AnyCaptured(name) => (&[], Some(name)),
            _ => (&[], None),
        };
        let labels = labels.iter().filter_map(|label| match label {
            Label::Capture(name) => Some(name.as_str()),
            Label::Literal(_) => None,
        });
        labels.chain(whole)
    }
}

impl PathPattern {
    /// Returns the pattern that a text spells, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some(below) = text.strip_prefix('/') else {
            return Err(format!("path `{text}` does not begin with `/`"));
        };
        let below = below.strip_suffix('/').unwrap_or(below);
        let mut words: Vec<&str> = below.split('/').collect();
        if below.is_empty() {
            words.clear();
        }
        let any_before = words.len() > 1 && words[0] == "**";
        if any_before {
            words.remove(0);
        }
        let any_after = words.last() == Some(&"**");
        if any_after {
            words.pop();
        }
        let segments = words.into_iter().map(|word| segment(text, word)).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), any_before, segments, any_after })
    }

    /// Returns the pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the names of the captures.
    pub fn captures(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Capture { name, .. } => Some(name.as_str()),
            _ => None,
        })
    }
}

impl std::fmt::Display for HostPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let labels = match self {
            Self::Any => return f.write_str("any"),
            Self::AnyCaptured(name) => return write!(f, "{{**{name}}}"),
            Self::Connection => return f.write_str("connection"),
            Self::None => return f.write_str("none"),
            Self::Named(labels) => labels,
        };
        for (place, label) in labels.iter().enumerate() {
            f.write_str(if place > 0 { "." } else { "" })?;
            match label {
                Label::Literal(text) => f.write_str(text)?,
                Label::Capture(name) => write!(f, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for HostPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for PathPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => serializer.serialize_str(&self.text),
            false => (&self.text, &self.groups).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Pattern {
    /// What people write is compiled, to see that it can be. The binary form is written from patterns that were, see
    /// [`crate::Manifest::to_binary`], and compiling them is most of what reading a manifest costs.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            return Self::parse(&text).map_err(serde::de::Error::custom);
        }
        let (text, groups) = Deserialize::deserialize(deserializer)?;
        Ok(Self { text, groups })
    }
}

impl Serialize for HostPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for PathPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// Returns whether a text is a host name without scheme, port or path.
pub(crate) fn check_host(text: &str) -> Result<(), String> {
    text.split('.').try_for_each(|part| literal(text, part))
}

fn compile(text: &str) -> Result<Regex, regex_lite::Error> {
    RegexBuilder::new(text).size_limit(PATTERN_SIZE).build()
}

fn label(host: &str, part: &str) -> Result<Label, String> {
    match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
        Some(name) if is_name(name) => Ok(Label::Capture(name.to_owned())),
        _ => literal(host, part).map(|()| Label::Literal(part.to_owned())),
    }
}

fn literal(host: &str, part: &str) -> Result<(), String> {
    let plain = !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
    if plain {
        return Ok(());
    }
    Err(format!(
        "`{host}` is not a host: write the bare name in lower case, without scheme, port or path, \
         non-ASCII names in their `xn--` form, `{{name}}` for one label, or `connection`, `any`, `{{**name}}`, `none`"
    ))
}

fn segment(path: &str, word: &str) -> Result<Segment, String> {
    match word {
        "" => return Err(format!("path `{path}` has an empty segment")),
        "*" => return Ok(Segment::One),
        "**" => {
            return Err(format!("`**` may stand first or last in a path, not in the middle as in `{path}`"));
        }
        _ => {}
    }
    let Some((prefix, rest)) = word.split_once('{') else {
        return plain(path, word).map(|()| Segment::Literal(word.to_owned()));
    };
    let Some((name, suffix)) = rest.split_once('}') else {
        return Err(format!("`{{` without `}}` in path `{path}`"));
    };
    if !is_name(name) {
        return Err(format!("`{{{name}}}` in path `{path}` is not a name"));
    }
    plain(path, prefix)?;
    plain(path, suffix)?;
    Ok(Segment::Capture { prefix: prefix.to_owned(), name: name.to_owned(), suffix: suffix.to_owned() })
}

fn plain(path: &str, text: &str) -> Result<(), String> {
    if text.contains(['{', '}']) {
        return Err(format!("a segment holds at most one `{{capture}}`, see path `{path}`"));
    }
    if text.contains(['*', '?', '#', '%']) {
        return Err(format!(
            "path `{path}`: `*` and `**` are whole segments; `?` and `#` belong to `query` and `fragment`; write decoded text instead of `%xx`"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_words_or_labels() {
        assert_eq!(HostPattern::parse("any"), Ok(HostPattern::Any));
        let site = HostPattern::parse("{site}.atlassian.net").unwrap();
        assert_eq!(site.captures().collect::<Vec<_>>(), ["site"]);
        assert_eq!(site.to_string(), "{site}.atlassian.net");
        let whole = HostPattern::parse("{**site}").unwrap();
        assert_eq!((whole.captures().collect::<Vec<_>>(), whole.to_string().as_str()), (vec!["site"], "{**site}"));
    }

    #[test]
    fn host_with_scheme_slash_port_or_capital_is_refused() {
        for text in ["https://a.example", "a.example/b", "a:1", "A.example", "", "a..b", "{a}{b}.c"] {
            let error = HostPattern::parse(text).unwrap_err();
            assert!(error.contains("is not a host"), "{text}: {error}");
        }
    }

    #[test]
    fn path_keeps_segments_and_open_ends() {
        let path = PathPattern::parse("/**/a/{b}.json/*/**").unwrap();
        assert!(path.any_before && path.any_after);
        assert_eq!(path.segments.len(), 3);
        assert_eq!(path.captures().collect::<Vec<_>>(), ["b"]);
        assert_eq!(PathPattern::parse("/").unwrap().segments.len(), 0);
    }

    #[test]
    fn malformed_paths_are_refused_with_a_reason() {
        for (text, reason) in [
            ("a", "does not begin with `/`"),
            ("/a/**/b", "not in the middle"),
            ("/a//b", "an empty segment"),
            ("/{a}{b}", "at most one"),
            ("/{a", "without `}`"),
            ("/a*", "whole segments"),
            ("/a%20b", "write decoded text"),
        ] {
            let error = PathPattern::parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn patterns_that_are_broken_or_too_large_are_refused() {
        for text in ["(", "a)(b", "(?<a>x)(?<a>y)", "(?=x)", "[a-z]{1000}{1000}"] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
        assert!(Pattern::parse(&"a".repeat(2_000)).is_err());
    }
}
