//! What can be chosen in a team; without one, the teams.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Level, Response},
    message::{FieldOption, Options, OptionsScope, StateOption},
    model::{Container, ContainerKind, FieldType, Named, Priority, Project},
};

use super::lookup::Wanted;
use crate::{
    Linear,
    api::{self, PageInfo},
    documents,
    key::{self, Key},
    mapping,
};

/// The lists that may go on, as the document's variables name them.
const LISTS: [&str; 4] = ["labels", "members", "projects", "cycles"];

/// Returns the states, labels, people, containers and priorities of a team.
pub(crate) async fn options(linear: &Linear, scope: &OptionsScope) -> Result<Options> {
    if let Some(key) = &scope.ticket {
        let key = Key::parse(key)?;
        let names = Wanted { issue: Some(key), ..Wanted::default() }.ask(linear).await?;
        let issue = linear.data::<api::Names<'_>>(&names, &key)?.whole(&key)?.issue;
        let team =
            issue.and_then(|issue| issue.team).ok_or_else(|| Error::not_found(format_args!("the team of {key}")))?;
        return of_team(linear, &team.id).await;
    }
    match scope.project.as_deref().or(linear.host.connection().default_project.as_deref()) {
        Some(name) => of_team(linear, name).await,
        None => teams(linear).await,
    }
}

fn by_name(name: &str) -> Vec<Value> {
    let names = ["key", "name"].map(|field| json!({ field: { "eqIgnoreCase": name } }));
    names.into_iter().chain(key::is_uuid(name).then(|| json!({ "id": { "eq": name } }))).collect()
}

/// Returns the teams that the account sees.
async fn teams(linear: &Linear) -> Result<Options> {
    let mut projects: Vec<Project> = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let response = linear.ask(documents::TEAMS, &json!({ "after": after })).await?;
        let page = linear.data::<api::Teams<'_>>(&response, &"the teams")?.whole(&"the teams")?.teams;
        projects.extend(page.nodes.iter().filter_map(mapping::team));
        let next = page.page_info.next().map(str::to_owned);
        if next.is_none() {
            return Ok(Options::default().with_projects(projects));
        }
        if next == after {
            return Err(circle("the teams"));
        }
        after = next;
    }
}

async fn of_team(linear: &Linear, name: &str) -> Result<Options> {
    let (filter, about) = (json!({ "or": by_name(name) }), &*format!("the team `{name}`"));
    let mut found = Found::default();
    let mut next: [Option<Option<String>>; LISTS.len()] = [const { Some(None) }; LISTS.len()];
    let mut is_first = true;
    while next.iter().any(Option::is_some) {
        let response = linear.ask(documents::OPTIONS, &variables(&filter, &next, is_first)).await?;
        let following = found.read(linear, &response, about)?;
        if following == next {
            return Err(circle(about));
        }
        (next, is_first) = (following, false);
    }
    Ok(found.options())
}

/// Returns the variables: each list from its beginning, from a cursor, or not at all.
fn variables(filter: &Value, next: &[Option<Option<String>>; LISTS.len()], is_first: bool) -> Value {
    let mut variables =
        serde_json::Map::from_iter([("team".to_owned(), filter.clone()), ("first".to_owned(), is_first.into())]);
    for (list, after) in LISTS.iter().zip(next) {
        variables.insert((*list).to_owned(), after.is_some().into());
        variables.insert(format!("{list}After"), after.clone().flatten().into());
    }
    variables.into()
}

/// What the pages have shown so far.
#[derive(Default)]
struct Found {
    project: Option<Project>,
    states: Vec<StateOption>,
    labels: Vec<String>,
    people: Vec<Named>,
    containers: Vec<Container>,
    cycles: Vec<Container>,
    priorities: Vec<Priority>,
    has_estimates: bool,
}

