//! Their words into ours: values in, values out.
//!
//! States, priorities and types are tables in `words`, columns that are nobody's in `fields`, the journal in `notes`,
//! files in `files`.

mod fields;
mod files;
mod notes;
mod people;
mod words;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    model::{
        Container, ContainerKind, CutReason, Due, Link, LinkKind, Named, Part, Priority, Project, RichText, Status,
        Ticket, TicketRef, TicketType, Time,
    },
};

use crate::{
    api::{Field, Record},
    config::BASE_TABLE,
    key::{Key, is_table},
};

pub(crate) use files::attachment;
pub(crate) use notes::{note, of_display};
pub(crate) use people::{Who, assignee, reporter, user};
pub(crate) use words::{CLOSING, PRIORITIES, STATES, TYPES, closed, impact_and_urgency, state_category};

/// The columns that a ticket is made of, with what of a person stands in another table.
pub(crate) const COLUMNS: &str = "sys_id,number,sys_class_name,short_description,description,state,active,close_code,\
    priority,impact,urgency,assigned_to,assigned_to.user_name,assigned_to.email,caller_id,caller_id.user_name,\
    caller_id.email,requested_by,opened_by,opened_by.user_name,opened_by.email,assignment_group,category,parent,\
    parent_incident,problem_id,rfc,caused_by,due_date,sys_created_on,sys_updated_on,closed_at,resolved_at,sys_mod_count";

/// The columns of the journal, whose labels are what was written.
pub(crate) const JOURNAL: &[&str] = &["comments", "work_notes"];

/// Who reported a record: the first of these that it has. Sorted by how sure it is.
pub(crate) const REPORTERS: &[&str] = &["caller_id", "requested_by", "opened_by"];

/// The columns that can say who reported a record, by table; sorted. Of other tables nobody can say.
pub(crate) const REPORTED_BY: &[(&str, &[&str])] = &[
    ("change_request", &["requested_by", "opened_by"]),
    ("change_task", &["opened_by"]),
    ("incident", &["caller_id", "opened_by"]),
    ("problem", &["opened_by"]),
    ("sc_req_item", &["opened_by"]),
    ("sc_task", &["opened_by"]),
];

/// Parts of a ticket, and the column of each, which every table of tickets has; sorted.
const PARTS: &[(&str, &str)] = &[
    ("assignees", "assigned_to"),
    ("body", "description"),
    ("containers", "assignment_group"),
    ("due", "due_date"),
    ("parent", "parent"),
    ("priority", "priority"),
    ("status", "state"),
];

/// Columns that are relations: the column, the table that it points into, how the record relates to what is there.
const LINKS: &[(&str, &str, LinkKind)] = &[
    ("caused_by", "change_request", LinkKind::CausedBy),
    ("parent_incident", "incident", LinkKind::Relates),
    ("problem_id", "problem", LinkKind::CausedBy),
    ("rfc", "change_request", LinkKind::Relates),
];

/// Where a record is shown: what a ticket needs that its answer does not tell.
pub(crate) type PageOf<'a> = dyn Fn(&str, &str) -> Option<String> + 'a;

/// Which answer a record stands in: that tells why a column is absent from it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin<'a> {
    /// That of the record's own table.
    Own,
    /// That of this table, which the record's own may extend.
    Listed(&'a str),
    /// That of another route, which may leave columns out.
    Other,
}

