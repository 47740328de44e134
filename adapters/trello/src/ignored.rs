//! What of Trello's answers is in no ticket, and why; every other leaf of the recorded answers is, which a test sees by
//! changing each.

use usher_adapter_sdk::{
    Result,
    message::Raw,
    model::Ticket,
    testkit::{IgnoredLeaf, unread_leaves},
};

use crate::{
    api,
    mapping::{self, Beside},
    rules::Rules,
};

const IGNORED: &[IgnoredLeaf] = &[
    ("badges.viewingMemberVoted", "whether the account itself voted"),
    ("badges.subscribed", "whether the account itself is told of changes"),
    ("badges.fogbugz", "a number of another product of the vendor's, gone for years"),
    ("badges.checkItems", "a count of what the checklists hold"),
    ("badges.checkItemsChecked", "a count of what the checklists hold"),
    ("badges.description", "whether there is a text, which is there or not"),
    ("badges.dueComplete", "the card says it itself"),
    ("badges.location", "whether there is a place, which is there or not"),
    ("badges.attachmentsByType.**", "counts of attachments by kind"),
    ("badges.due", "the card says it itself"),
    ("email", "an address that takes mails for the card: whoever has it can write there, so that it is a secret"),
    ("manualCoverAttachment", "how the card looks on the board"),
    ("cover.**", "how the card looks on the board"),
    ("subscribed", "whether the account itself is told of changes"),
    ("idLabels.*", "the labels again"),
    ("labels.*.id", "the name is what people use; it is shown where there is neither name nor colour"),
    ("labels.*.idBoard", "the board of the card again"),
    ("labels.*.color", "how the label looks; it is the name where there is none"),
    ("labels.*.uses", "how often others use it"),
    ("idMembersVoted.*", "who voted is known to the account alone; how many is a field"),
    ("shortUrl", "the beginning of the address, of which the key is a part"),
    ("limits.**", "how much more the board takes"),
    ("checklists.*.idCard", "the card again"),
    ("checklists.*.idBoard", "the board again"),
    ("checklists.*.pos", "in which order the checklists are shown"),
    ("checklists.*.checkItems.*.id", "lines of a task list have no ids"),
    ("checklists.*.checkItems.*.idChecklist", "the checklist again"),
    ("checklists.*.checkItems.*.pos", "in which order the lines are shown"),
    ("customFieldItems.*.id", "the id of the value; the field has one of its own"),
    ("customFieldItems.*.idModel", "the card again"),
    ("customFieldItems.*.modelType", "a card"),
    ("attachments.*.pos", "in which order the files are shown"),
    ("*.idMemberCreator", "`memberCreator` again"),
    ("*.data.list.**", "where the card was at that time"),
    ("*.data.board.**", "where the card was at that time"),
    ("*.data.card.**", "what the card was called at that time"),
    ("*.memberCreator.avatarHash", "how somebody looks"),
    ("*.memberCreator.initials", "the name, shortened"),
];

#[test]
fn every_leaf_of_a_card_is_in_the_ticket_or_ignored_for_a_reason() {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let mut whole = read(include_str!("../tests/fixtures/adlio/list-cards.json"))[0].clone();
    whole["checklists"] = serde_json::json!([read(include_str!("../tests/fixtures/adlio/checklist.json"))]);
    whole["attachments"] = serde_json::json!([read(include_str!("../tests/fixtures/adlio/attachment.json"))]);
    // The attachment was recorded on another card.
    whole["badges"]["attachments"] = 1.into();
    let found = read(include_str!("../tests/fixtures/adlio/search.json"))["cards"][0].clone();
    for card in [
        read(include_str!("../tests/fixtures/adlio/card.json")),
        read(include_str!("../tests/fixtures/adlio/card-created.json")),
        found,
        whole,
    ] {
        let lost = unread_leaves(card.to_string().as_bytes(), IGNORED, ticket).unwrap();
        assert_eq!(lost, [""; 0], "of {card}");
    }
}

#[test]
fn every_leaf_of_a_comment_is_in_its_note_or_ignored_for_a_reason() {
    let card = include_bytes!("../tests/fixtures/adlio/card.json");
    let comments = include_bytes!("../tests/fixtures/adlio/comments.json");
    let normalize = |bytes: &[u8]| -> Result<Ticket> {
        let raw = Raw::main(&card[..]).with("actions", bytes);
        let beside = Beside { board: None, actions: raw.decode("actions")? };
        mapping::ticket(&raw.decode_main()?, None, &Rules::default(), &beside)
    };
    assert_eq!(unread_leaves(comments, IGNORED, normalize).unwrap(), [""; 0]);
}

fn ticket(bytes: &[u8]) -> Result<Ticket> {
    let card: api::Card<'_> = usher_adapter_sdk::decode::json(bytes)?;
    mapping::ticket(&card, None, &Rules::default(), &Beside::default())
}
