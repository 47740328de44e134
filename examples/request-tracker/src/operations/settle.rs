//! What was asked of a write, as Request Tracker writes it, and whether it is so afterwards.
//!
//! A change is answered with 200 and sentences whether it was done or not: what came of it is read from the ticket.

use serde_json::{Map, Value, json};
use usher_adapter_sdk::{
    Error, Result,
    message::{Clearable, FieldName, ME},
    model::{Due, Estimate, Json, Time},
};

use crate::{
    RequestTracker,
    api::{self, Beside},
    key::Key,
    mapping::{self, words},
};

/// What a field shall be.
#[derive(Debug)]
pub(super) enum Wanted {
    Title(String),
    Status(String),
    Priority(i64),
    /// A login, or nobody.
    Owner(Option<String>),
    /// Whoever the credentials belong to.
    Me,
    Reporter(String),
    Queue(String),
    Due(Option<String>),
    Estimate(u64),
    /// Names of relations and the numbers that they shall have, and shall not have.
    Links {
        has: Vec<(String, String)>,
        lacks: Vec<(String, String)>,
    },
    Field {
        name: String,
        values: Vec<String>,
    },
}

/// Fields, and what they shall be.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub wanted: Vec<(FieldName, Wanted)>,
    pub body: Map<String, Value>,
}

impl Plan {
    /// Adds a field to the request, and remembers what it shall be.
    pub(super) fn want(&mut self, field: FieldName, name: &str, value: impl Into<Value>, wanted: Wanted) {
        self.body.insert(name.to_owned(), value.into());
        self.wanted.push((field, wanted));
    }

    /// Adds a custom field.
    pub(super) fn want_field(&mut self, name: &str, value: &Clearable<Json>) -> Result<()> {
        let values = match value {
            Clearable::Keep => return Ok(()),
            Clearable::Clear => Vec::new(),
            Clearable::Set(value) => texts(name, value)?,
        };
        let fields = self.body.entry("CustomFields").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(fields) = fields {
            // One value as a list would be refused by a field that takes one.
            let sent = match &values[..] {
                [one] => json!(one),
                several => json!(several),
            };
            fields.insert(name.to_owned(), sent);
        }
        self.wanted.push((FieldName::custom(name), Wanted::Field { name: name.to_owned(), values }));
        Ok(())
    }
}

/// Returns the time of a due date: Request Tracker knows no days, so that a day begins at midnight UTC.
pub(super) fn due(due: &Due) -> String {
    match due {
        Due::Time(time) => Time::from_unix_seconds(time.unix_seconds()).unwrap_or(*time).to_string(),
        day => format!("{day}T00:00:00Z"),
    }
}

/// Returns the minutes of an estimate, if its unit is one of time; without one it is Request Tracker's own.
pub(super) fn minutes(estimate: &Estimate) -> Option<u64> {
    let each = match estimate.unit.as_deref() {
        None | Some("minutes" | "minute") => 1.0,
        Some("hours" | "hour") => 60.0,
        Some(_) => return None,
    };
    let minutes = estimate.value * each;
    (minutes >= 0.0 && minutes.fract() == 0.0 && minutes < 1e9).then_some(minutes as u64)
}

/// Says whether the account owns a ticket.
pub(super) async fn is_mine(tracker: &RequestTracker, key: Key) -> Result<bool> {
    let query = format!("id = {key} AND Owner = '__CurrentUser__'");
    let request = tracker.get(["tickets"])?.query("query", query).query("per_page", "1");
    let answer = tracker.send(request, &key).await?;
    Ok(api::PageInfo::of(&answer)?.count > 0)
}

impl Wanted {
    /// Returns who is meant: the account itself has no name that could be sent.
    pub(super) fn owner(name: &str) -> Self {
        if name == ME { Self::Me } else { Self::Owner(Some(name.to_owned())) }
    }

