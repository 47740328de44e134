//! What is asked for in a list, and which criteria Azure DevOps then applies exactly.

use usher_adapter_sdk::{
    Result,
    message::{Criteria, Criterion, ME, NOBODY, SortField, TimeRange},
    model::{StatusCategory, Time, TypeLevel},
};

use crate::{
    AzureDevOps,
    api::WorkItemType,
    key::project_of,
    mapping,
    operations::wiql::{self, Wiql},
};

/// Where words are looked for.
const TEXTS: &[&str] = &["System.Title", mapping::DESCRIPTION, mapping::REPRO_STEPS];

/// In which order the numbers come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Nobody has asked for one.
    Any,
    /// The newest first, since only some are wanted.
    Newest,
    /// As was asked.
    Asked,
}

/// A query, and what is left to be known for it.
pub(crate) struct Plan<'a> {
    query: Wiql,
    order: Order,
    criteria: &'a Criteria,
    projects: Vec<&'a str>,
    pub pushed_down: Vec<Criterion>,
}

impl<'a> Plan<'a> {
    /// Decides what is left to Azure DevOps; what it applies only roughly narrows the list, and is left to the host as well.
    pub(crate) fn of(azure: &'a AzureDevOps, criteria: &'a Criteria) -> Result<Self> {
        let projects = projects(azure, criteria)?;
        let order = if criteria.limit.is_some() { Order::Newest } else { Order::Any };
        let mut plan = Self { query: Wiql::default(), order, criteria, projects, pushed_down: Vec::new() };
        plan.names();
        plan.people("System.AssignedTo", &criteria.assignee, Criterion::Assignee);
        plan.people("System.CreatedBy", &criteria.reporter, Criterion::Reporter);
        plan.range("System.CreatedDate", &criteria.created);
        plan.range("System.ChangedDate", &criteria.updated);
        if let Some(text) = &criteria.text {
            let has_words = plan.words(text);
            plan.push(has_words, Criterion::Text);
        }
        plan.sort();
        Ok(plan)
    }

    /// Looks for words, every one of which must be there; says whether there are any.
    pub(crate) fn words(&mut self, text: &str) -> bool {
        let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
        let mut has_words = false;
        for word in words {
            let word = wiql::literal(word);
            let places: Vec<String> = TEXTS.iter().map(|field| format!("[{field}] CONTAINS WORDS {word}")).collect();
            self.query.and(format!("({})", places.join(" OR ")));
            has_words = true;
        }
        has_words
    }

    pub(crate) fn order(&self) -> Order {
        self.order
    }

    /// Says whether nothing is left to the host.
    pub(crate) fn is_exact(&self, criteria: &Criteria) -> bool {
        criteria.asked().iter().all(|asked| self.pushed_down.contains(asked))
    }

    /// Returns the query, with what the types of its projects tell: which states are open, which types are bugs.
    pub(crate) async fn narrowed(mut self, azure: &AzureDevOps) -> Result<Wiql> {
        let Criteria { status_category, is_open, type_level, type_name, .. } = self.criteria;
        let asks_states = !status_category.is_empty() || is_open.is_some();
        let asks_types = !type_level.is_empty() && type_name.is_empty();
        if self.projects.is_empty() || !(asks_states || asks_types) {
            return Ok(self.query);
        }
        let mut types = Vec::new();
        for project in &self.projects {
            types.push(azure.types_of(project).await?);
        }
        let types: Vec<&WorkItemType> = types.iter().flat_map(|types| types.iter()).collect();
        if asks_states {
            let states = types.iter().flat_map(|it| &it.states);
            let fitting = states.filter(|state| may_fit(self.criteria, &mapping::category(state)));
            self.query.and(one_of("System.State", fitting.map(|state| state.name.as_str())));
        }
        if asks_types {
            let level = |it: &&&WorkItemType| mapping::type_levels(&it.name).unwrap_or(TypeLevel::UNKNOWN);
            let fitting = types.iter().filter(|it| type_level.contains(&level(it)));
            self.query.and(one_of("System.WorkItemType", fitting.map(|it| it.name.as_str())));
        }
        Ok(self.query)
    }

    fn push(&mut self, is_exact: bool, criterion: Criterion) {
        self.pushed_down.extend(is_exact.then_some(criterion));
    }