/// Returns the ticket of a record, without notes and files; `asked` tells what the answer may not have.
pub(crate) fn ticket(
    record: &Record<'_>,
    asked: Option<Key<'_>>,
    page: &PageOf<'_>,
    origin: Origin<'_>,
) -> Result<Ticket> {
    let table = table(record, asked);
    let listed = if let Origin::Listed(listed) = origin { listed } else { table };
    let reporter = reporter(record, table, listed);
    let reporter_column = if let Who::In(column) = reporter { Some(column) } else { None };
    let sys_id = record.value("sys_id");
    let closed_at = time(record, "closed_at").or(time(record, "resolved_at"));
    let ticket = Ticket::new(key(record, asked)?, record.value("short_description"))
        .with_native_id(Some(sys_id).filter(|id| !id.is_empty()).map(str::to_owned))
        .with_aliases(alias(record, table))
        .with_url(page(table, sys_id).filter(|_| !sys_id.is_empty()))
        .with_body(record.filled("description").map(|text| plain(&text.value)))
        .with_type(ticket_type(table, record.field("sys_class_name")))
        .with_status(status(table, record))
        .with_resolution(record.filled("close_code").map(named))
        .with_priority(record.filled("priority").map(priority).unwrap_or_default())
        .with_assignees(people::of(record, "assigned_to").into_iter().collect::<Vec<_>>())
        .with_reporter(reporter_column.and_then(|column| people::of(record, column)))
        .with_project(Project::new(table).with_name(label(record.field("sys_class_name"), table)))
        .with_containers(containers(record))
        .with_parent(record.filled("parent").map(|parent| reference(parent, BASE_TABLE)))
        .with_links(links(record))
        .with_created_at(time(record, "sys_created_on"))
        .with_updated_at(time(record, "sys_updated_on"))
        .with_closed_at(closed_at)
        .with_due(record.filled("due_date").and_then(|due| due_date(&due.value)))
        .with_custom_fields(fields::of(record, reporter_column)?)
        .with_revision(record.filled("sys_mod_count").map(|count| count.value.to_string()));
    let hidden =
        PARTS.iter().filter(|(_, column)| record.field(column).is_none()).map(|(part, _)| (*part, Who::Hidden));
    let parts = hidden.chain([("reporter", reporter)]);
    Ok(parts.fold(ticket, |ticket, (part, who)| {
        let reason = match (who, origin) {
            (Who::In(_) | Who::Nobody, _) => return ticket,
            (Who::NotAsked, _) | (Who::Hidden, Origin::Other) => CutReason::NotLoaded,
            (Who::Hidden, _) => CutReason::Permission,
        };
        let loaded = if part == "containers" { ticket.containers.len() as u64 } else { 0 };
        ticket.with_cut(part, Part::new(loaded, None, reason))
    }))
}

/// Returns the canonical key of a record: its number, or table and id where it has none.
pub(crate) fn key(record: &Record<'_>, asked: Option<Key<'_>>) -> Result<String> {
    if let Some(number) = record.filled("number") {
        return Ok(number.value.to_string());
    }
    match (record.filled("sys_id"), asked) {
        (Some(sys_id), _) => Ok(format!("{}/{}", table(record, asked), sys_id.value)),
        (None, Some(key)) => Ok(key.to_string()),
        (None, None) => Err(Error::new(ErrorKind::ResponseParse, "the answer has neither `number` nor `sys_id`")),
    }
}

/// Returns the table of a record: its own class, else the one that was asked.
pub(crate) fn table<'a>(record: &'a Record<'_>, asked: Option<Key<'a>>) -> &'a str {
    let own = record.value("sys_class_name");
    match asked {
        _ if is_table(own) => own,
        Some(Key::Record { table: Some(table), .. }) => table,
        _ => BASE_TABLE,
    }
}

/// Returns what a table's records are.
pub(crate) fn ticket_type(table: &str, class: Option<&Field<'_>>) -> TicketType {
    let name = label(class, table).unwrap_or_else(|| table.to_owned());
    TicketType::new(words::level(table), Named::new(name).with_id(table.to_owned()))
}

/// Returns a priority; the label often begins with the number.
pub(crate) fn priority(field: &Field<'_>) -> Priority {
    Priority::new(words::priority(&field.value), named(field))
}

/// Returns something with its label and its value.
pub(crate) fn named(field: &Field<'_>) -> Named {
    Named::new(field.label()).with_id(field.value.to_string())
}

/// Returns a time of the database's, which is in UTC and does not say so.
pub(crate) fn utc(value: &str) -> Option<Time> {
    (value.len() == "2026-01-01 00:00:00".len()).then(|| Time::parse(&format!("{}Z", value.replace(' ', "T"))).ok())?
}

/// Returns a plain text with one kind of line ends.
pub(crate) fn plain(text: &str) -> RichText {
    RichText::plain(text.replace("\r\n", "\n"))
}

/// Returns when something is due: a day or a time, as the column is.
fn due_date(value: &str) -> Option<Due> {
    utc(value).map(Due::Time).or_else(|| Due::parse(value).ok())
}

