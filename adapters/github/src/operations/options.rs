//! What can be chosen in a repository.

use futures_util::future;
use usher_adapter_sdk::{
    ErrorKind, Result,
    host::Response,
    message::{FieldOption, Options, OptionsScope, StateOption},
    model::{FieldType, Named, Project, StatusCategory},
};

use super::lookup;
use crate::{
    GitHub, api,
    key::{Key, Repository},
    mapping::{self, REASONS},
    request::in_repository,
};

/// Returns labels, milestones, people, types and states; what a server does not have is left out.
pub(crate) async fn options(github: &GitHub, scope: &OptionsScope) -> Result<Options> {
    let ticket = scope.ticket.as_ref().map(Key::parse).transpose()?;
    let repository = match ticket {
        Some(key) => key.repository,
        None => lookup::repository(github, scope.project.as_deref())?,
    };
    let list = |path: &'static str| all(github, repository, path);
    let (labels, milestones, people, types) =
        future::try_join4(list("labels"), list("milestones"), list("assignees"), list("issue-types")).await?;
    let fields = issue_fields(github, repository).await?;
    let labels = labels.as_deref().map(lookup::decoded::<api::Label<'_>>).transpose()?;
    let milestones = milestones.as_deref().map(lookup::decoded::<api::Milestone<'_>>).transpose()?;
    let people = people.as_deref().map(lookup::decoded::<api::User<'_>>).transpose()?;
    let types = types.as_deref().map(lookup::decoded::<api::IssueType<'_>>).transpose()?;
    let types = types.map(|types| {
        let offered = types.iter().filter(|it| it.is_enabled != Some(false));
        offered.map(mapping::named_type).collect::<Vec<_>>()
    });
    let labels = labels.map(|labels| labels.iter().map(|label| label.name.to_string()).collect::<Vec<_>>());
    let milestones = milestones.map(|milestones| milestones.iter().map(mapping::container).collect::<Vec<_>>());
    let fields = assignees(people).into_iter().chain([resolution()]).chain(fields).collect::<Vec<_>>();
    Ok(Options::default()
        .with_projects(vec![Project::new(repository.to_string())])
        .with_types(types)
        .with_states(states())
        .with_labels(labels)
        .with_containers(milestones)
        .with_fields(fields))
}

/// Returns every page of something of a repository's; none where the server or the account does not have it.
async fn all(github: &GitHub, repository: Repository<'_>, path: &'static str) -> Result<Option<Vec<Response>>> {
    let request = github.get(in_repository(repository, &[path]))?;
    match github.all_pages(request, &repository).await {
        Ok(pages) => Ok(Some(pages)),
        // Every repository that can be seen has labels: without them it is the repository that is missing.
        Err(error) if path != "labels" && is_absent(error.kind()) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn issue_fields(github: &GitHub, repository: Repository<'_>) -> Result<Vec<FieldOption>> {
    let pages = match github.all_pages(github.get(["orgs", repository.owner, "issue-fields"])?, &repository).await {
        Ok(pages) => pages,
        Err(error) if is_absent(error.kind()) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let fields = lookup::decoded::<api::IssueField<'_>>(&pages)?;
    Ok(fields.iter().map(field).collect())
}

fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::Permission | ErrorKind::Authentication)
}

fn states() -> Vec<StateOption> {
    vec![StateOption::new("open", StatusCategory::UNKNOWN), StateOption::new("closed", StatusCategory::Done)]
}

fn assignees(people: Option<Vec<api::User<'_>>>) -> Option<FieldOption> {
    let choice = |user: &api::User<'_>| Named::new(&*user.login).with_id(user.id.map(|id| id.to_string()));
    let choices: Vec<Named> = people?.iter().map(choice).collect();
    Some(FieldOption::new("assignees", "Assignees", FieldType::Users).with_choices(choices))
}

fn resolution() -> FieldOption {
    let choices: Vec<Named> = REASONS.iter().map(|(reason, _)| Named::new(*reason)).collect();
    FieldOption::new("resolution", "Reason for closing", FieldType::Choice).with_choices(choices)
}

fn field(field: &api::IssueField<'_>) -> FieldOption {
    let choice = |choice: &api::Choice<'_>| Named::new(&*choice.name).with_id(choice.id.to_string());
    let choices = field.options.as_ref().map(|options| options.iter().map(choice).collect::<Vec<_>>());
    FieldOption::new(field.id.to_string(), &*field.name, mapping::field_type(&field.data_type)).with_choices(choices)
}
