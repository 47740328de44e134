//! What a document says, independent of how the conversion sees it: its nodes, and each visible character with its
//! marks.

use std::collections::BTreeSet;

use serde_json::Value;

const BOOKKEEPING: &[&str] = &["accessLevel", "localId", "occurrenceKey", "uniqueId", "userType"];

/// Returns a line for each node that is not text, and for each character that can be seen.
pub(super) fn of(document: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    node(document, 0, &mut lines);
    lines
}

fn node(node_: &Value, depth: usize, lines: &mut Vec<String>) {
    let kind = node_["type"].as_str().unwrap();
    match kind {
        "text" => return characters(node_["text"].as_str().unwrap(), &marks(node_), depth, lines),
        "emoji" => return characters(node_["attrs"]["text"].as_str().unwrap_or_default(), "", depth, lines),
        "hardBreak" => return,
        "codeBlock" => {
            let text: String =
                node_["content"].as_array().into_iter().flatten().map(|text| text["text"].as_str().unwrap()).collect();
            let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
            let language = node_["attrs"]["language"].as_str().unwrap_or_default();
            let language = language.replace(['\n', '\r', '\0', '\t'], " ").trim().to_owned();
            return lines.push(format!("{depth} code {language:?} {text:?}"));
        }
        _ => {}
    }
    let before = lines.len();
    lines.push(format!("{depth} {kind} {} {}", attributes(kind, &node_["attrs"]), marks(node_)));
    for child in node_["content"].as_array().into_iter().flatten() {
        node(child, depth + 1, lines);
    }
    if lines.len() == before + 1 && matches!(kind, "heading" | "paragraph") {
        lines.pop();
    }
    // Rows are filled up with cells that say nothing.
    let empty = [format!("{} tableCell  ", depth + 1), format!("{} tableHeader  ", depth + 1)];
    while kind == "tableRow" && lines.last().is_some_and(|line| empty.contains(line)) {
        lines.pop();
    }
}

fn characters(text: &str, marks: &str, depth: usize, lines: &mut Vec<String>) {
    let visible = text.chars().filter(|character| !character.is_whitespace());
    lines.extend(
        visible.map(|character| format!("{depth} {} {marks}", character.to_string().replace('\0', "\u{fffd}"))),
    );
}

fn marks(node: &Value) -> String {
    let marks = node["marks"].as_array().into_iter().flatten();
    let marks: BTreeSet<String> =
        marks.map(|mark| format!("{}{}", mark["type"].as_str().unwrap(), attributes("", &mark["attrs"]))).collect();
    Vec::from_iter(marks).join(" ")
}

/// Returns what attributes say; the usual is the same as nothing.
fn attributes(kind: &str, attributes: &Value) -> String {
    let said = attributes.as_object().into_iter().flatten().filter(|(name, value)| {
        let is_usual = value.is_null()
            || *value == ""
            || match (kind, name.as_str()) {
                ("orderedList" | "tableCell" | "tableHeader", _) => *value == 1,
                ("mediaSingle", "layout") => *value == "center",
                ("table", _) => *value == "default" || *value == false,
                ("mention", "text") => {
                    let named = attributes["id"].as_str().map(|id| format!("@{}", one_line(id)));
                    value.as_str() == named.as_deref()
                }
                _ => false,
            };
        !BOOKKEEPING.contains(&name.as_str()) && !is_usual
    });
    let mut said: Vec<String> = said
        .map(|(name, value)| match value {
            // A name stands in one line.
            Value::String(text) => {
                format!("{name}={:?}", one_line(text))
            }
            value => format!("{name}={value}"),
        })
        .collect();
    said.sort();
    said.join(",")
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('\0', "\u{fffd}")
}
