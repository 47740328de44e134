//! What Azure DevOps knows of a work item and the ticket has no place of its own for: custom fields, by their
//! reference names.

use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Result,
    model::{CustomField, FieldType, Json, Time},
};

use super::{DESCRIPTION, REPRO_STEPS, body_field, estimate, is_markdown, relations, rich_text, says_format, user};
use crate::api::{Fields, Identity, WorkItem};

/// Types of fields, sorted; `type` of <https://learn.microsoft.com/rest/api/azure/devops/wit/fields/list#fieldtype>
const FIELD_TYPES: &[(&str, FieldType)] = &[
    ("boolean", FieldType::Boolean),
    ("datetime", FieldType::DateTime),
    ("double", FieldType::Number),
    ("guid", FieldType::Text),
    ("history", FieldType::RichText),
    ("html", FieldType::RichText),
    ("identity", FieldType::User),
    ("integer", FieldType::Number),
    ("picklistdouble", FieldType::Choice),
    ("picklistinteger", FieldType::Choice),
    ("pickliststring", FieldType::Choice),
    ("plaintext", FieldType::Text),
    ("string", FieldType::Text),
    ("treepath", FieldType::Text),
];

/// Fields that hold HTML in every process, sorted; of those that somebody made up only the project's description tells.
const HTML: &[&str] = &[
    "Microsoft.VSTS.Common.AcceptanceCriteria",
    "Microsoft.VSTS.TCM.ReproSteps",
    "Microsoft.VSTS.TCM.SystemInfo",
    "System.Description",
    "System.History",
];

/// Fields that say again what others say, sorted; the reasons are in `ignored`.
const ECHOES: &[&str] = &[
    "System.AuthorizedDate",
    "System.CommentCount",
    "System.Id",
    "System.NodeName",
    "System.PersonId",
    "System.Rev",
    "System.RevisedDate",
    "System.Watermark",
];

/// What the names of the parts of paths begin with: they say again what the paths say.
const PARTS: &[&str] = &["System.AreaLevel", "System.IterationLevel"];

/// Returns the type of a field.
pub(crate) fn field_type(name: &str) -> FieldType {
    super::words::word(FIELD_TYPES, name).unwrap_or_default()
}

/// Says whether the texts of a field of that type are HTML.
pub(crate) fn is_type_of_html(name: &str) -> bool {
    field_type(name) == FieldType::RichText
}

/// Says whether a field holds HTML in every process.
pub(crate) fn is_text_of_html(name: &str) -> bool {
    HTML.binary_search(&name).is_ok()
}

/// Returns the custom fields of a work item.
pub(super) fn of(item: &WorkItem<'_>) -> Result<Vec<CustomField>> {
    let mut found = second_choices(item)?;
    for (name, value) in &item.fields.others {
        let is_part = PARTS.iter().any(|part| name.starts_with(part));
        if !is_part && ECHOES.binary_search(&&**name).is_err() {
            found.push(field(item, name, value)?);
        }
    }
    if let Some(comment) = &item.comment_version_ref {
        let id = comment.comment_id.map(|id| id.to_string());
        found.push(CustomField::new(
            "commentVersionRef",
            FieldType::List,
            &[id, comment.version.map(|it| it.to_string())],
        )?);
        found
            .extend(comment.text.as_deref().map(|text| text_field("commentVersionRef.text", text, false)).transpose()?);
    }
    found.extend(pages(item)?);
    Ok(found)
}

/// Returns the fields that a ticket has a place for which another one has taken.
fn second_choices(item: &WorkItem<'_>) -> Result<Vec<CustomField>> {
    let fields = &item.fields;
    let mut found = Vec::new();
    let (body, _) = body_field(fields);
    for (name, text) in [(DESCRIPTION, &fields.description), (REPRO_STEPS, &fields.repro_steps)] {
        if let Some(text) = text.as_deref().filter(|text| name != body && !text.is_empty()) {
            found.push(text_field(name, text, is_markdown(item, name))?);
        }
    }
    let taken = estimate(fields).map(|(name, _)| name);
    for (name, _, value) in super::ESTIMATES.iter().filter(|(name, ..)| Some(*name) != taken) {
        found.extend(value(fields).map(|value| CustomField::new(*name, FieldType::Number, &value)).transpose()?);
    }
    if let (Some(_), Some(target)) = (fields.due_date, fields.target_date) {
        found.push(CustomField::new("Microsoft.VSTS.Scheduling.TargetDate", FieldType::DateTime, &target)?);
    }
    // A reason stands beside every state, and is a resolution only in the end.
    for (name, reason) in
        [("System.Reason", &fields.reason), ("Microsoft.VSTS.Common.ResolvedReason", &fields.resolved_reason)]
    {
        found.extend(reason.as_deref().map(|reason| CustomField::new(name, FieldType::Text, reason)).transpose()?);
    }
    Ok(found)
}

