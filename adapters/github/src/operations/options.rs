//! What can be chosen in a repository.

use futures_util::future;
use usher_adapter_sdk::{
    ErrorKind, Result,
    host::{Level, Response},
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
    let (pages, whole) =
        (|path: Vec<String>| pages(github, repository, path), |path: Vec<String>| whole(github, repository, path));
    let (labels, milestones, people, types, fields) = future::try_join5(
        // Every repository that can be seen has labels: without them it is the repository that is missing.
        github.all_pages(github.get(in_repository(repository, &["labels"]))?, &repository),
        pages(in_repository(repository, &["milestones"])),
        pages(in_repository(repository, &["assignees"])),
        whole(in_repository(repository, &["issue-types"])),
        whole(["orgs", repository.owner, "issue-fields"].map(str::to_owned).to_vec()),
    )
    .await?;
    let labels = lookup::decoded::<api::Label<'_>>(&labels)?;
    let milestones = milestones.as_deref().map(lookup::decoded::<api::Milestone<'_>>).transpose()?;
    let people = people.as_deref().map(lookup::decoded::<api::User<'_>>).transpose()?;
    let types = types.as_deref().map(lookup::decoded::<api::IssueType<'_>>).transpose()?;
    let types = types.map(|types| {
        let offered = types.iter().filter(|it| it.is_enabled != Some(false));
        offered.map(mapping::named_type).collect::<Vec<_>>()
    });
    let milestones = milestones.map(|milestones| milestones.iter().map(mapping::container).collect::<Vec<_>>());
    let fields = fields.as_deref().map(lookup::decoded::<api::IssueField<'_>>).transpose()?.unwrap_or_default();
    let fields = fields.iter().map(field);
    let fields = assignees(people).into_iter().chain([resolution()]).chain(fields).collect::<Vec<_>>();
    Ok(Options::default()
        .with_projects(vec![Project::new(repository.to_string())])
        .with_types(types)
        .with_states(states())
        .with_labels(labels.iter().map(|label| label.name.to_string()).collect::<Vec<_>>())
        .with_containers(milestones)
        .with_fields(fields))
}

/// Returns every page of something.
async fn pages(github: &GitHub, repository: Repository<'_>, path: Vec<String>) -> Result<Option<Vec<Response>>> {
    let pages = github.all_pages(github.get(&path)?, &repository).await;
    optional(github, &path, pages)
}

/// Returns something that has no pages: GitHub describes no `per_page` for it.
async fn whole(github: &GitHub, repository: Repository<'_>, path: Vec<String>) -> Result<Option<Vec<Response>>> {
    let answer = github.send(github.get(&path)?, &repository).await;
    optional(github, &path, answer.map(|answer| vec![answer]))
}

/// Returns none where the server or the account does not have it.
fn optional(github: &GitHub, path: &[String], outcome: Result<Vec<Response>>) -> Result<Option<Vec<Response>>> {
    match outcome {
        Ok(pages) => Ok(Some(pages)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) if matches!(error.kind(), ErrorKind::Permission | ErrorKind::Authentication) => {
            github.host.log(Level::Warning, &format!("{} are left out: {error}", path.join("/")));
            Ok(None)
        }
        Err(error) => Err(error),
    }
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
