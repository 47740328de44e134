//! What of Azure DevOps' answers a ticket does not carry, and why; the tests walk every leaf of what was published.

use usher_adapter_sdk::{
    Result,
    message::{Include, Raw},
    model::Ticket,
    testkit::{IgnoredLeaf, unread_leaves},
};

use crate::{
    Config, api,
    mapping::{self, Beside},
    request::Site,
};

/// Leaves of work items and of comments.
const IGNORED: &[IgnoredLeaf] = &[
    // Addresses that follow from what the ticket has.
    ("url", "the API's own address"),
    ("_links.**", "addresses of the API; the page's follows from project and number"),
    ("comments.*.url", "the API's own address"),
    ("nextPage", "the token again, in an address"),
    // People: id, handle, name, address and kind are there.
    ("**._links.avatar.href", "a picture"),
    ("**.imageUrl", "a picture"),
    ("fields.*.url", "the API's address of somebody"),
    ("fields.*.*.url", "the API's address of somebody"),
    ("fields.*.*.*.url", "the API's address of somebody"),
    ("fields.*.*.*.*.url", "the API's address of somebody"),
    ("comments.*.createdBy.url", "the API's address of somebody"),
    ("comments.*.modifiedBy.**", "who has changed a comment; a note has its author"),
    // Fields that say again what others say.
    ("fields.System.Id", "the number"),
    ("fields.System.Rev", "the revision"),
    ("fields.System.NodeName", "the end of the area's path"),
    ("fields.System.AreaLevel*", "a part of the area's path"),
    ("fields.System.IterationLevel*", "a part of the iteration's path"),
    ("fields.System.AreaId", "of the root: the project itself"),
    ("fields.System.IterationId", "of the root: the project itself"),
    ("fields.System.AuthorizedDate", "the time of the change, as another counter has it"),
    ("fields.System.RevisedDate", "when the next revision came; of what is read it has not"),
    ("fields.System.PersonId", "a number of the server's own for whoever made the change"),
    ("fields.System.Watermark", "a counter of the server's own"),
    ("fields.System.CommentCount", "how many notes there are"),
    // Of links and files.
    ("relations.*.attributes.isLocked", "says nothing of the ticket"),
    ("relations.*.attributes.comment", "a link has no place for what somebody noted on it"),
    ("relations.*.attributes.id", "a number of the server's own; a file is known by that of its address"),
    ("relations.*.attributes.authorizedDate", "the time of the change that made it"),
    ("relations.*.attributes.resourceModifiedDate", "a file is never modified"),
    ("relations.*.attributes.revisedDate", "when it was taken away; what is read has not been"),
    ("relations.*.attributes.resourceCreatedDate", "of a page: a link has no time"),
    // Of comments.
    ("totalCount", "how many notes there are in all"),
    ("count", "how many follow"),
    ("continuationToken", "where the list goes on"),
    ("comments.*.workItemId", "the comment stands on its ticket"),
    ("comments.*.version", "how often it was changed"),
    ("comments.*.createdBy.descriptor", "the id again, as other services have it; its beginning is the kind"),
    ("fields.*.descriptor", "the id again, as other services have it; its beginning is the kind"),
    ("fields.*.*.descriptor", "the id again, as other services have it; its beginning is the kind"),
    ("fields.*.*.*.*.descriptor", "the id again, as other services have it; its beginning is the kind"),
];

#[test]
fn every_leaf_of_a_work_item_is_in_the_ticket_or_ignored_for_a_reason() {
    let expanded: serde_json::Value =
        serde_json::from_str(include_str!("../tests/fixtures/rest-api-specs/work-items-expanded.json")).unwrap();
    let expanded = expanded["value"].as_array().unwrap().iter().map(|item| item.to_string());
    let alone = [
        include_str!("../tests/fixtures/rest-api-specs/work-item.json"),
        include_str!("../tests/fixtures/rest-api-specs/work-item-created.json"),
        include_str!("../tests/fixtures/rest-api-specs/work-item-updated.json"),
        include_str!("../tests/fixtures/rest-api-specs/work-item-updated-2.json"),
    ];
    for item in expanded.chain(alone.map(str::to_owned)) {
        let lost = unread_leaves(item.as_bytes(), IGNORED, |bytes| ticket(&Raw::main(bytes))).unwrap();
        assert_eq!(lost, [""; 0], "of {item}");
    }
}

#[test]
fn every_leaf_of_a_comment_is_in_its_note_or_ignored_for_a_reason() {
    let item = include_bytes!("../tests/fixtures/rest-api-specs/work-item.json");
    for comments in [
        include_str!("../tests/fixtures/rest-api-specs/comments-1.json"),
        include_str!("../tests/fixtures/rest-api-specs/comments-2.json"),
    ] {
        let normalize = |bytes: &[u8]| ticket(&Raw::main(&item[..]).with("notes", bytes));
        let lost = unread_leaves(comments.as_bytes(), IGNORED, normalize).unwrap();
        assert_eq!(lost, [""; 0], "of {comments}");
    }
}

fn ticket(raw: &Raw) -> Result<Ticket> {
    let config = Config { organization: "fabrikam".to_owned(), api_version: "7.1".to_owned() };
    let site = Site::new(&config, "https://dev.azure.com")?;
    let comments = raw.decode::<api::CommentList<'_>>("notes")?.map(|page| page.comments);
    let beside = Beside { states: None, comments, has_relations: true };
    mapping::ticket(&site, &raw.decode_main()?, None, &beside, &Include::EVERYTHING)
}
