//! Fields that the ticket has no place of its own for: what administrators made up, and what Jira itself keeps beside.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Result,
    decode::Text,
    model::{CustomField, FieldType, Json, Named, Time, User},
};

use super::{Beside, Catalogue, Role, body::rich_text, catalogue::role, named, people::user};
use crate::api;

/// What a field of Jira's holds, sorted.
const TYPES: &[(&str, FieldType)] = &[
    ("date", FieldType::Date),
    ("datetime", FieldType::DateTime),
    ("number", FieldType::Number),
    ("option", FieldType::Choice),
    ("option-with-child", FieldType::Choice),
    ("priority", FieldType::Choice),
    ("resolution", FieldType::Choice),
    ("string", FieldType::Text),
    ("user", FieldType::User),
    ("version", FieldType::Choice),
];

/// What the items of a list hold, sorted.
const ITEMS: &[(&str, FieldType)] = &[
    ("component", FieldType::Choices),
    ("option", FieldType::Choices),
    ("string", FieldType::List),
    ("user", FieldType::Users),
    ("version", FieldType::Choices),
];

/// What is known of the fields of one issue: what it says itself, else what the site's catalogue says.
pub(super) struct Known<'a> {
    names: Option<&'a api::Names<'a>>,
    schema: Option<&'a api::FieldsById<'a>>,
    catalogue: Option<&'a Catalogue>,
}

impl<'a> Known<'a> {
    pub(super) fn of<'b: 'a>(issue: &'a api::Issue<'b>, catalogue: Option<&'a Catalogue>) -> Self {
        Self { names: issue.names.as_ref(), schema: issue.schema.as_ref(), catalogue }
    }

    /// Returns the part that a field plays.
    pub(super) fn role(&self, id: &str) -> Option<Role> {
        match self.schema.and_then(|schema| schema.get(&Text::from(id))) {
            Some(schema) => role(self.name(id), Some(schema)),
            None => self.catalogue?.get(id)?.role(),
        }
    }

    fn name<'s>(&'s self, id: &'s str) -> Option<&'s str> {
        let own = self.names.and_then(|names| names.get(&Text::from(id))).map(|name| &**name);
        own.or_else(|| self.catalogue?.get(id)?.name.as_deref())
    }

    fn value_type(&self, id: &str) -> FieldType {
        match self.schema.and_then(|schema| schema.get(&Text::from(id))) {
            Some(schema) => field_type(schema),
            None => {
                let known = self.catalogue.and_then(|catalogue| catalogue.get(id));
                known.map(|field| field_type(&field.schema())).unwrap_or_default()
            }
        }
    }
}

/// Returns the type of a field's values; an unknown one is unknown.
pub(crate) fn field_type(schema: &api::FieldSchema<'_>) -> FieldType {
    let custom = schema.custom.as_deref().unwrap_or_default();
    let kind = schema.kind.as_deref().unwrap_or_default();
    let system = schema.system.as_deref().unwrap_or_default();
    match (kind, schema.items.as_deref()) {
        ("array", Some(items)) => word(ITEMS, items),
        ("string", _) if custom.ends_with(":textarea") || matches!(system, "description" | "environment") => {
            FieldType::RichText
        }
        ("string", _) if custom.ends_with(":url") => FieldType::Url,
        _ => word(TYPES, kind),
    }
}

/// Returns the name and the id of a choice: an option has a value, a version a name.
pub(crate) fn choice_of(raw: &RawValue) -> Option<Named> {
    if let Ok(text) = serde_json::from_str::<String>(raw.get()) {
        return Some(Named::new(text));
    }
    let choice: Choice<'_> = serde_json::from_str(raw.get()).ok()?;
    let name = choice.value.or(choice.name)?;
    Some(Named::new(&*name).with_id(choice.id.map(|id| id.to_string())))
}

