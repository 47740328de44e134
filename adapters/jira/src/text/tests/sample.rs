//! Instances of a JSON schema, each drawn by a row of choices, so that whoever shrinks the row shrinks the instance.

use serde_json::{Map, Value, json};

/// A row of choices; behind its end every choice is the first one, which is the smallest.
pub(super) struct Choices<'a>(std::slice::Iter<'a, u8>);

impl<'a> Choices<'a> {
    pub(super) fn new(row: &'a [u8]) -> Self {
        Self(row.iter())
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0.next().map_or(0, |choice| usize::from(*choice) % count.max(1))
    }

    /// Returns some of these, one after the other.
    pub(super) fn text(&mut self, parts: &[&str], most: usize) -> String {
        let count = self.below(most + 1);
        (0..count).map(|_| parts[self.below(parts.len())]).collect()
    }
}

/// The schema of documents.
pub(super) fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../../tests/data/jira/adf-document.v1.schema.json")).unwrap()
}

/// Kinds of nodes and marks that Markdown has no words for, and values and attributes that it does not carry; sorted.
const LOSSY: &[&str] = &[
    "alignment",
    "annotation",
    "backgroundColor",
    "blockCard",
    "blockTaskItem",
    "bodiedExtension",
    "bodiedSyncBlock",
    "border",
    "breakout",
    "caption",
    "dataConsumer",
    "date",
    "decisionItem",
    "decisionList",
    "embedCard",
    "expand",
    "extension",
    "fontSize",
    "fragment",
    "indentation",
    "inlineExtension",
    "layoutColumn",
    "layoutSection",
    "mediaGroup",
    "nestedExpand",
    "placeholder",
    "status",
    "syncBlock",
    "table",
    "textColor",
];
const LOSSY_VALUES: &[&str] = &["custom", "external", "tip"];
const LOSSY_ATTRIBUTES: &[&str] = &[
    "background",
    "colspan",
    "colwidth",
    "data",
    "displayMode",
    "hideLineNumbers",
    "id",
    "isNumberColumnEnabled",
    "layout",
    "panelColor",
    "panelIcon",
    "panelIconId",
    "panelIconText",
    "rowspan",
    "valign",
    "width",
    "wrap",
];

/// Returns the part of the schema that Markdown has words for, whatever it says.
///
/// Tables have tests of their own: it depends on their cells.
pub(super) fn lossless(schema: &Value) -> Value {
    let mut part = schema.clone();
    let definitions = &mut part["definitions"];
    let only = |words: Value| json!({"type": "object", "required": words.as_object().unwrap().keys().collect::<Vec<_>>(), "properties": words});
    definitions["emoji_node"]["properties"]["attrs"] =
        only(json!({"shortName": {"enum": [":smile:"]}, "text": {"enum": ["🙂"]}}));
    let urls = ["https://x.test/a_b*c", "https://x.test/?q=1&amp;r=(2)"];
    definitions["inlineCard_node"]["properties"]["attrs"] = only(json!({"url": {"enum": urls}}));
    let link = &mut definitions["link_mark"]["properties"]["attrs"]["properties"];
    link.as_object_mut().unwrap().remove("collection");
    for kind in ["media_node", "mediaInline_node", "mediaSingle_node"] {
        definitions[kind]["properties"].as_object_mut().unwrap().remove("marks");
    }
    definitions["mention_node"]["properties"]["attrs"]["properties"]["id"] = json!({"enum": ["1", "a:b c&d/é"]});
    definitions["taskList_node"]["properties"]["content"]["items"] = json!({"$ref": "#/definitions/taskItem_node"});
    prune(schema, &mut part, "");
    part
}

fn prune(schema: &Value, part: &mut Value, name: &str) {
    if let Some(words) = part["enum"].as_array_mut() {
        words.retain(|word| !word.as_str().is_some_and(|word| LOSSY_VALUES.contains(&word)));
    }
    if let Some(all) = part["anyOf"].as_array_mut() {
        all.retain(|one| {
            let kind = &resolved(schema, one)["properties"]["type"]["enum"][0];
            !kind.as_str().is_some_and(|kind| LOSSY.contains(&kind) || LOSSY_VALUES.contains(&kind))
        });
        // Where nothing is left, nothing is drawn: only marks are like that.
        if all.is_empty() {
            *part = json!({"type": "array", "maxItems": 0});
        }
    }
    let required = part["required"].as_array().cloned().unwrap_or_default();
    if let Some(properties) = part["properties"].as_object_mut() {
        properties.retain(|name, _| required.contains(&json!(name)) || !LOSSY_ATTRIBUTES.contains(&name.as_str()));
        properties.iter_mut().for_each(|(name, property)| prune(schema, property, name));
    }
    if part["items"].is_array() {
        // A picture without its caption.
        part["items"].as_array_mut().unwrap().truncate(1);
        part["maxItems"] = json!(1);
    }
    let is_marks = name == "marks" && part["items"].is_object();
    match &mut part["items"] {
        Value::Null => {
            part.as_object_mut().unwrap().remove("items");
        }
        Value::Array(places) => places.iter_mut().for_each(|place| prune(schema, place, "")),
        items => {
            let lost = resolved(schema, items)["properties"]["type"]["enum"][0]
                .as_str()
                .is_some_and(|kind| LOSSY.contains(&kind));
            prune(schema, items, "");
            if is_marks && (lost || items["maxItems"] == 0) {
                part["maxItems"] = json!(0);
            }
        }
    }
    for member in ["definitions", "allOf"] {
        match &mut part[member] {
            Value::Object(members) => members.values_mut().for_each(|member| prune(schema, member, "")),
            Value::Array(members) => members.iter_mut().for_each(|member| prune(schema, member, "")),
            _ => {
                part.as_object_mut().unwrap().remove(member);
            }
        }
    }
    for member in ["anyOf", "enum", "properties", "required"] {
        if part[member].is_null() {
            part.as_object_mut().unwrap().remove(member);
        }
    }
}

