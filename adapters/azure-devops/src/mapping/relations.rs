//! Relations: to other work items, and to files.

use usher_adapter_sdk::model::{Attachment, Link, LinkKind, TicketRef};

use crate::{
    api::{Relation, WorkItem},
    key::{key_without_project, number_of_url},
    request::Site,
};

/// The relation to the work item that this one is a part of.
pub(crate) const PARENT: &str = "System.LinkTypes.Hierarchy-Reverse";
/// The relation to a part.
const CHILD: &str = "System.LinkTypes.Hierarchy-Forward";
/// The relation to a file.
pub(crate) const FILE: &str = "AttachedFile";

/// Link types, sorted. Any other is unknown and keeps its name.
///
/// <https://learn.microsoft.com/azure/devops/boards/queries/link-type-reference>
const LINKS: &[(&str, LinkKind)] = &[
    ("Microsoft.VSTS.Common.Affects-Forward", LinkKind::Causes),
    ("Microsoft.VSTS.Common.Affects-Reverse", LinkKind::CausedBy),
    ("System.LinkTypes.Dependency-Forward", LinkKind::Blocks),
    ("System.LinkTypes.Dependency-Reverse", LinkKind::BlockedBy),
    ("System.LinkTypes.Duplicate-Forward", LinkKind::DuplicatedBy),
    ("System.LinkTypes.Duplicate-Reverse", LinkKind::Duplicates),
    ("System.LinkTypes.Related", LinkKind::Relates),
];

/// Returns the link type that stands for a kind.
pub(crate) fn link_type(kind: &LinkKind) -> Option<&'static str> {
    LINKS.iter().find(|(_, known)| known == kind).map(|(name, _)| *name)
}

/// Returns the link type of that name, if it is one that we have a word for.
pub(crate) fn known_link(rel: &str) -> Option<&'static str> {
    LINKS.binary_search_by_key(&rel, |(known, _)| *known).ok().map(|place| LINKS[place].0)
}

/// Returns the work item that this one is a part of, by its relation, else by the field.
pub(super) fn parent(site: &Site, item: &WorkItem<'_>) -> Option<TicketRef> {
    let by_relation = others(item).find(|(rel, _)| *rel == PARENT).map(|(_, number)| number);
    by_relation.or(item.fields.parent).map(|number| reference(site, number))
}

pub(super) fn children(site: &Site, item: &WorkItem<'_>) -> Vec<TicketRef> {
    others(item).filter(|(rel, _)| *rel == CHILD).map(|(_, number)| reference(site, number)).collect()
}

pub(super) fn links(site: &Site, item: &WorkItem<'_>) -> Vec<Link> {
    let links = others(item).filter(|(rel, _)| ![PARENT, CHILD].contains(rel));
    links.map(|(rel, number)| Link::new(kind(rel), reference(site, number)).with_native(rel.to_owned())).collect()
}

/// Returns the files that hang on a work item.
pub(crate) fn attachments(item: &WorkItem<'_>) -> Vec<Attachment> {
    item.relations.iter().flatten().filter_map(attachment).collect()
}

/// Returns the file that a relation leads to, if it leads to one; its id is the last part of its address.
pub(crate) fn attachment(relation: &Relation<'_>) -> Option<Attachment> {
    if &*relation.rel != FILE {
        return None;
    }
    let path = relation.url.split(['?', '#']).next().unwrap_or_default();
    let id = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let known = relation.attributes.as_ref();
    let name = known.and_then(|known| known.name.as_deref()).unwrap_or(id);
    Some(
        Attachment::new(id, name)
            .with_size(known.and_then(|known| known.resource_size))
            .with_created_at(known.and_then(|known| known.resource_created_date))
            .with_url(relation.url.to_string()),
    )
}

/// Returns the relations to other work items, by their type and number.
fn others<'a>(item: &'a WorkItem<'_>) -> impl Iterator<Item = (&'a str, u64)> {
    let relations = item.relations.iter().flatten();
    relations
        .filter(|relation| is_item(relation))
        .filter_map(|relation| Some((&*relation.rel, number_of_url(&relation.url)?)))
}

/// Says whether a relation leads to a work item: pages, files and commits are other things.
pub(super) fn is_item(relation: &Relation<'_>) -> bool {
    let is_other = matches!(&*relation.rel, FILE | "Hyperlink" | "ArtifactLink");
    !is_other && relation.url.to_ascii_lowercase().contains("/_apis/wit/workitems/")
}

fn kind(rel: &str) -> LinkKind {
    LINKS.binary_search_by_key(&rel, |(known, _)| *known).map(|place| LINKS[place].1.clone()).unwrap_or_default()
}

fn reference(site: &Site, number: u64) -> TicketRef {
    TicketRef::new(key_without_project(site.organization(), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_types_are_sorted_and_each_kind_has_one() {
        assert!(LINKS.is_sorted_by_key(|(name, _)| *name));
        for kind in LinkKind::ALL {
            let name = link_type(kind).unwrap();
            assert_eq!(super::kind(name), *kind);
        }
        assert!(super::kind("Microsoft.VSTS.Common.TestedBy-Forward").is_unknown());
    }
}