/// Returns the custom fields of an issue, those of Jira's own that have no other place first.
pub(super) fn of(issue: &api::Issue<'_>, beside: &Beside<'_>, known: &Known<'_>) -> Result<Vec<CustomField>> {
    let fields = &issue.fields;
    let mut all = Vec::new();
    let mut add = |id: &str, field: Option<Result<CustomField>>| -> Result<()> {
        if let Some(field) = field {
            let field = field?;
            all.push(match known.name(id) {
                Some(name) => field.with_name(name),
                None => field,
            });
        }
        Ok(())
    };
    let field = |id: &str, value_type: FieldType, raw: &RawValue| carried(id, value_type, raw);
    add("creator", fields.creator.as_ref().map(|it| CustomField::new("creator", FieldType::User, &user(it))))?;
    add("environment", fields.environment.map(|raw| field("environment", FieldType::RichText, raw)))?;
    let versions: Vec<Named> = fields.versions.iter().filter_map(named).collect();
    let versions = Some(versions).filter(|versions| !versions.is_empty());
    add("versions", versions.map(|versions| CustomField::new("versions", FieldType::Choices, &versions)))?;
    let time = fields.time_tracking;
    for (id, seconds) in [
        ("timetracking.originalEstimateSeconds", time.and_then(|it| it.original_estimate_seconds)),
        ("timetracking.remainingEstimateSeconds", time.and_then(|it| it.remaining_estimate_seconds)),
        ("timetracking.timeSpentSeconds", time.and_then(|it| it.time_spent_seconds)),
    ] {
        add(id, seconds.map(|seconds| CustomField::new(id, FieldType::Number, &seconds)))?;
    }
    let worklogs = beside.worklogs.as_ref().or(fields.worklogs.as_ref().map(|it| &it.items));
    let worklogs = worklogs.filter(|worklogs| !worklogs.is_empty());
    add("worklog", worklogs.map(|worklogs| worklog(worklogs)))?;
    for (id, raw) in fields.others.iter().filter(|(_, raw)| says_something(raw)) {
        add(id, Some(field(id, known.value_type(id), raw)))?;
    }
    Ok(all)
}

/// An empty list or object is how Jira says that there is nothing.
fn says_something(raw: &RawValue) -> bool {
    !matches!(raw.get(), "null" | "[]" | "{}")
}

/// Returns a field with its value in the form of its type; one that is not in it is carried as it is, of unknown type.
fn carried(id: &str, value_type: FieldType, raw: &RawValue) -> Result<CustomField> {
    let value = match value_type {
        FieldType::Choice => choice(raw).and_then(|choice| Json::of(&choice).ok()),
        FieldType::Choices => list(raw, choice),
        FieldType::User => person(raw).and_then(|user| Json::of(&user).ok()),
        FieldType::Users => list(raw, person),
        FieldType::DateTime => read::<Time>(raw).and_then(|time| Json::of(&time).ok()),
        FieldType::RichText => markdown(raw).and_then(|text| Json::of(&text).ok()),
        FieldType::Number => read::<f64>(raw).and_then(|_| Json::parse(raw.get()).ok()),
        FieldType::Text | FieldType::Date | FieldType::Url => {
            read::<Text<'_>>(raw).and_then(|_| Json::parse(raw.get()).ok())
        }
        FieldType::List => read::<Vec<Text<'_>>>(raw).and_then(|_| Json::parse(raw.get()).ok()),
        _ => None,
    };
    match value {
        Some(value) => CustomField::new(id, value_type, &value),
        None => CustomField::new(id, FieldType::UNKNOWN, &Json::parse(raw.get())?),
    }
}

fn read<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

fn list<'a, T: Serialize>(raw: &'a RawValue, one: impl Fn(&'a RawValue) -> Option<T>) -> Option<Json> {
    let items = read::<Vec<&RawValue>>(raw)?;
    let items = items.into_iter().map(one).collect::<Option<Vec<T>>>()?;
    Json::of(&items).ok()
}

/// Returns a text as Markdown, if nothing of it is lost.
fn markdown(raw: &RawValue) -> Option<String> {
    rich_text(raw).ok().filter(|text| text.lossy.is_empty()).map(|text| text.markdown)
}

