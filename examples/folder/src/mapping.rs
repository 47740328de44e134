//! Their words into ours: from the text of a file to a ticket. Values in, values out.

use serde_json::Value;
use sha2::{Digest, Sha256};
use usher_adapter_sdk::{
    Error, Result,
    message::Include,
    model::{
        Attachment, Container, ContainerKind, CustomField, Estimate, FieldType, Link, LinkKind, Named, Note, Priority,
        Project, RichText, Status, Ticket, TicketRef, TicketType, User, UserKind, Visibility,
    },
};

use crate::{
    error::Fault,
    file::{FileNote, TicketFile},
    front_matter::{Amount, Fields, FrontMatter, Links, Text},
    key::Key,
    store::AttachedFile,
    words,
};

/// Media types by the ending of a file's name, sorted.
const MEDIA_TYPES: &[(&str, &str)] = &[
    ("csv", "text/csv"),
    ("gif", "image/gif"),
    ("html", "text/html"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("log", "text/plain"),
    ("md", "text/markdown"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain"),
    ("webp", "image/webp"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// Returns the ticket of a file of which everything is wanted.
pub(crate) fn whole_ticket(key: Option<Key>, text: &str, attachments: Option<Vec<AttachedFile>>) -> Result<Ticket> {
    let read = || -> Result<(Key, TicketFile<'_>, FrontMatter<'_>), Fault> {
        let file = TicketFile::new(text)?;
        let front = file.front_matter()?;
        let own_key = || front.key.as_ref().and_then(|key| Key::parse(&key.0));
        let key = key.or_else(own_key).ok_or_else(|| Fault::new(1, "the text does not say its `key`"))?;
        Ok((key, file, front))
    };
    let name = key.map_or("the text".to_owned(), Key::file_name);
    let (key, file, front) = read().map_err(|fault| fault.in_file(&name))?;
    let ticket = ticket(key, text, &file, front, &Include::EVERYTHING)?;
    Ok(match attachments {
        Some(files) => ticket.with_attachments(files.into_iter().map(attachment).collect::<Vec<_>>()),
        None => ticket,
    })
}

/// Returns the ticket of a file that was taken apart, with the parts that are wanted.
pub(crate) fn ticket(
    key: Key,
    text: &str,
    file: &TicketFile<'_>,
    front: FrontMatter<'_>,
    include: &Include,
) -> Result<Ticket> {
    let ticket = Ticket::new(key, front.title.0)
        .with_type(typed(front.ticket_type))
        .with_status(status(front.status))
        .with_resolution(front.resolution.map(|word| Named::new(word.0)))
        .with_priority(prioritised(front.priority))
        .with_labels(front.labels.0.into_iter().map(|label| label.0.into_owned()).collect::<Vec<_>>())
        .with_assignees(front.assignees.0.iter().map(|name| user(&name.0)).collect::<Vec<_>>())
        .with_reporter(front.reporter.map(|name| user(&name.0)))
        .with_project(Project::new(key.project().as_str()))
        .with_containers(containers(front.milestone))
        .with_parent(front.parent.map(|parent| TicketRef::new(parent.0.as_ref())))
        .with_links(links(front.links))
        .with_created_at(front.created)
        .with_updated_at(front.updated)
        .with_closed_at(front.closed)
        .with_due(front.due)
        .with_estimate(front.estimate.map(estimate))
        .with_url(front.url.map(|url| url.0.into_owned()))
        .with_revision(revision(text));
    let ticket = if include.body { ticket.with_body(file.body().map(RichText::markdown)) } else { ticket };
    let ticket = if include.notes { ticket.with_notes(notes(key, file)?) } else { ticket };
    if !include.fields {
        return Ok(ticket);
    }
    Ok(ticket.with_custom_fields(custom_fields(front.fields.unwrap_or_default())?))
}

/// Returns the revision of a file: a hash of all of it.
pub(crate) fn revision(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let hash = Sha256::digest(text.as_bytes());
    let digits = hash.iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Returns the notes of a file, oldest first.
pub(crate) fn notes(key: Key, file: &TicketFile<'_>) -> Result<Vec<Note>> {
    let notes = file.notes().map_err(|fault| fault.in_file(key.file_name()))?;
    Ok(notes.into_iter().map(note).collect())
}

/// Returns a note of a file.
pub(crate) fn note(note: FileNote<'_>) -> Note {
    let FileNote { head, body } = note;
    let visibility = head.visibility.map_or(Visibility::UNKNOWN, |word| Visibility::from_word(&word));
    Note::new(head.id, RichText::markdown(body))
        .with_author(head.author.map(|name| user(&name)))
        .with_visibility(visibility)
        .with_created_at(head.at)
        .with_in_reply_to(head.in_reply_to.map(|id| id.into_owned()))
}

/// Returns somebody: `mara`, or `Mara Lind <mara@shop.example>`.
pub(crate) fn user(name: &str) -> User {
    let parts = name.split_once('<').and_then(|(name, mail)| Some((name.trim(), mail.strip_suffix('>')?)));
    match parts {
        Some((name, mail)) if mail.contains('@') => {
            let user = User::new(mail).with_email(mail.to_owned());
            if name.is_empty() { user } else { user.with_display_name(name.to_owned()) }
        }
        _ => User::new(name).with_handle(name.to_owned()).with_kind(UserKind::UNKNOWN),
    }
}

/// Returns a file beside a ticket; its name is its id.
pub(crate) fn attachment(file: AttachedFile) -> Attachment {
    let ending = file.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let media_type = MEDIA_TYPES.binary_search_by(|(known, _)| (*known).cmp(ending.as_str())).ok();
    Attachment::new(file.name.clone(), file.name)
        .with_size(file.size)
        .with_media_type(media_type.map(|place| MEDIA_TYPES[place].1.to_owned()))
}

/// Returns the type of a field's value, as far as the value tells.
pub(crate) fn field_type(value: &Value) -> FieldType {
    match value {
        Value::Bool(_) => FieldType::Boolean,
        Value::Number(_) => FieldType::Number,
        Value::String(_) => FieldType::Text,
        Value::Array(list) if list.iter().all(Value::is_string) => FieldType::List,
        _ => FieldType::UNKNOWN,
    }
}

fn typed(word: Option<Text<'_>>) -> TicketType {
    word.map_or_else(TicketType::default, |word| TicketType::new(words::ticket_type(&word.0), word.0.into_owned()))
}

fn status(word: Option<Text<'_>>) -> Status {
    word.map_or_else(Status::default, |word| Status::new(words::status(&word.0), word.0.into_owned()))
}

fn prioritised(word: Option<Text<'_>>) -> Priority {
    word.map_or_else(Priority::default, |word| Priority::new(words::priority(&word.0), word.0.into_owned()))
}

fn containers(milestone: Option<Text<'_>>) -> Vec<Container> {
    milestone.into_iter().map(|name| Container::new(ContainerKind::Milestone, name.0)).collect()
}

fn links(links: Links<'_>) -> Vec<Link> {
    let link = |(kind, target): (Text<'_>, Text<'_>)| {
        Link::new(LinkKind::from_word(&kind.0), TicketRef::new(target.0.as_ref())).with_native(kind.0.into_owned())
    };
    links.0.into_iter().map(link).collect()
}

fn estimate(amount: Amount) -> Estimate {
    let mut estimate = Estimate::default();
    (estimate.value, estimate.unit) = (amount.value, amount.unit);
    estimate
}

fn custom_fields(fields: Fields) -> Result<Vec<CustomField>> {
    let field = |(name, value): (String, Value)| -> Result<CustomField, Error> {
        Ok(CustomField::new(name.clone(), field_type(&value), &value)?.with_name(name))
    };
    fields.0.into_iter().map(field).collect()
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::model::StatusCategory;

    use super::*;

    fn whole(text: &str) -> Ticket {
        whole_ticket(Key::parse("SHOP-1"), text, None).unwrap()
    }

    #[test]
    fn a_title_alone_is_a_ticket_of_which_nothing_else_is_known() {
        let ticket = whole("---\ntitle: Say hello\n---\n");
        assert_eq!((ticket.key.as_str(), ticket.title.as_str()), ("SHOP-1", "Say hello"));
        assert!(ticket.status.category.is_unknown() && ticket.status.is_open.is_none());
        assert!(ticket.body.is_none() && ticket.priority.native.is_none());
        assert_eq!(ticket.notes.unwrap(), []);
    }

    #[test]
    fn every_part_of_a_front_matter_finds_its_field() {
        let ticket = whole(
            "---\ntitle: a\ntype: Bug\nstatus: wontfix\npriority: p1\nresolution: too old\nlabels: [x]\n\
             assignees: [mara, Tom <tom@shop.example>]\nreporter: eve\ncreated: 2026-03-02T09:14:00+01:00\n\
             due: 2026-03-20\nparent: SHOP-3\nlinks: [{blocks: SHOP-14}, {smells_like: SHOP-9}]\n\
             estimate: 2.5 hours\nmilestone: Spring\nfields: {browser: Safari 19, hit: 41, seen: true, at: [a, b]}\n---\n",
        );
        assert_eq!(ticket.status.category, StatusCategory::Canceled);
        assert_eq!(ticket.status.native.name, "wontfix");
        assert_eq!(ticket.assignees[1].label(), "Tom");
        assert_eq!(ticket.created_at.unwrap().to_string(), "2026-03-02T08:14:00Z");
        assert_eq!(ticket.links[1].kind.as_str(), "smells_like");
        assert_eq!(ticket.estimate, Some(Estimate::new(2.5, "hours")));
        let fields: Vec<_> = ticket.custom_fields.unwrap().iter().map(|field| field.value_type.to_string()).collect();
        assert_eq!(fields, ["text", "number", "boolean", "list"]);
        assert_eq!(ticket.project.unwrap().key, "SHOP");
        assert_eq!(ticket.containers[0].name, "Spring");
    }

    #[test]
    fn a_text_without_a_name_of_its_file_may_say_its_key_itself() {
        let ticket = whole_ticket(None, "---\nkey: OPS-4\ntitle: a\n---\n", None).unwrap();
        assert_eq!(ticket.key.as_str(), "OPS-4");
        let error = whole_ticket(None, "---\ntitle: a\n---\n", None).unwrap_err();
        assert!(error.message().contains("`key`"), "{error}");
    }

    #[test]
    fn media_types_are_sorted() {
        assert!(MEDIA_TYPES.is_sorted_by_key(|(ending, _)| *ending));
    }

    #[test]
    fn the_revision_changes_with_any_byte() {
        assert_eq!(revision("a"), "ca978112ca1bbdcafac231b39a23dc4d");
        assert_ne!(revision("a"), revision("a "));
    }
}
