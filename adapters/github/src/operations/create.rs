//! New issues.

use serde::Serialize;
use usher_adapter_sdk::{
    Result,
    host::Method,
    message::{Created, Draft, FieldName, Report},
};

use super::{compare, gaps, lookup, marker, parent, state::State};
use crate::{
    GitHub, api,
    key::{Key, Repository},
    mapping,
    request::in_repository,
};

/// Makes an issue, and says of every field whether GitHub kept it.
pub(crate) async fn create(github: &GitHub, draft: &Draft) -> Result<Created> {
    let repository = lookup::repository(github, draft.project.as_deref())?;
    let parent = draft.parent.as_ref().map(Key::parse).transpose()?;
    let mut report = gaps::report(draft.asked());
    let new = NewIssue::of(github, repository, draft, &mut report).await?;
    let request = github.request(Method::Post, in_repository(repository, &["issues"]))?.class("create").json(&new)?;
    let response = github.send(request, &repository).await?;
    report.wrote();
    let issue: api::Issue<'_> = response.decode()?;
    settle(&mut report, &new, &issue);
    if let Some(parent) = parent {
        let outcome = parent::set(github, parent, &issue).await;
        parent::settle(&mut report, outcome)?;
    }
    Ok(report
        .created(mapping::key(&issue, None)?)
        .with_native_id(issue.id.map(|id| id.to_string()))
        .with_url(issue.html_url.map(String::from)))
}

/// The body of the request: <https://docs.github.com/rest/issues/issues#create-an-issue>
#[derive(Debug, Serialize)]
struct NewIssue<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    labels: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assignees: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milestone: Option<u64>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    issue_type: Option<String>,
}

impl<'a> NewIssue<'a> {
    /// Finds what names stand for; what is wrong with them is an error before anything is written.
    async fn of(github: &GitHub, repository: Repository<'_>, draft: &'a Draft, report: &mut Report) -> Result<Self> {
        let is_open = draft.status.as_deref().map(State::parse).transpose()?.is_none_or(|asked| asked.state == "open");
        if !is_open {
            report.refuse(&FieldName::Status, "a new issue is open: close it with a change");
        }
        let body = draft.body.as_ref().map(|body| body.markdown.as_str());
        Ok(Self {
            title: &draft.title,
            body: marker::marked(body, draft.marker.as_deref())?,
            labels: &draft.labels,
            assignees: lookup::logins(github, &draft.assignees).await?,
            milestone: lookup::one_milestone(github, repository, &draft.containers).await?,
            issue_type: lookup::type_or_gap(github, repository, draft.ticket_type.as_deref(), report).await?,
        })
    }
}

/// Compares what was asked with what the issue has become; its parent is set afterwards.
fn settle(report: &mut Report, new: &NewIssue<'_>, issue: &api::Issue<'_>) {
    for field in report.open() {
        let reason = match field {
            FieldName::Parent => continue,
            FieldName::Labels => compare::missing_labels(new.labels, issue),
            FieldName::Assignees => compare::missing_assignees(&new.assignees, issue),
            FieldName::Containers => compare::missing_milestone(new.milestone, issue),
            FieldName::Type => compare::missing_type(new.issue_type.as_deref(), issue),
            FieldName::Title | FieldName::Body | FieldName::Project | FieldName::Status => None,
            ref other => Some(format!("this adapter does not write `{other}`")),
        };
        report.settle(&field, reason);
    }
}
