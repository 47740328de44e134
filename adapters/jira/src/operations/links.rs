//! Relations between issues: made and ended one by one, each by a request of its own.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, Result,
    host::Method,
    message::{FieldName, LinkDraft, ListChange, Report},
    model::LinkKind,
};

use crate::{
    Jira, api,
    key::Key,
    mapping::{is_link_kind, same},
};

/// A relation that is to be made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NewLink<'a> {
    #[serde(rename = "type")]
    link_type: TypeName,
    inward_issue: Reference<'a>,
    outward_issue: Reference<'a>,
}

#[derive(Debug, Serialize)]
struct TypeName {
    name: String,
}

#[derive(Debug, Serialize)]
struct Reference<'a> {
    key: &'a str,
}

/// What is to become of an issue's relations.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// The kind of link by name, whether its outward words are meant, and the other issue.
    make: Vec<(String, bool, String)>,
    /// The ids of links.
    end: Vec<String>,
}

impl Links {
    /// Finds the kinds of links that are meant; an unknown one is an error that lists what there is.
    pub(super) async fn of(
        jira: &Jira,
        change: &ListChange<LinkDraft>,
        current: &[api::IssueLink<'_>],
    ) -> Result<Self> {
        if change.is_empty() {
            return Ok(Self::default());
        }
        let response = jira.send(&"the kinds of links", |api| api.get(["issueLinkType"])).await?;
        let types: api::LinkTypes<'_> = response.decode()?;
        let is_there = |wanted: &LinkDraft| current.iter().any(|link| is(link, wanted));
        let wanted = change.set.as_ref().unwrap_or(&change.add);
        let mut links = Self::default();
        for wanted in wanted.iter().filter(|wanted| !is_there(wanted)) {
            let target = Key::parse(&wanted.target)?.as_str().to_owned();
            let (name, is_outward) = kind(&types, &wanted.kind)?;
            links.make.push((name, is_outward, target));
        }
        let is_ended = |link: &api::IssueLink<'_>| match &change.set {
            Some(set) => !set.iter().any(|kept| is(link, kept)),
            None => change.remove.iter().any(|removed| is(link, removed)),
        };
        let ended = current.iter().filter(|link| is_ended(link));
        links.end = ended.filter_map(|link| link.id.as_deref().map(str::to_owned)).collect();
        Ok(links)
    }

    /// Makes and ends them.
    pub(super) async fn carry_out(&self, jira: &Jira, key: &str, report: &mut Report) -> Result<()> {
        for (name, is_outward, target) in &self.make {
            // What the outward words are said of is Jira's *inward* issue.
            let (inward, outward) = if *is_outward { (key, target.as_str()) } else { (target.as_str(), key) };
            let link = NewLink {
                link_type: TypeName { name: name.clone() },
                inward_issue: Reference { key: inward },
                outward_issue: Reference { key: outward },
            };
            let made = jira.send(target, |api| api.request(Method::Post, ["issueLink"])?.json(&link)).await;
            report.step(&FieldName::Links, made)?;
        }
        for id in &self.end {
            let ended = jira.send(&key, |api| api.request(Method::Delete, ["issueLink", id])).await;
            report.step(&FieldName::Links, ended)?;
        }
        Ok(())
    }
}

/// Returns which of the asked relations the issue lacks or still has, if any.
pub(super) fn missed(change: &ListChange<LinkDraft>, current: &[api::IssueLink<'_>]) -> Option<String> {
    let is_there = |wanted: &&LinkDraft| current.iter().any(|link| is(link, wanted));
    let wanted = change.set.as_ref().unwrap_or(&change.add);
    let missing =
        wanted.iter().filter(|wanted| !is_there(wanted)).map(|it| format!("`{} {}` is not there", it.kind, it.target));
    let left = change.remove.iter().filter(is_there).map(|it| format!("`{} {}` is still there", it.kind, it.target));
    let missed: Vec<String> = missing.chain(left).collect();
    (!missed.is_empty()).then(|| missed.join(", "))
}

/// Says whether a link is the one that is meant.
fn is(link: &api::IssueLink<'_>, wanted: &LinkDraft) -> bool {
    let Some(link_type) = &link.link_type else { return false };
    let sides = [(&link.outward_issue, &link_type.outward), (&link.inward_issue, &link_type.inward)];
    sides.into_iter().any(|(issue, words)| {
        let key = issue.as_ref().and_then(|issue| issue.key.as_deref());
        let is_kind = words.as_deref().is_some_and(|words| is_link_kind(words, &wanted.kind));
        is_kind && key.is_some_and(|key| key.eq_ignore_ascii_case(wanted.target.as_str()))
    })
}

/// Returns the kind of link that has such words, and whether these are its outward ones.
fn kind(types: &api::LinkTypes<'_>, kind: &LinkKind) -> Result<(String, bool)> {
    let words = |text: &Option<usher_adapter_sdk::decode::Text<'_>>| {
        text.as_deref().is_some_and(|words| is_link_kind(words, kind))
    };
    let by_words = types.issue_link_types.iter().find_map(|it| {
        let name = it.name.as_deref()?.to_owned();
        if words(&it.outward) {
            return Some((name, true));
        }
        words(&it.inward).then_some((name, false))
    });
    let by_name =
        || types.issue_link_types.iter().find(|it| it.name.as_deref().is_some_and(|name| same(name, kind.as_str())));
    by_words.or_else(|| Some((by_name()?.name.as_deref()?.to_owned(), true))).ok_or_else(|| {
        let words = types.issue_link_types.iter().flat_map(|it| [&it.outward, &it.inward]).flatten();
        let words: Vec<&str> = words.map(|words| &**words).collect();
        Error::validation(format!("the site has no link `{kind}`"))
            .with_field("links", format!("can be: {}", words.join(", ")))
    })
}
