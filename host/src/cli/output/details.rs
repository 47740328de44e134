//! One ticket with everything that is known of it, for people. What is not known is not shown.

use usher_adapter_sdk::model::{
    Attachment, Completeness, Container, CutReason, Estimate, Named, Note, RichText, Status, Ticket, TicketRef, Time,
    User, Visibility,
};

use super::completeness::grouped;
use super::facts::Facts;
use super::style::{CUT, INTERNAL, QUIET, STRONG, View};
use super::table::{Cell, Table};
use super::{sanitize, time, value, wrap};

/// Returns the ticket as text: a header, facts, body, notes, attachments, and what of it is cut.
pub(super) fn render(ticket: &Ticket, view: &View) -> String {
    let mut sections = vec![header(ticket, view), facts(ticket, view).render(view)];
    sections.extend(ticket.body.as_ref().map(|body| rich_text(body, "", view)));
    sections.extend(ticket.notes.iter().flatten().map(|note| noted(note, view)));
    sections.extend(ticket.attachments.as_deref().map(|files| attachments(files).render(view)));
    sections.push(cuts(&ticket.completeness, view));
    sections.retain(|section| !section.is_empty());
    sections.join("\n")
}

fn header(ticket: &Ticket, view: &View) -> String {
    let key = sanitize::line(ticket.key.as_str());
    format!("{}  {}\n", view.paint(STRONG, &key), sanitize::line(&ticket.title))
}

fn facts(ticket: &Ticket, view: &View) -> Facts {
    let mut facts = Facts::new();
    let moment = |time: Option<Time>| time.map(|time| time::long(time, view));
    facts.push_known("Type", level(ticket.ticket_type.native.as_ref(), ticket.ticket_type.level.as_str()));
    facts.push_known("Status", status(&ticket.status));
    facts.push_known("Resolution", ticket.resolution.as_ref().map(|resolution| &resolution.name));
    facts.push_known("Priority", level(ticket.priority.native.as_ref(), ticket.priority.level.as_str()));
    facts.push_known("Assignees", list(ticket.assignees.iter().map(User::label)));
    facts.push_known("Reporter", ticket.reporter.as_ref().map(User::label));
    facts.push_known("Labels", list(ticket.labels.iter().map(String::as_str)));
    let project = ticket.project.as_ref();
    facts.push_known("Project", project.map(|project| with_name(&project.key, project.name.as_deref())));
    for container in &ticket.containers {
        facts.push(container_label(container), &container.name);
    }
    facts.push_known("Parent", ticket.parent.as_ref().map(reference));
    for child in &ticket.children {
        facts.push("Children", reference(child));
    }
    for link in &ticket.links {
        let kind = link.native.clone().unwrap_or_else(|| link.kind.as_str().replace('_', " "));
        facts.push("Links", format!("{kind} {}", reference(&link.target)));
    }
    facts.push_known("Created", moment(ticket.created_at));
    facts.push_known("Updated", moment(ticket.updated_at));
    facts.push_known("Closed", moment(ticket.closed_at));
    facts.push_known("Due", ticket.due.map(|due| due.to_string()));
    facts.push_known("Estimate", ticket.estimate.as_ref().map(estimate));
    facts.push_known("URL", ticket.url.as_ref());
    for field in ticket.custom_fields.iter().flatten() {
        let name = field.name.as_ref().unwrap_or(&field.id);
        let text = value::known(field.value.as_str()).filter(|text| !text.is_empty());
        facts.push_known(name, text);
    }
    facts
}

/// Returns the platform's word, with ours behind it where it says something else.
fn level(native: Option<&Named>, word: &str) -> Option<String> {
    let native = native.map(|native| native.name.as_str()).filter(|name| !name.is_empty());
    match (native, word) {
        (None, "unknown") => None,
        (None, word) => Some(word.replace('_', " ")),
        (Some(native), "unknown") => Some(native.to_owned()),
        (Some(native), word) if native.to_lowercase() == word.replace('_', " ") => Some(native.to_owned()),
        (Some(native), word) => Some(format!("{native} ({})", word.replace('_', " "))),
    }
}

