//! New issues.

use serde::Serialize;
use serde_json::json;
use usher_adapter_sdk::{
    Error, Result,
    host::Method,
    message::{Change, Clearable, Created, Draft, FieldName, ListChange, Report},
    model::TicketKey,
};

use super::{
    fill::{self, Screens},
    links::Links,
    marker, paging,
    plan::{Body, Plan},
    screen::Screen,
    transition, update,
};
use crate::{
    Jira, api,
    key::Key,
    mapping::{self, same},
};

/// Fields that Jira fills where nobody does, or that are filled on the way.
const GIVEN: &[&str] = &["issuetype", "project", "reporter"];

/// Makes an issue, and says of every field whether Jira kept it.
pub(crate) async fn create(jira: &Jira, draft: &Draft) -> Result<Created> {
    let project = project(jira, draft)?;
    let issue_type = issue_type(jira, project, draft.ticket_type.as_deref()).await?;
    let screen = Screen::of_new(jira, project, &issue_type.0).await?;
    let change = as_change(draft);
    let mut report = Report::of(draft.asked());
    let screens = Screens { own: &screen, way: None };
    let mut plan = fill::plan(jira, &change, screens, None, &mut report).await?;
    let links = Links::of(jira, &change.links, &[]).await?;
    check_required(&screen, &plan)?;
    if draft.project.is_some() {
        plan.set(FieldName::Project, "project", json!({ "key": project }));
    }
    plan.set(FieldName::Type, "issuetype", json!({ "id": issue_type.0 }));
    let (id, key) = made(jira, project, draft.marker.as_deref(), &plan).await?;
    report.wrote();
    jira.memory.wrote(Some(&id));
    finish(jira, &key, &change, &links, &plan, &mut report).await?;
    report.doubt("nothing was read back of it");
    let page = mapping::page(jira.site(), &key);
    Ok(report.created(key).with_native_id(id).with_url(page))
}

/// Brings a new issue to the state and the relations that were asked for, and reads what has become of it.
async fn finish(
    jira: &Jira,
    key: &str,
    change: &Change,
    links: &Links,
    plan: &Plan,
    report: &mut Report,
) -> Result<()> {
    let ticket = TicketKey::from(key);
    let key = Key::parse(&ticket)?;
    let way = match &change.status {
        Some(word) => match update::way(jira, key, word, None).await.and_then(|way| {
            let checked = way.as_ref().map_or(Ok(()), |way| way.check(plan));
            checked.map(|()| way)
        }) {
            Ok(way) => way,
            Err(error) => {
                report.fail(&transition::FIELD, error)?;
                None
            }
        },
        None => None,
    };
    if let Some(way) = &way {
        update::go(jira, key, way, &Body::default(), report).await?;
    }
    links.carry_out(jira, key.as_str(), report).await?;
    update::read_back(jira, key, change, plan, way.as_ref(), report).await.map(drop)
}

/// The body of the request: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-post>
#[derive(Serialize)]
struct NewIssue<'a> {
    #[serde(flatten)]
    body: Body<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<[marker::Property<'a>; 1]>,
}

async fn made(jira: &Jira, project: &str, marker: Option<&str>, plan: &Plan) -> Result<(String, String)> {
    let mut body = plan.body(|_| true);
    let of_project = json!({ "key": project });
    body.fields.entry("project").or_insert(&of_project);
    let new = NewIssue { body, properties: marker.map(|marker| [marker::property(marker)]) };
    if let Some(marker) = marker {
        jira.memory.drafted(marker, project);
    }
    let response = jira.send(&project, |api| api.request(Method::Post, ["issue"])?.json(&new)).await?;
    let created: api::CreatedIssue<'_> = response.decode()?;
    Ok((created.id.to_string(), created.key.to_string()))
}

fn project<'a>(jira: &'a Jira, draft: &'a Draft) -> Result<&'a str> {
    let named = draft.project.as_deref().or(jira.host.connection().default_project.as_deref());
    named.ok_or_else(|| {
        Error::validation("no project is named, and the connection has no default")
            .with_hint("Name one, as in `--in jira:OPS`, or set `default_project` of the connection.")
    })
}

/// Returns the id and the name of the type that is meant: Jira makes no issue without one.
pub(super) async fn issue_type(jira: &Jira, project: &str, word: Option<&str>) -> Result<(String, String)> {
    let pages = paging::all(jira, &project, |api| api.get(["issue", "createmeta", project, "issuetypes"])).await?;
    let mut types = Vec::new();
    for page in &pages {
        types.extend(page.decode::<api::IssueTypePage<'_>>()?.issue_types);
    }
    let found = |fits: &dyn Fn(&api::IssueType<'_>) -> bool| -> Vec<&api::IssueType<'_>> {
        types.iter().filter(|it| fits(it)).collect()
    };
    let fitting = match word {
        None => found(&|it| it.subtask != Some(true)),
        Some(word) => [
            found(&|it| same(&it.name, word)),
            found(&|it| it.id.as_deref() == Some(word)),
            found(&|it| mapping::issue_type(it).level.as_str() == word),
        ]
        .into_iter()
        .find(|fitting| !fitting.is_empty())
        .unwrap_or_default(),
    };
    if let [one] = fitting[..]
        && let Some(id) = &one.id
    {
        return Ok((id.to_string(), one.name.to_string()));
    }
    let names: Vec<&str> = types.iter().map(|it| &*it.name).collect();
    let message = match word {
        Some(word) => format!("`{word}` means none of the types of {project}, or several"),
        None => format!("an issue of {project} needs a type"),
    };
    let choices =
        if names.is_empty() { "there is none that the account can make".to_owned() } else { names.join(", ") };
    Err(Error::validation(message).with_field("type", format!("can be: {choices}")))
}

/// Names every field at once that Jira would ask for.
fn check_required(screen: &Screen, plan: &Plan) -> Result<()> {
    let is_missing = |id: &str| !GIVEN.contains(&id) && !plan.writes.iter().any(|write| write.id == id);
    let missing = screen.fields().iter().filter(|field| field.required && !field.has_default && is_missing(&field.id));
    let mut missing = missing.peekable();
    if missing.peek().is_none() {
        return Ok(());
    }
    let error = Error::validation("the project asks for more fields of a new issue");
    Err(missing.fold(error, |error, field| error.with_field(&*field.name, format!("is required (`{}`)", field.id))))
}

/// A new issue is a change of nothing: the type apart, which decides on the screen.
fn as_change(draft: &Draft) -> Change {
    let list = |values: &[String]| match values.is_empty() {
        true => ListChange::default(),
        false => ListChange::set(values.to_vec()),
    };
    fn set<T>(value: &Option<T>) -> Clearable<T>
    where
        T: Clone,
    {
        value.clone().map_or(Clearable::Keep, Clearable::Set)
    }
    Change::new()
        .with_title(draft.title.clone())
        .with_body(set(&draft.body))
        .with_status(draft.status.clone())
        .with_priority(set(&draft.priority))
        .with_labels(list(&draft.labels))
        .with_assignees(list(&draft.assignees))
        .with_reporter(draft.reporter.clone())
        .with_containers(list(&draft.containers))
        .with_parent(set(&draft.parent))
        .with_links(ListChange::delta(draft.links.clone(), []))
        .with_due(set(&draft.due))
        .with_estimate(set(&draft.estimate))
        .with_fields(
            draft
                .fields
                .iter()
                .map(|(name, value)| (name.clone(), Clearable::Set(value.clone())))
                .collect::<std::collections::BTreeMap<_, _>>(),
        )
}