fn person(raw: &RawValue) -> Option<User> {
    read::<api::User<'_>>(raw).map(|found| user(&found)).filter(|user| !user.id.is_empty())
}

/// A choice as Jira has it.
#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    id: Option<api::Id<'a>>,
    #[serde(borrow)]
    value: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    child: Option<&'a RawValue>,
}

/// A choice as a ticket writes it, with the one below it where it is of two steps.
#[derive(Serialize)]
struct Chosen {
    #[serde(flatten)]
    named: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    child: Option<Named>,
}

fn choice(raw: &RawValue) -> Option<Chosen> {
    let child = read::<Choice<'_>>(raw)?.child.map(choice_of);
    let child = match child {
        Some(child) => Some(child?),
        None => None,
    };
    Some(Chosen { named: choice_of(raw)?, child })
}

/// One entry of the work log, as a ticket writes it.
#[derive(Serialize)]
struct Work {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<User>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<Json>,
}

fn worklog(entries: &[api::Worklog<'_>]) -> Result<CustomField> {
    let entry = |entry: &api::Worklog<'_>| -> Result<Work> {
        let comment = entry.comment.filter(|raw| raw.get() != "null");
        Ok(Work {
            id: entry.id.to_string(),
            author: entry.author.as_ref().map(user),
            started: entry.started,
            seconds: entry.time_spent_seconds,
            comment: comment
                .map(|raw| markdown(raw).map_or_else(|| Json::parse(raw.get()), |text| Json::of(&text)))
                .transpose()?,
        })
    };
    let entries = entries.iter().map(entry).collect::<Result<Vec<_>>>()?;
    CustomField::new("worklog", FieldType::UNKNOWN, &entries)
}

/// Returns what stands beside a word in a sorted table.
fn word(table: &[(&str, FieldType)], word: &str) -> FieldType {
    let place = table.binary_search_by(|(known, _)| (*known).cmp(word));
    place.map(|place| table[place].1.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(TYPES.is_sorted_by_key(|(word, _)| *word));
        assert!(ITEMS.is_sorted_by_key(|(word, _)| *word));
    }

    #[test]
    fn a_value_has_the_form_of_its_type_or_is_carried_as_it_is() {
        for (value_type, raw, expected_type, expected) in [
            (
                FieldType::Choice,
                r#"{"id":"1","value":"Red","self":"x"}"#,
                FieldType::Choice,
                r#"{"id":"1","name":"Red"}"#,
            ),
            (
                FieldType::Choice,
                r#"{"id":"1","value":"EU","child":{"id":"2","value":"DE"}}"#,
                FieldType::Choice,
                r#"{"id":"1","name":"EU","child":{"id":"2","name":"DE"}}"#,
            ),
            (
                FieldType::Choices,
                r#"[{"id":"1","name":"a"},"b"]"#,
                FieldType::UNKNOWN,
                r#"[{"id":"1","name":"a"},"b"]"#,
            ),
            (
                FieldType::DateTime,
                r#""2026-01-02T03:04:05.000+0200""#,
                FieldType::DateTime,
                r#""2026-01-02T01:04:05Z""#,
            ),
            (FieldType::Number, "1.50", FieldType::Number, "1.50"),
            (FieldType::Number, r#""x""#, FieldType::UNKNOWN, r#""x""#),
            (
                FieldType::User,
                r#"{"accountId":"5b","accountType":"app"}"#,
                FieldType::User,
                r#"{"id":"5b","kind":"bot"}"#,
            ),
            (FieldType::UNKNOWN, r#"{"a": 1}"#, FieldType::UNKNOWN, r#"{"a": 1}"#),
        ] {
            let raw: Box<RawValue> = serde_json::from_str(raw).unwrap();
            let field = carried("customfield_1", value_type, &raw).unwrap();
            assert_eq!((field.value_type, field.value.as_str()), (expected_type, expected));
        }
    }
}
