//! What GitHub is asked for in a list, and which criteria it then has applied exactly.

use usher_adapter_sdk::{
    Result,
    host::Request,
    message::{Criteria, Criterion, ME, NOBODY, Sort, SortField},
    model::{StatusCategory, Time},
};

use super::Scope;
use crate::{
    GitHub, api,
    operations::{lookup, place::Way},
    paging::PAGE_SIZE,
    request::in_repository,
};

/// One way to list: what every page of it has in common.
pub(super) struct Plan<'a> {
    query: Vec<(&'static str, String)>,
    /// `open`, `closed` or `all`.
    state: &'static str,
    assignee: Option<&'a str>,
    creator: Option<&'a str>,
    milestone: Option<&'a str>,
    pub pushed_down: Vec<Criterion>,
    pub way: Way,
    is_by_creation: bool,
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
            state: "all",
            assignee: one_login(&criteria.assignee, true).filter(|_| in_repositories),
            creator: one_login(&criteria.reporter, false).filter(|_| in_repositories),
            milestone: None,
            pushed_down: Vec::new(),
            way: Way { is_numbered: false, may_shift: false },
            is_by_creation: true,
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
        plan.order(criteria, scopes);
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
        self.state = state;
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

    /// Without a limit issues are listed as they were made, side by side, and the host sorts them: where one moves to
    /// another page while the list is read, the list is made whole at its end, which no other order survives.
    fn order(&mut self, criteria: &Criteria, scopes: &[Scope<'_>]) {
        let (sort, is_descending) = match &criteria.sort {
            _ if criteria.limit.is_none() => ("created", false),
            Some(Sort { by: SortField::Created, descending, .. }) => ("created", *descending),
            Some(Sort { by: SortField::Updated, descending, .. }) => ("updated", *descending),
            // The host sorts, and so needs all of them.
            Some(_) => ("created", false),
            None => ("created", true),
        };
        self.is_by_creation = sort == "created";
        let may_shift = !self.is_by_creation || self.state != "all" || self.has_mutable_filter(scopes.first());
        self.way = Way { is_numbered: criteria.limit.is_none(), may_shift };
        let is_ours = criteria.sort.as_ref().is_some_and(|asked| {
            asked.by.as_str() == sort && asked.descending == is_descending && (criteria.limit.is_some() || !may_shift)
        });
        self.push(is_ours && scopes.len() == 1, Criterion::Sort);
        let direction = if is_descending { "desc" } else { "asc" };
        self.query.extend([("sort", sort.to_owned()), ("direction", direction.to_owned())]);
    }

    /// Says whether there is a filter, other than the state, that an issue can cease to fit. Its author stays, and the
    /// time of its last change only grows.
    fn has_mutable_filter(&self, scope: Option<&Scope<'_>>) -> bool {
        let has_labels = self.query.iter().any(|(name, _)| *name == "labels");
        has_labels || self.assignee.is_some() || self.milestone.is_some() || matches!(scope, Some(Scope::Assigned))
    }

    /// Says whether the order of the list is promised to the host.
    pub(super) fn is_sorted(&self) -> bool {
        self.pushed_down.contains(&Criterion::Sort)
    }

    /// Says whether an issue that has changed since `began` may have left the list, or moved to another page.
    pub(super) fn may_have_moved(&self, issue: &api::Issue<'_>, scope: &Scope<'_>, began: Time) -> bool {
        if issue.created_at.is_some_and(|created| created > began) {
            // What was made after the first page was read lengthens the list at an end.
            return false;
        }
        let was_closed_before = || issue.closed_at.is_some_and(|closed| closed < since(began));
        // A pull request does not tell that it was reopened.
        let was_never_closed =
            || issue.pull_request.is_none() && issue.state_reason.as_ref().is_none_or(|reason| &**reason != "reopened");
        let state = match issue.state.as_deref() {
            Some("open") if was_never_closed() => "open",
            Some("closed") if was_closed_before() => "closed",
            _ => return true,
        };
        // Its state is what it was: it was not in the list, or is in its place if only the state counts.
        let is_elsewhere = self.state != "all" && self.state != state;
        !is_elsewhere && (!self.is_by_creation || self.has_mutable_filter(Some(scope)))
    }

    /// Returns the request for the first page, and whether it is filtered by milestone.
    pub(super) async fn request(&self, github: &GitHub, scope: &Scope<'_>) -> Result<(Request, bool)> {
        self.filtered(github, scope, self.query.clone()).await
    }

    /// Returns the request for a page of the list in the order of changes, from a time on, and whether it is filtered by
    /// milestone. Whatever leaves the list moves nothing there: a page begins at a time and not at a number.
    pub(super) async fn again(
        &self,
        github: &GitHub,
        scope: &Scope<'_>,
        from: Option<Time>,
    ) -> Result<(Request, bool)> {
        let is_kept = |name: &str| match name {
            "sort" | "direction" => false,
            "since" => from.is_none(),
            _ => true,
        };
        let mut query: Vec<_> = self.query.iter().filter(|(name, _)| is_kept(name)).cloned().collect();
        query.extend(from.map(|from| ("since", from.to_string())));
        query.extend([("sort", "updated".to_owned()), ("direction", "asc".to_owned())]);
        self.filtered(github, scope, query).await
    }

    /// Returns the request for what has changed since the list began, whatever it is now.
    pub(super) async fn changes(&self, github: &GitHub, scope: &Scope<'_>, began: Time) -> Result<Request> {
        let mut request = match scope {
            Scope::Repository(repository) => github.get(in_repository(*repository, &["issues"]))?,
            // Who has an issue may no longer have it.
            Scope::Assigned => github.get(["issues"])?.query("filter", "all"),
            Scope::Created => github.get(["issues"])?.query("filter", "created"),
        };
        if let Some(creator) = self.creator {
            request = request.query("creator", person(github, creator).await?);
        }
        let query = [("state", "all"), ("sort", "updated"), ("direction", "desc")];
        let request = query.into_iter().fold(request, |request, (name, value)| request.query(name, value));
        Ok(request.query("since", since(began).to_string()).query("per_page", PAGE_SIZE.to_string()))
    }

    async fn filtered(
        &self,
        github: &GitHub,
        scope: &Scope<'_>,
        query: Vec<(&'static str, String)>,
    ) -> Result<(Request, bool)> {
        let request = match scope {
            Scope::Repository(repository) => github.get(in_repository(*repository, &["issues"]))?,
            Scope::Assigned => github.get(["issues"])?.query("filter", "assigned"),
            Scope::Created => github.get(["issues"])?.query("filter", "created"),
        };
        let mut request = query.into_iter().fold(request, |request, (name, value)| request.query(name, value));
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

/// Returns from when on something may have changed that the first page of a list did not show.
fn since(began: Time) -> Time {
    Time::from_unix_seconds(began.unix_seconds().saturating_sub(MARGIN)).unwrap_or(began)
}

/// How many seconds an answer may be older than its header `date` says: GitHub gives up on a request after ten seconds, and
/// its copies of what was written lag behind a little.
///
/// <https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts>
const MARGIN: i64 = 15;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Repository;

    #[test]
    fn only_an_issue_that_provably_kept_its_place_is_passed_over() {
        let began = Time::parse("2026-01-01T01:00:00Z").unwrap();
        let scope = Scope::Repository(Repository::parse("acme/app").unwrap());
        let open = || Criteria::default().with_is_open(true);
        let closed = || Criteria::default().with_is_open(false);
        let label = || Criteria::default().with_labels(vec!["bug".to_owned()]);
        let by_change = || Criteria::default().with_limit(9).with_sort(Sort::by(SortField::Updated));
        let (old, new) = (r#""state":"open""#, r#""created_at":"2026-01-01T01:00:01Z","state":"closed""#);
        let just = r#""state":"closed","closed_at":"2026-01-01T01:00:01Z""#;
        let lagging = r#""state":"closed","closed_at":"2026-01-01T00:59:50Z""#;
        let long_ago = r#""state":"closed","closed_at":"2026-01-01T00:59:00Z""#;
        let reopened = r#""state":"open","state_reason":"reopened""#;
        let pull = r#""state":"open","pull_request":{"merged_at":null}"#;
        for (criteria, issue, expected) in [
            (open(), old, false),
            (open(), new, false),
            (open(), just, true),
            (open(), lagging, true),
            (open(), long_ago, false),
            (open(), reopened, true),
            (open(), pull, true),
            (open(), r#""state":"closed""#, true),
            (open(), r#""state":"strange""#, true),
            (open().with_labels(vec!["bug".to_owned()]), old, true),
            (open().with_labels(vec!["bug".to_owned()]), long_ago, false),
            (open().with_assignee(vec!["mara".to_owned()]), old, true),
            (open().with_containers(vec!["1.0".to_owned()]), old, true),
            (open().with_reporter(vec!["mara".to_owned()]), old, false),
            (closed(), old, false),
            (closed(), long_ago, false),
            (closed(), just, true),
            (closed(), reopened, true),
            (closed(), pull, true),
            (label(), old, true),
            (label(), long_ago, true),
            (label(), new, false),
            (by_change(), old, true),
            (by_change(), long_ago, true),
        ] {
            let scopes = [scope];
            let plan = Plan::of(&criteria, &scopes);
            let json = format!(r#"{{"number":1,"title":"x",{issue}}}"#);
            let issue: api::Issue<'_> = serde_json::from_str(&json).unwrap();
            assert!(plan.way.may_shift);
            assert_eq!(plan.may_have_moved(&issue, &scope, began), expected, "{criteria:?} {json}");
        }
    }

    #[test]
    fn a_list_of_everything_in_the_order_of_creation_cannot_shift() {
        let scopes = [Scope::Created];
        for criteria in [
            Criteria::default(),
            Criteria::default().with_limit(5),
            Criteria::default().with_reporter(vec!["mara".to_owned()]),
            Criteria::default().with_sort(Sort::by(SortField::Updated)),
        ] {
            assert!(!Plan::of(&criteria, &scopes).way.may_shift, "{criteria:?}");
        }
        assert!(Plan::of(&Criteria::default(), &[Scope::Assigned]).way.may_shift);
    }
}
