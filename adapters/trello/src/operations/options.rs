//! What can be chosen on a board.

use usher_adapter_sdk::{
    Result,
    message::{FieldOption, Options, OptionsScope, StateOption},
    model::{Container, ContainerKind, FieldType, Named, StatusCategory},
};

use super::{lookup, read, target};
use crate::{
    Trello, api,
    key::Key,
    mapping::{self, POSITION, START, label_name},
};

/// Returns lists, labels, people and custom fields of a board; without a board, the boards that there are.
pub(crate) async fn options(trello: &Trello, scope: &OptionsScope) -> Result<Options> {
    let ticket = scope.ticket.as_ref().map(Key::parse).transpose()?;
    let of_ticket = match ticket {
        Some(key) => board_of(trello, key).await?,
        None => None,
    };
    let named = of_ticket.as_deref().or(scope.project.as_deref());
    let Ok(name) = lookup::project(trello, named) else {
        let boards = trello.own_boards().await?;
        return Ok(Options::default().with_projects(boards.iter().map(mapping::board_project).collect::<Vec<_>>()));
    };
    let board = trello.board_now(name).await?;
    let lists = target::open_lists(&board);
    let state = |list: &&api::List| StateOption::new(named_list(list), target::category_of(&trello.rules, list));
    let marks =
        [StateOption::new("complete", StatusCategory::Done), StateOption::new("archived", StatusCategory::UNKNOWN)];
    let container =
        |list: &&api::List| Container::new(ContainerKind::List, named_list(list).name).with_id(list.id.clone());
    let label =
        |label: &api::BoardLabel| label_name(label.name.as_deref(), label.color.as_deref(), &label.id).to_owned();
    let fields = [assignees(&board)].into_iter().chain(own_fields()).chain(board.custom_fields.iter().map(field));
    Ok(Options::default()
        .with_projects(vec![mapping::board_project(&board)])
        .with_states(lists.iter().map(state).chain(marks).collect::<Vec<_>>())
        .with_containers(lists.iter().map(container).collect::<Vec<_>>())
        .with_labels(board.labels.iter().map(label).collect::<Vec<_>>())
        .with_fields(fields.collect::<Vec<_>>()))
}

async fn board_of(trello: &Trello, key: Key<'_>) -> Result<Option<String>> {
    let card = read::resolved(trello, key).await?;
    let request = trello.read(["cards", &card])?.query("fields", "idBoard");
    let response = trello.send(request, &read::about(key)).await?;
    Ok(response.decode::<api::Card<'_>>()?.id_board.map(String::from))
}

fn named_list(list: &api::List) -> Named {
    Named::new(list.name.clone().unwrap_or_else(|| list.id.clone())).with_id(list.id.clone())
}

fn assignees(board: &api::Board) -> FieldOption {
    let choice = |member: &api::BoardMember| {
        Named::new(member.username.clone().unwrap_or_else(|| member.id.clone())).with_id(member.id.clone())
    };
    let choices: Vec<Named> = board.members.iter().map(choice).collect();
    FieldOption::new("assignees", "Members", FieldType::Users).with_choices(choices)
}

fn own_fields() -> [FieldOption; 2] {
    [FieldOption::new(START, "Start", FieldType::DateTime), FieldOption::new(POSITION, "Position", FieldType::Number)]
}

fn field(field: &api::CustomField) -> FieldOption {
    let choice = |option: &api::FieldChoice| {
        Named::new(option.value.text.clone().unwrap_or_else(|| option.id.clone())).with_id(option.id.clone())
    };
    let choices = (!field.options.is_empty()).then(|| field.options.iter().map(choice).collect::<Vec<_>>());
    let name = field.name.clone().unwrap_or_else(|| field.id.clone());
    FieldOption::new(field.id.clone(), name, mapping::field_type(field.kind.as_deref())).with_choices(choices)
}
