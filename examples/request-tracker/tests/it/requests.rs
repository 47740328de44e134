//! What REST2 takes, as a table: every request of every test is compared with it.
//!
//! Request Tracker publishes no schema. This is what its documentation says (<https://docs.bestpractical.com/rt/5.0/RT/REST2.html>),
//! and what a real 5.0.3 took.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use usher_adapter_sdk::host::{Method, RequestHead};

use crate::server::{Asked, URL};

/// A request: method and path, with `{}` for a number; what its query takes; and what its JSON takes, if it has any.
type Described = (&'static str, &'static [(&'static str, Kind)], Option<&'static [(&'static str, Kind)]>);

/// What a value can be.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Digits, in JSON also a number.
    Number,
    Text,
    /// Some of these, with commas.
    Names(&'static str),
    /// A list of texts.
    Texts,
    /// A text or a list of texts for each custom field.
    Fields,
}
use Kind::{Fields, Names, Number, Text, Texts};

const REQUESTS: &[Described] = &[
    ("GET rt", &[], None),
    ("GET tickets", IN_LISTS, None),
    ("POST ticket", &[], Some(NEW)),
    ("GET ticket/{}", BESIDE, None),
    ("PUT ticket/{}", &[], Some(CHANGED)),
    ("PUT ticket/{}/steal", &[], Some(&[])),
    ("PUT ticket/{}/take", &[], Some(&[])),
    ("POST ticket/{}/comment", &[], Some(MESSAGE)),
    ("POST ticket/{}/correspond", &[], Some(MESSAGE)),
    (
        "GET ticket/{}/history",
        &[("fields", Names("Type,Creator,Created")), ("page", Number), ("per_page", Number)],
        None,
    ),
    ("GET ticket/{}/attachments", PARTS, None),
    ("GET transaction/{}", &[], None),
    ("GET transaction/{}/attachments", PARTS, None),
    ("GET attachment/{}", &[], None),
    ("POST attachments", &[("fields", Names("ContentType,Content")), ("per_page", Number)], Some(CONDITION)),
    ("GET queues/all", &[("fields", Names("Name,Lifecycle")), ("page", Number), ("per_page", Number)], None),
    ("GET queue/{}/customfields", OF_QUEUES, None),
    ("GET customfield/{}", &[], None),
];

const BESIDE: &[(&str, Kind)] = &[("fields[Queue]", Names("Name")), ("fields[Owner]", Names("RealName,EmailAddress"))];
const IN_LISTS: &[(&str, Kind)] = &[
    ("query", Text),
    ("orderby", Names("id,Created,LastUpdated")),
    ("order", Names("ASC,DESC")),
    ("per_page", Number),
    ("page", Number),
    (
        "fields",
        Names(
            "Subject,Status,Type,Queue,Owner,Requestor,Cc,AdminCc,Creator,LastUpdatedBy,Created,LastUpdated,Resolved,Due,Starts,\
             Started,Told,Priority,InitialPriority,FinalPriority,TimeEstimated,TimeWorked,TimeLeft,CustomFields",
        ),
    ),
    ("fields[Queue]", Names("Name")),
    ("fields[Owner]", Names("RealName,EmailAddress")),
];
const PARTS: &[(&str, Kind)] = &[
    ("fields", Names("Filename,ContentType,ContentLength,TransactionId,Creator,Created")),
    ("page", Number),
    ("per_page", Number),
];
const OF_QUEUES: &[(&str, Kind)] =
    &[("fields", Names("Name,Type,MaxValues,Pattern")), ("page", Number), ("per_page", Number)];
const NEW: &[(&str, Kind)] = &[
    ("Queue", Text),
    ("Subject", Text),
    ("Content", Text),
    ("ContentType", Names("text/plain,text/html")),
    ("Status", Text),
    ("Priority", Number),
    ("Owner", Text),
    ("Requestor", Texts),
    ("Due", Text),
    ("TimeEstimated", Number),
    ("CustomFields", Fields),
    ("MemberOf", Texts),
    ("DependsOn", Texts),
    ("DependedOnBy", Texts),
    ("RefersTo", Texts),
];
const CHANGED: &[(&str, Kind)] = &[
    ("Queue", Text),
    ("Subject", Text),
    ("Status", Text),
    ("Priority", Number),
    ("Owner", Text),
    ("Requestor", Texts),
    ("Due", Text),
    ("TimeEstimated", Number),
    ("CustomFields", Fields),
    ("AddMemberOf", Texts),
    ("AddDependsOn", Texts),
    ("AddDependedOnBy", Texts),
    ("AddRefersTo", Texts),
    ("DeleteMemberOf", Texts),
    ("DeleteDependsOn", Texts),
    ("DeleteDependedOnBy", Texts),
    ("DeleteRefersTo", Texts),
    ("DeleteReferredToBy", Texts),
];
const MESSAGE: &[(&str, Kind)] = &[("Content", Text), ("ContentType", Names("text/plain,text/html"))];
/// One condition of a search in JSON: <https://docs.bestpractical.com/rt/5.0/RT/REST2.html#JSON-searches>
const CONDITION: &[(&str, Kind)] = &[("field", Names("id")), ("value", Number)];
/// What takes a list of conditions, and reads although it is a POST.
const SEARCHES: &[&str] = &["POST attachments"];
/// What must be there, in the query or in the JSON.
const MANDATORY: &[(&str, &str)] = &[
    ("GET tickets", "query"),
    ("POST attachments", "field"),
    ("POST attachments", "value"),
    ("POST ticket", "Queue"),
    ("POST ticket/{}/comment", "Content"),
    ("POST ticket/{}/comment", "ContentType"),
    ("POST ticket/{}/correspond", "Content"),
    ("POST ticket/{}/correspond", "ContentType"),
];
/// The greatest page: more is cut to this without a word.
const GREATEST_PAGE: u64 = 100;

/// Returns what of a request REST2 does not take, a sentence each.
pub(crate) fn complaints(asked: &Asked) -> Vec<String> {
    let line = described_line(asked);
    let Some((_, query, members)) = REQUESTS.iter().find(|(known, ..)| *known == line) else {
        return vec![format!("{line} is not described")];
    };
    let mut complaints = headers(asked);
    let mut names: BTreeSet<String> = asked.head.query.iter().map(|(name, _)| name.clone()).collect();
    for (name, value) in &asked.head.query {
        let is_taken = query.iter().any(|(known, kind)| known == name && fits_text(*kind, value));
        if !is_taken || (name == "per_page" && value.parse().is_ok_and(|size: u64| size > GREATEST_PAGE)) {
            complaints.push(format!("the query takes no {name}={value}"));
        }
    }
    match json(asked, *members) {
        Ok(bodies) if bodies.len() as u64 > GREATEST_PAGE => {
            complaints.push("more is asked for than a page".to_owned())
        }
        Ok(bodies) => {
            let is_taken = |(name, value): &(&String, &Value)| {
                members.unwrap_or_default().iter().any(|(known, kind)| known == name && fits(*kind, value))
            };
            let members = bodies.iter().flatten().filter(|it| !is_taken(it));
            complaints.extend(members.map(|(name, value)| format!("no {name} {value} is taken")));
            names.extend(bodies.iter().flat_map(|body| body.keys().cloned()));
        }
        Err(complaint) => complaints.push(complaint),
    }
    let mandatory = MANDATORY.iter().filter(|(of, name)| *of == line && !names.contains(*name));
    complaints.extend(mandatory.map(|(_, name)| format!("{name} is missing")));
    complaints.into_iter().map(|complaint| format!("{line}: {complaint}")).collect()
}

/// Returns method and path as the table has them.
pub(crate) fn described_line(asked: &Asked) -> String {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let line = asked.line();
    line.split('/').map(|part| if is_number(part) { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

fn headers(asked: &Asked) -> Vec<String> {
    let is_get = asked.head.method.as_str() == "GET";
    let is_taken = |(name, value): &(String, String)| match name.as_str() {
        // 5.0.3 answers 500 to a conditional read of its own making.
        "cache-control" => is_get && value == "no-store",
        "content-type" => !is_get && value == "application/json",
        "if-match" => asked.head.method.as_str() == "PUT" && value.starts_with('"'),
        _ => false,
    };
    let others = asked.head.headers.iter().filter(|header| !is_taken(header));
    let mut complaints: Vec<String> =
        others.map(|(name, value)| format!("no header {name}: {value} is taken")).collect();
    if is_get && !asked.head.headers.iter().any(|(name, _)| name == "cache-control") {
        complaints.push("it may become a conditional read".to_owned());
    }
    complaints
}

/// Says whether a request reads.
pub(crate) fn is_read(asked: &Asked) -> bool {
    asked.head.method.as_str() == "GET" || SEARCHES.contains(&described_line(asked).as_str())
}

/// Returns the JSON of a request: its body, a part of its form, or the conditions of a search. Nothing where none is taken.
fn json(asked: &Asked, members: Option<&[(&str, Kind)]>) -> Result<Vec<Map<String, Value>>, String> {
    let of_form = asked.head.form.iter().find(|part| part.name == "JSON").and_then(|part| part.value.as_deref());
    let text = of_form.unwrap_or(&asked.body);
    match (members, serde_json::from_str(text)) {
        (None, _) if text.is_empty() => Ok(Vec::new()),
        (None, _) => Err("no body is taken".to_owned()),
        (Some(_), Ok(Value::Object(body))) => Ok(vec![body]),
        (Some(_), Ok(conditions)) if SEARCHES.contains(&described_line(asked).as_str()) => {
            serde_json::from_value(conditions).map_err(|_| format!("`{text}` is no list of conditions"))
        }
        (Some(_), _) => Err(format!("`{text}` is no object")),
    }
}

/// Returns every request of the table.
pub(crate) fn described() -> BTreeSet<String> {
    REQUESTS.iter().map(|(line, ..)| (*line).to_owned()).collect()
}

fn fits(kind: Kind, value: &Value) -> bool {
    match (kind, value) {
        (Number, Value::Number(number)) => number.is_i64(),
        (Texts, Value::Array(texts)) => texts.iter().all(Value::is_string),
        (Fields, Value::Object(fields)) => fields.values().all(|value| value.is_string() || fits(Texts, value)),
        (Number | Text | Names(_), Value::String(text)) => fits_text(kind, text),
        _ => false,
    }
}

fn fits_text(kind: Kind, text: &str) -> bool {
    match kind {
        Number => text.parse::<u64>().is_ok(),
        Text => true,
        Names(names) => text.split(',').all(|one| names.split(',').any(|name| name == one)),
        Texts | Fields => false,
    }
}

#[test]
fn a_wrong_request_of_every_kind_is_told_from_a_right_one() {
    let asked = |line: &str, headers: &[(&str, &str)], body: &str| {
        let (method, address) = line.split_once(' ').unwrap();
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut head = RequestHead::default();
        head.method = Method::from_word(method);
        head.url = format!("{URL}/REST/2.0/{path}");
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        head.query = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        head.headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        complaints(&Asked { head, body: body.to_owned() })
    };
    let read = &[("cache-control", "no-store")][..];
    let json = &[("content-type", "application/json")][..];
    assert_eq!(asked("GET ticket/7?fields[Queue]=Name", read, ""), [""; 0]);
    assert_eq!(asked("POST attachments?fields=Content", json, r#"[{"field":"id","value":"7"}]"#), [""; 0]);
    assert_eq!(asked("PUT ticket/7", json, r#"{"Priority":5,"CustomFields":{"a":["b"]}}"#), [""; 0]);
    for (line, headers, body, complaint) in [
        ("GET tickets/7", read, "", "not described"),
        ("PATCH ticket/7", json, "{}", "not described"),
        ("GET ticket/seven", read, "", "not described"),
        ("GET ticket/7?field[Queue]=Name", read, "", "field[Queue]=Name"),
        ("GET ticket/7?fields[Owner]=Name", read, "", "fields[Owner]=Name"),
        ("GET queues/all?per_page=101", read, "", "per_page=101"),
        ("GET tickets?order=DOWN&query=id=1", read, "", "order=DOWN"),
        ("GET tickets?order=ASC", read, "", "query is missing"),
        ("GET ticket/7", &[], "", "conditional read"),
        ("GET ticket/7", &[("cache-control", "no-store"), ("if-match", "\"9\"")], "", "if-match"),
        ("GET ticket/7", read, "{}", "no body"),
        ("PUT ticket/7", json, "Subject", "no object"),
        ("PUT ticket/7", json, r#"{"Subject":7}"#, "no Subject 7"),
        ("PUT ticket/7", json, r#"{"MemberOf":["1"]}"#, "MemberOf"),
        ("PUT ticket/7", &[("content-type", "text/plain")], "{}", "content-type"),
        ("POST ticket", json, r#"{"Subject":"x"}"#, "Queue is missing"),
        ("POST attachments", json, "7", "no list of conditions"),
        ("POST attachments", json, r#"[{"field":"Content","value":"7"}]"#, "no field"),
        ("POST attachments", json, r#"[{"field":"id"}]"#, "value is missing"),
        ("POST ticket/7/comment", json, r#"{"Content":"x"}"#, "ContentType is missing"),
        ("POST ticket/7/comment", json, r#"{"Content":"x","ContentType":"text/markdown"}"#, "text/markdown"),
    ] {
        let told = asked(line, headers, body).join("\n");
        assert!(told.contains(complaint), "{line} {body}: {told}");
    }
}
