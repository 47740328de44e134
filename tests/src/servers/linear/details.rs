//! What mutations do to that which hangs on issues: comments, relations, links.

use serde_json::{Value, json};

use super::{
    changes::{done, issue_place},
    fields::{Field, Node, leaf},
    input::{Writer, app_only, own_id},
    reply::{Refusal, Trouble},
    state::{Attachment, Author, Comment, Meta, Relation, State},
};

pub(super) fn create_comment(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let input = &arguments["input"];
    known(input, &["body", "createAsUser", "doNotSubscribeToIssue", "id", "issueId", "parentId"], "a comment")?;
    let issue = issue_place(state, writer, &input["issueId"])?;
    let body = body(input)?;
    let parent = match input["parentId"].as_str() {
        None => None,
        Some(_) => Some(comment_place(state, &input["parentId"])?),
    };
    if parent.is_some_and(|parent| state.comments[parent].issue != issue) {
        return Err(Refusal::input("Parent comment is not of the same issue").into());
    }
    let author = match input["createAsUser"].as_str() {
        None => Author::User(writer.viewer),
        Some(name) => {
            app_only(writer, "createAsUser")?;
            Author::Bot(name.to_owned())
        }
    };
    let taken = input["id"].as_str().filter(|id| state.comments.iter().any(|comment| comment.meta.id == **id));
    if let Some(id) = taken {
        return Err(Refusal::input(format!(
            "conflict on insert of Comment: an entity with the id {id} exists already"
        ))
        .into());
    }
    let mut meta = state.meta();
    own_id(&mut meta, input)?;
    state.issues[issue].meta.updated_at = meta.created_at;
    let place = state.add_comment(Comment { meta, issue, body, author, parent, edited_at: None });
    Ok(done("comment", Field::One(Some(Node::Comment(place)))))
}

pub(super) fn update_comment(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let input = &arguments["input"];
    known(input, &["body", "doNotSubscribeToIssue"], "a comment")?;
    let place = own_comment(state, writer, &arguments["id"])?;
    let body = body(input)?;
    let now = state.tick();
    let comment = &mut state.comments[place];
    (comment.body, comment.meta.updated_at) = (body, now);
    comment.edited_at = (arguments["skipEditedAt"] != true).then_some(now);
    Ok(done("comment", Field::One(Some(Node::Comment(place)))))
}

pub(super) fn delete_comment(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let place = own_comment(state, writer, &arguments["id"])?;
    Ok(deleted(&mut state.comments[place].meta))
}

pub(super) fn create_relation(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let input = &arguments["input"];
    let (issue, related) =
        (issue_place(state, writer, &input["issueId"])?, issue_place(state, writer, &input["relatedIssueId"])?);
    if issue == related {
        return Err(Refusal::input("An issue cannot be related to itself").into());
    }
    let kind = input["type"].as_str().unwrap_or_default().to_owned();
    let same = |relation: &&Relation| {
        !relation.meta.deleted && relation.issue == issue && relation.related == related && relation.kind == kind
    };
    if state.relations.iter().any(|relation| same(&relation)) {
        return Err(Refusal::input("Relation exists already").into());
    }
    let mut meta = state.meta();
    own_id(&mut meta, input)?;
    let place = state.relations.len();
    state.relations.push(Relation { meta, issue, related, kind });
    Ok(done("issueRelation", Field::One(Some(Node::Relation(place)))))
}

pub(super) fn delete_relation(state: &mut State, _: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let place = place(state.relations.iter().map(|relation| &relation.meta), &arguments["id"], "IssueRelation")?;
    Ok(deleted(&mut state.relations[place].meta))
}

/// Links an address to an issue. The same address again changes the attachment that is there.
pub(super) fn create_attachment(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let input = &arguments["input"];
    known(
        input,
        &["groupBySource", "iconUrl", "id", "issueId", "metadata", "subtitle", "title", "url"],
        "an attachment",
    )?;
    attach(state, writer, input)
}

pub(super) fn link_url(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    known(arguments, &["id", "issueId", "title", "url"], "a link")?;
    let url = arguments["url"].as_str().unwrap_or_default();
    let title = arguments["title"].as_str().unwrap_or(url);
    let input = json!({ "id": arguments["id"], "issueId": arguments["issueId"], "title": title, "url": url });
    attach(state, writer, &input)
}

pub(super) fn delete_attachment(state: &mut State, _: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let place = place(state.attachments.iter().map(|attachment| &attachment.meta), &arguments["id"], "Attachment")?;
    Ok(deleted(&mut state.attachments[place].meta))
}

fn attach(state: &mut State, writer: Writer, input: &Value) -> Result<Field, Trouble> {
    let issue = issue_place(state, writer, &input["issueId"])?;
    let text = |name: &str| input[name].as_str().map(str::to_owned);
    let url = text("url").unwrap_or_default();
    if !url.contains("://") {
        return Err(Refusal::argument("url must be an address".to_owned()).into());
    }
    let mut meta = state.meta();
    own_id(&mut meta, input)?;
    let new = Attachment {
        meta,
        issue,
        title: text("title").unwrap_or_default(),
        subtitle: text("subtitle"),
        url,
        source_type: Some("api".to_owned()),
        metadata: if input["metadata"].is_null() { json!({}) } else { input["metadata"].clone() },
        creator: Some(writer.viewer),
    };
    let known =
        state.attachments.iter().position(|known| known.issue == issue && known.url == new.url && !known.meta.deleted);
    let place = known.unwrap_or(state.attachments.len());
    match state.attachments.get_mut(place) {
        Some(known) => {
            let (id, created_at) = (known.meta.id.clone(), known.meta.created_at);
            let meta = Meta { id, created_at, ..new.meta };
            *known = Attachment { meta, ..new };
        }
        None => state.attachments.push(new),
    }
    Ok(done("attachment", Field::One(Some(Node::Attachment(place)))))
}

/// An input that the fake would ignore is one that it does not have.
fn known(input: &Value, names: &[&str], of: &str) -> Result<(), Trouble> {
    let given = input.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    match given.map(|(name, _)| name.as_str()).find(|name| !names.contains(name)) {
        Some(name) => Err(Trouble::Missing(format!("the input `{name}` of {of}"))),
        None => Ok(()),
    }
}

fn body(input: &Value) -> Result<String, Refusal> {
    let body = input["body"].as_str().filter(|body| !body.trim().is_empty());
    body.map(str::to_owned).ok_or_else(|| Refusal::argument("body should not be empty".to_owned()))
}

fn comment_place(state: &State, id: &Value) -> Result<usize, Refusal> {
    place(state.comments.iter().map(|comment| &comment.meta), id, "Comment")
}

fn own_comment(state: &State, writer: Writer, id: &Value) -> Result<usize, Refusal> {
    let place = comment_place(state, id)?;
    match state.comments[place].author {
        Author::User(user) if user == writer.viewer => Ok(place),
        _ => Err(Refusal::forbidden("Only the author can change a comment")),
    }
}

fn place<'a>(mut metas: impl Iterator<Item = &'a Meta>, id: &Value, kind: &str) -> Result<usize, Refusal> {
    let found = metas.position(|meta| id == meta.id.as_str() && !meta.deleted);
    found.ok_or_else(|| Refusal::not_found(kind))
}

fn deleted(meta: &mut Meta) -> Field {
    meta.deleted = true;
    done("entityId", leaf(meta.id.as_str()))
}
