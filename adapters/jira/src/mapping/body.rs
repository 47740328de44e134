//! Bodies: a document on Cloud, wiki markup elsewhere. Which of them it is shows in the JSON itself.

use serde::Serialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Result, decode,
    model::{Json, RichText, TextFormat},
};

use crate::{
    site::Edition,
    text::{self, Written},
};

/// Returns a body as Markdown, with Jira's own form beside it and what that lost.
pub(crate) fn rich_text(body: &RawValue) -> Result<RichText> {
    if body.get().starts_with('"') {
        let wiki: String = decode::json(body.get().as_bytes())?;
        let text::Rendered { markdown, lossy } = text::wiki::to_markdown(&wiki)?;
        return Ok(RichText::converted(markdown, TextFormat::Wiki, wiki).with_lossy(lossy));
    }
    let text::Rendered { markdown, lossy } = text::adf::to_markdown(body)?;
    Ok(RichText::converted(markdown, TextFormat::Adf, body.get()).with_lossy(lossy))
}

/// A body as Jira takes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Body {
    /// A document of the Atlassian Document Format.
    Document(Json),
    /// Wiki markup.
    Wiki(String),
}

impl Body {
    /// Returns a body in the form of that edition; one that is in it already stays as it is.
    pub(crate) fn of(body: &RichText, edition: Edition) -> Result<Written<Self>> {
        match (edition, &body.format, &body.native) {
            (Edition::Cloud, TextFormat::Adf, Some(native)) => {
                Ok(Written::exactly(Self::Document(Json::parse(native)?)))
            }
            (Edition::DataCenter, TextFormat::Wiki, Some(native)) => Ok(Written::exactly(Self::Wiki(native.clone()))),
            _ => Self::of_markdown(&body.markdown, edition),
        }
    }

    /// Writes Markdown in the form of that edition.
    pub(crate) fn of_markdown(markdown: &str, edition: Edition) -> Result<Written<Self>> {
        match edition {
            Edition::Cloud => Ok(text::adf::from_markdown(markdown)?.map(Self::Document)),
            Edition::DataCenter => Ok(text::wiki::from_markdown(markdown).map(Self::Wiki)),
        }
    }
}
