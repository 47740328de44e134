//! Whatever an answer holds, it is a ticket or an error.

use proptest::prelude::*;
use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Raw, Source},
    testkit::{Kit, Nonsense, TestHost},
};

use crate::server::connection;

fn answers() -> Vec<Value> {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let expanded = read(include_str!("../fixtures/rest-api-specs/work-items-expanded.json"));
    let mut answers = vec![read(include_str!("../fixtures/rest-api-specs/work-item.json"))];
    answers.extend(expanded["value"].as_array().unwrap().iter().cloned());
    answers
}

#[test]
fn a_damaged_answer_is_a_ticket_or_an_error_that_says_where() {
    let host = TestHost::new().with_connection(connection());
    let kit = Kit::new::<usher_adapter_azure_devops::AzureDevOps>(r#"{"organization":"acme"}"#, &host).unwrap();
    for answer in answers() {
        Nonsense::of(answer.to_string()).assert_no_panic(|document| {
            let ticket = kit.normalize(None, &Raw::main(document), Source::Direct);
            if let Err(error) = &ticket {
                assert_eq!(error.kind(), ErrorKind::ResponseParse, "{error}");
            }
            ticket
        });
    }
}

proptest! {
    #[test]
    fn whatever_a_text_holds_it_becomes_markdown(text in "(?s)[<>/a-z\"'=& \\-]{0,200}") {
        let host = TestHost::new().with_connection(connection());
        let kit = Kit::new::<usher_adapter_azure_devops::AzureDevOps>(r#"{"organization":"acme"}"#, &host).unwrap();
        let item = crate::server::item(5, json!({"System.WorkItemType": "Task", "System.Description": text}));
        let ticket = kit.normalize(None, &Raw::main(item.to_string()), Source::Direct).unwrap();
        prop_assert_eq!(ticket.body.map(|body| body.native.unwrap()).unwrap_or_default(), text);
    }
}
