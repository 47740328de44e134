//! Keys: `organisation/project#42`, and without a project `organisation#42` or `42`, since numbers are unique in an
//! organisation.

use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

/// A work item. It borrows, since keys are read for every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key<'a> {
    /// The project, where the key names one: the number alone is enough to find it.
    pub project: Option<&'a str>,
    pub number: u64,
}

impl<'a> Key<'a> {
    /// Reads a key of an organisation, or says how it is written.
    pub(crate) fn parse(organization: &str, key: &'a TicketKey) -> Result<Self> {
        let refused = |what: String| {
            Error::new(ErrorKind::InvalidReference, what)
                .with_hint(format!("Write it like `{organization}/My Project#42`, or `{organization}#42`."))
        };
        let (place, number) = key.as_str().rsplit_once('#').unwrap_or(("", key.as_str()));
        let number = number_of(number).ok_or_else(|| refused(format!("`{key}` is not a work item")))?;
        let (named, project) = match place.split_once('/') {
            Some((named, project)) if is_project(project) => (named, Some(project)),
            Some(_) => return Err(refused(format!("`{key}` is not a work item"))),
            None => (place, None),
        };
        let is_bare = named.is_empty() && project.is_none() && !key.as_str().contains('#');
        if !is_bare && !same(named, organization) {
            return Err(refused(format!("`{key}` is not of the organisation `{organization}`")));
        }
        Ok(Self { project, number })
    }
}

/// Returns the key of a work item of a project.
pub(crate) fn key_of(organization: &str, project: &str, number: u64) -> TicketKey {
    TicketKey::new(format!("{organization}/{project}#{number}"))
}

/// Returns the key of a work item whose project is not known from here.
pub(crate) fn key_without_project(organization: &str, number: u64) -> TicketKey {
    TicketKey::new(format!("{organization}#{number}"))
}

/// Reads a project: `acme/My Project` as keys have it, or its name alone.
pub(crate) fn project_of<'a>(organization: &str, text: &'a str) -> Result<&'a str> {
    let name = match text.split_once('/') {
        Some((named, name)) if same(named, organization) => name,
        Some(_) => "",
        None => text,
    };
    if is_project(name) {
        return Ok(name);
    }
    Err(Error::new(ErrorKind::InvalidReference, format!("`{text}` is not a project of `{organization}`"))
        .with_hint(format!("Write it like `{organization}/My Project`, or `My Project`.")))
}

/// Compares names as Azure DevOps does.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

/// Reads the number at the end of an address, as in `…/_apis/wit/workItems/42`.
pub(crate) fn number_of_url(url: &str) -> Option<u64> {
    number_of(url.trim_end_matches('/').rsplit_once('/')?.1)
}

fn number_of(text: &str) -> Option<u64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_number)
}

/// What Azure DevOps allows in the name of a project.
///
/// <https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions#project-names>
fn is_project(name: &str) -> bool {
    let is_forbidden = |c: char| c.is_control() || "/\\:*?\"<>|;#$}{,+=[]".contains(c);
    !name.is_empty() && name.len() <= 255 && !matches!(name, "." | "..") && !name.contains(is_forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_with_and_without_its_project() {
        for (text, project, number) in [
            ("acme/My Project#42", Some("My Project"), 42),
            ("ACME/Übersicht#9007199254740993", Some("Übersicht"), 9_007_199_254_740_993),
            ("acme#42", None, 42),
            ("42", None, 42),
        ] {
            assert_eq!(Key::parse("acme", &text.into()).unwrap(), Key { project, number }, "{text}");
        }
        assert_eq!(key_of("acme", "My Project", 42).as_str(), "acme/My Project#42");
        assert_eq!(key_without_project("acme", 42).as_str(), "acme#42");
    }

    #[test]
    fn what_is_no_key_of_the_organisation_is_refused_with_an_example() {
        for text in [
            "",
            "#42",
            "acme#",
            "acme/#42",
            "acme/..#42",
            "acme/a/b#42",
            "acme/a\\b#42",
            "acme/Web#0",
            "acme/Web#042",
            "acme/Web#+1",
            "acme/Web#4x",
            "other/Web#42",
            "other#42",
            "/Web#42",
            "AB#42",
            "-42",
        ] {
            let error = Key::parse("acme", &text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidReference, "{text}");
            assert!(error.hint().is_some_and(|hint| hint.contains("acme/My Project#42")));
        }
    }

    #[test]
    fn a_project_is_named_with_or_without_its_organisation() {
        for (text, expected) in
            [("acme/Web", Some("Web")), ("Web", Some("Web")), ("Acme/My Project", Some("My Project"))]
        {
            assert_eq!(project_of("acme", text).ok(), expected);
        }
        for text in ["", "other/Web", "acme/", "acme/a/b", "."] {
            assert!(project_of("acme", text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_address_of_a_work_item_ends_in_its_number() {
        assert_eq!(number_of_url("https://dev.azure.com/acme/_apis/wit/workItems/299"), Some(299));
        for url in ["299", "https://dev.azure.com/acme/_apis/wit/workItems/x", "https://a.example/0", ""] {
            assert_eq!(number_of_url(url), None, "{url}");
        }
    }
}
