//! What of Request Tracker's answers a ticket does not show, and why; the tests walk every leaf of what was recorded.

use serde_json::Value;
use usher_adapter_sdk::{
    host::Connection,
    message::{Raw, Source},
    testkit::{IgnoredLeaf, Kit, TestHost, unread_leaves},
};

use crate::{RequestTracker, mapping::Messages};

const ADDRESS: &str = "the API's address of what the id names";
const KIND: &str = "always a `user`: what kind of record stands there";

/// Leaves of a ticket.
const OF_TICKETS: &[IgnoredLeaf] = &[
    ("EffectiveId.id", "the id again, for a merged ticket too"),
    ("EffectiveId.type", "always a `ticket`"),
    ("EffectiveId._url", ADDRESS),
    ("Queue.type", "always a `queue`"),
    ("Queue._url", ADDRESS),
    ("Owner.type", KIND),
    ("Owner._url", ADDRESS),
    ("Creator.type", KIND),
    ("Creator._url", ADDRESS),
    ("LastUpdatedBy.type", KIND),
    ("LastUpdatedBy._url", ADDRESS),
    ("Requestor.*.type", KIND),
    ("Requestor.*._url", ADDRESS),
    ("Cc.*.type", KIND),
    ("Cc.*._url", ADDRESS),
    ("AdminCc.*.type", KIND),
    ("AdminCc.*._url", ADDRESS),
    ("CustomFields.*.type", "always a `customfield`"),
    ("CustomFields.*._url", ADDRESS),
    ("_hyperlinks.*._url", "of a ticket: what the id names"),
];

/// Leaves of pages: of the history, and of the parts of messages.
const OF_PAGES: &[IgnoredLeaf] = &[
    ("count", "how many there are on the page"),
    ("page", "which page was asked for"),
    ("per_page", "how many were asked for"),
    ("items.*.type", "always a `transaction` or an `attachment`"),
    ("items.*._url", ADDRESS),
    ("items.*.Creator.type", KIND),
    ("items.*.Creator._url", ADDRESS),
    ("items.*.TransactionId", "of a file: it stands on its ticket, not on a message"),
];

/// Leaves of a page of texts: what is there besides them is known from the list of parts.
const OF_TEXTS: &[IgnoredLeaf] = &[
    ("count", "how many there are on the page"),
    ("page", "which page was asked for"),
    ("per_page", "how many were asked for"),
    ("items.*.id", "of a text that no shown message has"),
    ("items.*.type", "always an `attachment`"),
    ("items.*._url", ADDRESS),
    ("items.*.ContentType", "whether it is HTML: what stands behind that changes nothing"),
];

/// What was answered, by what it is.
struct Recorded {
    main: Value,
    history: Value,
    parts: Value,
    texts: Value,
}

impl Recorded {
    fn read() -> Self {
        let recording: Value = serde_json::from_str(include_str!("../tests/fixtures/ticket.json")).unwrap();
        let bodies = |part: &str| -> Vec<Value> {
            let exchanges = recording["exchanges"].as_array().unwrap().iter();
            let asked = exchanges.filter(|it| it["request"]["url"].as_str().unwrap().contains(part));
            asked.map(|it| it["response"]["body"].clone()).collect()
        };
        let mut main = bodies("/ticket/1?").remove(0);
        // Zero stands where nobody said anything, and is not shown.
        for name in ["InitialPriority", "FinalPriority", "TimeLeft"] {
            main[name] = "5".into();
        }
        Self {
            main,
            history: bodies("/history?").remove(0),
            parts: bodies("/ticket/1/attachments?").remove(0),
            texts: bodies("/attachments?fields=ContentType%2CContent").remove(0),
        }
    }

    /// Returns all of it, with other bytes in one place.
    fn with(&self, place: &str, bytes: &[u8]) -> Raw {
        let own =
            |name: &str, value: &Value| if name == place { bytes.to_vec() } else { value.to_string().into_bytes() };
        let raw = Raw::main(own("main", &self.main));
        let raw = raw.with(Messages::HISTORY, own("history", &self.history));
        let raw = raw.with(Messages::PARTS, own("parts", &self.parts));
        raw.with(Messages::TEXTS, own("texts", &self.texts))
    }

    /// Returns the leaves of one place that no ticket shows and no table names.
    fn lost(&self, place: &str, document: &Value, ignored: &[IgnoredLeaf]) -> Vec<String> {
        let host =
            TestHost::new().with_connection(Connection::new("test").with_base_url("https://rt.example.com".to_owned()));
        let kit = Kit::new::<RequestTracker>("{}", &host).unwrap();
        let normalize = |bytes: &[u8]| kit.normalize(None, &self.with(place, bytes), Source::Direct);
        unread_leaves(document.to_string().as_bytes(), ignored, normalize).unwrap()
    }
}

#[test]
fn every_leaf_of_a_recorded_ticket_is_shown_or_left_out_for_a_reason() {
    let recorded = Recorded::read();
    // What can be done with a ticket, or with what its queue has, is for writes and for options.
    let is_no_relation = |leaf: &String| {
        let place = leaf.strip_prefix("_hyperlinks.").and_then(|rest| rest.split_once('.')).map(|(place, _)| place);
        place.is_some_and(|place| {
            let link = &recorded.main["_hyperlinks"][place.parse::<usize>().unwrap()];
            ["self", "customfield", "history", "correspond", "comment", "lifecycle"].iter().any(|it| link["ref"] == *it)
        })
    };
    let lost = recorded.lost("main", &recorded.main, OF_TICKETS);
    assert_eq!(lost.into_iter().filter(|leaf| !is_no_relation(leaf)).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn every_leaf_of_what_was_said_is_shown_or_left_out_for_a_reason() {
    let recorded = Recorded::read();
    // Of what happened only the description and the notes are shown: not changes of fields, nor mail that was sent about a note.
    let of_item = |document: &Value, leaf: &str| {
        let place =
            leaf.strip_prefix("items.").and_then(|rest| rest.split_once('.')).map(|(place, _)| place.to_owned());
        place.map(|place| document["items"][place.parse::<usize>().unwrap()].clone())
    };
    let is_shown = |kind: &Value| ["Create", "Comment", "Correspond"].iter().any(|shown| kind == *shown);
    let lost = recorded.lost("history", &recorded.history, OF_PAGES);
    let lost = lost.into_iter().filter(|leaf| of_item(&recorded.history, leaf).is_none_or(|it| is_shown(&it["Type"])));
    // The ticket itself says when it was made, and by whom.
    let is_of_ticket = |leaf: &String| of_item(&recorded.history, leaf).is_some_and(|it| it["Type"] == "Create");
    assert_eq!(lost.filter(|leaf| !is_of_ticket(leaf)).collect::<Vec<_>>(), [""; 0]);
    // Of a part that is a text only the text is shown; one that holds others has none.
    let is_file = |it: Value| it["Filename"].as_str().is_some_and(|name| !name.is_empty());
    let lost = recorded.lost("parts", &recorded.parts, OF_PAGES);
    let lost = lost.into_iter().filter(|leaf| of_item(&recorded.parts, leaf).is_none_or(is_file));
    assert_eq!(lost.collect::<Vec<_>>(), [""; 0]);
    assert_eq!(recorded.lost("texts", &recorded.texts, OF_TEXTS), [""; 0]);
}
