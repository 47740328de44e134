//! What GitHub is asked for in a list, and which criteria it then has applied exactly.

use usher_adapter_sdk::{
    Result,
    host::Request,
    message::{Criteria, Criterion, ME, NOBODY, Sort, SortField},
    model::{StatusCategory, Time},
};

use super::Scope;
use crate::{GitHub, operations::lookup, paging::PAGE_SIZE, request::in_repository};

/// One way to list: what every page of it has in common.
pub(super) struct Plan<'a> {
    query: Vec<(&'static str, String)>,
    assignee: Option<&'a str>,
    creator: Option<&'a str>,
    milestone: Option<&'a str>,
    pub pushed_down: Vec<Criterion>,
    /// Whether several pages may be asked for at once.
    pub may_number: bool,
    page_size: u64,
}

impl<'a> Plan<'a> {
    /// Decides what is left to GitHub; what it applies only roughly narrows the list, and is left to the host as well.
    pub(super) fn of(criteria: &'a Criteria, scopes: &[Scope<'_>]) -> Self {
        let scope = scopes.first();
        // Beyond repositories GitHub filters by nobody but the account.
        let in_repositories = matches!(scope, Some(Scope::Repository(_)));
        let mut plan = Self {
            query: Vec::new(),
            assignee: one_login(&criteria.assignee, true).filter(|_| in_repositories),
            creator: one_login(&criteria.reporter, false).filter(|_| in_repositories),
            milestone: None,
            pushed_down: Vec::new(),
            may_number: false,
            page_size: PAGE_SIZE,
        };
        if let ([name], [Scope::Repository(_)]) = (&criteria.containers[..], scopes) {
            plan.milestone = Some(name);
        }
        plan.push(plan.assignee.is_some() || matches!(scope, Some(Scope::Assigned)), Criterion::Assignee);
        plan.push(plan.creator.is_some() || matches!(scope, Some(Scope::Created)), Criterion::Reporter);
        plan.push(!criteria.project.is_empty(), Criterion::Project);
        plan.state(criteria);
        plan.labels(&criteria.labels);
        plan.since(criteria);
        plan.order(criteria, scopes.len());
        plan.page_size = page_size(criteria, &plan.pushed_down);
        plan
    }

    fn push(&mut self, is_exact: bool, criterion: Criterion) {
        self.pushed_down.extend(is_exact.then_some(criterion));
    }

    fn state(&mut self, criteria: &Criteria) {
        let ended = [StatusCategory::Done, StatusCategory::Canceled];
        let by_category =
            || !criteria.status_category.is_empty() && criteria.status_category.iter().all(|it| ended.contains(it));
        let native = match &criteria.status[..] {
            [status] => ["open", "closed"].into_iter().find(|state| state.eq_ignore_ascii_case(status)),
            _ => None,
        };
        let asked = criteria.is_open.map(|is_open| if is_open { "open" } else { "closed" });
        let state = asked.or(native).or(by_category().then_some("closed")).unwrap_or("all");
        self.push(asked.is_some(), Criterion::IsOpen);
        self.push(native == Some(state), Criterion::Status);
        self.query.push(("state", state.to_owned()));
    }

    /// A comma in a label would make it two; what can be asked for narrows the list all the same.
    fn labels(&mut self, labels: &[String]) {
        let plain: Vec<&str> = labels.iter().map(String::as_str).filter(|label| !label.contains(',')).collect();
        self.push(!labels.is_empty() && plain.len() == labels.len(), Criterion::Labels);
        if !plain.is_empty() {
            self.query.push(("labels", plain.join(",")));
        }
    }

    /// `since` counts in seconds and has no end: it narrows the list, and the host makes it exact.
    fn since(&mut self, criteria: &Criteria) {
        let seconds = |from: Time| Time::from_unix_seconds(from.unix_seconds());
        if let Some(from) = criteria.updated.from.and_then(seconds) {
            self.query.push(("since", from.to_string()));
        }
    }

    fn order(&mut self, criteria: &Criteria, scopes: usize) {
        let (sort, is_descending) = match &criteria.sort {
            Some(Sort { by: SortField::Created, descending, .. }) => ("created", *descending),
            Some(Sort { by: SortField::Updated, descending, .. }) => ("updated", *descending),
            // The host sorts, and so needs all of them.
            Some(_) => ("created", false),
            None => ("created", criteria.limit.is_some()),
        };
        let is_ours = criteria.sort.as_ref().is_some_and(|asked| asked.by.as_str() == sort);
        self.push(is_ours && scopes == 1, Criterion::Sort);
        self.may_number = sort == "created" && !is_descending && criteria.limit.is_none();
        let direction = if is_descending { "desc" } else { "asc" };
        self.query.extend([("sort", sort.to_owned()), ("direction", direction.to_owned())]);
    }

    /// Returns the request for the first page, and whether it is filtered by milestone.
    pub(super) async fn request(&self, github: &GitHub, scope: &Scope<'_>) -> Result<(Request, bool)> {
        let request = match scope {
            Scope::Repository(repository) => github.get(in_repository(*repository, &["issues"]))?,
            Scope::Assigned => github.get(["issues"])?.query("filter", "assigned"),
            Scope::Created => github.get(["issues"])?.query("filter", "created"),
        };
        let query = self.query.iter().map(|(name, value)| (*name, value.clone()));
        let mut request = query.fold(request, |request, (name, value)| request.query(name, value));
        if let Some(assignee) = self.assignee {
            request = request.query("assignee", person(github, assignee).await?);
        }
        if let Some(creator) = self.creator {
            request = request.query("creator", person(github, creator).await?);
        }
        let request = request.query("per_page", self.page_size.to_string());
        let (Some(name), Scope::Repository(repository)) = (self.milestone, scope) else { return Ok((request, false)) };
        Ok(match lookup::milestone(github, *repository, name).await?.found() {
            Some(number) => (request.query("milestone", number.to_string()), true),
            // Who knows what is meant: the host compares names.
            None => (request, false),
        })
    }
}

/// Returns how many are asked for at once: fewer, where few are wanted and nothing is left to the host to filter. Pull
/// requests are left out of what comes, so that it is some more than what is wanted.
fn page_size(criteria: &Criteria, pushed_down: &[Criterion]) -> u64 {
    let is_filtered = criteria.asked().iter().all(|asked| pushed_down.contains(asked));
    criteria.limit.filter(|_| is_filtered).map_or(PAGE_SIZE, |limit| limit.saturating_mul(2).clamp(10, PAGE_SIZE))
}

/// Returns the one name, if GitHub can filter by it: our words, or a login. What may be an id is left to the host.
fn one_login(names: &[String], may_be_nobody: bool) -> Option<&str> {
    let [name] = names else { return None };
    let is_word = name == ME || (name == NOBODY && may_be_nobody);
    (is_word || lookup::is_login(name)).then_some(name)
}

async fn person(github: &GitHub, name: &str) -> Result<String> {
    match name {
        NOBODY => Ok("none".to_owned()),
        name => lookup::login(github, name).await,
    }
}
