//! Writes: a new ticket, a change to one, a new note, and what became of each.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::{
    Due, Estimate, Json, LinkKind, RichText, TicketKey, Visibility,
    word::{with, words},
};

words! {
    /// The name of a field of a draft or a change, as an answer says what became of it.
    FieldName {
        /// The title.
        Title = "title",
        /// The description.
        Body = "body",
        /// The type.
        Type = "type",
        /// The state.
        Status = "status",
        /// The resolution.
        Resolution = "resolution",
        /// The priority.
        Priority = "priority",
        /// The labels.
        Labels = "labels",
        /// The assignees.
        Assignees = "assignees",
        /// The reporter.
        Reporter = "reporter",
        /// The project.
        Project = "project",
        /// The containers.
        Containers = "containers",
        /// The parent.
        Parent = "parent",
        /// The links.
        Links = "links",
        /// The due date.
        Due = "due",
        /// The estimate.
        Estimate = "estimate",
        /// The visibility of a note.
        Visibility = "visibility",
        /// The note that a note answers.
        InReplyTo = "in_reply_to",
    }
}

impl FieldName {
    /// Returns the name of a custom field.
    pub fn custom(field: &str) -> Self {
        Self::Unknown(Some(format!("{CUSTOM}{field}").into()))
    }

    /// Says whether it is the name of a custom field.
    pub fn is_custom(&self) -> bool {
        self.as_str().starts_with(CUSTOM)
    }
}

/// What the name of a custom field begins with.
const CUSTOM: &str = "fields.";

/// A new ticket. Names may be the platform's or our words; the adapter finds what they stand for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Draft {
    /// The project to make it in; absent: the connection's default project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The title.
    pub title: String,
    /// The description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<RichText>,
    /// The type: a native name or id, or one of our levels.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<String>,
    /// The state: a native name or id, or one of our categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The priority: a native name or id, or one of our levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// The labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// The assignees: [`ME`](super::ME), ids, handles, mail addresses or names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assignees: Vec<String>,
    /// The reporter, where it is somebody else than the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
    /// The containers, by name or id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<String>,
    /// The ticket it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<TicketKey>,
    /// Its relations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkDraft>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// How much work it is thought to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
    /// Custom fields by name or id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Json>,
    /// A UUID of the host's by which the ticket can be found again if the answer is lost; the manifest says
    /// where the platform can hold it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
}

impl Draft {
    /// Returns a draft of which nothing but the title is decided.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Returns the names of the fields that are asked for.
    pub fn asked(&self) -> Vec<FieldName> {
        named([
            (true, FieldName::Title),
            (self.project.is_some(), FieldName::Project),
            (self.body.is_some(), FieldName::Body),
            (self.ticket_type.is_some(), FieldName::Type),
            (self.status.is_some(), FieldName::Status),
            (self.priority.is_some(), FieldName::Priority),
            (!self.labels.is_empty(), FieldName::Labels),
            (!self.assignees.is_empty(), FieldName::Assignees),
            (self.reporter.is_some(), FieldName::Reporter),
            (!self.containers.is_empty(), FieldName::Containers),
            (self.parent.is_some(), FieldName::Parent),
            (!self.links.is_empty(), FieldName::Links),
            (self.due.is_some(), FieldName::Due),
            (self.estimate.is_some(), FieldName::Estimate),
        ])
        .chain(self.fields.keys().map(|field| FieldName::custom(field)))
        .collect()
    }
}

with!(Draft {
    /// Sets the project to make it in.
    with_project: project: Option<String>,
    /// Sets the description.
    with_body: body: Option<RichText>,
    /// Sets the type.
    with_type: ticket_type: Option<String>,
    /// Sets the state.
    with_status: status: Option<String>,
    /// Sets the priority.
    with_priority: priority: Option<String>,
    /// Sets the labels.
    with_labels: labels: Vec<String>,
    /// Sets the assignees.
    with_assignees: assignees: Vec<String>,
    /// Sets the reporter.
    with_reporter: reporter: Option<String>,
    /// Sets the containers.
    with_containers: containers: Vec<String>,
    /// Sets the ticket it is a part of.
    with_parent: parent: Option<TicketKey>,
    /// Sets its relations.
    with_links: links: Vec<LinkDraft>,
    /// Sets when it is due.
    with_due: due: Option<Due>,
    /// Sets how much work it is thought to be.
    with_estimate: estimate: Option<Estimate>,
    /// Sets custom fields.
    with_fields: fields: BTreeMap<String, Json>,
    /// Sets the word by which it can be found again.
    with_marker: marker: Option<String>,
});

/// A relation to make or to end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkDraft {
    /// How they relate.
    pub kind: LinkKind,
    /// The other ticket.
    pub target: TicketKey,
}

