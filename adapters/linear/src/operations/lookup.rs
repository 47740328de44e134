//! Names into what Linear's mutations take. All of a write's names are asked for at once, with the issue as it is.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, Result,
    host::Response,
    message::ME,
    model::{ContainerKind, StatusCategory},
};

use crate::{
    Linear, api, documents,
    key::{self, Key},
    mapping,
};

/// The names of a write.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    /// The issue that is to be changed.
    pub issue: Option<Key<'a>>,
    /// The team, by key, id or name.
    pub team: Option<&'a str>,
    pub labels: Vec<&'a str>,
    pub people: Vec<&'a str>,
    pub containers: Vec<&'a str>,
    pub relations: bool,
}

impl Wanted<'_> {
    /// Asks for everything that the names may stand for.
    pub(super) async fn ask(&self, linear: &Linear) -> Result<Response> {
        let people: Vec<&str> = self.people.iter().copied().filter(|name| *name != ME).collect();
        let any = |names: &[&str], fields: &[&str]| -> Value {
            json!({ "or": names.iter().flat_map(|name| alternatives(name, fields)).collect::<Vec<_>>() })
        };
        let number = |name: &&str| mapping::cycle_number(name).map(|number| json!({ "number": { "eq": number } }));
        let cycles = self.containers.iter().flat_map(|name| alternatives(name, &["name"]));
        let cycles: Vec<Value> = cycles.chain(self.containers.iter().filter_map(number)).collect();
        let variables = json!({
            "issue": self.issue.map_or("", Key::as_str),
            "wantIssue": self.issue.is_some(),
            "team": self.team.map(|team| any(&[team], &["key", "name"])),
            "wantTeam": self.team.is_some(),
            "labels": any(&self.labels, &["name"]),
            "wantLabels": !self.labels.is_empty(),
            "people": any(&people, &["displayName", "email", "name"]),
            "wantPeople": !people.is_empty(),
            "projects": any(&self.containers, &["name"]),
            "milestones": any(&self.containers, &["name"]),
            "cycles": { "or": cycles },
            "wantContainers": !self.containers.is_empty(),
            "wantMe": self.people.contains(&ME),
            "wantRelations": self.relations,
        });
        linear.ask(documents::NAMES, &variables).await
    }
}

/// Returns the team that is meant: the one that is named, else the connection's default.
pub(super) fn team_name<'a>(linear: &'a Linear, named: Option<&'a str>) -> Result<&'a str> {
    named.or(linear.host.connection().default_project.as_deref()).ok_or_else(|| {
        Error::validation("no team is named, and the connection has none")
            .with_hint("Name one, as in `--in linear:ENG`, or set `default_project` of the connection.")
    })
}

/// Returns the team with that key, id or name.
pub(super) fn team<'a, 'b>(names: &'a api::Names<'b>, name: &str) -> Result<&'a api::TeamNames<'b>> {
    let teams = names.teams.as_ref().map_or(&[][..], |teams| &teams.nodes);
    let by_key = teams.iter().find(|team| team.key.eq_ignore_ascii_case(name) || team.id.eq_ignore_ascii_case(name));
    if let Some(team) = by_key {
        return Ok(team);
    }
    let by_name: Vec<_> = teams.iter().filter(|team| team.name.as_deref().is_some_and(|own| same(own, name))).collect();
    match by_name[..] {
        [team] => Ok(team),
        [] => Err(Error::not_found(format_args!("the team `{name}`"))
            .with_hint("It does not exist, or the account does not see it: `usher options` lists those that it sees.")),
        _ => Err(ambiguous("project", name, by_name.iter().map(|team| team.key.to_string()))),
    }
}

