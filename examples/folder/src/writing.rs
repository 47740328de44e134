//! Our words into theirs: from a draft or a change to keys of a front matter. Values in, values out.

use serde_json::{Map, Value, json};
use usher_adapter_sdk::{
    Error, Result,
    message::{Change, Clearable, Draft, FieldName, LinkDraft, ListChange, ME, NoteDraft, Refused},
    model::{Estimate, Json, LinkKind, TicketKey, Time},
};

use crate::{
    file::{FileNote, NoteHead},
    filter::{is_called, my_name},
    front_matter::{Edit, FrontMatter, Text},
    key::Key,
    words,
};

/// What is known where a ticket is written.
pub(crate) struct Desk<'a> {
    pub(crate) me: Option<&'a str>,
    pub(crate) now: Time,
    /// Says whether there is a ticket of that key.
    pub(crate) exists: &'a dyn Fn(Key) -> bool,
}

/// What becomes of a draft or a change: keys to set or to remove, and an answer for each field that was asked.
#[derive(Default)]
pub(crate) struct Edits {
    pub(crate) keys: Vec<Edit>,
    pub(crate) applied: Vec<FieldName>,
    pub(crate) refused: Vec<Refused>,
}

/// What a field becomes: its new value, nothing, or why it is refused.
type Outcome = Result<Option<Value>, String>;

/// Returns the front matter of a new ticket.
pub(crate) fn of_draft(draft: &Draft, desk: &Desk<'_>) -> Result<Edits> {
    let mut edits = Edits::default();
    let now = json!(desk.now.to_string());
    edits.title(&draft.title)?;
    edits.word(FieldName::Type, "type", draft.ticket_type.as_deref());
    edits.status(draft.status.as_deref());
    edits.word(FieldName::Priority, "priority", draft.priority.as_deref());
    edits.list(FieldName::Labels, "labels", &ListChange::delta(draft.labels.clone(), []), Vec::new());
    edits.list(FieldName::Assignees, "assignees", &ListChange::delta(desk.people(&draft.assignees)?, []), Vec::new());
    edits.reporter(draft.reporter.as_deref(), desk)?;
    if draft.reporter.is_none() {
        edits.keys.extend(desk.me.map(|me| ("reporter", Some(json!(me)))));
    }
    edits.keys.push(("created", Some(now.clone())));
    edits.keys.push(("updated", Some(now.clone())));
    if draft.status.as_deref().is_some_and(is_closed) {
        edits.keys.push(("closed", Some(now)));
    }
    edits.clearable(FieldName::Due, "due", &set(draft.due.as_ref()), |due| Ok(json!(due.to_string())));
    edits.clearable(FieldName::Parent, "parent", &set(draft.parent.as_ref()), |parent| desk.parent(parent, None));
    edits.links(&ListChange::delta(draft.links.clone(), []), Vec::new());
    edits.clearable(FieldName::Estimate, "estimate", &set(draft.estimate.as_ref()), |estimate| written(estimate));
    edits.milestone(&ListChange::delta(draft.containers.clone(), []), Vec::new());
    let fields = draft.fields.iter().map(|(name, value)| (name.as_str(), Clearable::Set(value)));
    edits.fields(fields, Map::new());
    edits.keys.extend(draft.marker.as_ref().map(|marker| ("marker", Some(json!(marker)))));
    if draft.project.is_some() {
        edits.applied.push(FieldName::Project);
    }
    if draft.body.is_some() {
        edits.applied.push(FieldName::Body);
    }
    Ok(edits)
}

/// Returns what a change does to a front matter.
pub(crate) fn of_change(change: &Change, key: Key, front: &FrontMatter<'_>, desk: &Desk<'_>) -> Result<Edits> {
    let mut edits = Edits::default();
    if let Some(title) = &change.title {
        edits.title(title)?;
    }
    edits.word(FieldName::Type, "type", change.ticket_type.as_deref());
    edits.status(change.status.as_deref());
    edits.closed(change.status.as_deref(), front, desk.now);
    edits.clearable(FieldName::Resolution, "resolution", &change.resolution, |word| one_line(word));
    edits.clearable(FieldName::Priority, "priority", &change.priority, |word| one_line(word));
    edits.list(FieldName::Labels, "labels", &change.labels, texts(&front.labels.0));
    edits.list(
        FieldName::Assignees,
        "assignees",
        &desk.people_change(&change.assignees, front)?,
        texts(&front.assignees.0),
    );
    edits.reporter(change.reporter.as_deref(), desk)?;
    edits.milestone(&change.containers, front.milestone.iter().map(|name| name.0.to_string()).collect());
    edits.clearable(FieldName::Parent, "parent", &change.parent, |parent| desk.parent(parent, Some(key)));
    let links = front.links.0.iter();
    edits.links(
        &change.links,
        links.map(|(kind, target)| LinkDraft::new(LinkKind::from_word(&kind.0), target.0.as_ref())).collect(),
    );
    edits.clearable(FieldName::Due, "due", &change.due, |due| Ok(json!(due.to_string())));
    edits.clearable(FieldName::Estimate, "estimate", &change.estimate, written);
    let own = front.fields.iter().flat_map(|fields| fields.0.iter().cloned()).collect();
    edits.fields(change.fields.iter().map(|(name, value)| (name.as_str(), by_reference(value))), own);
    if change.project.is_some() {
        edits.refuse(FieldName::Project, "a ticket's project is part of its file's name and stays");
    }
    if !change.body.is_keep() {
        edits.applied.push(FieldName::Body);
    }
    Ok(edits)
}

