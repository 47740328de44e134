//! What can be chosen on a board; without a board, the boards.

use serde_json::json;
use usher_adapter_sdk::{
    Result,
    message::{FieldOption, Options, OptionsScope, StateOption},
    model::{FieldType, Named, Priority, Project, TicketType},
};

use super::{board, people::People};
use crate::{
    Monday, api, documents,
    key::Key,
    mapping::{self, Columns, Label, Role, is},
};

/// Types of columns that nobody can fill by writing; sorted.
const READ_ONLY: &[&str] = &[
    "auto_number",
    "button",
    "creation_log",
    "doc",
    "file",
    "formula",
    "item_id",
    "last_updated",
    "mirror",
    "name",
    "progress",
    "subtasks",
    "time_tracking",
    "unsupported",
    "vote",
];

/// Returns what can be chosen.
pub(crate) async fn options(monday: &Monday, scope: &OptionsScope) -> Result<Options> {
    let ticket = scope.ticket.as_ref().map(|key| monday.key(key)).transpose()?;
    let named = scope.project.as_deref().or(ticket.and_then(|key: Key<'_>| key.board));
    match named.or(monday.host.connection().default_project.as_deref()) {
        Some(name) => of_board(monday, board::id(name)?).await,
        None => boards(monday).await,
    }
}

/// Says whether a column of that type can be written.
pub(super) fn is_writable(kind: &str) -> bool {
    READ_ONLY.binary_search(&kind).is_err()
}

async fn boards(monday: &Monday) -> Result<Options> {
    let mut projects: Vec<Project> = Vec::new();
    for page in 1.. {
        let response = monday.ask(documents::BOARDS, &json!({ "page": page })).await?;
        let api::Boards { boards, .. } = monday.data(&response, &"the boards")?;
        let is_last = boards.len() < board::BOARDS_PAGE;
        projects.extend(boards.iter().flatten().filter(|board| board::holds_items(board)).filter_map(mapping::project));
        if is_last {
            break;
        }
    }
    Ok(Options::default().with_projects(projects))
}

async fn of_board(monday: &Monday, id: &str) -> Result<Options> {
    let response = board::ask(monday, id).await?;
    let (board, tags) = board::found(monday, &response, id)?;
    let columns = Columns::of(Some(&board), &monday.config.columns);
    let people = People::ask(monday).await?;
    let everybody = people.read(monday)?;
    let state = |label: &Label| StateOption::new(named(label), mapping::category(&label.name, label.is_done));
    let labels = columns.role(Role::Labels).map(|column| {
        if is(column, &["tags"]) {
            return tags.iter().filter_map(|tag| tag.name.as_deref().map(str::to_owned)).collect();
        }
        active(&columns, &column.id).map(|label| label.name.clone()).collect::<Vec<_>>()
    });
    let of_role = |role| columns.role(role).map(|column| active(&columns, &column.id).collect::<Vec<_>>());
    let states = of_role(Role::Status).map(|labels| labels.into_iter().map(state).collect::<Vec<_>>());
    let priority = |label: &Label| Priority::new(mapping::priority(&label.name), named(label));
    let priorities = of_role(Role::Priority).map(|labels| labels.into_iter().map(priority).collect::<Vec<_>>());
    let kind = |label: &Label| TicketType::new(mapping::type_level(&label.name), named(label));
    let types = of_role(Role::Type).map(|labels| labels.into_iter().map(kind).collect::<Vec<_>>());
    let groups = board.groups.iter().flatten().flatten();
    let groups = groups.filter(|group| group.archived != Some(true) && group.deleted != Some(true));
    let users = everybody
        .users
        .iter()
        .map(|user| Named::new(user.name.as_deref().unwrap_or(&user.id)).with_id(user.id.to_string()));
    let teams = everybody
        .teams
        .iter()
        .map(|team| Named::new(team.name.as_deref().unwrap_or(&team.id)).with_id(team.id.to_string()));
    let assignees = columns.role(Role::Assignee).map(|column| {
        let title = column.title.as_deref().unwrap_or(&column.id);
        FieldOption::new("assignees", title, FieldType::Users).with_choices(users.chain(teams).collect::<Vec<_>>())
    });
    let fields = assignees.into_iter().chain(fields(&columns));
    Ok(Options::default()
        .with_projects(Vec::from_iter(mapping::project(&board)))
        .with_types(types)
        .with_states(states)
        .with_priorities(priorities)
        .with_labels(labels)
        .with_containers(groups.map(mapping::group).collect::<Vec<_>>())
        .with_fields(fields.collect::<Vec<_>>()))
}

/// Returns the columns that are custom fields of a ticket and can be written.
fn fields(columns: &Columns<'_, '_>) -> Vec<FieldOption> {
    let field = |column: &&api::Column<'_>| {
        let kind = column.kind.as_deref().unwrap_or_default();
        let is_own = columns.role_of(&column.id).is_none() && column.archived != Some(true) && is_writable(kind);
        let choices: Vec<Named> = active(columns, &column.id).map(named).collect();
        is_own.then(|| {
            let title = column.title.as_deref().unwrap_or(&column.id);
            let field = FieldOption::new(&*column.id, title, mapping::field_type(kind));
            if choices.is_empty() { field } else { field.with_choices(choices) }
        })
    };
    columns.all().iter().filter_map(field).collect()
}

fn active<'a>(columns: &'a Columns<'_, '_>, column: &str) -> impl Iterator<Item = &'a Label> {
    columns.labels(column).iter().filter(|label| label.is_active && !label.name.trim().is_empty())
}

fn named(label: &Label) -> Named {
    Named::new(&*label.name).with_id(label.id.to_string())
}
