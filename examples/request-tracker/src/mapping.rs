//! Their words into ours: pure, values in and values out.

mod messages;
pub(crate) mod words;

use usher_adapter_sdk::{
    Result,
    message::Raw,
    model::{
        CustomField, CutReason, Due, Estimate, FieldType, Link, LinkKind, Part, Priority, Project, Status, Ticket,
        TicketRef, TicketType, Time, TypeLevel, User, UserKind,
    },
};

pub(crate) use self::messages::{Messages, bytes, file, is_note};
use crate::api::{self, Beside, Id};

/// The account that owns what nobody owns.
const NOBODY: &str = "Nobody";
/// Stands for a time that was never set.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// Returns the ticket of an answer, with the messages that stand beside it.
pub(crate) fn ticket(raw: &Raw, asked: Option<&str>) -> Result<Ticket> {
    let own: api::Ticket<'_> = raw.decode_main()?;
    let messages = Messages::of(raw)?;
    let ticket = summary(&own, asked)?.with_revision(raw.revision().map(str::to_owned));
    Ok(messages.onto(ticket))
}

/// Returns everything of a ticket but its messages.
pub(crate) fn summary(own: &api::Ticket<'_>, asked: Option<&str>) -> Result<Ticket> {
    let id = own.id.0.as_str();
    let ticket = Ticket::new(id, own.subject.as_deref().unwrap_or_default())
        .with_aliases(asked.filter(|asked| *asked != id).map(str::to_owned).into_iter().collect::<Vec<_>>())
        .with_type(ticket_type(own))
        .with_status(own.status.as_deref().map(status).unwrap_or_default())
        .with_priority(own.priority.as_ref().map(priority).unwrap_or_default())
        .with_assignees(own.owner.iter().filter_map(person).collect::<Vec<_>>())
        .with_reporter(own.requestor.iter().find_map(person))
        .with_project(own.queue.as_ref().and_then(Beside::seen).map(project))
        .with_created_at(own.created.as_deref().and_then(time))
        .with_updated_at(own.last_updated.as_deref().and_then(time))
        .with_closed_at(own.resolved.as_deref().and_then(time))
        .with_due(own.due.as_deref().and_then(time).map(Due::Time))
        .with_estimate(own.time_estimated.as_ref().and_then(estimate))
        .with_custom_fields(custom_fields(own)?);
    Ok(with_relations(ticket, own))
}

/// Returns somebody; nobody is none.
pub(crate) fn person(user: &Beside<api::User<'_>>) -> Option<User> {
    let user = user.seen().filter(|user| user.id.0 != NOBODY && !user.id.0.is_empty())?;
    let text = |text: &Option<usher_adapter_sdk::decode::Text<'_>>| {
        text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let login = user.id.0.as_str();
    // Somebody who only wrote mail has the address for a login.
    let (email, kind) = match (text(&user.email_address), login.contains('@')) {
        (Some(email), false) => (Some(email), UserKind::UNKNOWN),
        (email, true) => (Some(email.unwrap_or_else(|| login.to_owned())), UserKind::External),
        (None, false) => (None, UserKind::UNKNOWN),
    };
    Some(
        User::new(login)
            .with_handle(login.to_owned())
            .with_display_name(text(&user.real_name))
            .with_email(email)
            .with_kind(kind),
    )
}

/// Returns a time; one that was never set is none.
pub(crate) fn time(text: &str) -> Option<Time> {
    Time::parse(text).ok().filter(|_| text != NEVER)
}

/// Returns the state of a ticket.
pub(crate) fn status(native: &str) -> Status {
    Status::new(words::category(native), native)
}

fn ticket_type(own: &api::Ticket<'_>) -> TicketType {
    // Request Tracker's types are not kinds of work: a ticket, a reminder, an approval.
    own.ticket_type.as_deref().map_or_else(TicketType::default, |name| TicketType::new(TypeLevel::UNKNOWN, name))
}

fn priority(number: &Id) -> Priority {
    Priority::new(number.0.parse().map(words::level).unwrap_or_default(), &*number.0)
}

fn project(queue: &api::Queue<'_>) -> Project {
    let name = queue.name.as_deref().filter(|name| !name.is_empty());
    Project::new(name.unwrap_or(&queue.id.0)).with_id(queue.id.0.clone()).with_name(name.map(str::to_owned))
}

