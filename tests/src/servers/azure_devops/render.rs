//! Work items and what hangs on them, as Azure DevOps' JSON.

use serde_json::{Map, Value, json};

use super::state::{Comment, Field, Relation, State, Target, WorkItem};

/// The addresses that stand in every answer, and which Azure DevOps this is.
#[derive(Debug)]
pub(super) struct Site {
    /// What stands before the organisation in paths: nothing, or `/tfs`.
    pub(super) prefix: &'static str,
    /// The organisation, on Server the collection.
    pub(super) organization: String,
    /// The address up to the organisation, without a slash at its end.
    pub(super) base: String,
    pub(super) services: bool,
}

/// What of a work item is answered.
pub(super) struct Wanted {
    /// The reference names that were asked for; all, if none were.
    pub(super) fields: Option<Vec<String>>,
    pub(super) relations: bool,
    pub(super) links: bool,
}

impl Site {
    /// Returns the address of the organisation.
    pub(super) fn url(&self) -> String {
        format!("{}/{}", self.base, self.organization)
    }

    fn item_url(&self, state: &State, item: &WorkItem) -> String {
        format!("{}/{}/_apis/wit/workItems/{}", self.url(), state.projects[item.project].id, item.id)
    }

    /// Returns a work item.
    pub(super) fn item(&self, state: &State, item: &WorkItem, wanted: &Wanted) -> Value {
        let mut json = json!({
            "id": item.id,
            "rev": item.rev,
            "fields": self.fields(state, item, wanted.fields.as_deref()),
            "url": self.item_url(state, item),
        });
        if wanted.relations && !item.relations.is_empty() {
            let there = item.relations.iter().filter(|relation| is_there(state, relation));
            json["relations"] = there.map(|relation| self.relation(relation)).collect();
        }
        if !item.markdown.is_empty() {
            let formats = item.markdown.iter().map(|field| (field.clone(), json!("markdown")));
            json["multilineFieldsFormat"] = formats.collect::<Map<_, _>>().into();
        }
        if wanted.links {
            json["_links"] =
                json!({ "self": { "href": self.item_url(state, item) }, "html": { "href": self.page(state, item) } });
        }
        json
    }

    fn page(&self, state: &State, item: &WorkItem) -> String {
        format!("{}/{}/_workitems/edit/{}", self.url(), state.projects[item.project].id, item.id)
    }

    fn fields(&self, state: &State, item: &WorkItem, wanted: Option<&[String]>) -> Map<String, Value> {
        let is_wanted =
            |name: &str| wanted.is_none_or(|wanted| wanted.iter().any(|field| field.eq_ignore_ascii_case(name)));
        let own = item.fields.iter().filter(|(name, _)| is_wanted(name));
        let own = own.map(|(name, field)| (name.clone(), self.field(state, field)));
        let parent = item.relations.iter().find(|relation| relation.rel == PARENT && is_there(state, relation));
        let parent = parent.and_then(|relation| match relation.target {
            Target::Item(id) => Some(json!(id)),
            Target::File(_) | Target::Address(_) => None,
        });
        let counted = [
            ("System.Id", Some(json!(item.id))),
            ("System.Rev", Some(json!(item.rev))),
            ("System.TeamProject", Some(json!(state.projects[item.project].name))),
            ("System.CommentCount", Some(json!(item.comments.len()))),
            ("System.Parent", parent),
        ];
        let counted = counted.into_iter().filter(|(name, _)| is_wanted(name));
        own.chain(counted.filter_map(|(name, value)| Some((name.to_owned(), value?)))).collect()
    }

    fn field(&self, state: &State, field: &Field) -> Value {
        match field {
            Field::Person(user) => self.person(state, *user),
            Field::Time(time) => json!(time.to_string()),
            Field::Value(value) => value.clone(),
        }
    }

    /// Returns somebody.
    pub(super) fn person(&self, state: &State, user: usize) -> Value {
        let user = &state.users[user];
        let picture = format!("{}/_api/_common/identityImage?id={}", self.url(), user.id);
        json!({
            "displayName": user.display_name,
            "url": format!("{}/_apis/Identities/{}", self.url(), user.id),
            "_links": { "avatar": { "href": picture } },
            "id": user.id,
            "uniqueName": user.unique_name,
            "imageUrl": picture,
            "descriptor": format!("aad.{}", user.id.replace('-', "")),
        })
    }

    fn relation(&self, relation: &Relation) -> Value {
        let url = match &relation.target {
            Target::Item(id) => format!("{}/_apis/wit/workItems/{id}", self.url()),
            Target::File(id) => self.file_url(id),
            Target::Address(address) => address.clone(),
        };
        json!({ "rel": relation.rel, "url": url, "attributes": relation.attributes })
    }

    /// Returns the address of a file.
    pub(super) fn file_url(&self, id: &str) -> String {
        format!("{}/_apis/wit/attachments/{id}", self.url())
    }

    /// Returns a comment.
    pub(super) fn comment(&self, state: &State, item: &WorkItem, comment: &Comment, rendered: bool) -> Value {
        let mut json = json!({
            "workItemId": item.id,
            "id": comment.id,
            "version": 1,
            "text": comment.text,
            "format": if comment.markdown { "markdown" } else { "html" },
            "createdBy": self.person(state, comment.author),
            "createdDate": comment.created.to_string(),
            "modifiedBy": self.person(state, comment.author),
            "modifiedDate": comment.created.to_string(),
            "url": format!("{}/comments/{}", self.item_url(state, item), comment.id),
        });
        if rendered {
            json["renderedText"] = json!(format!("<p>{}</p>", comment.text));
        }
        json
    }
}

/// The relation to the work item that this one is a part of.
pub(super) const PARENT: &str = "System.LinkTypes.Hierarchy-Reverse";

/// A relation to a work item that was deleted is not shown.
fn is_there(state: &State, relation: &Relation) -> bool {
    match &relation.target {
        Target::Item(id) => state.items.get(id).is_some_and(|item| !item.deleted),
        Target::File(_) | Target::Address(_) => true,
    }
}
