//! What a change comes to: every name looked up, every request ready, before anything is written.

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Change, Clearable, FieldName, ListChange, ME, Report},
    model::{RichText, TicketKey},
};

use crate::{
    api,
    key::Key,
    mapping,
    operations::{
        create,
        input::{self, Input},
        lookup::{self, Containers},
        relation,
    },
};

/// What is to be done.
pub(super) struct Plan<'a, 'b> {
    /// The issue as it is.
    pub issue: &'a api::Written<'b>,
    pub input: Input,
    pub relations: Vec<relation::Step>,
}

impl<'a, 'b> Plan<'a, 'b> {
    /// Looks up every name in what was asked.
    pub(super) fn of(key: Key<'_>, change: &Change, names: &'a api::Names<'b>, report: &mut Report) -> Result<Self> {
        let issue = names.issue.as_ref().ok_or_else(|| Error::not_found(key))?;
        check_revision(key, change, issue)?;
        let own = issue.team.as_ref().ok_or_else(|| Error::new(ErrorKind::ResponseParse, "the issue has no team"))?;
        let team = change.project.as_deref().map(|name| lookup::team(names, name)).transpose()?.unwrap_or(own);
        let mut input = Input {
            team_id: change.project.is_some().then(|| team.id.to_string()),
            title: change.title.clone(),
            description: cleared(&change.body, |body: &RichText| Ok(body.markdown.clone()))?,
            state_id: state(change, team)?,
            priority: priority(&change.priority)?,
            parent_id: cleared(&change.parent, |parent: &TicketKey| Ok(Key::parse(parent)?.to_string()))?,
            due_date: taken(report, FieldName::Due, &change.due, input::due_date),
            estimate: taken(report, FieldName::Estimate, &change.estimate, input::estimate),
            ..Input::default()
        };
        input.labels(&change.labels, team, issue)?;
        input.assignee(&change.assignees, names, issue, report)?;
        input.containers(&change.containers, names, team, issue)?;
        let relations = relation::steps_of_change(&change.links, issue)?;
        Ok(Self { issue, input, relations })
    }
}

impl Input {
    /// Says whether nothing is to be written.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn labels(
        &mut self,
        change: &ListChange<String>,
        team: &api::TeamNames<'_>,
        issue: &api::Written<'_>,
    ) -> Result<()> {
        if let Some(set) = &change.set {
            self.label_ids = Some(lookup::labels(team, set)?);
            return Ok(());
        }
        // What is not on the issue need not be removed.
        let own = issue.labels.iter().flat_map(|labels| &labels.nodes);
        let removed = own.filter(|label| change.remove.iter().any(|name| is_named(label, name)));
        let removed: Vec<String> = removed.filter_map(|label| label.id.as_deref().map(str::to_owned)).collect();
        let added = lookup::labels(team, &change.add)?;
        self.removed_label_ids = (!removed.is_empty()).then_some(removed);
        self.added_label_ids = (!added.is_empty()).then_some(added);
        Ok(())
    }

    fn assignee(
        &mut self,
        change: &ListChange<String>,
        names: &api::Names<'_>,
        issue: &api::Written<'_>,
        report: &mut Report,
    ) -> Result<()> {
        let id = |name: &String| lookup::person(names, name).map(|user| user.id.to_string());
        let me = names.viewer.as_ref();
        let is_called = |user: &api::User<'_>, name: &str| match name {
            ME => me.is_some_and(|me| me.id == user.id),
            name => mapping::is_called(user, name),
        };
        let current = issue.assignee.as_ref();
        let is_removed = current.is_some_and(|user| change.remove.iter().any(|name| is_called(user, name)));
        self.assignee_id = match (&change.set, &change.add[..]) {
            (Some(set), _) => match &set[..] {
                [] => Some(None),
                [name] => Some(Some(id(name)?)),
                _ => return Err(create::one_assignee()),
            },
            (None, []) => is_removed.then_some(None),
            (None, [name]) => {
                let id = id(name)?;
                match current.filter(|user| *user.id != *id && !is_removed) {
                    // Whoever has it would lose it without a word.
                    Some(user) => {
                        let holder = mapping::user(user);
                        let reason =
                            format!("an issue has one assignee, and this one is {}'s: set it instead", holder.label());
                        report.refuse(&FieldName::Assignees, reason);
                        None
                    }
                    None => Some(Some(id)),
                }
            }
            (None, _) => return Err(create::one_assignee()),
        };
        Ok(())
    }

    fn containers(
        &mut self,
        change: &ListChange<String>,
        names: &api::Names<'_>,
        team: &api::TeamNames<'_>,
        issue: &api::Written<'_>,
    ) -> Result<()> {
        let asked = change.set.as_ref().unwrap_or(&change.add);
        let Containers { project, milestone, cycle } = lookup::containers(names, team, asked)?;
        let is_set = change.set.is_some();
        let is_removed = |named: &Option<api::Named<'_>>| {
            named.as_ref().is_some_and(|named| change.remove.iter().any(|name| is_named(named, name)))
        };
        let is_cycle_removed = issue.cycle.as_ref().is_some_and(|cycle| {
            let name = mapping::cycle_name(cycle).unwrap_or_default();
            change.remove.iter().any(|asked| lookup::same(&name, asked) || cycle.id.as_deref() == Some(asked))
        });
        let value = |found: Option<String>, is_cleared: bool| found.map(Some).or_else(|| is_cleared.then_some(None));
        self.project_id = value(project, is_set || is_removed(&issue.project));
        self.project_milestone_id = value(milestone, is_set || is_removed(&issue.project_milestone));
        self.cycle_id = value(cycle, is_set || is_cycle_removed);
        Ok(())
    }
}