/// Returns the state of a team by id, name or type, or the first of a step of ours.
pub(super) fn state<'a, 'b>(team: &'a api::TeamNames<'b>, word: &str) -> Result<&'a api::State<'b>> {
    let mut states: Vec<&api::State<'_>> = team.states.iter().flat_map(|states| &states.nodes).collect();
    states.sort_by(|one, other| one.position.unwrap_or(f64::MAX).total_cmp(&other.position.unwrap_or(f64::MAX)));
    let of_type = |kind: &str| states.iter().find(|state| state.kind.as_deref() == Some(kind));
    let plain = folded(word);
    let by_name = states.iter().find(|state| {
        state.id.as_deref() == Some(word) || state.name.as_deref().is_some_and(|name| folded(name) == plain)
    });
    // In the order of the table, the usual type of a step comes before the special one.
    let by_step = || mapping::state_types(&StatusCategory::from_word(word)).find_map(of_type);
    by_name.or_else(|| of_type(&plain)).or_else(by_step).copied().ok_or_else(|| {
        let choices: Vec<&str> = states.iter().filter_map(|state| state.name.as_deref()).collect();
        Error::validation(format!("`{word}` is no state of the team {}", team.key))
            .with_field("status", format!("can be: {}", choices.join(", ")))
    })
}

/// Returns the ids of labels that the team's issues can have.
pub(super) fn labels(team: &api::TeamNames<'_>, names: &[String]) -> Result<Vec<String>> {
    let known = team.labels.as_ref().map_or(&[][..], |labels| &labels.nodes);
    names.iter().map(|name| label(known, name, &team.key)).collect()
}

fn label(known: &[api::Label<'_>], name: &str, team: &str) -> Result<String> {
    let fitting = || known.iter().filter(|label| same(&label.name, name) || label.id.eq_ignore_ascii_case(name));
    let given: Vec<_> = fitting().filter(|label| !label.is_group).collect();
    match given[..] {
        [label] => Ok(label.id.to_string()),
        [] if fitting().next().is_some() => Err(Error::validation(format!("`{name}` is a group of labels"))
            .with_field("labels", format!("`{name}` cannot be given itself: name a label of the group"))),
        [] => Err(Error::validation(format!("there is no label `{name}` for the team {team}"))
            .with_field("labels", format!("`{name}` does not exist"))
            .with_hint(format!(
                "`usher options --in linear:{team}` lists the labels; new ones are made on Linear's page."
            ))),
        // One of them may be spelled just so.
        _ => match given.iter().filter(|label| *label.name == *name).collect::<Vec<_>>()[..] {
            [label] => Ok(label.id.to_string()),
            _ => Err(ambiguous("labels", name, given.iter().map(|label| label.id.to_string()))),
        },
    }
}

/// Returns the account that is meant.
pub(super) fn person<'a, 'b>(names: &'a api::Names<'b>, name: &str) -> Result<&'a api::User<'b>> {
    if name == ME {
        let viewer = names.viewer.as_ref();
        return viewer.ok_or_else(|| Error::not_found("the account"));
    }
    let users = names.users.as_ref().map_or(&[][..], |users| &users.nodes);
    // What is unique comes before a name that two may share.
    let is_nickname = |user: &&api::User<'_>| {
        let own = [Some(&user.id), user.display_name.as_ref(), user.email.as_ref()];
        own.into_iter().flatten().any(|own| same(own, name))
    };
    if let Some(user) = users.iter().find(is_nickname) {
        return Ok(user);
    }
    let by_name: Vec<_> = users.iter().filter(|user| mapping::is_called(user, name)).collect();
    match by_name[..] {
        [user] => Ok(user),
        [] => Err(Error::validation(format!("there is no account `{name}`"))
            .with_field("assignees", format!("`{name}` is nobody's nickname, mail address, name or id"))),
        _ => Err(ambiguous(
            "assignees",
            name,
            by_name.iter().filter_map(|user| user.email.as_deref().map(str::to_owned)),
        )),
    }
}

/// What containers stand for; an issue has one of each kind at most.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Containers {
    pub project: Option<String>,
    pub milestone: Option<String>,
    pub cycle: Option<String>,
}

