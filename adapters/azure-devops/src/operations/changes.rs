//! What a write says of each field, the same for new work items and for changes: the operations, and what is to be seen
//! in the work item that comes back.

use usher_adapter_html::Written;
use usher_adapter_sdk::{
    Error, Result,
    message::{Altered, Clearable, FieldName, LinkDraft, Report},
    model::{Due, Estimate, Json, RichText, TextFormat},
};

use super::{
    expected::Expected,
    lookup,
    patch::{self, Operation, Texts},
};
use crate::{AzureDevOps, PLATFORM, api, key::Key, mapping};

/// Fields that Azure DevOps does not take from us, and what to do about it.
pub(super) const GAPS: &[(FieldName, &str)] = &[(FieldName::Reporter, "the reporter is whoever the token belongs to")];

/// The field that holds the priority.
const PRIORITY: &str = "Microsoft.VSTS.Common.Priority";
/// Fields that say when something is due, the first that a type has counts.
const DUE: &[&str] = &["Microsoft.VSTS.Scheduling.DueDate", "Microsoft.VSTS.Scheduling.TargetDate"];

/// What is written in one request, and what is to be seen of it.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub operations: Vec<Operation>,
    pub expected: Vec<(FieldName, Expected)>,
}

impl Changes {
    /// Adds operations of a field, and what is to be seen of them.
    pub(super) fn push(
        &mut self,
        name: FieldName,
        operations: impl IntoIterator<Item = Operation>,
        expected: Expected,
    ) {
        self.operations.extend(operations);
        self.expected.push((name, expected));
    }

    /// Sets a field that holds a name.
    pub(super) fn text(&mut self, name: FieldName, field: &'static str, text: &str) -> Result<()> {
        let operation = Operation::field(field, text)?;
        self.push(name, [operation], Expected::Text { field, text: text.to_owned() });
        Ok(())
    }

    /// Sets a field, or empties it; what is empty already stays so.
    fn value(&mut self, name: FieldName, field: &str, value: Option<Json>, is_there: bool) -> Result<()> {
        let operation = match &value {
            Some(value) => Some(Operation::field(field, value)?),
            None => is_there.then(|| Operation::clear(field)),
        };
        self.push(name, operation, Expected::Value { field: field.to_owned(), value });
        Ok(())
    }

    /// Sets the tags, all in one; a tag that would be two is an error.
    pub(super) fn tags(&mut self, tags: Vec<String>) -> Result<()> {
        if let Some(tag) = tags.iter().find(|tag| tag.trim().is_empty() || tag.contains([';', ','])) {
            return Err(Error::validation(format!("`{tag}` cannot be a tag"))
                .with_field("labels", "may hold neither `;` nor `,`, which stand between tags"));
        }
        let operation = Operation::field("System.Tags", &tags.join("; "))?;
        self.push(FieldName::Labels, [operation], Expected::Tags(tags));
        Ok(())
    }

    /// Assigns it to somebody, or to nobody.
    pub(super) fn assignee(&mut self, name: Option<String>) -> Result<()> {
        let operation = Operation::field("System.AssignedTo", name.as_deref().unwrap_or_default())?;
        self.push(FieldName::Assignees, [operation], Expected::Assignee(name));
        Ok(())
    }

    /// Sets or clears the priority.
    pub(super) fn priority(
        &mut self,
        of: &api::WorkItemType,
        asked: &Clearable<String>,
        is_there: bool,
        report: &mut Report,
    ) -> Result<()> {
        if asked.is_keep() {
            return Ok(());
        }
        if !lookup::has_field(of, PRIORITY) {
            report.refuse(&FieldName::Priority, format!("a {} has no priority", of.name));
            return Ok(());
        }
        let value = match asked {
            Clearable::Set(name) => {
                let number = mapping::priority_number(name).ok_or_else(|| {
                    Error::validation(format!("`{name}` is no priority of Azure DevOps'"))
                        .with_field("priority", "can be: 1 (urgent), 2 (high), 3 (medium), 4 (low)")
                })?;
                Some(Json::of(&number)?)
            }
            _ => None,
        };
        self.value(FieldName::Priority, PRIORITY, value, is_there)
    }

    /// Sets or clears when it is due.
    pub(super) fn due(
        &mut self,
        of: &api::WorkItemType,
        asked: &Clearable<Due>,
        fields: Option<&api::Fields<'_>>,
        report: &mut Report,
    ) -> Result<()> {
        let value = match asked {
            Clearable::Keep => return Ok(()),
            Clearable::Clear => None,
            Clearable::Set(Due::Time(time)) => Some(Json::of(time)?),
            Clearable::Set(date) => Some(Json::of(&format!("{date}T00:00:00Z"))?),
        };
        let in_use = fields.and_then(|fields| match (fields.due_date, fields.target_date) {
            (Some(_), _) => Some(DUE[0]),
            (None, Some(_)) => Some(DUE[1]),
            (None, None) => None,
        });
        let Some(field) = in_use.or_else(|| DUE.iter().copied().find(|field| lookup::has_field(of, field))) else {
            report.refuse(&FieldName::Due, format!("a {} has neither a due date nor a target date", of.name));
            return Ok(());
        };
        self.value(FieldName::Due, field, value, in_use.is_some())
    }