    fn names(&mut self) {
        let Criteria { project, status, type_level, type_name, labels, priority, .. } = self.criteria;
        if !self.projects.is_empty() {
            self.query.and(wiql::any_of("System.TeamProject", self.projects.iter().copied()));
        }
        self.push(!project.is_empty(), Criterion::Project);
        if !status.is_empty() {
            self.query.and(wiql::any_of("System.State", status.iter().map(String::as_str)));
            self.push(true, Criterion::Status);
        }
        if !type_name.is_empty() && type_level.is_empty() {
            self.query.and(wiql::any_of("System.WorkItemType", type_name.iter().map(String::as_str)));
            self.push(true, Criterion::Type);
        }
        // Whether this finds parts of tags as well is said nowhere: it narrows the list.
        for label in labels {
            self.query.and(format!("[System.Tags] CONTAINS {}", wiql::literal(label)));
        }
        let numbers: Option<Vec<u8>> = priority.iter().map(|level| mapping::priority_number(level.as_str())).collect();
        if let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) {
            let numbers: Vec<String> = numbers.iter().map(u8::to_string).collect();
            self.query.and(format!("[Microsoft.VSTS.Common.Priority] IN ({})", numbers.join(", ")));
            self.push(true, Criterion::Priority);
        }
    }

    /// Azure DevOps knows people by the name they sign in with; whoever is named in another way is left to the host.
    fn people(&mut self, field: &str, names: &[String], criterion: Criterion) {
        let conditions: Option<Vec<String>> = names.iter().map(|name| person(field, name)).collect();
        if let Some(conditions) = conditions.filter(|conditions| !conditions.is_empty()) {
            self.query.and(format!("({})", conditions.join(" OR ")));
            self.push(true, criterion);
        }
    }

    /// How finely a query compares times is said nowhere: by seconds it narrows the list, and the host makes it exact.
    fn range(&mut self, field: &str, range: &TimeRange) {
        let seconds = |time: Time, up: i64| Time::from_unix_seconds(time.unix_seconds().saturating_add(up));
        if let Some(from) = range.from.and_then(|from| seconds(from, 0)) {
            self.query.and(format!("[{field}] >= {}", wiql::time(from)));
        }
        if let Some(to) = range.to.and_then(|to| seconds(to, 1)) {
            self.query.and(format!("[{field}] <= {}", wiql::time(to)));
        }
    }

    fn sort(&mut self) {
        let Some(sort) = &self.criteria.sort else { return };
        let field = match sort.by {
            SortField::Created => "System.CreatedDate",
            SortField::Updated => "System.ChangedDate",
            SortField::Key if self.projects.len() == 1 => "System.Id",
            // The host sorts, and so needs all of them: what has no priority would come first here.
            _ => {
                self.order = Order::Any;
                return;
            }
        };
        self.query.order_by(field, sort.descending);
        self.order = Order::Asked;
        self.push(true, Criterion::Sort);
    }
}

/// Returns the projects that are meant: those asked for, else all that the connection names, else every one.
pub(crate) fn projects<'a>(azure: &'a AzureDevOps, criteria: &'a Criteria) -> Result<Vec<&'a str>> {
    let organization = azure.site.organization();
    let connection = azure.host.connection();
    let own = || connection.projects.iter().chain(&connection.default_project);
    let named: Vec<&String> =
        if criteria.project.is_empty() { own().collect() } else { criteria.project.iter().collect() };
    let mut projects: Vec<&str> = Vec::new();
    for name in named {
        let project = project_of(organization, name)?;
        if !projects.iter().any(|known| crate::key::same(known, project)) {
            projects.push(project);
        }
    }
    Ok(projects)
}

fn person(field: &str, name: &str) -> Option<String> {
    match name {
        ME => Some(format!("[{field}] = @me")),
        NOBODY => Some(format!("[{field}] = ''")),
        name => name.contains('@').then(|| format!("[{field}] = {}", wiql::literal(name))),
    }
}

fn may_fit(criteria: &Criteria, category: &StatusCategory) -> bool {
    let fits_category = criteria.status_category.is_empty() || criteria.status_category.contains(category);
    // What nobody can say of a state is left to the host.
    let fits_open = criteria.is_open.is_none_or(|asked| category.is_open().is_none_or(|is_open| is_open == asked));
    fits_category && fits_open
}

/// Returns that a field is one of these, each once; nothing is if there are none.
fn one_of<'a>(field: &str, values: impl Iterator<Item = &'a str>) -> String {
    let mut values: Vec<&str> = values.collect();
    values.sort_unstable();
    values.dedup();
    if values.is_empty() { "[System.Id] = 0".to_owned() } else { wiql::any_of(field, values) }
}