/// Returns what containers stand for, in a team.
pub(super) fn containers(names: &api::Names<'_>, team: &api::TeamNames<'_>, asked: &[String]) -> Result<Containers> {
    let mut found = Containers::default();
    for name in asked {
        let mut fitting = candidates(names, team, name);
        if fitting.len() > 1 {
            return Err(ambiguous("containers", name, fitting.iter().map(|it| format!("{} {}", it.kind, it.id))));
        }
        let Some(candidate) = fitting.pop() else {
            return Err(Error::validation(format!("there is no project, milestone or cycle `{name}`"))
                .with_field("containers", format!("`{name}` does not exist for the team {}", team.key))
                .with_hint(format!("`usher options --in linear:{}` lists them.", team.key)));
        };
        let place = match candidate.kind {
            ContainerKind::Milestone => &mut found.milestone,
            ContainerKind::Cycle => &mut found.cycle,
            _ => &mut found.project,
        };
        if place.replace(candidate.id).is_some() {
            return Err(Error::validation(format!("an issue has one {} at most", candidate.kind))
                .with_field("containers", format!("`{name}` is the second {}", candidate.kind)));
        }
        // A milestone is one of a project, and that goes with it.
        if let Some(project) = candidate.project {
            match &found.project {
                Some(own) if *own != project => {
                    return Err(Error::validation(format!("`{name}` is a milestone of another project"))
                        .with_field("containers", "name a milestone of the project that is named"));
                }
                _ => found.project = Some(project),
            }
        }
    }
    Ok(found)
}

struct Candidate {
    kind: ContainerKind,
    id: String,
    project: Option<String>,
}

fn candidates(names: &api::Names<'_>, team: &api::TeamNames<'_>, name: &str) -> Vec<Candidate> {
    let fits = |own: &str, id: &str| same(own, name) || id.eq_ignore_ascii_case(name);
    let mut found = Vec::new();
    for project in names.projects.iter().flat_map(|projects| &projects.nodes) {
        let id = project.id.as_deref().unwrap_or_default();
        if fits(&project.name, id) {
            found.push(Candidate { kind: ContainerKind::Project, id: id.to_owned(), project: None });
        }
    }
    for milestone in names.project_milestones.iter().flat_map(|milestones| &milestones.nodes) {
        if fits(&milestone.name, &milestone.id) {
            let project = milestone.project.as_ref().and_then(|project| project.id.as_deref().map(str::to_owned));
            found.push(Candidate { kind: ContainerKind::Milestone, id: milestone.id.to_string(), project });
        }
    }
    for cycle in names.cycles.iter().flat_map(|cycles| &cycles.nodes) {
        let is_ours = cycle.team.as_ref().and_then(|team| team.id.as_deref()) == Some(&team.id);
        let id = cycle.id.as_deref().unwrap_or_default();
        if is_ours && fits(&mapping::cycle_name(cycle).unwrap_or_default(), id) {
            found.push(Candidate { kind: ContainerKind::Cycle, id: id.to_owned(), project: None });
        }
    }
    found
}

/// Compares names without regard to case.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Returns a word as it is compared: `in_review` is `In Review`.
fn folded(word: &str) -> String {
    word.to_lowercase().replace(['_', '-'], " ")
}

fn alternatives(name: &str, fields: &[&str]) -> Vec<Value> {
    let names = fields.iter().map(|field| json!({ *field: { "eqIgnoreCase": name } }));
    names.chain(key::is_uuid(name).then(|| json!({ "id": { "eq": name } }))).collect()
}

fn ambiguous(field: &str, name: &str, choices: impl Iterator<Item = String>) -> Error {
    let choices = choices.collect::<Vec<_>>().join(", ");
    Error::validation(format!("`{name}` means several things")).with_field(field, format!("can be: {choices}"))
}
