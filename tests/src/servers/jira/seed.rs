//! What a fake Jira begins with.

use serde_json::Value;

use super::{
    access::{Token, TokenKind},
    adf::paragraph,
    jql::SPRINT,
    state::{CustomField, Issue, IssueType, LinkType, Named, Project, State, Status, Transition, User},
};

/// The beginning of a fake Jira.
#[derive(Debug)]
pub struct Seed {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
    /// Whether texts are documents.
    cloud: bool,
}

/// Places in the list of statuses that every site has here.
pub(super) const TO_DO: usize = 0;
pub(super) const IN_PROGRESS: usize = 1;
pub(super) const IN_REVIEW: usize = 2;
pub(super) const DONE: usize = 3;
pub(super) const WAITING: usize = 4;

/// Places in the list of types that every site has here.
pub(super) const TASK: usize = 0;
pub(super) const BUG: usize = 1;
pub(super) const STORY: usize = 2;
pub(super) const EPIC: usize = 3;
pub(super) const SUBTASK: usize = 4;
pub(super) const REQUEST: usize = 5;

/// Fields of the site's own.
pub(super) const STORY_POINTS: &str = "customfield_10016";
pub(super) const SEVERITY: &str = "customfield_10030";
pub(super) const TEAM: &str = "customfield_10040";

impl Seed {
    /// Returns a site with the words that every one has here, and nothing else.
    pub fn empty(cloud: bool) -> Self {
        let mut state = State::default();
        let named = |state: &mut State, names: &[&str]| -> Vec<Named> {
            names.iter().map(|name| Named { id: state.next_id(), name: (*name).to_owned() }).collect()
        };
        state.priorities = named(&mut state, &["Highest", "High", "Medium", "Low", "Lowest"]);
        state.resolutions = named(&mut state, &["Done", "Won't Do", "Duplicate"]);
        let statuses = [
            ("To Do", "new"),
            ("In Progress", "indeterminate"),
            ("In Review", "indeterminate"),
            ("Done", "done"),
            ("Waiting for support", "new"),
        ];
        state.statuses = statuses
            .map(|(name, category)| Status {
                id: state.next_id(),
                name: name.to_owned(),
                category: category.to_owned(),
            })
            .into();
        let sprint = (SPRINT.to_owned(), false);
        let points = (STORY_POINTS.to_owned(), false);
        let severity = (SEVERITY.to_owned(), true);
        let types = [
            ("Task", vec![sprint.clone(), points.clone(), (TEAM.to_owned(), false)]),
            ("Bug", vec![sprint.clone(), severity]),
            ("Story", vec![sprint, points]),
            ("Epic", Vec::new()),
            ("Sub-task", Vec::new()),
            ("Service Request", Vec::new()),
        ];
        state.issue_types = types
            .map(|(name, fields)| IssueType {
                id: state.next_id(),
                name: name.to_owned(),
                subtask: name == "Sub-task",
                fields,
            })
            .into();
        let links = [
            ("Blocks", "is blocked by", "blocks"),
            ("Duplicate", "is duplicated by", "duplicates"),
            ("Relates", "relates to", "relates to"),
        ];
        let link_types = links.map(|(name, inward, outward)| LinkType {
            id: state.next_id(),
            name: name.to_owned(),
            inward: inward.to_owned(),
            outward: outward.to_owned(),
        });
        state.link_types = link_types.into();
        let options = named(&mut state, &["Critical", "Minor"]);
        let field = |id: &str, name: &str, kind| CustomField {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            options: Vec::new(),
        };
        state.custom_fields = vec![
            field(STORY_POINTS, "Story Points", "number"),
            field(SPRINT, "Sprint", "array"),
            CustomField { options, ..field(SEVERITY, "Severity", "option") },
            field(TEAM, "Team", "string"),
            // Two fields with the same name: whoever goes by names is found out.
            field("customfield_10041", "Team", "string"),
        ];
        Self { state, tokens: Vec::new(), cloud }
    }

