//! Links that stand for what Markdown has no words for: people and files.

use std::borrow::Cow;

const MENTION: &str = "mention:";
const ATTACHMENT: &str = "attachment:";
const MEDIA: &str = "media:";

/// Returns the link that stands for a person.
pub(crate) fn mention(id: &str) -> String {
    let mut link = MENTION.to_owned();
    link.extend(form_urlencoded::byte_serialize(id.as_bytes()));
    link
}

/// Returns whose link it is, if it stands for a person.
pub(crate) fn mentioned(link: &str) -> Option<String> {
    let id = decoded(link.strip_prefix(MENTION)?)?;
    (!id.is_empty()).then_some(id)
}

/// Returns the link that stands for a file that hangs on the ticket, by its name.
pub(crate) fn attachment(name: &str) -> String {
    let mut link = ATTACHMENT.to_owned();
    link.extend(form_urlencoded::byte_serialize(name.as_bytes()));
    link
}

/// Returns the name of the file, if the link stands for one that hangs on the ticket.
pub(crate) fn attached(link: &str) -> Option<String> {
    let name = decoded(link.strip_prefix(ATTACHMENT)?)?;
    (!name.is_empty()).then_some(name)
}

/// A file of the platform's, by its id, with what else the document says of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Media {
    pub id: String,
    pub attributes: Vec<(String, String)>,
}

impl Media {
    /// Returns the file that a link stands for.
    pub(crate) fn of_link(link: &str) -> Option<Self> {
        let rest = link.strip_prefix(MEDIA)?;
        let (id, query) = rest.split_once('?').unwrap_or((rest, ""));
        let id = decoded(id).filter(|id| !id.is_empty())?;
        let attributes = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Some(Self { id, attributes })
    }

    /// Returns what the link says of it.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the link that stands for it.
    pub(crate) fn link(&self) -> String {
        let mut link = MEDIA.to_owned();
        link.extend(form_urlencoded::byte_serialize(self.id.as_bytes()));
        if !self.attributes.is_empty() {
            link.push('?');
            link.push_str(&form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.attributes).finish());
        }
        link
    }
}

/// Says whether Markdown takes `<url>` for a link, in a table's cell as well.
pub(crate) fn is_autolink(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    (2..=32).contains(&scheme.len())
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(letters)
        && !rest.contains(|character: char| {
            character.is_whitespace() || character.is_control() || matches!(character, '<' | '>' | '\\' | '|')
        })
}

/// Returns a name without line ends.
pub(crate) fn one_line(name: &str) -> Cow<'_, str> {
    if name.contains(['\n', '\r', '\0']) {
        return Cow::Owned(name.replace(['\n', '\r'], " ").replace('\0', "\u{fffd}"));
    }
    Cow::Borrowed(name)
}

/// Decodes what is encoded as a form's value is.
fn decoded(text: &str) -> Option<String> {
    if text.contains(['&', '=']) {
        return None;
    }
    form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned())
}
