//! One issue with everything that was asked.

use futures_util::future;
use usher_adapter_sdk::{
    Result,
    host::Response,
    message::{Include, Raw},
    model::Ticket,
};

use super::account::sees_private_notes;
use crate::{
    Redmine, api,
    key::Key,
    mapping::{self, Known},
    request::of_issue,
};

/// The documents beside `main`.
pub(super) const STATUSES: &str = "statuses";
pub(super) const DEFINITIONS: &str = "custom_fields";
const ROLES: &str = "roles";

/// Everything that comes with a single issue.
const EVERYTHING: &str = "journals,attachments,children,relations,watchers,changesets";

/// Returns an issue; what its fields are made for, where the account may read that.
pub(crate) async fn get(redmine: &Redmine, key: Key, include: &Include) -> Result<Raw> {
    let (known, main) = future::join(redmine.known(), issue(redmine, key, EVERYTHING)).await;
    known?;
    let main = main?;
    let api::One { issue } = main.decode()?;
    let project = issue.project.as_ref().map(|project| project.id).filter(|_| include.notes);
    let is_old = issue.status.is_some_and(|status| status.is_closed.is_none());
    let raw = Raw::main(main.body.into_vec());
    let raw = match project {
        Some(project) => with_roles(redmine, raw, project).await?,
        None => raw,
    };
    beside(redmine, raw, is_old, include).await
}

/// Adds the account's roles, since notes that it may not see are left out of the answer without a word.
async fn with_roles(redmine: &Redmine, raw: Raw, project: u64) -> Result<Raw> {
    Ok(redmine.roles_in(project).await?.into_iter().fold(raw, |raw, roles| raw.with(ROLES, roles)))
}

/// Adds what an issue does not say of its own.
pub(super) async fn beside(redmine: &Redmine, raw: Raw, is_old: bool, include: &Include) -> Result<Raw> {
    let raw = match is_old {
        true => raw.with(STATUSES, redmine.read(["issue_statuses.json"]).await?.body.into_vec()),
        false => raw,
    };
    let may_read = include.fields && redmine.me.get().is_some_and(|me| me.is_admin);
    Ok(match may_read {
        true => raw.with(DEFINITIONS, redmine.read(["custom_fields.json"]).await?.body.into_vec()),
        false => raw,
    })
}

/// Returns the ticket of an issue and of whatever stands beside it.
pub(crate) fn normalize(redmine: &Redmine, raw: &Raw) -> Result<Ticket> {
    let api::One { issue } = raw.decode_main()?;
    ticket(redmine, &issue, raw, false)
}

/// Returns the ticket of an issue with what stands beside it.
pub(super) fn ticket(redmine: &Redmine, issue: &api::Issue<'_>, beside: &Raw, has_relations: bool) -> Result<Ticket> {
    let statuses: Option<api::Lists<'_>> = beside.decode(STATUSES)?;
    let definitions: Option<api::Lists<'_>> = beside.decode(DEFINITIONS)?;
    let roles: Option<Vec<api::OneRole<'_>>> = beside.decode(ROLES)?;
    let known = Known {
        statuses: statuses.as_ref().map(|lists| &lists.issue_statuses[..]),
        definitions: definitions.as_ref().map(|lists| &lists.custom_fields[..]),
        has_relations,
        hides_notes: roles.is_some_and(|roles| !sees_private_notes(&roles)),
        ..known(redmine)?
    };
    mapping::ticket(issue, &known)
}

/// Returns what is known without asking.
pub(super) fn known(redmine: &Redmine) -> Result<Known<'_, 'static>> {
    let (base_url, formatting) = (redmine.host.base_url()?, redmine.config.text_format);
    Ok(Known { base_url, formatting, statuses: None, definitions: None, has_relations: false, hides_notes: false })
}

/// Asks for an issue with those parts.
pub(super) async fn issue(redmine: &Redmine, key: Key, include: &str) -> Result<Response> {
    let request = redmine.get(of_issue(key))?.query("include", include);
    redmine.send(request, &format!("issue {key}")).await
}
