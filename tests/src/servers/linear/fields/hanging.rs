//! What hangs on issues has: comments and who wrote them, links, relations.

use serde_json::{Value, json};

use super::{Field, Node, View, leaf, one, owned};
use crate::servers::linear::state::{Author, Comment};

impl View<'_> {
    pub(super) fn comment(&self, place: usize, name: &str) -> Option<Field> {
        let (state, comment) = (self.state, &self.state.comments[place]);
        let issue = &state.issues[comment.issue];
        let parent = comment.parent;
        Some(match name {
            "body" => leaf(comment.body.as_str()),
            "botActor" => Field::One(matches!(comment.author, Author::Bot(_)).then_some(Node::Bot(place))),
            "children" => self.here(owned(&state.comments, |child| child.parent == Some(place)).map(Node::Comment)),
            "editedAt" => Field::Time(comment.edited_at),
            "externalUser" => {
                Field::One(matches!(comment.author, Author::External(_)).then_some(Node::ExternalUser(place)))
            }
            "hideInLinear" => leaf(false),
            "issue" => Field::One(Some(Node::Issue(comment.issue))),
            "issueId" => leaf(issue.meta.id.as_str()),
            "externalThread" | "onBehalfOf" | "project" | "resolvingComment" | "resolvingUser" => Field::One(None),
            "parent" => one(parent, Node::Comment),
            "parentId" => leaf(parent.map(|parent| state.comments[parent].meta.id.as_str())),
            "quotedText" => leaf(Value::Null),
            "reactionData" => leaf(json!([])),
            "resolvedAt" => Field::Time(None),
            "url" => leaf(format!("{}#comment-{}", self.issue_url(issue), &comment.meta.id[..8])),
            "user" => match comment.author {
                Author::User(user) => Field::One(Some(Node::User(user))),
                Author::Bot(_) | Author::External(_) => Field::One(None),
            },
            _ => return None,
        })
    }

    pub(super) fn attachment(&self, place: usize, name: &str) -> Option<Field> {
        let attachment = &self.state.attachments[place];
        Some(match name {
            "creator" => one(attachment.creator, Node::User),
            "externalUserCreator" | "originalIssue" => Field::One(None),
            "groupBySource" => leaf(false),
            "issue" => Field::One(Some(Node::Issue(attachment.issue))),
            "metadata" => leaf(attachment.metadata.clone()),
            "source" => leaf(attachment.source_type.as_ref().map(|kind| json!({ "type": kind })).unwrap_or_default()),
            "sourceType" => leaf(attachment.source_type.as_deref()),
            "subtitle" => leaf(attachment.subtitle.as_deref()),
            "title" => leaf(attachment.title.as_str()),
            "url" => leaf(attachment.url.as_str()),
            _ => return None,
        })
    }

    pub(super) fn relation(&self, place: usize, name: &str) -> Option<Field> {
        let relation = &self.state.relations[place];
        Some(match name {
            "issue" => Field::One(Some(Node::Issue(relation.issue))),
            "relatedIssue" => Field::One(Some(Node::Issue(relation.related))),
            "type" => leaf(relation.kind.as_str()),
            _ => return None,
        })
    }
}

pub(super) fn bot(comment: &Comment, name: &str) -> Option<Field> {
    let Author::Bot(bot) = &comment.author else { return None };
    Some(match name {
        "id" | "avatarUrl" | "subType" | "userDisplayName" => leaf(Value::Null),
        "name" => leaf(bot.as_str()),
        "type" => leaf("integration"),
        _ => return None,
    })
}

pub(super) fn external_user(comment: &Comment, name: &str) -> Option<Field> {
    let Author::External(person) = &comment.author else { return None };
    Some(match name {
        "id" => leaf(format!("e{}", &comment.meta.id[1..])),
        "name" | "displayName" => leaf(person.as_str()),
        "email" | "avatarUrl" => leaf(Value::Null),
        "archivedAt" | "lastSeen" => Field::Time(None),
        "createdAt" | "updatedAt" => Field::Time(Some(comment.meta.created_at)),
        "organization" => Field::One(Some(Node::Organization)),
        _ => return None,
    })
}
