//! What a fake Linear begins with.

use jiff::SignedDuration;

use super::{
    access::Token,
    state::{Cycle, Issue, Label, Milestone, Project, State, Team, User, WorkflowState},
};

/// The beginning of a fake Linear.
#[derive(Debug, Default)]
pub struct Seed {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
}

/// The workflow states of every team here: type and name. Two teams have each of these names.
const STATES: &[(&str, &str)] = &[
    ("triage", "Triage"),
    ("backlog", "Backlog"),
    ("unstarted", "Todo"),
    ("started", "In Progress"),
    ("started", "In Review"),
    ("completed", "Done"),
    ("canceled", "Canceled"),
    ("duplicate", "Duplicate"),
];

impl Seed {
    /// Returns an empty workspace.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a person with a key. The display name is the first word of the name, in small letters.
    #[must_use]
    pub fn user(mut self, name: &str) -> Self {
        let display_name = name.split(' ').next().unwrap_or_default().to_lowercase();
        self.tokens.push(Token::api_key(&display_name));
        self.account(name, &display_name, true)
    }

    /// Adds a person whose account is not in use any more.
    #[must_use]
    pub fn former_user(self, name: &str) -> Self {
        let display_name = name.split(' ').next().unwrap_or_default().to_lowercase();
        self.account(name, &display_name, false)
    }

    /// Adds a token.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.tokens.push(token);
        self
    }

    /// Adds a team with the workflow states that every one has here. Its members are given by their places.
    #[must_use]
    pub fn team(mut self, key: &str, name: &str, private: bool, members: &[usize]) -> Self {
        let state = &mut self.state;
        let place = state.teams.len();
        let first_state = state.states.len();
        for ((kind, name), position) in STATES.iter().zip(0_u8..) {
            let meta = state.meta();
            let (name, kind, position) = ((*name).to_owned(), (*kind).to_owned(), f64::from(position));
            state.states.push(WorkflowState { meta, name, kind, position, team: place });
        }
        let meta = state.meta();
        state.teams.push(Team {
            meta,
            key: key.to_owned(),
            name: name.to_owned(),
            private,
            members: members.to_vec(),
            default_state: first_state + 1,
            last_number: 0,
        });
        self
    }

    /// Adds a label to a team, or to the workspace; a group holds other labels.
    pub fn label(&mut self, name: &str, team: Option<usize>, group: Option<usize>, is_group: bool) -> usize {
        let meta = self.state.meta();
        self.state.labels.push(Label { meta, name: name.to_owned(), is_group, group, team });
        self.state.labels.len() - 1
    }

    /// Adds a project with one milestone, and returns its place, which is that of the milestone too.
    pub fn project(&mut self, name: &str, milestone: &str, lead: usize, teams: &[usize]) -> usize {
        let (meta, milestone_meta) = (self.state.meta(), self.state.meta());
        let place = self.state.projects.len();
        let target_date = Some(jiff::civil::date(2026, 6, 30));
        self.state.projects.push(Project {
            meta,
            name: name.to_owned(),
            description: format!("All about {name}."),
            state: "started".to_owned(),
            lead: Some(lead),
            teams: teams.to_vec(),
            target_date,
        });
        let milestone = Milestone { meta: milestone_meta, name: milestone.to_owned(), project: place, target_date };
        self.state.milestones.push(milestone);
        place
    }

    /// Adds a cycle of two weeks that has begun, and returns its place.
    pub fn cycle(&mut self, team: usize, name: Option<&str>) -> usize {
        let meta = self.state.meta();
        let number = self.state.cycles.iter().filter(|cycle| cycle.team == team).count() as u64 + 1;
        let starts_at = meta.created_at;
        let ends_at = starts_at + SignedDuration::from_hours(24 * 14);
        self.state.cycles.push(Cycle { meta, number, name: name.map(str::to_owned), team, starts_at, ends_at });
        self.state.cycles.len() - 1
    }

    /// Adds an issue to a team, changed as the caller likes, and returns its place.
    pub fn issue(&mut self, team: usize, title: &str, change: impl FnOnce(&mut Issue)) -> usize {
        let mut issue = Issue::new(&mut self.state, team, title);
        change(&mut issue);
        self.state.add_issue(issue)
    }

    /// Returns the place of a team's state by its name.
    pub fn state_named(&self, team: usize, name: &str) -> usize {
        let found = self.state.states.iter().position(|state| state.team == team && state.name == name);
        found.unwrap_or_else(|| panic!("the team has no state {name}"))
    }

    fn account(mut self, name: &str, display_name: &str, active: bool) -> Self {
        let meta = self.state.meta();
        self.state.users.push(User {
            meta,
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            email: format!("{display_name}@example.com"),
            active,
            app: false,
        });
        self
    }
}
