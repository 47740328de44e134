//! Relations between two issues: made and ended one by one, beside the issue itself.

use serde_json::json;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{FieldName, LinkDraft, ListChange, Report},
    model::LinkKind,
};

use crate::{Linear, api, documents, documents::Document, key::Key, mapping::RELATIONS};

/// A request that makes or ends a relation.
#[derive(Debug)]
pub(super) struct Step {
    document: Document,
    variables: serde_json::Value,
    about: String,
}

/// Returns the relations of an issue that does not exist yet, or says which of them Linear does not have.
pub(super) fn of_draft(links: &[LinkDraft]) -> Result<Vec<New>> {
    links.iter().map(New::of).collect()
}

/// A relation to make.
#[derive(Debug)]
pub(super) struct New {
    kind: &'static str,
    /// Whether the issue itself is the one that the relation begins at.
    is_first: bool,
    target: String,
}

impl New {
    fn of(link: &LinkDraft) -> Result<Self> {
        let (kind, is_first) = native(&link.kind)?;
        Ok(Self { kind, is_first, target: Key::parse(&link.target)?.to_string() })
    }

    fn step(&self, own: &str) -> Step {
        let (first, second) = if self.is_first { (own, &self.target[..]) } else { (&self.target[..], own) };
        let input = json!({ "issueId": first, "relatedIssueId": second, "type": self.kind });
        let about = format!("the relation to {}", self.target);
        Step { document: documents::RELATION_CREATE, variables: json!({ "input": input }), about }
    }
}

/// Returns the requests that relations of a new issue take.
pub(super) fn steps_of_new(new: &[New], own: &str) -> Vec<Step> {
    new.iter().map(|relation| relation.step(own)).collect()
}

/// Returns the requests that a change of the relations of an issue takes.
pub(super) fn steps_of_change(change: &ListChange<LinkDraft>, issue: &api::Written<'_>) -> Result<Vec<Step>> {
    let held = held(issue)?;
    let mut steps = Vec::new();
    let added = change.set.iter().flatten().chain(&change.add);
    let mut wanted = Vec::new();
    for link in added {
        let new = New::of(link)?;
        match held.iter().find(|held| held.is(&new)) {
            Some(held) => wanted.push(held.id),
            None => steps.push(new.step(&issue.id)),
        }
    }
    let mut ended: Vec<&Held<'_>> = Vec::new();
    if change.set.is_some() {
        ended.extend(held.iter().filter(|held| !wanted.contains(&held.id)));
    }
    for link in &change.remove {
        let old = New::of(link)?;
        ended.extend(held.iter().filter(|held| held.is(&old)));
    }
    for held in ended {
        let about = format!("the relation to {}", held.other.identifier);
        steps.push(Step { document: documents::RELATION_DELETE, variables: json!({ "id": held.id }), about });
    }
    Ok(steps)
}

/// Sends one request after the other, and says what became of the relations.
pub(super) async fn carry_out(linear: &Linear, steps: Vec<Step>, report: &mut Report) -> Result<()> {
    for step in steps {
        if report.step(&FieldName::Links, send(linear, &step).await)?.is_none() {
            return Ok(());
        }
    }
    report.settle(&FieldName::Links, None);
    Ok(())
}

async fn send(linear: &Linear, step: &Step) -> Result<()> {
    let response = linear.ask(step.document, &step.variables).await?;
    let answer: api::RelationWritten = linear.data(&response, &step.about)?.data;
    if answer.relation.success {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Platform, format!("{}: Linear answers that it was not done, and not why", step.about)))
}

/// A relation that there is.
struct Held<'a> {
    id: &'a str,
    kind: &'a str,
    is_first: bool,
    other: &'a api::Held<'a>,
}

impl Held<'_> {
    fn is(&self, relation: &New) -> bool {
        let is_kind = self.kind.eq_ignore_ascii_case(relation.kind);
        // It does not matter from which end two issues relate.
        let is_end = self.is_first == relation.is_first || relation.kind == "related";
        is_kind && is_end && self.other.is(&relation.target)
    }
}

/// Returns every relation of an issue; where there are more than were asked for nobody can say what to end.
fn held<'a>(issue: &'a api::Written<'a>) -> Result<Vec<Held<'a>>> {
    let lists = [(&issue.relations, true), (&issue.inverse_relations, false)];
    let mut held = Vec::new();
    for (list, is_first) in lists {
        let Some(list) = list else { continue };
        if list.page_info.has_next_page {
            return Err(Error::validation(format!("{} has more relations than can be changed here", issue.identifier))
                .with_field("links", "are more than 100")
                .with_hint("Change them on the page of the issue."));
        }
        for relation in &list.nodes {
            let other = if is_first { &relation.related_issue } else { &relation.issue };
            if let Some(other) = other {
                held.push(Held { id: &relation.id, kind: &relation.kind, is_first, other });
            }
        }
    }
    Ok(held)
}

/// Returns Linear's kind of a relation, and whether the issue itself is where it begins.
fn native(kind: &LinkKind) -> Result<(&'static str, bool)> {
    let first = RELATIONS.iter().find(|(_, (own, _))| own == kind).map(|(word, _)| (*word, true));
    let second = || RELATIONS.iter().find(|(_, (_, inverse))| inverse == kind).map(|(word, _)| (*word, false));
    first.or_else(second).ok_or_else(|| {
        Error::validation(format!("Linear has no relation `{kind}`"))
            .with_field("links", "can be: blocks, blocked_by, relates, duplicates, duplicated_by")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relation_of_ours_begins_at_one_end_of_linears() {
        for (kind, expected) in [
            (LinkKind::Blocks, ("blocks", true)),
            (LinkKind::BlockedBy, ("blocks", false)),
            (LinkKind::Relates, ("related", true)),
            (LinkKind::Duplicates, ("duplicate", true)),
            (LinkKind::DuplicatedBy, ("duplicate", false)),
        ] {
            assert_eq!(native(&kind).unwrap(), expected, "{kind}");
        }
        assert!(native(&LinkKind::Causes).is_err());
    }
}