    /// Sets or clears the estimate, in the field that the process has for that unit.
    pub(super) fn estimate(
        &mut self,
        of: &api::WorkItemType,
        asked: &Clearable<Estimate>,
        fields: Option<&api::Fields<'_>>,
        report: &mut Report,
    ) -> Result<()> {
        let in_use = fields.and_then(mapping::estimate).map(|(field, _)| field);
        let (field, value) = match asked {
            Clearable::Keep => return Ok(()),
            Clearable::Clear => (in_use.or_else(|| estimate_field(of, None)), None),
            Clearable::Set(estimate) => {
                (estimate_field(of, estimate.unit.as_deref()), Some(Json::of(&estimate.value)?))
            }
        };
        let Some(field) = field else {
            report.refuse(&FieldName::Estimate, format!("a {} has no field for such an estimate", of.name));
            return Ok(());
        };
        self.value(FieldName::Estimate, field, value, in_use == Some(field))
    }

    /// Sets or clears a custom field, which is named by either of its names. A text is written in the language of the field.
    pub(super) fn custom(
        &mut self,
        of: &api::WorkItemType,
        name: &str,
        asked: &Clearable<Json>,
        is_there: impl Fn(&str) -> bool,
        texts: impl Fn(&str) -> Texts,
        report: &mut Report,
    ) -> Result<()> {
        let field = lookup::field(of, name)?;
        let value = match asked {
            Clearable::Keep => return Ok(()),
            Clearable::Clear => None,
            Clearable::Set(value) => Some(value.clone()),
        };
        let language = texts(field);
        if let Some(written) = value.as_ref().filter(|_| language == Texts::Html).and_then(patch::html) {
            report.alter(Altered::text(FieldName::custom(name), PLATFORM, &written.lost));
            let operation = Operation::field(field, &written.html)?;
            let expected = Expected::Html { field: field.to_owned(), html: written.html };
            self.push(FieldName::custom(name), [operation], expected);
            return Ok(());
        }
        if value.is_some() && language == Texts::Markdown {
            self.operations.push(Operation::is_markdown(field)?);
        }
        self.value(FieldName::custom(name), field, value, is_there(field))
    }

    /// Makes relations; a kind that Azure DevOps has no type for is an error.
    pub(super) fn links(&mut self, azure: &AzureDevOps, links: &[LinkDraft]) -> Result<()> {
        let mut wanted = Vec::new();
        let mut operations = Vec::new();
        for link in links {
            let (rel, number) = relation(azure, link)?;
            operations.push(Operation::link(azure, rel, number)?);
            wanted.push((rel.to_owned(), number, true));
        }
        self.push(FieldName::Links, operations, Expected::Relations(wanted));
        Ok(())
    }

    /// Says of every field whether Azure DevOps kept it.
    pub(super) fn settle(&self, item: &api::WorkItem<'_>, report: &mut Report) -> Result<()> {
        for (name, _) in &self.expected {
            if report.knows(name) {
                continue;
            }
            // A field may come to several things: it was written if all of them were.
            let mut reason = None;
            for (_, expected) in self.expected.iter().filter(|(own, _)| own == name) {
                reason = reason.or(expected.missing(item)?);
            }
            report.settle(name, reason);
        }
        Ok(())
    }
}

/// Returns the type and the number that a relation to make or to end means.
pub(super) fn relation(azure: &AzureDevOps, link: &LinkDraft) -> Result<(&'static str, u64)> {
    let number = Key::parse(azure.site.organization(), &link.target)?.number;
    let rel = mapping::link_type(&link.kind).ok_or_else(|| {
        Error::validation(format!("Azure DevOps has no relation `{}`", link.kind))
            .with_field("links", "can be: blocks, blocked_by, relates, duplicates, duplicated_by, causes, caused_by")
    })?;
    Ok((rel, number))
}

/// Returns a text as HTML: as it is, where it is that. What it has no exact form for is reported.
pub(super) fn html(text: &RichText, report: &mut Report) -> String {
    match (&text.native, &text.format) {
        (Some(native), TextFormat::Html) => native.clone(),
        _ => {
            let Written { html, lost, .. } = mapping::from_markdown(&text.markdown);
            report.alter(Altered::text(FieldName::Body, PLATFORM, &lost));
            html
        }
    }
}

fn estimate_field(of: &api::WorkItemType, unit: Option<&str>) -> Option<&'static str> {
    let is_hours = |unit: Option<&str>| unit.is_some_and(|unit| unit.eq_ignore_ascii_case("hours"));
    let fits = |field_unit: Option<&str>| match unit {
        None => true,
        Some(_) if is_hours(unit) => is_hours(field_unit),
        Some("points") => !is_hours(field_unit),
        Some(_) => false,
    };
    let mut fitting = mapping::ESTIMATES.iter().filter(|(_, field_unit, _)| fits(*field_unit));
    fitting.find(|(field, ..)| lookup::has_field(of, field)).map(|(field, ..)| *field)
}