/// Returns a document.
pub(super) fn document(schema: &Value, row: &[u8]) -> Value {
    instance(schema, &schema["definitions"]["doc_node"], "", &mut Choices::new(row))
}

fn instance(document: &Value, schema: &Value, name: &str, choices: &mut Choices<'_>) -> Value {
    let schema = resolved(document, schema);
    if let Some(words) = schema["enum"].as_array() {
        return words[choices.below(words.len())].clone();
    }
    if let Some(all) = schema["anyOf"].as_array() {
        return instance(document, &all[choices.below(all.len())], name, choices);
    }
    match schema["type"].as_str() {
        Some("object") => object(document, &schema, choices),
        Some("array") => array(document, &schema, name, choices),
        Some("string") => string(&schema, name, choices),
        Some("number") => {
            let least = schema["minimum"].as_u64().unwrap_or_default();
            let most = schema["maximum"].as_u64().unwrap_or(300);
            json!(least + choices.below((most - least + 1) as usize) as u64)
        }
        Some("boolean") => json!(choices.below(2) == 1),
        _ => [json!({}), json!({"title": "t", "url": "https://x.test/data"}), json!(3)][choices.below(3)].clone(),
    }
}

/// Follows references, and joins what must hold together; what comes later is narrower.
fn resolved(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return resolved(document, document.pointer(reference.trim_start_matches('#')).unwrap());
    }
    let Some(all) = schema["allOf"].as_array() else { return schema.clone() };
    let mut joined = json!({"type": "object", "properties": {}, "required": []});
    for part in all {
        let part = resolved(document, part);
        // What allows no others is only narrowed by what comes after it.
        let is_closed = all[0]["$ref"].is_string() && resolved(document, &all[0])["additionalProperties"] == false;
        let known = joined["properties"].as_object().unwrap().clone();
        let properties = part["properties"].as_object().unwrap().iter();
        for (name, property) in
            properties.filter(|(name, _)| known.is_empty() || !is_closed || known.contains_key(*name))
        {
            joined["properties"][name] = property.clone();
        }
        let required = part["required"].as_array().cloned().unwrap_or_default();
        joined["required"].as_array_mut().unwrap().extend(required);
    }
    joined
}

fn object(document: &Value, schema: &Value, choices: &mut Choices<'_>) -> Value {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut object = Map::new();
    for (name, property) in schema["properties"].as_object().unwrap_or(&Map::new()) {
        let is_content = name == "content" && choices.below(8) != 1;
        if is_content || required.contains(&json!(name)) || choices.below(4) == 1 {
            object.insert(name.clone(), instance(document, property, name, choices));
        }
    }
    Value::Object(object)
}

fn array(document: &Value, schema: &Value, name: &str, choices: &mut Choices<'_>) -> Value {
    let least = schema["minItems"].as_u64().unwrap_or_default() as usize;
    let most = schema["maxItems"].as_u64().map_or(least + 3, |most| most as usize);
    let count = least + choices.below(most - least + 1);
    let items = (0..count).filter_map(|at| match &schema["items"] {
        Value::Array(places) => places.get(at).map(|place| instance(document, place, name, choices)),
        Value::Null => None,
        place => Some(instance(document, place, name, choices)),
    });
    let mut items: Vec<Value> = items.collect();
    if name == "marks" {
        // The schema lets a mark stand twice; nobody sends that.
        let mut kinds = std::collections::BTreeSet::new();
        items.retain(|mark| kinds.insert(mark["type"].to_string()));
    }
    Value::Array(items)
}

fn string(schema: &Value, name: &str, choices: &mut Choices<'_>) -> Value {
    const TARGETS: &[&str] = &[
        "https://x.test/",
        "a b",
        "(",
        ")",
        "&amp;",
        "<",
        ">",
        "\\",
        "?q=1&r",
        "é",
        "#",
        "*",
        "_",
        "|",
        "\"",
        "`",
        "]",
    ];
    if let Some(pattern) = schema["pattern"].as_str() {
        return json!(if pattern.contains("neutral") { "neutral" } else { "#1f2e3d" });
    }
    let text = match name {
        "href" | "url" => format!("https://x.test/{}", choices.text(TARGETS, 4)),
        "timestamp" => format!("{}", 1_700_000_000_000_u64 + choices.below(200) as u64 * 86_400_000),
        _ => choices.text(super::PARTS, 5),
    };
    let is_short = text.len() < schema["minLength"].as_u64().unwrap_or_default() as usize;
    json!(if is_short { "a".to_owned() } else { text })
}

/// Returns the kinds of nodes and marks that a schema has.
pub(super) fn kinds(schema: &Value) -> Vec<String> {
    let definitions = schema["definitions"].as_object().unwrap().values();
    let kinds = definitions.filter_map(|definition| definition["properties"]["type"]["enum"][0].as_str());
    let mut kinds: Vec<String> = kinds.map(str::to_owned).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}
