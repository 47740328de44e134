//! What a fake Azure DevOps begins with.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    access::Token,
    state::{Field, Project, State, User, WorkItem, WorkItemType},
};

/// The beginning of a fake Azure DevOps.
#[derive(Debug, Default)]
pub struct Seed {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
}

/// The states of bugs and stories, and those of tasks and epics.
const AGILE: &[(&str, &str)] = &[
    ("New", "Proposed"),
    ("Active", "InProgress"),
    ("Resolved", "Resolved"),
    ("Closed", "Completed"),
    ("Removed", "Removed"),
];
const BASIC: &[(&str, &str)] = &[("To Do", "Proposed"), ("Doing", "InProgress"), ("Done", "Completed")];

/// The types of every project here. A state of one is no state of another.
const TYPES: &[WorkItemType] = &[
    WorkItemType {
        name: "Bug",
        reference_name: "Microsoft.VSTS.WorkItemTypes.Bug",
        states: AGILE,
        fields: &["Microsoft.VSTS.TCM.ReproSteps", "Microsoft.VSTS.Common.Severity", "Custom.Customer"],
    },
    WorkItemType {
        name: "User Story",
        reference_name: "Microsoft.VSTS.WorkItemTypes.UserStory",
        states: AGILE,
        fields: &["Microsoft.VSTS.Scheduling.StoryPoints", "Microsoft.VSTS.Common.AcceptanceCriteria"],
    },
    WorkItemType { name: "Task", reference_name: "Microsoft.VSTS.WorkItemTypes.Task", states: BASIC, fields: &[] },
    WorkItemType {
        name: "Epic",
        reference_name: "Microsoft.VSTS.WorkItemTypes.Epic",
        states: BASIC,
        fields: &["Microsoft.VSTS.Scheduling.Effort", "Microsoft.VSTS.Scheduling.DueDate"],
    },
];

impl Seed {
    /// Returns an empty organisation.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a person with a personal access token.
    #[must_use]
    pub fn user(mut self, name: &str, display_name: &str) -> Self {
        let user = self.state.users.len();
        let id = self.state.next_uuid();
        let (display_name, unique_name) = (display_name.to_owned(), format!("{name}@example.com"));
        self.state.users.push(User { id, display_name, unique_name });
        self.token(Token { text: format!("token-of-{name}"), user, bearer: false, may_write: true })
    }

    /// Adds a token.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.tokens.push(token);
        self
    }

    /// Adds a project with the types that every one has here, two areas and two iterations.
    #[must_use]
    pub fn project(mut self, name: &str, members: Option<&[usize]>) -> Self {
        let id = self.state.next_uuid();
        let below = |paths: [&str; 2]| {
            let paths = paths.map(|path| format!("{name}\\{path}"));
            std::iter::once(name.to_owned()).chain(paths).collect()
        };
        self.state.projects.push(Project {
            id,
            name: name.to_owned(),
            members: members.map(<[usize]>::to_vec),
            types: TYPES.to_vec(),
            areas: below(["Backend", "Backend\\Export"]),
            iterations: below(["Sprint 1", "Sprint 2"]),
        });
        self
    }

    /// Adds a work item to a project, changed as the caller likes, and returns its number.
    pub fn item(&mut self, project: usize, kind: &str, title: &str, change: impl FnOnce(&mut WorkItem)) -> u64 {
        let state = &mut self.state;
        let (id, now) = (state.next_number(), state.tick());
        let name = state.projects[project].name.clone();
        let kind = state.projects[project].work_item_type(kind).unwrap_or_else(|| panic!("there is no type {kind}"));
        let texts = [
            ("System.WorkItemType", kind.name),
            ("System.State", kind.states[0].0),
            ("System.Reason", "New"),
            ("System.Title", title),
            ("System.AreaPath", &name),
            ("System.IterationPath", &name),
            ("System.RevisedDate", "9999-01-01T00:00:00Z"),
        ];
        let mut fields: BTreeMap<_, _> = texts.map(|(name, text)| (name.to_owned(), Field::Value(json!(text)))).into();
        for (name, field) in [
            ("System.CreatedBy", Field::Person(0)),
            ("System.ChangedBy", Field::Person(0)),
            ("System.CreatedDate", Field::Time(now)),
            ("System.ChangedDate", Field::Time(now)),
            ("System.AuthorizedDate", Field::Time(now)),
            ("Microsoft.VSTS.Common.Priority", Field::Value(json!(2))),
            ("System.Watermark", Field::Value(json!(600 + id))),
        ] {
            fields.insert(name.to_owned(), field);
        }
        let (relations, comments) = (Vec::new(), Vec::new());
        let mut item =
            WorkItem { id, project, rev: 1, fields, markdown: Vec::new(), relations, comments, deleted: false };
        change(&mut item);
        state.items.insert(id, item);
        id
    }
}
