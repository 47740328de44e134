//! Every document against monday.com's own schema, cut and whole.

use crate::{documents::ALL, schema::Checker};

#[test]
fn every_document_fits_the_schema_and_is_named_after_its_operation() {
    let official = Checker::official();
    let whole = official.as_ref().map(|checker| ("the whole official schema", checker));
    for (name, checker) in whole.into_iter().chain([("the cut schema", Checker::cut())]) {
        for (operation, document) in ALL {
            let read = checker.document(document.text).unwrap_or_else(|errors| panic!("{operation}: {errors}"));
            let own = read.operations.get(Some(operation)).unwrap();
            assert_eq!(own.is_mutation(), document.is_write, "{operation}");
        }
        println!("{} documents fit {name}", ALL.len());
    }
    if official.is_none() {
        println!("the whole official schema was not there: USHER_SPECS names no folder");
    }
    assert!(ALL.is_sorted_by_key(|(name, _)| *name));
}

#[test]
fn a_request_that_does_not_fit_is_refused_whatever_is_wrong_with_it() {
    let checker = Checker::cut();
    let get = "query Item($id: [ID!]) { items(ids: $id, limit: 1) { name } }";
    let request = |query: &str, variables: &str| {
        checker.request(&format!(r#"{{"query":{},"variables":{variables}}}"#, serde_json::to_string(query).unwrap()))
    };
    request(get, r#"{"id":["1"]}"#).unwrap();
    for (query, variables, complaint) in [
        ("{ me { nickname } }", "{}", "nickname"),
        ("{ items(key: 1) { name } }", "{}", "key"),
        ("{ next_items_page { cursor } }", "{}", "cursor"),
        ("query($id: Int) { items(ids: $id) { name } }", r#"{"id":1}"#, "ID"),
        ("{ me { name", "{}", "syntax"),
        (get, r#"{"id":[null]}"#, "id"),
        (get, r#"{"id":["1"],"key":"1"}"#, "key"),
        (
            "query($q: ItemsQuery) { boards(ids: [1]) { items_page(query_params: $q) { cursor } } }",
            r#"{"q":{"rule":[]}}"#,
            "rule",
        ),
    ] {
        let error = request(query, variables).unwrap_err();
        assert!(error.contains(complaint), "{query} {variables}: {error}");
    }
}