impl LinkDraft {
    /// Returns a relation to that ticket.
    pub fn new(kind: LinkKind, target: impl Into<TicketKey>) -> Self {
        Self { kind, target: target.into() }
    }
}

/// What shall become of a field that can be empty; in JSON `null` clears it, and an absent field stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clearable<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is emptied.
    Clear,
    /// It is set.
    Set(T),
}

impl<T> Clearable<T> {
    /// Says whether it stays as it is.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<T> From<T> for Clearable<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<T: Serialize> Serialize for Clearable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => serializer.serialize_some(value),
            Self::Clear | Self::Keep => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Clearable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

/// What is added to a list and what is removed from it; `set` replaces it as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct ListChange<T> {
    /// The whole new list, in place of adding and removing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<Vec<T>>,
    /// What is added, if it is not there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<T>,
    /// What is removed, if it is there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<T>,
}

impl<T> Default for ListChange<T> {
    fn default() -> Self {
        Self { set: None, add: Vec::new(), remove: Vec::new() }
    }
}

impl<T> ListChange<T> {
    /// Returns a change that adds and removes.
    pub fn delta(add: impl IntoIterator<Item = T>, remove: impl IntoIterator<Item = T>) -> Self {
        Self { set: None, add: add.into_iter().collect(), remove: remove.into_iter().collect() }
    }

    /// Returns a change that replaces the list.
    pub fn set(list: impl IntoIterator<Item = T>) -> Self {
        Self { set: Some(list.into_iter().collect()), add: Vec::new(), remove: Vec::new() }
    }

    /// Says whether the list stays as it is.
    pub fn is_empty(&self) -> bool {
        self.set.is_none() && self.add.is_empty() && self.remove.is_empty()
    }
}

impl<T: PartialEq + Clone> ListChange<T> {
    /// Does to a list what the change says.
    pub fn apply(&self, list: &mut Vec<T>) {
        if let Some(set) = &self.set {
            list.clone_from(set);
        }
        list.retain(|item| !self.remove.contains(item));
        for item in &self.add {
            if !list.contains(item) {
                list.push(item.clone());
            }
        }
    }
}

/// A change to a ticket: a delta, never a whole ticket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Change {
    /// The new title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The new description.
    #[serde(skip_serializing_if = "Clearable::is_keep")]
    pub body: Clearable<RichText>,
    /// The new type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<String>,
    /// The new state: a native name or id, or one of our categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The new resolution.
    #[serde(skip_serializing_if = "Clearable::is_keep")]
    pub resolution: Clearable<String>,
    /// The new priority.
    #[serde(skip_serializing_if = "Clearable::is_keep")]
    pub priority: Clearable<String>,
    /// The labels.
    #[serde(skip_serializing_if = "ListChange::is_empty")]
    pub labels: ListChange<String>,
    /// The assignees.
    #[serde(skip_serializing_if = "ListChange::is_empty")]
    pub assignees: ListChange<String>,
    /// The new reporter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
    /// The project it moves to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The containers.
    #[serde(skip_serializing_if = "ListChange::is_empty")]
    pub containers: ListChange<String>,
    /// The new parent.
    #[serde(skip_serializing_if = "Clearable::is_keep")]
    pub parent: Clearable<TicketKey>,
    /// The relations.
    #[serde(skip_serializing_if = "ListChange::is_empty")]
    pub links: ListChange<LinkDraft>,
    /// The new due date.
    #[serde(skip_serializing_if = "Clearable::is_keep")]
    pub due: Clearable<Due>,
    /// The new estimate.
    #[serde(skip_serializing_if = "Clearable::is_keep")]
    pub estimate: Clearable<Estimate>,
    /// Custom fields by name or id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Clearable<Json>>,
    /// Change the ticket only if it still has this revision; else the answer is a conflict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_revision: Option<String>,
    /// Write the body although parts of it cannot survive.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub force_lossy: bool,
}

impl Change {
    /// Returns a change of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the names of the fields that are asked for.
    pub fn asked(&self) -> Vec<FieldName> {
        named([
            (self.title.is_some(), FieldName::Title),
            (!self.body.is_keep(), FieldName::Body),
            (self.ticket_type.is_some(), FieldName::Type),
            (self.status.is_some(), FieldName::Status),
            (!self.resolution.is_keep(), FieldName::Resolution),
            (!self.priority.is_keep(), FieldName::Priority),
            (!self.labels.is_empty(), FieldName::Labels),
            (!self.assignees.is_empty(), FieldName::Assignees),
            (self.reporter.is_some(), FieldName::Reporter),
            (self.project.is_some(), FieldName::Project),
            (!self.containers.is_empty(), FieldName::Containers),
            (!self.parent.is_keep(), FieldName::Parent),
            (!self.links.is_empty(), FieldName::Links),
            (!self.due.is_keep(), FieldName::Due),
            (!self.estimate.is_keep(), FieldName::Estimate),
        ])
        .chain(self.fields.keys().map(|field| FieldName::custom(field)))
        .collect()
    }
}