/// Returns a new note as it stands in the file.
pub(crate) fn note<'a>(id: String, draft: &'a NoteDraft, me: Option<&'a str>, now: Time) -> FileNote<'a> {
    let head = NoteHead {
        id: id.into(),
        author: me.map(Into::into),
        visibility: Some(draft.visibility.as_str().into()),
        at: Some(now),
        in_reply_to: draft.in_reply_to.as_deref().map(Into::into),
        marker: draft.marker.as_deref().map(Into::into),
    };
    FileNote { head, body: draft.body.markdown.as_str().into() }
}

impl Edits {
    fn title(&mut self, title: &str) -> Result<()> {
        let title =
            one_line(title).map_err(|why| Error::validation("the title is refused").with_field("title", why))?;
        self.apply(FieldName::Title, "title", Some(title));
        Ok(())
    }

    fn word(&mut self, field: FieldName, key: &'static str, word: Option<&str>) {
        if let Some(word) = word {
            self.outcome(field, key, one_line(word).map(Some));
        }
    }

    fn status(&mut self, word: Option<&str>) {
        self.word(FieldName::Status, "status", word.map(words::written_status));
    }

    /// Remembers when a ticket was closed, and forgets it when it is opened again.
    fn closed(&mut self, status: Option<&str>, front: &FrontMatter<'_>, now: Time) {
        let Some(status) = status.map(words::written_status) else { return };
        match (is_closed(status), front.closed.is_some()) {
            (true, false) => self.keys.push(("closed", Some(json!(now.to_string())))),
            (false, true) => self.keys.push(("closed", None)),
            _ => (),
        }
    }

    fn reporter(&mut self, name: Option<&str>, desk: &Desk<'_>) -> Result<()> {
        let name = name.map(|name| desk.person(name)).transpose()?;
        self.word(FieldName::Reporter, "reporter", name.as_deref());
        Ok(())
    }

    fn clearable<T>(
        &mut self,
        field: FieldName,
        key: &'static str,
        change: &Clearable<T>,
        value: impl FnOnce(&T) -> Result<Value, String>,
    ) {
        match change {
            Clearable::Keep => (),
            Clearable::Clear => self.apply(field, key, None),
            Clearable::Set(new) => self.outcome(field, key, value(new).map(Some)),
        }
    }

    fn list(&mut self, field: FieldName, key: &'static str, change: &ListChange<String>, mut list: Vec<String>) {
        if change.is_empty() {
            return;
        }
        change.apply(&mut list);
        let flawed = list.iter().find_map(|item| one_line(item).err());
        let value = if list.is_empty() { None } else { Some(json!(list)) };
        self.outcome(field, key, flawed.map_or(Ok(value), Err));
    }

    fn milestone(&mut self, change: &ListChange<String>, mut list: Vec<String>) {
        if change.is_empty() {
            return;
        }
        change.apply(&mut list);
        let outcome = match &list[..] {
            [] => Ok(None),
            [name] => one_line(name).map(Some),
            _ => Err("a ticket has one milestone".to_owned()),
        };
        self.outcome(FieldName::Containers, "milestone", outcome);
    }

    fn links(&mut self, change: &ListChange<LinkDraft>, mut links: Vec<LinkDraft>) {
        if change.is_empty() {
            return;
        }
        change.apply(&mut links);
        let written: Result<Vec<Value>, String> = links.iter().map(link).collect();
        let outcome = written.map(|links| if links.is_empty() { None } else { Some(Value::Array(links)) });
        self.outcome(FieldName::Links, "links", outcome);
    }

