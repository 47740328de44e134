//! GitHub's words into ours: tables, and what follows from them. No network, no clock.
//!
//! Words (states, types, priorities, kinds of accounts) are in `mapping/words`, custom fields in `mapping/fields`, files that
//! hang on texts in `mapping/attachments`.

mod attachments;
mod fields;
mod words;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    model::{
        Attachment, Container, ContainerKind, CutReason, Link, LinkKind, Note, Part, Project, RichText, TextFormat,
        Ticket, TicketRef, User, Visibility,
    },
};

pub(crate) use fields::field_type;
pub(crate) use words::{PULL_REQUEST, REASONS, named_type};

use crate::{
    api,
    key::{self, Key, Repository},
};

/// Who stands on the page where the account was deleted.
const GHOST: &str = "ghost";

/// What else was asked of an issue, beside the issue itself; absent where it was not.
#[derive(Debug, Default)]
pub(crate) struct Relations<'a> {
    pub comments: Option<Vec<api::Comment<'a>>>,
    pub sub_issues: Option<Vec<api::Issue<'a>>>,
    pub blocked_by: Option<Vec<api::Issue<'a>>>,
    pub blocking: Option<Vec<api::Issue<'a>>>,
}

/// Returns the ticket of an issue, with everything that is known of it.
pub(crate) fn ticket(issue: &api::Issue<'_>, asked: Option<Key<'_>>, relations: &Relations<'_>) -> Result<Ticket> {
    let key = key(issue, asked)?;
    let alias = asked.filter(|asked| !asked.is_same(key)).map(|asked| asked.to_string());
    let ticket = Ticket::new(key, &*issue.title)
        .with_native_id(issue.id.map(|id| id.to_string()))
        .with_aliases(Vec::from_iter(alias))
        .with_url(issue.html_url.as_deref().map(str::to_owned))
        .with_body(issue.body.as_deref().map(text))
        .with_type(words::ticket_type(issue))
        .with_status(words::status(issue))
        .with_resolution(words::resolution(issue))
        .with_priority(words::priority(issue))
        .with_labels(label_names(issue).map(str::to_owned).collect::<Vec<_>>())
        .with_assignees(assignees(issue).map(user).collect::<Vec<_>>())
        .with_reporter(author(issue.user.as_ref()))
        .with_project(project(issue, key.repository))
        .with_containers(issue.milestone.iter().map(container).collect::<Vec<_>>())
        .with_parent(issue.parent_issue_url.as_deref().and_then(Key::of_url).map(TicketRef::new))
        .with_children(references(relations.sub_issues.as_deref())?)
        .with_links(links(relations)?)
        .with_created_at(issue.created_at)
        .with_updated_at(issue.updated_at)
        .with_closed_at(issue.closed_at)
        .with_notes(relations.comments.as_ref().map(|comments| comments.iter().map(note).collect::<Vec<_>>()))
        .with_attachments(attachments(issue, relations.comments.as_deref()))
        .with_custom_fields(fields::of(issue)?)
        .with_revision(issue.updated_at.map(|time| time.to_string()));
    Ok(with_cuts(ticket, issue, relations))
}

/// Returns the key of an issue: the platform's own, for issues move between repositories and these are renamed.
pub(crate) fn key<'a>(issue: &'a api::Issue<'_>, asked: Option<Key<'a>>) -> Result<Key<'a>> {
    let of_api = issue.repository_url.as_deref().and_then(key::repository_of_url);
    let of_pages = || [&issue.url, &issue.html_url].into_iter().flatten().find_map(|url| Key::of_url(url));
    let repository = of_api.or_else(|| of_pages().or(asked).map(|key| key.repository)).ok_or_else(|| {
        Error::new(ErrorKind::ResponseParse, "the answer does not say of which repository the issue is")
    })?;
    Ok(Key { repository, number: issue.number })
}

/// Returns a comment as a note; everybody who sees the issue reads it.
pub(crate) fn note(comment: &api::Comment<'_>) -> Note {
    Note::new(comment.id.to_string(), comment.body.as_deref().map(text).unwrap_or_default())
        .with_author(author(comment.user.as_ref()))
        .with_visibility(Visibility::Public)
        .with_created_at(comment.created_at)
        .with_updated_at(comment.updated_at)
        .with_url(comment.html_url.as_deref().map(str::to_owned))
}

/// Returns the files that hang on an issue and its comments, as far as these are here.
pub(crate) fn attachments(issue: &api::Issue<'_>, comments: Option<&[api::Comment<'_>]>) -> Vec<Attachment> {
    let page = issue.html_url.as_deref().unwrap_or_default();
    let body = (issue.body.as_deref(), author(issue.user.as_ref()), issue.created_at);
    let comments = comments.unwrap_or_default().iter();
    let comments = comments.map(|comment| (comment.body.as_deref(), author(comment.user.as_ref()), comment.created_at));
    let mut found: Vec<Attachment> = Vec::new();
    for (text, author, created_at) in std::iter::once(body).chain(comments) {
        for file in attachments::of(text.unwrap_or_default(), page) {
            // The same file is often quoted in an answer.
            if !found.iter().any(|known| known.id == file.id) {
                found.push(file.with_author(author.clone()).with_created_at(created_at));
            }
        }
    }
    found
}