/// Looks before the write, since Linear has no conditional writes.
fn check_revision(key: Key<'_>, change: &Change, issue: &api::Written<'_>) -> Result<()> {
    let Some(asked) = change.if_revision.as_deref() else { return Ok(()) };
    let own = issue.updated_at.map(|time| time.to_string());
    if own.as_deref() == Some(asked) {
        return Ok(());
    }
    let own = own.as_deref().unwrap_or("unknown");
    Err(Error::new(ErrorKind::Conflict, format!("{key} has changed meanwhile: it has revision {own}, and not {asked}"))
        .with_hint("Look at it, and change what it is now."))
}

fn state(change: &Change, team: &api::TeamNames<'_>) -> Result<Option<String>> {
    let state = change.status.as_deref().map(|word| lookup::state(team, word)).transpose()?;
    Ok(state.and_then(|state| state.id.as_deref().map(str::to_owned)))
}

/// No priority is one of them.
fn priority(change: &Clearable<String>) -> Result<Option<usize>> {
    Ok(match change {
        Clearable::Keep => None,
        Clearable::Clear => Some(0),
        Clearable::Set(word) => Some(input::priority(word)?),
    })
}

fn cleared<T, U>(change: &Clearable<T>, value: impl Fn(&T) -> Result<U>) -> Result<Option<Option<U>>> {
    Ok(match change {
        Clearable::Keep => None,
        Clearable::Clear => Some(None),
        Clearable::Set(set) => Some(Some(value(set)?)),
    })
}

/// Returns a value that can be cleared; where Linear cannot hold it the field is refused, and the rest is written.
fn taken<T, U>(
    report: &mut Report,
    field: FieldName,
    change: &Clearable<T>,
    value: impl Fn(&T) -> Result<U, String>,
) -> Option<Option<U>> {
    match change {
        Clearable::Keep => None,
        Clearable::Clear => Some(None),
        Clearable::Set(set) => report.take(&field, value(set)).map(Some),
    }
}

fn is_named(named: &api::Named<'_>, name: &str) -> bool {
    lookup::same(&named.name, name) || named.id.as_deref() == Some(name)
}