    fn fields<'a>(
        &mut self,
        changes: impl Iterator<Item = (&'a str, Clearable<&'a Json>)>,
        mut own: Map<String, Value>,
    ) {
        let mut touched = false;
        for (name, change) in changes {
            let outcome = match change {
                Clearable::Set(value) => value.decode::<Value>().map(Some).map_err(|error| error.to_string()),
                Clearable::Keep | Clearable::Clear => Ok(None),
            };
            match outcome {
                Ok(Some(value)) => drop(own.insert(name.to_owned(), value)),
                Ok(None) => drop(own.remove(name)),
                Err(why) => {
                    self.refuse(FieldName::custom(name), why);
                    continue;
                }
            }
            touched = true;
            self.applied.push(FieldName::custom(name));
        }
        if touched {
            self.keys.push(("fields", if own.is_empty() { None } else { Some(Value::Object(own)) }));
        }
    }

    fn outcome(&mut self, field: FieldName, key: &'static str, outcome: Outcome) {
        match outcome {
            Ok(value) => self.apply(field, key, value),
            Err(why) => self.refuse(field, why),
        }
    }

    fn apply(&mut self, field: FieldName, key: &'static str, value: Option<Value>) {
        self.applied.push(field);
        self.keys.push((key, value));
    }

    fn refuse(&mut self, field: FieldName, why: impl Into<String>) {
        self.refused.push(Refused::new(field, why));
    }
}

impl Desk<'_> {
    fn person(&self, name: &str) -> Result<String> {
        let name = if name == ME { my_name(self.me)? } else { name };
        Ok(name.to_owned())
    }

    fn people(&self, names: &[String]) -> Result<Vec<String>> {
        names.iter().map(|name| self.person(name)).collect()
    }

    /// Returns a change in which people who are there already are called as the file calls them.
    fn people_change(&self, change: &ListChange<String>, front: &FrontMatter<'_>) -> Result<ListChange<String>> {
        let as_there = |name: String| {
            let there = front.assignees.0.iter().find(|there| is_called(&there.0, &name));
            there.map_or(name, |there| there.0.to_string())
        };
        let people = |names| Ok(self.people(names)?.into_iter().map(as_there));
        let mut named = ListChange::delta(people(&change.add)?, people(&change.remove)?);
        named.set = change.set.as_ref().map(|names| self.people(names)).transpose()?;
        Ok(named)
    }

    fn parent(&self, parent: &TicketKey, child: Option<Key>) -> Result<Value, String> {
        let key = Key::parse(parent.as_str()).filter(|key| (self.exists)(*key));
        match key {
            None => Err(format!("there is no ticket `{}`", parent.as_str().escape_debug())),
            Some(_) if key == child => Err("a ticket is no part of itself".to_owned()),
            Some(key) => Ok(json!(key.to_string())),
        }
    }
}

fn is_closed(status: &str) -> bool {
    words::status(status).is_open() == Some(false)
}

fn set<T>(value: Option<&T>) -> Clearable<&T> {
    value.map_or(Clearable::Keep, Clearable::Set)
}

fn by_reference<T>(change: &Clearable<T>) -> Clearable<&T> {
    match change {
        Clearable::Keep => Clearable::Keep,
        Clearable::Clear => Clearable::Clear,
        Clearable::Set(value) => Clearable::Set(value),
    }
}

fn texts(list: &[Text<'_>]) -> Vec<String> {
    list.iter().map(|text| text.0.to_string()).collect()
}

/// Returns a word of a front matter, which stands on one line.
fn one_line(word: &str) -> Result<Value, String> {
    match word {
        word if word.trim().is_empty() => Err("it is empty".to_owned()),
        word if word.contains(char::is_control) => Err("it holds a line break or another control character".to_owned()),
        word => Ok(json!(word)),
    }
}

fn link(link: &LinkDraft) -> Result<Value, String> {
    let target = one_line(link.target.as_str())?;
    match &link.kind {
        LinkKind::Unknown(None) => Err("the kind of the relation is not said".to_owned()),
        kind => Ok(json!({ kind.as_str(): target })),
    }
}

/// Returns an estimate as it is written: `3`, `2.5 hours`.
fn written(estimate: &Estimate) -> Result<Value, String> {
    let value = estimate.value;
    if !value.is_finite() {
        return Err("it is not a number".to_owned());
    }
    match estimate.unit.as_deref() {
        Some(unit) if !unit.trim().is_empty() => one_line(&format!("{value} {}", unit.trim())),
        _ if value.fract() == 0.0 && value.abs() < 1e15 => Ok(json!(value as i64)),
        _ => Ok(json!(value)),
    }
}