/// Returns minutes; zero is what Request Tracker has where nobody said anything.
fn estimate(minutes: &Id) -> Option<Estimate> {
    let minutes: f64 = minutes.0.parse().ok()?;
    (minutes > 0.0).then(|| Estimate::new(minutes, "minutes"))
}

fn custom_fields(own: &api::Ticket<'_>) -> Result<Option<Vec<CustomField>>> {
    let Some(fields) = &own.custom_fields else { return Ok(None) };
    let mut list = Vec::new();
    for field in fields {
        let values: Vec<&str> = field.values.iter().filter_map(|value| value.seen().map(|text| &**text)).collect();
        // A date that was emptied stays behind as one that was never set.
        let values: Vec<&str> = values.into_iter().filter(|value| *value != NEVER && !value.is_empty()).collect();
        if !values.is_empty() {
            let name = field.name.as_deref().unwrap_or(&field.id.0);
            list.push(CustomField::new(&*field.id.0, FieldType::List, &values)?.with_name(name));
        }
    }
    // They come in no fixed order.
    list.sort_by(|one, other| (one.id.len(), &one.id).cmp(&(other.id.len(), &other.id)));
    for (id, value) in [
        ("initial_priority", &own.initial_priority),
        ("final_priority", &own.final_priority),
        ("time_worked", &own.time_worked),
        ("time_left", &own.time_left),
    ] {
        if let Some(number) = value.as_ref().and_then(|value| value.0.parse::<f64>().ok()).filter(|it| *it != 0.0) {
            list.push(CustomField::new(id, FieldType::Number, &number)?);
        }
    }
    for (id, value) in [("starts", &own.starts), ("started", &own.started), ("told", &own.told)] {
        if let Some(time) = value.as_deref().and_then(time) {
            list.push(CustomField::new(id, FieldType::DateTime, &time)?);
        }
    }
    let further = own.requestor.iter().filter_map(person).skip(1).collect::<Vec<_>>();
    let people = |people: &[Beside<api::User<'_>>]| people.iter().filter_map(person).collect::<Vec<_>>();
    for (id, users) in [("requestors", further), ("cc", people(&own.cc)), ("admin_cc", people(&own.admin_cc))] {
        if !users.is_empty() {
            list.push(CustomField::new(id, FieldType::Users, &users)?);
        }
    }
    for (id, user) in [("creator", &own.creator), ("last_updated_by", &own.last_updated_by)] {
        if let Some(user) = user.as_ref().and_then(person) {
            list.push(CustomField::new(id, FieldType::User, &user)?);
        }
    }
    Ok(Some(list))
}

/// Adds parent, children and relations.
fn with_relations(mut ticket: Ticket, own: &api::Ticket<'_>) -> Ticket {
    let Some(links) = &own.hyperlinks else {
        for part in ["parent", "children", "links"] {
            ticket = ticket.with_cut(part, Part::new(0, None, CutReason::NotLoaded));
        }
        return ticket;
    };
    for link in links {
        let kind = link.kind.as_deref().unwrap_or_default();
        let Some(target) = target(link) else { continue };
        match kind {
            // A ticket may be a part of several: the first is its parent, the others are relations.
            "parent" if ticket.parent.is_none() => ticket.parent = Some(target),
            "parent" => ticket.links.push(Link::new(LinkKind::UNKNOWN, target).with_native(kind.to_owned())),
            "child" => ticket.children.push(target),
            _ => {
                let found = words::LINKS.binary_search_by_key(&kind, |(name, ..)| *name);
                let relation = found.ok().map(|place| Link::new(words::LINKS[place].1.clone(), target));
                ticket.links.extend(relation.map(|link| link.with_native(kind.to_owned())));
            }
        }
    }
    ticket
}

/// Returns the other end of a relation: a ticket, or the address of something elsewhere.
fn target(link: &api::Hyperlink<'_>) -> Option<TicketRef> {
    match (link.record.as_deref(), &link.id, &link.url) {
        (Some("ticket"), Some(id), _) => Some(TicketRef::new(id.0.clone())),
        (Some("external"), _, Some(url)) => Some(TicketRef::new(url.to_string()).with_url(url.to_string())),
        _ => None,
    }
}
