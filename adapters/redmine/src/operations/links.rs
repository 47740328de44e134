//! Relations: made and ended one by one, beside the issue itself.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, Result,
    host::Method,
    message::{FieldName, LinkDraft, ListChange, Report},
};

use crate::{Redmine, api, key::Key, mapping};

/// One request about a relation.
#[derive(Debug)]
pub(super) enum Step {
    /// Makes one that begins at the first issue.
    Make { from: Option<Key>, to: Option<Key>, native: &'static str },
    /// Ends the one with that id.
    End(u64),
}

#[derive(Serialize)]
struct NewRelation {
    relation: Relation,
}

#[derive(Serialize)]
struct Relation {
    issue_to_id: u64,
    relation_type: &'static str,
}

/// Returns what is to be done; what a relation cannot be is an error before anything is written.
pub(super) fn steps(change: &ListChange<LinkDraft>, issue: Option<&api::Issue<'_>>) -> Result<Vec<Step>> {
    let own: Vec<&api::Relation<'_>> = issue.and_then(|issue| issue.relations.as_ref()).into_iter().flatten().collect();
    let is_own = |relation: &api::Relation<'_>, draft: &LinkDraft| -> Result<bool> {
        let (native, is_back) = native(draft)?;
        let other = Key::parse(&draft.target)?.0;
        let ends =
            if is_back { (relation.issue_to_id, relation.issue_id) } else { (relation.issue_id, relation.issue_to_id) };
        let here = issue.map_or(0, |issue| issue.id);
        let either = native == "relates" && ends == (other, here);
        Ok(*relation.relation_type == *native && (ends == (here, other) || either))
    };
    let mut steps = Vec::new();
    let ended: Vec<&LinkDraft> = change.remove.iter().collect();
    for relation in &own {
        let mut is_ended = false;
        for draft in &ended {
            is_ended |= is_own(relation, draft)?;
        }
        if let Some(set) = &change.set {
            let mut is_kept = false;
            for draft in set {
                is_kept |= is_own(relation, draft)?;
            }
            is_ended |= !is_kept;
        }
        if is_ended {
            steps.push(Step::End(relation.id));
        }
    }
    for draft in change.add.iter().chain(change.set.iter().flatten()) {
        let mut is_there = false;
        for relation in &own {
            is_there |= is_own(relation, draft)?;
        }
        if !is_there {
            let (native, is_back) = native(draft)?;
            let other = Some(Key::parse(&draft.target)?);
            let (from, to) = if is_back { (other, None) } else { (None, other) };
            steps.push(Step::Make { from, to, native });
        }
    }
    Ok(steps)
}

/// Does what is to be done for an issue.
pub(super) async fn carry_out(redmine: &Redmine, issue: Key, steps: Vec<Step>, report: &mut Report) -> Result<()> {
    for step in steps {
        let request = match step {
            Step::Make { from, to, native } => {
                let (from, to) = (from.unwrap_or(issue), to.unwrap_or(issue));
                let relation = Relation { issue_to_id: to.0, relation_type: native };
                redmine
                    .request(Method::Post, ["issues", &from.to_string(), "relations.json"])?
                    .json(&NewRelation { relation })?
            }
            Step::End(id) => redmine.request(Method::Delete, ["relations", &format!("{id}.json")])?,
        };
        let outcome = redmine.send(request, &format!("a relation of issue {issue}")).await;
        if report.step(&FieldName::Links, outcome)?.is_none() {
            return Ok(());
        }
    }
    report.settle(&FieldName::Links, None);
    Ok(())
}

fn native(draft: &LinkDraft) -> Result<(&'static str, bool)> {
    mapping::relation(&draft.kind).ok_or_else(|| {
        Error::validation(format!("Redmine has no relation `{}`", draft.kind)).with_field(
            "links",
            "can be: blocks, blocked_by, duplicates, duplicated_by, relates, precedes, follows, copied_to, copied_from",
        )
    })
}
