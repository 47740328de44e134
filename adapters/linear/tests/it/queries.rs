//! Every document against Linear's own schema, cut and whole.

use crate::{documents::ALL, schema::Checker};

#[test]
fn every_document_fits_linears_schema_and_is_named_after_its_operation() {
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
fn every_list_says_how_long_it_may_be() {
    for (operation, document) in ALL {
        let lists = document.text.matches("nodes {").count();
        let sizes = ["first: ", "last: "].map(|size| document.text.matches(size).count()).iter().sum::<usize>();
        assert!(lists <= sizes, "{operation}");
    }
}

#[test]
fn a_request_that_does_not_fit_is_refused_whatever_is_wrong_with_it() {
    let checker = Checker::cut();
    let get = r"query Issue($id: String!) { issue(id: $id) { title } }";
    let request = |query: &str, variables: &str| {
        checker.request(&format!(r#"{{"query":{},"variables":{variables}}}"#, serde_json::to_string(query).unwrap()))
    };
    request(get, r#"{"id":"ENG-1"}"#).unwrap();
    for (query, variables, complaint) in [
        ("{ viewer { nickname } }", "{}", "nickname"),
        ("{ issue(key: \"ENG-1\") { title } }", "{}", "key"),
        ("{ issue { title } }", "{}", "id"),
        ("query($id: Int!) { issue(id: $id) { title } }", r#"{"id":1}"#, "String!"),
        ("{ viewer { name", "{}", "syntax"),
        (get, "{}", "id"),
        (get, r#"{"id":null}"#, "id"),
        (get, r#"{"id":7}"#, "id"),
        (get, r#"{"id":"ENG-1","key":"ENG-1"}"#, "key"),
        (
            "query($f: IssueFilter) { issues(filter: $f, first: 1) { nodes { title } } }",
            r#"{"f":{"team":{"key":{"equals":"ENG"}}}}"#,
            "equals",
        ),
        ("{ issues(first: 250) { nodes { labels(first: 250) { nodes { name } } } } }", "{}", "complexity"),
    ] {
        let error = request(query, variables).unwrap_err();
        assert!(error.contains(complaint), "{query} {variables}: {error}");
    }
}