impl Found {
    /// Reads a page of each list, and returns where they go on.
    fn read(
        &mut self,
        linear: &Linear,
        response: &Response,
        about: &str,
    ) -> Result<[Option<Option<String>>; LISTS.len()]> {
        let answer: api::OptionsOfTeam<'_> = linear.data(response, &about)?.whole(&about)?;
        let team =
            answer.teams.nodes.into_iter().next().ok_or_else(|| {
                Error::not_found(about).with_hint("It does not exist, or the account does not see it.")
            })?;
        let text = |text: &Option<usher_adapter_sdk::decode::Text<'_>>| text.as_deref().map(str::to_owned);
        let project = Project::new(&*team.key).with_id(text(&team.id)).with_name(text(&team.name));
        self.project = Some(project);
        self.has_estimates = team.issue_estimation_type.as_deref().is_some_and(|kind| kind != "notUsed");
        let values = answer.issue_priority_values.unwrap_or_default();
        self.priorities.extend(values.iter().map(|value| {
            let native = Named::new(&*value.label).with_id(value.priority.to_string());
            Priority::new(mapping::priority_level(value.priority), native)
        }));
        self.read_states(team.states);
        let labels = team.labels.iter().flat_map(|labels| &labels.nodes);
        self.labels.extend(labels.map(|label| label.name.to_string()));
        let members = team.members.iter().flat_map(|members| &members.nodes);
        self.people.extend(members.map(|user| {
            let name = user.display_name.as_deref().or(user.name.as_deref()).unwrap_or(&user.id);
            Named::new(name).with_id(user.id.to_string())
        }));
        for project in team.projects.iter().flat_map(|projects| &projects.nodes) {
            self.containers.push(Container::new(ContainerKind::Project, &*project.name).with_id(text(&project.id)));
            if project.project_milestones.as_ref().is_some_and(|milestones| milestones.page_info.has_next_page) {
                let line = format!("{about}: `{}` has more milestones than are listed", project.name);
                linear.host.log(Level::Warning, &line);
            }
            let milestones = project.project_milestones.iter().flat_map(|milestones| &milestones.nodes);
            self.containers.extend(milestones.map(|it| mapping::container(ContainerKind::Milestone, it)));
        }
        self.cycles.extend(team.cycles.iter().flat_map(|cycles| &cycles.nodes).filter_map(mapping::cycle));
        let pages = [
            team.labels.as_ref().map(|list| &list.page_info),
            team.members.as_ref().map(|list| &list.page_info),
            team.projects.as_ref().map(|list| &list.page_info),
            team.cycles.as_ref().map(|list| &list.page_info),
        ];
        Ok(pages.map(|page| page.and_then(PageInfo::next).map(|cursor| Some(cursor.to_owned()))))
    }

    fn read_states(&mut self, states: Option<api::Connection<api::State<'_>>>) {
        let mut states = states.map(|states| states.nodes).unwrap_or_default();
        states.sort_by(|one, other| one.position.unwrap_or(f64::MAX).total_cmp(&other.position.unwrap_or(f64::MAX)));
        self.states.extend(states.iter().map(|state| {
            let native = Named::new(state.name.as_deref().unwrap_or_default());
            let native = native.with_id(state.id.as_deref().map(str::to_owned));
            StateOption::new(native, state.kind.as_deref().map(mapping::status_category).unwrap_or_default())
        }));
    }

    fn options(self) -> Options {
        let assignees = FieldOption::new("assignees", "Assignee", FieldType::User).with_choices(self.people);
        let estimate = FieldOption::new("estimate", "Estimate", FieldType::Number);
        let fields = std::iter::once(assignees).chain(self.has_estimates.then_some(estimate));
        Options::default()
            .with_projects(Vec::from_iter(self.project))
            .with_states(self.states)
            .with_priorities(self.priorities)
            .with_labels(self.labels)
            .with_containers(self.containers.into_iter().chain(self.cycles).collect::<Vec<_>>())
            .with_fields(fields.collect::<Vec<_>>())
    }
}

fn circle(about: &str) -> Error {
    Error::new(ErrorKind::ResponseParse, format!("{about}: a page names itself as the next"))
}
