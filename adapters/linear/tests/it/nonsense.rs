//! Answers that nobody would give: whatever comes, there is a ticket or an error, and never a panic.

use proptest::prelude::*;
use usher_adapter_sdk::{
    message::{Criteria, Include, Raw, Source},
    testkit::{Kit, Nonsense, TestHost},
};

use crate::server::{Server, connection, failure};

#[test]
fn whatever_stands_in_an_issue_is_a_ticket_or_an_error() {
    let kit = Server::new(|_| failure(500, "", "", &[])).kit;
    Nonsense::of(include_bytes!("../fixtures/issue.json")).assert_no_panic(|document| {
        let ticket = kit.normalize(Some(&"ENG-12".into()), &Raw::main(document), Source::Direct)?;
        let has_no_identifier = String::from_utf8_lossy(document).contains(r#""identifier":"""#);
        assert!(!ticket.key.as_str().is_empty() || has_no_identifier);
        Ok(ticket)
    });
}

proptest! {
    #[test]
    fn whatever_linear_answers_to_a_list_is_a_page_or_an_error(body in ".{0,60}", status in 100u16..600) {
        let host = TestHost::new().with_connection(connection())
            .on_http(move |_, _| Ok(TestHost::response(status, body.clone())));
        let kit = Kit::new::<usher_adapter_linear::Linear>("{}", &host).unwrap();
        prop_assert!(kit.fetch(&Criteria::default(), Include::SUMMARY, None).is_err());
    }

    #[test]
    fn whatever_a_name_holds_it_stays_a_name(name in ".{1,20}") {
        let server = Server::new(|_| failure(500, "", "", &[]));
        let criteria = Criteria::default().with_labels(vec![name.clone()]).with_text(name.clone());
        prop_assert!(server.kit.fetch(&criteria, Include::SUMMARY, None).is_err());
        let filter = server.last()["filter"].to_string();
        let quoted = serde_json::to_string(&name).unwrap();
        prop_assert_eq!(filter.contains(&format!(r#""eqIgnoreCase":{quoted}"#)), name.is_ascii() && !name.contains('\\'));
    }
}
