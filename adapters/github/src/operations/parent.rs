//! The issue that another is a part of: <https://docs.github.com/rest/issues/sub-issues>

use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Method,
    message::{FieldName, Report},
};

use crate::{GitHub, api, key::Key, request::of_issue};

/// Names the sub-issue by its id, which is not its number.
#[derive(Serialize)]
struct SubIssue {
    sub_issue_id: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    replace_parent: bool,
}

/// Makes an issue a part of another, in place of whatever it was a part of.
pub(super) async fn set(github: &GitHub, parent: Key<'_>, child: &api::Issue<'_>) -> Result<()> {
    let body = SubIssue { sub_issue_id: id(child)?, replace_parent: true };
    let request = github.request(Method::Post, of_issue(parent, &["sub_issues"]))?.class("create").json(&body)?;
    github.send(request, &format!("the parent {parent}")).await.map(drop)
}

/// Makes an issue a part of nothing.
pub(super) async fn clear(github: &GitHub, child: &api::Issue<'_>) -> Result<()> {
    let Some(parent) = child.parent_issue_url.as_deref().and_then(Key::of_url) else { return Ok(()) };
    let body = SubIssue { sub_issue_id: id(child)?, replace_parent: false };
    let request = github.request(Method::Delete, of_issue(parent, &["sub_issue"]))?.json(&body)?;
    github.send(request, &format!("the parent {parent}")).await.map(drop)
}

/// Says what became of the parent.
pub(super) fn settle(report: &mut Report, outcome: Result<()>) -> Result<()> {
    if report.step(&FieldName::Parent, outcome)?.is_some() {
        report.settle(&FieldName::Parent, None);
    }
    Ok(())
}

fn id(issue: &api::Issue<'_>) -> Result<u64> {
    issue.id.ok_or_else(|| Error::new(ErrorKind::ResponseParse, "the answer has no id of the issue"))
}
