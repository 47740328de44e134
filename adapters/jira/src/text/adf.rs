//! Paragraphs of the Atlassian Document Format.

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use usher_adapter_sdk::{Error, Result};

use super::Rendered;

#[derive(Deserialize)]
struct Node {
    text: Option<String>,
    #[serde(default)]
    content: Vec<Node>,
}

pub(crate) fn to_markdown(document: &RawValue) -> Result<Rendered> {
    let document: Node = serde_json::from_str(document.get()).map_err(|error| Error::response_parse(&error))?;
    let paragraphs: Vec<String> = document.content.iter().map(text).collect();
    Ok(Rendered { markdown: paragraphs.join("\n\n"), lossy: Vec::new() })
}

pub(crate) fn from_markdown(markdown: &str) -> Value {
    let paragraphs = markdown.split("\n\n").filter(|text| !text.is_empty());
    let paragraphs: Vec<Value> =
        paragraphs.map(|text| json!({"type": "paragraph", "content": [{"type": "text", "text": text}]})).collect();
    json!({"type": "doc", "version": 1, "content": paragraphs})
}

fn text(node: &Node) -> String {
    node.text.clone().into_iter().chain(node.content.iter().map(text)).collect()
}
