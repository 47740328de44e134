//! New tickets and changes.

use serde_json::json;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Change, Clearable, Created, Draft, Updated},
    model::Time,
};

use crate::{
    Folder,
    error::Fault,
    file::{TicketFile, new_file},
    key::{Key, Project},
    mapping,
    writing::{self, Desk},
};

/// Makes a ticket under the next free number of its project.
pub(crate) fn create(folder: &Folder, draft: &Draft) -> Result<Created> {
    let project = project(folder, draft)?;
    let exists = |key| folder.store.contains(key);
    let edits = writing::of_draft(draft, &desk(folder, &exists))?;
    let body = draft.body.as_ref().map_or("", |body| body.markdown.as_str());
    let text = new_file(&edits.keys, body).map_err(|fault| fault.in_file("the new ticket"))?;
    let key = folder.store.lock()?.create(project, &text)?;
    Ok(Created::new(key, edits.applied).with_refused(edits.refused))
}

/// Changes single keys of a ticket's front matter, and its body.
pub(crate) fn update(folder: &Folder, key: Key, change: &Change) -> Result<Updated> {
    let in_file = |fault: Fault| fault.in_file(key.file_name());
    let exists = |key| folder.store.contains(key);
    let desk = desk(folder, &exists);
    let locked = folder.store.lock()?;
    let text = locked.read(key)?;
    same_revision(key, &text, change)?;
    let file = TicketFile::new(&text).map_err(in_file)?;
    // A file that cannot be read to its end is for its author to correct.
    file.notes().map_err(in_file)?;
    let edits = writing::of_change(change, key, &file.front_matter().map_err(in_file)?, &desk)?;
    let mut changed = file.with_front_matter(&edits.keys).map_err(in_file)?;
    if let Some(body) = new_body(change) {
        changed = TicketFile::new(&changed).map_err(in_file)?.with_body(body);
    }
    if changed != text {
        changed = touched(key, &changed, desk.now)?;
        locked.replace(key, &changed)?;
    }
    let revision = mapping::revision(&changed);
    Ok(Updated::new(key, edits.applied).with_refused(edits.refused).with_revision(revision))
}

/// Returns a file's text with the time of its last change.
pub(super) fn touched(key: Key, text: &str, now: Time) -> Result<String> {
    let touch = || TicketFile::new(text)?.with_front_matter(&[("updated", Some(json!(now.to_string())))]);
    touch().map_err(|fault| fault.in_file(key.file_name()))
}

fn desk<'a>(folder: &'a Folder, exists: &'a dyn Fn(Key) -> bool) -> Desk<'a> {
    Desk { me: folder.me.as_deref(), now: folder.host.now(), exists }
}

fn project(folder: &Folder, draft: &Draft) -> Result<Project> {
    let default = folder.host.connection().default_project.as_deref();
    let word = draft.project.as_deref().or(default).ok_or_else(|| {
        Error::validation("the new ticket needs a project")
            .with_field("project", "is not given")
            .with_hint("Name one such as `SHOP`, or set `default_project` in the connection.")
    })?;
    Project::named(word)
}

fn same_revision(key: Key, text: &str, change: &Change) -> Result<()> {
    match &change.if_revision {
        Some(expected) if *expected != mapping::revision(text) => {
            Err(Error::new(ErrorKind::Conflict, format!("{key} was changed in the meantime; nothing was written"))
                .with_hint("Read the ticket again and repeat the change on what it says now."))
        }
        _ => Ok(()),
    }
}

fn new_body(change: &Change) -> Option<&str> {
    match &change.body {
        Clearable::Keep => None,
        Clearable::Clear => Some(""),
        Clearable::Set(body) => Some(&body.markdown),
    }
}