/// Returns an account.
pub(crate) fn user(user: &api::User<'_>) -> User {
    let id = user.id.map_or_else(|| user.login.to_string(), |id| id.to_string());
    User::new(id)
        .with_handle(user.login.to_string())
        .with_display_name(user.name.as_deref().map(str::to_owned))
        .with_email(user.email.as_deref().map(str::to_owned))
        .with_kind(user.kind.as_deref().map(words::account).unwrap_or_default())
}

/// Returns a milestone; its id is the number that its page and the API's other calls take.
pub(crate) fn container(milestone: &api::Milestone<'_>) -> Container {
    Container::new(ContainerKind::Milestone, &*milestone.title).with_id(milestone.number.to_string())
}

/// Returns the names of the labels.
pub(crate) fn label_names<'a>(issue: &'a api::Issue<'_>) -> impl Iterator<Item = &'a str> {
    issue.labels.iter().filter_map(|label| label.0.as_deref())
}

/// Returns who works on an issue; an older server names only one.
pub(crate) fn assignees<'a, 'b>(issue: &'a api::Issue<'b>) -> impl Iterator<Item = &'a api::User<'b>> {
    let only = issue.assignee.iter().filter(|_| issue.assignees.is_none());
    issue.assignees.iter().flatten().chain(only)
}

/// Returns a text: Markdown with one kind of line ends, and as GitHub holds it where those differ.
fn text(text: &str) -> RichText {
    if text.contains('\r') {
        return RichText::converted(text.replace("\r\n", "\n"), TextFormat::Markdown, text);
    }
    RichText::markdown(text)
}

/// Returns who wrote something: `null` is an account that was deleted, absence is that nobody said.
fn author(author: Option<&Option<api::User<'_>>>) -> Option<User> {
    Some(author?.as_ref().map_or_else(|| User::new(GHOST).with_handle(GHOST.to_owned()), user))
}

fn project(issue: &api::Issue<'_>, repository: Repository<'_>) -> Project {
    let end = format!("/{repository}/");
    let page = issue.html_url.as_deref().and_then(|url| Some(&url[..url.find(&end)? + end.len() - 1]));
    Project::new(repository.to_string()).with_url(page.map(str::to_owned))
}

fn references(issues: Option<&[api::Issue<'_>]>) -> Result<Vec<TicketRef>> {
    let reference = |issue: &api::Issue<'_>| -> Result<TicketRef> {
        Ok(TicketRef::new(key(issue, None)?)
            .with_title(issue.title.to_string())
            .with_url(issue.html_url.as_deref().map(str::to_owned)))
    };
    issues.unwrap_or_default().iter().map(reference).collect()
}

fn links(relations: &Relations<'_>) -> Result<Vec<Link>> {
    let of = |kind: LinkKind, native: &'static str, issues: Option<&[api::Issue<'_>]>| -> Result<Vec<Link>> {
        let targets = references(issues)?.into_iter();
        Ok(targets.map(|target| Link::new(kind.clone(), target).with_native(native.to_owned())).collect())
    };
    let mut links = of(LinkKind::BlockedBy, "blocked_by", relations.blocked_by.as_deref())?;
    links.extend(of(LinkKind::Blocks, "blocking", relations.blocking.as_deref())?);
    Ok(links)
}

/// Names the parts of which GitHub says that there is more than is here.
fn with_cuts(ticket: Ticket, issue: &api::Issue<'_>, relations: &Relations<'_>) -> Ticket {
    let cut = |ticket: Ticket, part: &str, loaded: usize, total: u64| {
        let loaded = loaded as u64;
        if loaded >= total {
            return ticket;
        }
        ticket.with_cut(part, Part::new(loaded, Some(total), CutReason::NotLoaded))
    };
    let children = issue.sub_issues_summary.map_or(0, |summary| summary.total);
    let links = issue.issue_dependencies_summary.map_or(0, |all| all.total_blocked_by + all.total_blocking);
    let (loaded_children, loaded_links) = (ticket.children.len(), ticket.links.len());
    let ticket = cut(ticket, "children", loaded_children, children);
    let ticket = cut(ticket, "links", loaded_links, links);
    // Files may hang on comments, of which nobody can say without reading them.
    if relations.comments.is_none() && issue.comments != Some(0) {
        let loaded = ticket.attachments.as_ref().map_or(0, Vec::len) as u64;
        return ticket.with_cut("attachments", Part::new(loaded, None, CutReason::NotLoaded));
    }
    ticket
}
