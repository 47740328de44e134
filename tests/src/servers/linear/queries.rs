//! Where queries begin: one thing by its name, or a list of everything that may be seen.

use serde_json::Value;

use super::{
    fields::{Field, Node, PRIORITIES, Plain, View, leaf},
    reply::{Refusal, Trouble},
    run::Run,
    search,
};

/// Returns what a field of `Query` holds.
pub(super) fn field(run: &Run, name: &str, arguments: &Value) -> Result<Field, Trouble> {
    if name == "rateLimitStatus" {
        let user = &run.token.user;
        let status: Plain = vec![
            ("identifier", leaf(user.as_str())),
            ("kind", leaf("apiKey")),
            ("limits", Field::Plains(run.limits.clone())),
        ];
        return Ok(Field::Plain(status));
    }
    run.look_up(|view, index| match name {
        "issues" => view.issues_connection(index, arguments).map(Field::Plain),
        name => view.query(name, arguments),
    })
}

impl View<'_> {
    fn query(&self, name: &str, arguments: &Value) -> Result<Field, Trouble> {
        let state = self.state;
        let id = arguments["id"].as_str().unwrap_or_default();
        Ok(match name {
            "attachment" => self.named(state.attachments.len(), Node::Attachment, id, "Attachment")?,
            "attachments" => self.every(state.attachments.len(), Node::Attachment),
            "attachmentsForURL" => {
                let url = arguments["url"].as_str().unwrap_or_default();
                let fits = |place: &usize| state.attachments[*place].url == url;
                self.some((0..state.attachments.len()).filter(fits), Node::Attachment)
            }
            "comment" => self.named(state.comments.len(), Node::Comment, id, "Comment")?,
            "comments" => self.every(state.comments.len(), Node::Comment),
            "cycle" => self.named(state.cycles.len(), Node::Cycle, id, "Cycle")?,
            "cycles" => self.every(state.cycles.len(), Node::Cycle),
            "issue" => Field::One(Some(self.issue_named(id)?)),
            "issueLabel" => self.named(state.labels.len(), Node::Label, id, "IssueLabel")?,
            "issueLabels" => self.every(state.labels.len(), Node::Label),
            "issuePriorityValues" => Field::Plains(priorities()),
            "issueRelation" => self.named(state.relations.len(), Node::Relation, id, "IssueRelation")?,
            "issueRelations" => self.every(state.relations.len(), Node::Relation),
            "issueVcsBranchSearch" => {
                let branch = arguments["branchName"].as_str().unwrap_or_default();
                Field::One(self.issue_of_branch(branch))
            }
            "organization" => Field::One(Some(Node::Organization)),
            "project" => self.named(state.projects.len(), Node::Project, id, "Project")?,
            "projectMilestone" => self.named(state.milestones.len(), Node::Milestone, id, "ProjectMilestone")?,
            "projectMilestones" => self.every(state.milestones.len(), Node::Milestone),
            "projects" => self.every(state.projects.len(), Node::Project),
            "searchIssues" => Field::Plain(search::search(self, arguments)?),
            "team" => self.team_named(id)?,
            "teams" => self.teams(),
            "user" if id == "me" => Field::One(Some(Node::User(self.viewer))),
            "user" => self.named(state.users.len(), Node::User, id, "User")?,
            "users" => {
                let disabled = arguments["includeDisabled"] == true;
                let fits = |place: &usize| disabled || state.users[*place].active;
                self.some((0..state.users.len()).filter(fits), Node::User)
            }
            "viewer" => Field::One(Some(Node::User(self.viewer))),
            "workflowState" => self.named(state.states.len(), Node::WorkflowState, id, "WorkflowState")?,
            "workflowStates" => self.every(state.states.len(), Node::WorkflowState),
            other => return Err(Trouble::Missing(format!("Query.{other}"))),
        })
    }

    /// Returns an issue by id or identifier. One that is not there is an error, and so is one that may not be seen.
    pub(super) fn issue_named(&self, name: &str) -> Result<Node, Refusal> {
        let found = self.state.find_issue(name).filter(|place| self.may_see(self.state.issues[*place].team));
        found.map(Node::Issue).ok_or_else(|| Refusal::not_found("Issue"))
    }

    /// Returns every issue that may be seen and is in no trash, as a search goes through them.
    pub(super) fn visible_issues(&self) -> impl Iterator<Item = usize> {
        (0..self.state.issues.len()).filter(|place| self.is_there(Node::Issue(*place)))
    }

    fn team_named(&self, name: &str) -> Result<Field, Refusal> {
        let teams = &self.state.teams;
        let called = |place: &usize| teams[*place].meta.id == name || teams[*place].key == name;
        let found = (0..teams.len()).find(called).filter(|place| self.may_see(*place));
        found.map(|place| Field::One(Some(Node::Team(place)))).ok_or_else(|| Refusal::not_found("Team"))
    }

    fn issue_of_branch(&self, branch: &str) -> Option<Node> {
        let mut words = branch.rsplit('/').next()?.split('-');
        let identifier = format!("{}-{}", words.next()?, words.next()?);
        self.issue_named(&identifier).ok()
    }

    fn named(&self, count: usize, node: fn(usize) -> Node, id: &str, kind: &str) -> Result<Field, Refusal> {
        let called = |node: &Node| node.meta(self.state).is_some_and(|meta| meta.id == id);
        let found = (0..count).map(node).find(called).filter(|node| self.is_there(*node));
        found.map(|node| Field::One(Some(node))).ok_or_else(|| Refusal::not_found(kind))
    }

    fn every(&self, count: usize, node: fn(usize) -> Node) -> Field {
        self.some(0..count, node)
    }

    fn some(&self, places: impl Iterator<Item = usize>, node: fn(usize) -> Node) -> Field {
        Field::Many(places.map(node).filter(|node| self.is_there(*node)).collect())
    }

    /// Returns whether a thing is there for who asks.
    pub(super) fn is_there(&self, node: Node) -> bool {
        let team = match node {
            Node::Comment(place) => Some(self.state.issues[self.state.comments[place].issue].team),
            Node::Cycle(place) => Some(self.state.cycles[place].team),
            Node::Issue(place) => Some(self.state.issues[place].team),
            Node::Label(place) => self.state.labels[place].team,
            Node::WorkflowState(place) => Some(self.state.states[place].team),
            _ => None,
        };
        let deleted = node.meta(self.state).is_some_and(|meta| meta.deleted);
        !deleted && team.is_none_or(|team| self.may_see(team))
    }
}

fn priorities() -> Vec<Plain> {
    let words = PRIORITIES.iter().zip(0_u8..);
    words.map(|(word, number)| vec![("priority", leaf(number)), ("label", leaf(*word))]).collect()
}