fn time(record: &Record<'_>, column: &str) -> Option<Time> {
    utc(record.value(column))
}

/// Returns where a record stands. What is not `active` is not open, whatever its state is called.
fn status(table: &str, record: &Record<'_>) -> Status {
    let Some(state) = record.filled("state") else { return Status::default() };
    let category = state_category(table, &state.value);
    let active = record.filled("active").map(|active| &*active.value == "true");
    let is_open = match (category.is_open(), active) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), _) | (None, Some(true)) => Some(true),
        (None, None) => None,
    };
    Status::new(category, named(state)).with_is_open(is_open)
}

/// Returns another key that leads to a record, where its number is the first.
fn alias(record: &Record<'_>, table: &str) -> Vec<String> {
    let both = record.filled("number").and(record.filled("sys_id"));
    both.map(|sys_id| format!("{table}/{}", sys_id.value)).into_iter().collect()
}

fn containers(record: &Record<'_>) -> Vec<Container> {
    let of = |kind: ContainerKind, column: &str| {
        let field = record.filled(column)?;
        Some(Container::new(kind, field.label()).with_id(field.value.to_string()))
    };
    [of(ContainerKind::Queue, "assignment_group"), of(ContainerKind::Component, "category")]
        .into_iter()
        .flatten()
        .collect()
}

fn links(record: &Record<'_>) -> Vec<Link> {
    let of = |(column, table, kind): &(&'static str, &str, LinkKind)| {
        let target = reference(record.filled(column)?, table);
        Some(Link::new(kind.clone(), target).with_native((*column).to_owned()))
    };
    LINKS.iter().filter_map(of).collect()
}

/// Returns another record: by its number, which is its label, or by table and id.
fn reference(field: &Field<'_>, table: &str) -> TicketRef {
    let number = field.display.as_deref().filter(|display| !display.is_empty() && *display != &*field.value);
    TicketRef::new(number.map_or_else(|| format!("{table}/{}", field.value), str::to_owned))
}

/// Returns the label of a table, where the answer tells it.
fn label(class: Option<&Field<'_>>, table: &str) -> Option<String> {
    let own = class.and_then(|class| class.display.as_deref()).filter(|label| !label.is_empty());
    let known = || TYPES.iter().find(|(known, ..)| *known == table).map(|(_, name, _)| *name);
    own.filter(|label| *label != table).or_else(known).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::{decode, model::StatusCategory};

    use super::*;

    fn read(text: &str) -> Ticket {
        let record = decode::json(text.as_bytes()).unwrap();
        ticket(&record, None, &|table, id| Some(format!("{table}.{id}")), Origin::Own).unwrap()
    }

    #[test]
    fn what_is_not_active_is_not_open() {
        let status = |state: &str, active: &str| {
            let text =
                format!(r#"{{"number":"INC1","sys_class_name":"incident","state":"{state}","active":"{active}"}}"#);
            let status = read(&text).status;
            (status.category, status.is_open)
        };
        assert_eq!(status("2", "true"), (StatusCategory::InProgress, Some(true)));
        assert_eq!(status("2", "false"), (StatusCategory::InProgress, Some(false)));
        assert_eq!(status("6", "true"), (StatusCategory::Done, Some(false)));
        assert_eq!(status("42", "true"), (StatusCategory::UNKNOWN, Some(true)));
    }

    #[test]
    fn a_record_without_a_number_has_its_table_and_id_for_a_key() {
        let ticket = read(r#"{"sys_id":"9d385017c611228701d22104cc95c371","sys_class_name":"u_case"}"#);
        assert_eq!(ticket.key.as_str(), "u_case/9d385017c611228701d22104cc95c371");
        assert!(ticket.aliases.is_empty());
    }

    #[test]
    fn times_are_utc_and_never_the_label() {
        let text =
            r#"{"number":"INC1","sys_created_on":{"value":"2026-01-02 03:04:05","display_value":"01.02.2026 19:04"}}"#;
        assert_eq!(read(text).created_at.unwrap().to_string(), "2026-01-02T03:04:05Z");
        for wrong in ["", "2026-01-02", "02/01/2026 03:04:05", "9999-99-99 00:00:00"] {
            assert_eq!(utc(wrong), None, "{wrong}");
        }
    }
}
