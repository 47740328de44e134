//! Wiki markup, as plain text.

use usher_adapter_sdk::Result;

use super::Rendered;

pub(crate) fn to_markdown(text: &str) -> Result<Rendered> {
    Ok(Rendered { markdown: text.to_owned(), lossy: Vec::new() })
}

pub(crate) fn from_markdown(markdown: &str) -> String {
    markdown.to_owned()
}
