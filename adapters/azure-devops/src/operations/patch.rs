//! JSON Patch, in which Azure DevOps is told what becomes of a work item.
//!
//! <https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/update>

use serde::Serialize;
use usher_adapter_html::Written;
use usher_adapter_sdk::{Result, model::Json};

use crate::{AzureDevOps, mapping};

/// One thing that is done, or that must hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Operation {
    op: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Json>,
}

impl Operation {
    /// Sets a value, also where there is one.
    pub(super) fn add<T: Serialize + ?Sized>(path: impl Into<String>, value: &T) -> Result<Self> {
        Ok(Self { op: "add", path: path.into(), value: Some(Json::of(value)?) })
    }

    /// Sets a field.
    pub(super) fn field<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Self> {
        Self::add(format!("/fields/{name}"), value)
    }

    /// Empties a field.
    pub(super) fn clear(name: &str) -> Self {
        Self { op: "remove", path: format!("/fields/{name}"), value: None }
    }

    /// Takes a relation away, by its place in the list.
    pub(super) fn unlink(place: usize) -> Self {
        Self { op: "remove", path: format!("/relations/{place}"), value: None }
    }

    /// Does nothing of all this unless it is that revision.
    pub(super) fn only_at(revision: u64) -> Result<Self> {
        Ok(Self { op: "test", path: "/rev".to_owned(), value: Some(Json::of(&revision)?) })
    }

    /// Makes a relation to a work item.
    pub(super) fn link(azure: &AzureDevOps, rel: &str, number: u64) -> Result<Self> {
        Self::add("/relations/-", &NewLink { rel, url: azure.site.resource(number) })
    }

    /// Says that a text is Markdown, which has to be said with each change of it.
    pub(super) fn is_markdown(field: &str) -> Result<Self> {
        Self::add(format!("/multilineFieldsFormat/{field}"), "Markdown")
    }
}

/// A relation to a work item.
#[derive(Serialize)]
struct NewLink<'a> {
    rel: &'a str,
    url: String,
}

/// How the texts of a field are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Texts {
    Plain,
    Html,
    Markdown,
}

/// Returns a text in Markdown as the HTML that a field holds, and what that loses; none where the value is no text.
pub(super) fn html(value: &Json) -> Option<Written> {
    serde_json::from_str::<String>(value.as_str()).ok().map(|text| mapping::from_markdown(&text))
}