with!(Change {
    /// Sets the title.
    with_title: title: Option<String>,
    /// Sets or clears the description.
    with_body: body: Clearable<RichText>,
    /// Sets the type.
    with_type: ticket_type: Option<String>,
    /// Sets the state.
    with_status: status: Option<String>,
    /// Sets or clears the resolution.
    with_resolution: resolution: Clearable<String>,
    /// Sets or clears the priority.
    with_priority: priority: Clearable<String>,
    /// Changes the labels.
    with_labels: labels: ListChange<String>,
    /// Changes the assignees.
    with_assignees: assignees: ListChange<String>,
    /// Sets the reporter.
    with_reporter: reporter: Option<String>,
    /// Moves it to a project.
    with_project: project: Option<String>,
    /// Changes the containers.
    with_containers: containers: ListChange<String>,
    /// Sets or clears the parent.
    with_parent: parent: Clearable<TicketKey>,
    /// Changes the relations.
    with_links: links: ListChange<LinkDraft>,
    /// Sets or clears the due date.
    with_due: due: Clearable<Due>,
    /// Sets or clears the estimate.
    with_estimate: estimate: Clearable<Estimate>,
    /// Sets or clears custom fields.
    with_fields: fields: BTreeMap<String, Clearable<Json>>,
    /// Changes the ticket only if it still has this revision.
    with_if_revision: if_revision: Option<String>,
    /// Writes the body although parts of it cannot survive.
    with_force_lossy: force_lossy: bool,
});

fn named<const N: usize>(fields: [(bool, FieldName); N]) -> impl Iterator<Item = FieldName> {
    fields.into_iter().filter_map(|(asked, name)| asked.then_some(name))
}

/// A new note.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NoteDraft {
    /// What it says.
    pub body: RichText,
    /// Who may read it. The host asks for `internal` only where the manifest says that the platform has it,
    /// and an adapter that cannot keep the promise answers an error, never with a public note.
    pub visibility: Visibility,
    /// The id of the note that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// A UUID of the host's by which the note can be found again if the answer is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
}

impl NoteDraft {
    /// Returns a note for those readers.
    pub fn new(body: impl Into<RichText>, visibility: Visibility) -> Self {
        Self { body: body.into(), visibility, ..Self::default() }
    }
}

with!(NoteDraft {
    /// Sets the note that it answers.
    with_in_reply_to: in_reply_to: Option<String>,
    /// Sets the word by which it can be found again.
    with_marker: marker: Option<String>,
});

/// A file to attach; its bytes come from a [`FileSource`](crate::host::FileSource).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NewAttachment {
    /// The file's name, without folders.
    pub name: String,
    /// The media type, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The size in bytes, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Who may see it, where the platform tells files apart by that.
    pub visibility: Visibility,
}

impl NewAttachment {
    /// Returns a file of that name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

with!(NewAttachment {
    /// Sets the media type.
    with_media_type: media_type: Option<String>,
    /// Sets the size in bytes.
    with_size: size: Option<u64>,
    /// Sets who may see it.
    with_visibility: visibility: Visibility,
});

/// A field that was asked for and not written, or of which nobody can say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refused {
    /// The field.
    pub field: FieldName,
    /// Why, in words for people.
    pub reason: String,
    /// What would have been accepted, if that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

impl Refused {
    /// Returns a refused field and the reason.
    pub fn new(field: FieldName, reason: impl Into<String>) -> Self {
        Self { field, reason: reason.into(), choices: Vec::new() }
    }
}

with!(Refused {
    /// Names what would have been accepted.
    with_choices: choices: Vec<String>,
});

/// A field that was written, though not exactly as it was asked for: the platform has no form for a part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Altered {
    /// The field.
    pub field: FieldName,
    /// What is otherwise, in words for people.
    pub reason: String,
}

impl Altered {
    /// Returns a field that was altered and what is otherwise.
    pub fn new(field: FieldName, reason: impl Into<String>) -> Self {
        Self { field, reason: reason.into() }
    }

    /// Returns a text of which the platform has no form for these kinds; nothing where it has one for all.
    pub fn text(field: FieldName, platform: &str, kinds: &[impl AsRef<str>]) -> Option<Self> {
        let kinds: Vec<&str> = kinds.iter().map(AsRef::as_ref).collect();
        (!kinds.is_empty()).then(|| Self::new(field, format!("{platform} has no exact form for: {}", kinds.join(", "))))
    }
}

