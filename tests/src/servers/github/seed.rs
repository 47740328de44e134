//! What a fake GitHub begins with.

use super::{
    access::Token,
    state::{Issue, IssueType, Label, Milestone, Place, Repository, State, User},
};

/// The beginning of a fake GitHub.
#[derive(Debug, Default)]
pub struct Seed {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
}

impl Seed {
    /// Returns an empty GitHub.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a person.
    #[must_use]
    pub fn user(self, login: &str) -> Self {
        self.account(login, false)
    }

    /// Adds an organisation.
    #[must_use]
    pub fn organization(self, login: &str) -> Self {
        self.account(login, true)
    }

    /// Adds a token.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.tokens.push(token);
        self
    }

    /// Adds a repository with the labels, milestones and issue types that every one has here.
    #[must_use]
    pub fn repository(mut self, owner: &str, name: &str, private: bool, assignable: &[&str]) -> Self {
        let state = &mut self.state;
        let labels = [("bug", "d73a4a"), ("good first issue", "7057ff"), ("help wanted/soon?", "008672")];
        let labels = labels.map(|(name, color)| Label {
            id: state.next_id(),
            name: name.to_owned(),
            color: color.to_owned(),
            description: Some(format!("What is called {name}")),
        });
        let milestones = [("1.0", true), ("0.9", false)].into_iter().zip(1..);
        let milestones = milestones.map(|((title, open), number)| Milestone {
            id: state.next_id(),
            number,
            title: title.to_owned(),
            open,
            due_on: open.then(|| "2026-06-30T07:00:00Z".parse().expect("a time")),
        });
        let milestones = milestones.collect();
        let issue_types = ["Task", "Bug", "Feature"];
        let issue_types = issue_types.map(|name| IssueType { id: state.next_id(), name: name.to_owned() });
        let repository = Repository {
            id: 100_000 + u64::try_from(state.repositories.len()).expect("a few repositories"),
            owner: owner.to_owned(),
            name: name.to_owned(),
            former_names: Vec::new(),
            private,
            has_issues: true,
            labels: labels.into(),
            milestones,
            issue_types: issue_types.into(),
            assignable: assignable.iter().map(|login| (*login).to_owned()).collect(),
            numbers: std::collections::BTreeMap::new(),
        };
        state.repositories.push(repository);
        self
    }

    /// Adds an issue, and returns its number.
    pub fn add(&mut self, repository: &str, mut issue: Issue) -> u64 {
        issue.id = self.state.next_id();
        issue.created_at = self.state.tick();
        issue.updated_at = issue.created_at;
        issue.closed_at = (!issue.open).then_some(issue.updated_at);
        for comment in &mut issue.comments {
            comment.id = self.state.next_id();
            comment.created_at = self.state.tick();
        }
        let repository = self.state.repository(repository);
        issue.number = repository.next_number();
        let number = issue.number;
        repository.numbers.insert(number, Place::Here(Box::new(issue)));
        number
    }

    fn account(mut self, login: &str, organization: bool) -> Self {
        let id = 1_000 + u64::try_from(self.state.users.len()).expect("a few users");
        self.state.users.push(User { id, login: login.to_owned(), organization });
        self
    }
}