    /// Adds a person with a token. The time zone is a POSIX one, such as `JST-9`.
    #[must_use]
    pub fn user(mut self, name: &str, display_name: &str, time_zone: &str) -> Self {
        let user = self.state.users.len();
        let login = name.to_owned();
        self.state.users.push(User {
            account_id: format!("5b10a2844c20165700ede2{user:02}"),
            key: format!("JIRAUSER10{user:03}"),
            name: login,
            display_name: display_name.to_owned(),
            email: format!("{name}@example.com"),
            shows_email: !self.cloud,
            active: true,
            time_zone: time_zone.to_owned(),
        });
        let text = format!("token-of-{name}");
        self.tokens.push(Token { text, user, kind: TokenKind::Basic });
        self
    }

    /// Adds a token of another kind for a person, by their place.
    #[must_use]
    pub fn token(mut self, user: usize, kind: TokenKind) -> Self {
        let word = match kind {
            TokenKind::Basic => "second",
            TokenKind::Scoped => "scoped",
            TokenKind::Bearer => "bearer",
        };
        let text = format!("{word}-token-of-{}", self.state.users[user].name);
        self.tokens.push(Token { text, user, kind });
        self
    }

    /// Adds a project with the workflow of its kind, two components and two versions.
    #[must_use]
    pub fn project(mut self, key: &str, name: &str, service: bool, members: Option<&[usize]>) -> Self {
        let state = &mut self.state;
        let named = |state: &mut State, names: [&str; 2]| -> Vec<Named> {
            names.map(|name| Named { id: state.next_id(), name: name.to_owned() }).into()
        };
        let (components, versions) = (named(state, ["Backend", "Frontend"]), named(state, ["1.0", "2.0"]));
        let issue_types = if service { vec![REQUEST, TASK] } else { vec![TASK, BUG, STORY, EPIC, SUBTASK] };
        let id = state.next_id();
        state.projects.push(Project {
            id,
            key: key.to_owned(),
            name: name.to_owned(),
            service,
            members: members.map(<[usize]>::to_vec),
            issue_types,
            components,
            versions,
            transitions: if service { desk_ways() } else { software_ways() },
            last_number: 0,
        });
        self
    }

    /// Adds an issue to a project, changed as the caller likes, and returns its id.
    pub fn issue(&mut self, project: usize, summary: &str, change: impl FnOnce(&mut Issue)) -> u64 {
        let mut issue = Issue::new(&mut self.state, project, summary);
        (issue.priority, issue.creator, issue.reporter) = (Some(2), Some(0), Some(0));
        change(&mut issue);
        self.state.add(issue)
    }

    /// Returns a text in the form that this Jira keeps.
    pub fn text(&self, text: &str) -> Value {
        if self.cloud { paragraph(text) } else { Value::from(text) }
    }
}

/// From anywhere to everywhere, but what is done is only opened again; the way to the end asks how it ended. The names of the
/// ways are not those of the statuses.
fn software_ways() -> Vec<Transition> {
    let open = Some(vec![TO_DO, IN_PROGRESS, IN_REVIEW]);
    vec![
        Transition { id: 11, name: "Stop".to_owned(), from: open.clone(), to: TO_DO, fields: Vec::new() },
        Transition { id: 21, name: "Start".to_owned(), from: open.clone(), to: IN_PROGRESS, fields: Vec::new() },
        Transition { id: 31, name: "Ask for review".to_owned(), from: open.clone(), to: IN_REVIEW, fields: Vec::new() },
        Transition {
            id: 41,
            name: "Finish".to_owned(),
            from: open,
            to: DONE,
            fields: vec![("resolution".to_owned(), true)],
        },
        Transition { id: 51, name: "Open again".to_owned(), from: Some(vec![DONE]), to: TO_DO, fields: Vec::new() },
    ]
}

fn desk_ways() -> Vec<Transition> {
    vec![
        Transition {
            id: 61,
            name: "Respond".to_owned(),
            from: Some(vec![WAITING, TO_DO]),
            to: IN_PROGRESS,
            fields: Vec::new(),
        },
        Transition { id: 71, name: "Resolve".to_owned(), from: None, to: DONE, fields: Vec::new() },
    ]
}