    /// Says whether a ticket has become what was wanted; whether somebody is me only a search tells.
    pub(super) fn is_so(&self, ticket: &api::Ticket<'_>) -> bool {
        let text = |text: &Option<usher_adapter_sdk::decode::Text<'_>>| text.as_deref().unwrap_or_default().to_owned();
        match self {
            Self::Title(title) => text(&ticket.subject).split_whitespace().eq(title.split_whitespace()),
            Self::Status(status) => text(&ticket.status).eq_ignore_ascii_case(status),
            Self::Priority(number) => ticket.priority.as_ref().is_some_and(|own| own.0 == number.to_string()),
            Self::Owner(owner) => is_person(owner.as_deref(), ticket.owner.as_ref()),
            Self::Me => false,
            Self::Reporter(name) => {
                let first = ticket.requestor.iter().find(|own| mapping::person(own).is_some());
                is_person(Some(name), first)
            }
            Self::Queue(name) => ticket.queue.as_ref().and_then(Beside::seen).is_some_and(|queue| {
                let own = queue.name.as_deref().unwrap_or_default();
                own.to_lowercase() == name.to_lowercase() || queue.id.0 == *name
            }),
            Self::Due(due) => ticket.due.as_deref().and_then(mapping::time) == due.as_deref().and_then(mapping::time),
            Self::Estimate(minutes) => ticket.time_estimated.as_ref().is_some_and(|own| own.0 == minutes.to_string()),
            Self::Links { has, lacks } => {
                has.iter().all(|link| is_linked(ticket, link)) && !lacks.iter().any(|link| is_linked(ticket, link))
            }
            Self::Field { name, values } => has_values(ticket, name, values),
        }
    }
}

fn is_person(asked: Option<&str>, own: Option<&Beside<api::User<'_>>>) -> bool {
    let own = own.and_then(mapping::person);
    let (Some(asked), Some(own)) = (asked, &own) else { return asked.is_none() && own.is_none() };
    let names = [Some(&own.id), own.email.as_ref(), own.display_name.as_ref()];
    names.into_iter().flatten().any(|name| name.to_lowercase() == asked.to_lowercase())
}

fn is_linked(ticket: &api::Ticket<'_>, (name, target): &(String, String)) -> bool {
    let kind = match name.as_str() {
        "MemberOf" => "parent",
        name => words::LINKS.iter().find(|(_, _, own)| *own == name).map_or("", |(kind, ..)| kind),
    };
    ticket.hyperlinks.iter().flatten().any(|link| {
        let is_target = link.id.as_ref().is_some_and(|id| id.0 == *target);
        link.kind.as_deref() == Some(kind) && is_target
    })
}

fn has_values(ticket: &api::Ticket<'_>, name: &str, values: &[String]) -> bool {
    let is_it = |field: &&api::CustomField<'_>| {
        field.id.0 == name || field.name.as_deref().is_some_and(|own| own.to_lowercase() == name.to_lowercase())
    };
    let Some(field) = ticket.custom_fields.iter().flatten().find(is_it) else { return false };
    let own = field.values.iter().filter_map(|value| value.seen().map(|text| &**text));
    let mut own: Vec<&str> = own.filter(|value| !value.is_empty() && *value != "1970-01-01T00:00:00Z").collect();
    let mut asked: Vec<&str> = values.iter().map(String::as_str).collect();
    own.sort_unstable();
    asked.sort_unstable();
    let is_same =
        |(own, asked): (&&str, &&str)| own == asked || own.replace("\r\n", "\n") == **asked || is_same_time(own, asked);
    own.len() == asked.len() && own.iter().zip(&asked).all(is_same)
}

fn is_same_time(one: &str, other: &str) -> bool {
    matches!((Time::parse(one), Time::parse(other)), (Ok(one), Ok(other)) if one == other)
}

/// Returns the values of a custom field as texts.
fn texts(name: &str, value: &Json) -> Result<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(it) => Some(u8::from(*it).to_string()),
        _ => None,
    };
    let texts = match value.decode::<Value>()? {
        Value::Array(values) => values.iter().map(text).collect::<Option<Vec<_>>>(),
        value => text(&value).map(|text| vec![text]),
    };
    texts.ok_or_else(|| {
        Error::validation(format!("`{}` is no value of a custom field", value.as_str()))
            .with_field(format!("fields.{name}"), "is a text, a number, or a list of these")
    })
}