fn status(status: &Status) -> Option<Cell> {
    let text = level(Some(&status.native), status.category.as_str())?;
    Some(Cell::status(&status.category, text))
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let texts: Vec<_> = texts.collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

fn with_name(key: &str, name: Option<&str>) -> String {
    match name {
        Some(name) if name != key && !key.is_empty() => format!("{key} ({name})"),
        Some(name) => name.to_owned(),
        None => key.to_owned(),
    }
}

/// Returns the kind of a container as a label: `Sprint`, `Board`.
fn container_label(container: &Container) -> String {
    if container.kind.is_unknown() {
        return "Container".to_owned();
    }
    let word = container.kind.as_str();
    word[..1].to_uppercase() + &word[1..]
}

fn reference(ticket: &TicketRef) -> String {
    match &ticket.title {
        Some(title) => format!("{} {title}", ticket.key),
        None => ticket.key.to_string(),
    }
}

fn estimate(estimate: &Estimate) -> String {
    match &estimate.unit {
        Some(unit) => format!("{} {unit}", estimate.value),
        None => estimate.value.to_string(),
    }
}

/// Returns a text, each line behind an indentation, and which kinds of nodes it lost.
fn rich_text(text: &RichText, indent: &str, view: &View) -> String {
    let markdown = sanitize::text(text.markdown.trim_end());
    let columns = view.width.map(|width| width.saturating_sub(indent.len()));
    let mut lines = wrap::markdown(&markdown, columns);
    if !text.lossy.is_empty() {
        let lost = format!("(not shown: {})", text.lossy.join(", "));
        lines.push(view.paint(QUIET, &sanitize::line(&lost)));
    }
    let indented = lines.iter().map(|line| match line.is_empty() {
        true => "\n".to_owned(),
        false => format!("{indent}{line}\n"),
    });
    indented.collect()
}

/// Returns a note below a line that says who wrote it, when, and who may read it.
fn noted(note: &Note, view: &View) -> String {
    let author = note.author.as_ref().map_or("somebody", User::label);
    let mut head = vec![view.paint(STRONG, &sanitize::line(author))];
    head.extend(note.created_at.map(|created| view.paint(QUIET, &time::long(created, view))));
    match &note.visibility {
        Visibility::Internal => head.push(view.paint(INTERNAL, "internal")),
        Visibility::Public => head.push(view.paint(QUIET, "public")),
        _ => {}
    }
    head.extend(note.in_reply_to.as_ref().map(|other| view.paint(QUIET, &sanitize::line(&format!("answers {other}")))));
    format!("{} {}\n{}", view.paint(QUIET, "──"), head.join(" · "), rich_text(&note.body, "   ", view))
}

/// Returns attachments as a table: id, name, size and type of each.
pub fn attachments(files: &[Attachment]) -> Table {
    let mut table = Table::new(["ATTACHMENT", "NAME", "SIZE", "TYPE"]);
    for file in files {
        let link = (file.is_link == Some(true)).then_some("link");
        table.push([
            Cell::new(&file.id),
            Cell::new(&file.name),
            file.size.map(human_size).into(),
            file.media_type.as_deref().or(link).into(),
        ]);
    }
    table
}

/// Returns a number of bytes as people say it.
fn human_size(bytes: u64) -> String {
    const UNITS: &[(u64, &str)] = &[(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.iter().find(|(size, _)| bytes >= *size) {
        // Ten times the size in whole numbers: one place behind the point, cut and not rounded up.
        Some((size, unit)) => {
            let tenths = u128::from(bytes) * 10 / u128::from(*size);
            format!("{}.{} {unit}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} B"),
    }
}

/// Returns a line for every part that is cut, such as `notes: 50 of 120 loaded (cap)`.
fn cuts(completeness: &Completeness, view: &View) -> String {
    let lines = completeness.0.iter().map(|(part, cut)| {
        let total = cut.total.map_or("an unknown total".to_owned(), grouped);
        let reason = match &cut.reason {
            CutReason::Unknown(None) => String::new(),
            reason => format!(" ({reason})"),
        };
        let line = format!("{part}: {} of {total} loaded{reason}", grouped(cut.loaded));
        view.paint(CUT, &sanitize::line(&line)) + "\n"
    });
    lines.collect()
}

#[cfg(test)]
mod tests;
