//! Answers that nobody would give: whatever comes, there is a ticket or an error, and never a panic.

use proptest::prelude::*;
use usher_adapter_sdk::{
    message::{Criteria, Include, Raw, Source},
    testkit::{Kit, Nonsense, TestHost},
};

use crate::server::connection;

#[test]
fn whatever_stands_in_an_item_is_a_ticket_or_an_error() {
    let host = TestHost::new().with_connection(connection()).on_http(|_, _| Ok(TestHost::response(500, "")));
    let kit = Kit::new::<usher_adapter_monday::Monday>("{}", &host).unwrap();
    Nonsense::of(include_bytes!("../fixtures/item.json")).assert_no_panic(|document| {
        kit.normalize(Some(&"acme:1111:9001".into()), &Raw::main(document), Source::Direct)
    });
}

proptest! {
    #[test]
    fn whatever_monday_answers_to_a_list_is_a_page_or_an_error(body in ".{0,60}", status in 100u16..600) {
        let host = TestHost::new().with_connection(connection().with_default_project("1111".to_owned()))
            .on_http(move |_, _| Ok(TestHost::response(status, body.clone())));
        let kit = Kit::new::<usher_adapter_monday::Monday>("{}", &host).unwrap();
        prop_assert!(kit.fetch(&Criteria::default(), Include::SUMMARY, None).is_err());
    }
}