/// Returns the pages, commits and builds that a work item leads to, by the type of the relation.
fn pages(item: &WorkItem<'_>) -> Result<Vec<CustomField>> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    for relation in item.relations.iter().flatten() {
        if &*relation.rel == relations::FILE || relations::is_item(relation) {
            continue;
        }
        match found.iter_mut().find(|(rel, _)| *rel == &*relation.rel) {
            Some((_, urls)) => urls.push(&relation.url),
            None => found.push((&*relation.rel, vec![&*relation.url])),
        }
    }
    found.into_iter().map(|(rel, urls)| CustomField::new(format!("relations.{rel}"), FieldType::List, &urls)).collect()
}

/// Returns a field; its type is what its value shows, since answers do not name it.
fn field(item: &WorkItem<'_>, name: &str, value: &RawValue) -> Result<CustomField> {
    let json = value.get();
    match json.as_bytes().first() {
        Some(b'"') => {
            let text: String = usher_adapter_sdk::decode::json(json.as_bytes())?;
            if is_text_of_html(name) || says_format(item, name) {
                return text_field(name, &text, is_markdown(item, name));
            }
            let is_time = text.len() >= 19 && text.as_bytes().get(10) == Some(&b'T') && Time::parse(&text).is_ok();
            CustomField::new(name, if is_time { FieldType::DateTime } else { FieldType::Text }, &text)
        }
        Some(b'{') => match serde_json::from_str::<Identity<'_>>(json) {
            Ok(identity) => CustomField::new(name, FieldType::User, &user(&identity)),
            Err(_) => CustomField::new(name, FieldType::UNKNOWN, &Json::parse(json)?),
        },
        Some(b't' | b'f') => CustomField::new(name, FieldType::Boolean, &Json::parse(json)?),
        Some(b'-' | b'0'..=b'9') => CustomField::new(name, FieldType::Number, &Json::parse(json)?),
        _ => CustomField::new(name, FieldType::UNKNOWN, &Json::parse(json)?),
    }
}

fn text_field(name: &str, text: &str, is_markdown: bool) -> Result<CustomField> {
    CustomField::new(name, FieldType::RichText, &rich_text(text, is_markdown).markdown)
}

/// Returns the fields of a work item that another part of the adapter reads by name.
impl Fields<'_> {
    /// Returns a field that the ticket has no place for, as it is.
    pub(crate) fn other(&self, name: &str) -> Option<&str> {
        self.others.iter().find(|(own, _)| &**own == name).map(|(_, value)| value.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_sorted() {
        assert!(FIELD_TYPES.is_sorted_by_key(|(name, _)| *name));
        assert!(HTML.is_sorted() && ECHOES.is_sorted());
        assert_eq!((field_type("dateTime"), field_type("picklistString")), (FieldType::DateTime, FieldType::Choice));
    }

    #[test]
    fn a_field_is_a_text_where_the_answer_says_in_which_language_it_is() {
        let item: WorkItem<'_> = serde_json::from_str(
            r#"{"id":1,"fields":{"Custom.Html":"<b>x</b>","Custom.Markdown":"**x**","Custom.Else":"<b>x</b>"},
            "multilineFieldsFormat":{"Custom.Html":"html","Custom.Markdown":"markdown"}}"#,
        )
        .unwrap();
        let found = of(&item).unwrap().into_iter().map(|it| (it.value_type, it.value.as_str().to_owned()));
        let expected =
            [(FieldType::RichText, "\"**x**\""), (FieldType::RichText, "\"**x**\""), (FieldType::Text, "\"<b>x</b>\"")];
        assert_eq!(found.collect::<Vec<_>>(), expected.map(|(kind, value)| (kind, value.to_owned())));
    }

    #[test]
    fn the_type_of_a_field_is_what_its_value_shows() {
        let item: WorkItem<'_> = serde_json::from_str(
            r#"{"id":1,"fields":{"A":"x","B":3.5,"C":true,"D":"2014-12-29T20:49:20.77Z","E":{"displayName":"Mara"},
            "F":[1],"G":null,"H":"2014-12-29 late","System.History":"<b>hi</b>","System.AreaLevel1":"Web","System.Id":1}}"#,
        )
        .unwrap();
        let found: Vec<_> = of(&item).unwrap().into_iter().map(|it| (it.id, it.value_type)).collect();
        let expected = [
            ("A", FieldType::Text),
            ("B", FieldType::Number),
            ("C", FieldType::Boolean),
            ("D", FieldType::DateTime),
            ("E", FieldType::User),
            ("F", FieldType::UNKNOWN),
            ("G", FieldType::UNKNOWN),
            ("H", FieldType::Text),
            ("System.History", FieldType::RichText),
        ];
        assert_eq!(found, expected.map(|(name, kind)| (name.to_owned(), kind)));
    }
}
