//! What of monday.com's answers a ticket does not carry, and why; the tests walk every leaf of what was recorded.
//!
//! It is little, since a query asks for what the ticket has a place for. What an item has beside that, and is not asked
//! for, is in the README.

use usher_adapter_sdk::{
    Result, decode,
    host::Connection,
    message::Raw,
    model::Ticket,
    testkit::{IgnoredLeaf, Kit, Recording, TestHost, unread_leaves},
};

use crate::Monday;

/// Leaves of items and of what hangs on them.
const IGNORED: &[IgnoredLeaf] = &[
    ("board.columns.**", "says what the values mean; those are in the ticket"),
    ("board.groups.**", "the item's own group is in the ticket"),
    ("board.state", "that of the board, not of the item"),
    ("board.type", "that of the board, not of the item"),
    ("column_values.*.type", "the board's columns say it as well; it counts for those that are not among them"),
    ("column_values.*.value", "says in JSON what the typed fields beside it say"),
    ("column_values.*.text", "the typed fields beside it say the same; it is shown where there are none"),
    ("column_values.*.is_done", "counts where the word of the label does not say more"),
    ("column_values.*.index", "the label's number; of a role's label it is the native id"),
    ("column_values.*.display_value", "the linked items are in the ticket themselves"),
    ("column_values.*.tags.*.id", "a tag is known by its name"),
    ("parent_item.board.id", "the key of the parent has it"),
    ("assets.*.public_url", "good for an hour, and asked for anew when the file is downloaded"),
];

#[test]
fn every_leaf_of_an_item_is_in_the_ticket_or_ignored_for_a_reason() {
    let whole = include_bytes!("../tests/fixtures/item.json").to_vec();
    let recorded = Recording::parse(include_str!("../tests/fixtures/monday_ruby/item.json")).unwrap();
    let recorded = recorded.exchanges().iter().filter_map(|exchange| {
        let body: serde_json::Value = decode::json(&exchange.body()).ok()?;
        body["data"]["items"].get(0).map(|item| item.to_string().into_bytes())
    });
    let items: Vec<Vec<u8>> = recorded.chain([whole]).collect();
    assert!(items.len() > 1);
    for item in items {
        let lost = unread_leaves(&item, IGNORED, ticket).unwrap();
        assert_eq!(lost, [""; 0], "of {}", String::from_utf8_lossy(&item));
    }
}

fn ticket(bytes: &[u8]) -> Result<Ticket> {
    let host = TestHost::new().with_connection(Connection::new("test"));
    let kit = Kit::new::<Monday>("{}", &host)?;
    kit.normalize(None, &Raw::main(bytes), usher_adapter_sdk::message::Source::Direct)
}
