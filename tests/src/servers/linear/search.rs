//! The search over issues: every word must be somewhere, and the more often the better.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    fields::{Node, Plain, View},
    reply::Trouble,
};

/// Returns the issues that a term finds, best first.
pub(super) fn search(view: &View, arguments: &Value) -> Result<Plain, Trouble> {
    let term = arguments["term"].as_str().unwrap_or_default().to_lowercase();
    let words: Vec<_> = term.split_whitespace().collect();
    let team = arguments["teamId"].as_str();
    let of_team = |place: &usize| team.is_none_or(|id| view.state.teams[view.state.issues[*place].team].meta.id == id);
    let hits = |place: usize| (place, count(&text(view, place, arguments["includeComments"] == true), &words));
    let found: HashMap<usize, usize> =
        view.visible_issues().filter(of_team).map(hits).filter(|(_, hits)| *hits > 0).collect();
    let mut places: Vec<_> = found.keys().copied().collect();
    places.sort_unstable();
    let nodes: Vec<_> = places.into_iter().map(Node::SearchResult).collect();
    let key = |node: Node| match node {
        Node::SearchResult(place) => (usize::MAX - found[&place], place),
        other => unreachable!("{other:?} was not searched for"),
    };
    let mut part = view.part(&nodes, arguments, |one, other| key(one).cmp(&key(other)))?;
    part.push(("archivePayload", super::fields::Field::Plain(Vec::new())));
    Ok(part)
}

/// Returns all that is searched of an issue.
fn text(view: &View, place: usize, with_comments: bool) -> String {
    let issue = &view.state.issues[place];
    let mut text = format!("{} {} ", view.state.identifier(issue), issue.title);
    text += issue.description.as_deref().unwrap_or_default();
    let comments = issue.comments.iter().map(|comment| &view.state.comments[*comment]);
    for comment in comments.filter(|comment| with_comments && !comment.meta.deleted) {
        text += " ";
        text += &comment.body;
    }
    text.to_lowercase()
}

/// Returns how often the words are there; nothing if one of them is not.
fn count(text: &str, words: &[&str]) -> usize {
    let counts = words.iter().map(|word| text.matches(word).count());
    counts.clone().try_fold(0, |sum, count| (count > 0).then_some(sum + count)).unwrap_or_default()
}
