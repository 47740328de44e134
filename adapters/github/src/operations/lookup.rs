//! Names into what GitHub's requests take: repositories, logins, numbers of milestones, types.

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Response,
    message::{Criteria, FieldName, ME, Report},
};

use crate::{GitHub, api, key::Repository, request::in_repository};

/// Returns the repositories that are meant: those asked for, else all that the connection names.
pub(super) fn repositories<'a>(github: &'a GitHub, criteria: &'a Criteria) -> Result<Vec<Repository<'a>>> {
    if !criteria.project.is_empty() {
        return criteria.project.iter().map(|project| Repository::parse(project)).collect();
    }
    of_connection(github)
}

/// Returns the repositories that the connection names, each once.
pub(super) fn of_connection(github: &GitHub) -> Result<Vec<Repository<'_>>> {
    let connection = github.host.connection();
    let mut known: Vec<Repository<'_>> = Vec::new();
    for name in connection.projects.iter().chain(&connection.default_project) {
        let repository = Repository::parse(name)?;
        if !known.iter().any(|known| known.is_same(repository)) {
            known.push(repository);
        }
    }
    Ok(known)
}

/// Returns the one repository that is meant: the one that is named, else the connection's default.
pub(super) fn repository<'a>(github: &'a GitHub, named: Option<&'a str>) -> Result<Repository<'a>> {
    let named = named.or(github.host.connection().default_project.as_deref());
    Repository::parse(named.ok_or_else(no_repository)?)
}

/// Returns the error of a request that names no repository where none is known.
pub(super) fn no_repository() -> Error {
    Error::validation("no repository is named, and the connection has none").with_hint(
        "Name one, as in `--in github:rust-lang/rust`, or set `default_project` or `projects` of the connection.",
    )
}

/// Says whether a name can be a login and nothing else: what has only digits may be an id, and `none` is GitHub's word for nobody.
pub(super) fn is_login(name: &str) -> bool {
    if name.eq_ignore_ascii_case("none") {
        return false;
    }
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    is_plain && name.bytes().any(|byte| !byte.is_ascii_digit())
}

/// Returns a login: the account's own for `@me`, else the name as it is.
pub(super) async fn login(github: &GitHub, name: &str) -> Result<String> {
    if name != ME {
        return Ok(name.trim_start_matches('@').to_owned());
    }
    if let Some(login) = github.login.get() {
        return Ok(login.clone());
    }
    let response = github.send(github.get(["user"])?, &"`@me`").await.map_err(|error| match error.kind() {
        ErrorKind::Permission => error.with_hint("The token of an app is nobody's: name a login in place of `@me`."),
        _ => error,
    })?;
    let login = response.decode::<api::User<'_>>()?.login.to_string();
    Ok(github.login.get_or_init(|| login).clone())
}

/// A name that was looked for in a list.
pub(super) struct Looked<T> {
    found: Option<T>,
    /// What there is.
    choices: Vec<String>,
}

impl<T> Looked<T> {
    /// Returns what was found, if it was one thing.
    pub(super) fn found(self) -> Option<T> {
        self.found
    }

    /// Returns what was found, or the error that names what there is.
    pub(super) fn or_choices(self, field: &str, name: &str) -> Result<T> {
        self.found.ok_or_else(|| {
            let choices = if self.choices.is_empty() { "there is none".to_owned() } else { self.choices.join(", ") };
            Error::validation(format!("`{name}` means none of what there is, or several"))
                .with_field(field, format!("can be: {choices}"))
        })
    }
}

/// Looks for a milestone by title or number.
pub(super) async fn milestone(github: &GitHub, repository: Repository<'_>, name: &str) -> Result<Looked<u64>> {
    let request = github.get(in_repository(repository, &["milestones"]))?.query("state", "all");
    let pages = github.all_pages(request, &repository).await?;
    let milestones = decoded::<api::Milestone<'_>>(&pages)?;
    let by_title = milestones.iter().filter(|milestone| milestone.title.to_lowercase() == name.to_lowercase());
    let by_number = milestones.iter().filter(|milestone| milestone.number.to_string() == name);
    let mut fitting: Vec<u64> = by_title.chain(by_number).map(|milestone| milestone.number).collect();
    fitting.dedup();
    let found = if let [number] = fitting[..] { Some(number) } else { None };
    Ok(Looked { found, choices: milestones.iter().map(|milestone| milestone.title.to_string()).collect() })
}

/// Looks for an issue type by name, id, or our word for it; an error `NotFound` is that there are no types here.
pub(super) async fn issue_type(github: &GitHub, repository: Repository<'_>, name: &str) -> Result<Looked<String>> {
    let response = github.send(github.get(in_repository(repository, &["issue-types"]))?, &repository).await?;
    let types: Vec<api::IssueType<'_>> = response.decode()?;
    let fits = |by: &dyn Fn(&api::IssueType<'_>) -> bool| types.iter().find(|it| by(it)).map(|it| it.name.to_string());
    let found = fits(&|it| it.name.eq_ignore_ascii_case(name))
        .or_else(|| fits(&|it| it.id.is_some_and(|id| id.to_string() == name)))
        .or_else(|| fits(&|it| crate::mapping::named_type(it).level.as_str() == name));
    Ok(Looked { found, choices: types.iter().map(|it| it.name.to_string()).collect() })
}

/// Returns the logins of people.
pub(super) async fn logins(github: &GitHub, names: &[String]) -> Result<Vec<String>> {
    let mut logins = Vec::with_capacity(names.len());
    for name in names {
        logins.push(login(github, name).await?);
    }
    Ok(logins)
}

/// Returns the number of the one milestone that is named; GitHub has no more than one.
pub(super) async fn one_milestone(
    github: &GitHub,
    repository: Repository<'_>,
    names: &[String],
) -> Result<Option<u64>> {
    match names {
        [] => Ok(None),
        [name] => milestone(github, repository, name).await?.or_choices("containers", name).map(Some),
        _ => Err(Error::validation("an issue has one milestone at most").with_field("containers", "names several")),
    }
}

/// Returns the type that is named; where there are no types the field is refused and the rest is written.
pub(super) async fn type_or_gap(
    github: &GitHub,
    repository: Repository<'_>,
    name: Option<&str>,
    report: &mut Report,
) -> Result<Option<String>> {
    let Some(name) = name else { return Ok(None) };
    match issue_type(github, repository, name).await {
        Ok(looked) => looked.or_choices("type", name).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            report.refuse(&FieldName::Type, format!("{repository} has no issue types"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Reads every page of a list.
pub(super) fn decoded<'a, T: serde::Deserialize<'a>>(pages: &'a [Response]) -> Result<Vec<T>> {
    let mut list = Vec::new();
    for page in pages {
        list.extend(page.decode::<Vec<T>>()?);
    }
    Ok(list)
}