/// What became of a draft. A field that was asked for and stands in none of the lists is an error.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Created {
    /// The new ticket's key.
    pub key: TicketKey,
    /// The platform's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native_id: Option<String>,
    /// Where people read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The fields that were written.
    pub applied: Vec<FieldName>,
    /// The fields that were not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
    /// The fields of which nobody can say, since something failed after the ticket itself was written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Refused>,
    /// The fields of `applied` that were written, though not exactly as asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub altered: Vec<Altered>,
}

impl Created {
    /// Returns the answer for a new ticket.
    pub fn new(key: impl Into<TicketKey>, applied: impl IntoIterator<Item = FieldName>) -> Self {
        Self { key: key.into(), applied: applied.into_iter().collect(), ..Self::default() }
    }
}

with!(Created {
    /// Sets the platform's own id.
    with_native_id: native_id: Option<String>,
    /// Sets where people read it.
    with_url: url: Option<String>,
    /// Names the fields that were not written.
    with_refused: refused: Vec<Refused>,
    /// Names the fields of which nobody can say.
    with_unknown: unknown: Vec<Refused>,
    /// Names the fields that were not written exactly as asked.
    with_altered: altered: Vec<Altered>,
});

/// What became of a change. A field that was asked for and stands in none of the lists is an error.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Updated {
    /// The ticket's key, which may have changed with its project.
    pub key: TicketKey,
    /// The fields that were written.
    pub applied: Vec<FieldName>,
    /// The fields that were not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
    /// The fields of which nobody can say, since something failed after the ticket itself was written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Refused>,
    /// The new revision, where the platform tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The fields of `applied` that were written, though not exactly as asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub altered: Vec<Altered>,
}

impl Updated {
    /// Returns the answer for a changed ticket.
    pub fn new(key: impl Into<TicketKey>, applied: impl IntoIterator<Item = FieldName>) -> Self {
        Self { key: key.into(), applied: applied.into_iter().collect(), ..Self::default() }
    }
}

with!(Updated {
    /// Names the fields that were not written.
    with_refused: refused: Vec<Refused>,
    /// Names the fields of which nobody can say.
    with_unknown: unknown: Vec<Refused>,
    /// Sets the new revision.
    with_revision: revision: Option<String>,
    /// Names the fields that were not written exactly as asked.
    with_altered: altered: Vec<Altered>,
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_clears_and_absence_keeps() {
        let change: Change = serde_json::from_str(r#"{"due":null,"priority":"high"}"#).unwrap();
        assert_eq!(change.due, Clearable::Clear);
        assert_eq!(change.priority, Clearable::Set("high".to_owned()));
        assert!(change.body.is_keep());
        assert_eq!(change.asked(), [FieldName::Priority, FieldName::Due]);
        assert_eq!(serde_json::to_string(&change).unwrap(), r#"{"priority":"high","due":null}"#);
    }

    #[test]
    fn a_list_change_adds_once_and_removes() {
        let mut labels = vec!["a".to_owned(), "b".to_owned()];
        ListChange::delta(["b".to_owned(), "c".to_owned()], ["a".to_owned()]).apply(&mut labels);
        assert_eq!(labels, ["b", "c"]);
        ListChange::set(["z".to_owned()]).apply(&mut labels);
        assert_eq!(labels, ["z"]);
    }

    #[test]
    fn an_answer_without_what_was_altered_says_that_nothing_was_and_is_written_as_before() {
        let old = r#"{"key":"A-1","applied":["body"]}"#;
        let (created, updated): (Created, Updated) =
            (serde_json::from_str(old).unwrap(), serde_json::from_str(old).unwrap());
        assert_eq!((&created.altered, &updated.altered), (&vec![], &vec![]));
        assert_eq!(
            (serde_json::to_string(&created).unwrap(), serde_json::to_string(&updated).unwrap()),
            (old.into(), old.into())
        );
    }

    #[test]
    fn who_does_not_know_of_altered_fields_reads_the_rest_of_the_answer() {
        /// `Updated` as it was before.
        #[derive(Debug, Deserialize, PartialEq)]
        struct Earlier {
            key: TicketKey,
            applied: Vec<FieldName>,
        }
        let altered = Altered::text(FieldName::Body, "Jira", &["table alignment", "HTML"]);
        let updated = Updated::new("A-1", [FieldName::Body]).with_altered(Vec::from_iter(altered));
        let json = serde_json::to_string(&updated).unwrap();
        let reason = "Jira has no exact form for: table alignment, HTML";
        assert_eq!(
            json,
            format!(r#"{{"key":"A-1","applied":["body"],"altered":[{{"field":"body","reason":"{reason}"}}]}}"#)
        );
        let earlier: Earlier = serde_json::from_str(&json).unwrap();
        assert_eq!(earlier, Earlier { key: "A-1".into(), applied: vec![FieldName::Body] });
        assert_eq!(Altered::text(FieldName::Body, "Jira", &[""; 0]), None);
    }
}
