//! What can be chosen, and who we are.

use usher_adapter_sdk::{
    ErrorKind,
    host::Connection,
    message::{Criteria, Include, ME, OptionsScope},
    testkit::TestHost,
};

use crate::server::{API, Asked, Server, ok, shown, status};

const USER: &str = r#"{"login":"mara","id":7,"type":"User","name":"Mara Lind","email":null}"#;

fn scope() -> OptionsScope {
    OptionsScope::default().with_project("acme/app".to_owned())
}

fn choices(asked: &Asked) -> usher_adapter_sdk::Result<usher_adapter_sdk::host::Response> {
    match asked.target().as_str() {
        "/repos/acme/app/labels?per_page=100" => ok(&include_bytes!("../fixtures/openapi/labels.json")[..]),
        "/repos/acme/app/milestones?per_page=100" => ok(&include_bytes!("../fixtures/openapi/milestones.json")[..]),
        "/repos/acme/app/assignees?per_page=100" => ok(&include_bytes!("../fixtures/openapi/assignees.json")[..]),
        "/repos/acme/app/issue-types" => ok(&include_bytes!("../fixtures/openapi/issue-types.json")[..]),
        "/orgs/acme/issue-fields" => ok(&include_bytes!("../fixtures/openapi/issue-fields.json")[..]),
        _ => status(404, "Not Found"),
    }
}

#[test]
fn a_repository_offers_labels_milestones_people_types_and_fields() {
    insta::assert_json_snapshot!(shown(&Server::new(choices).kit.options(&scope()).unwrap()));
}

#[test]
fn what_an_older_server_does_not_have_is_left_out() {
    let server = Server::new(|asked| match asked.head.url.contains("issue-") {
        true => status(404, "Not Found"),
        false => choices(asked),
    });
    let options = server.kit.options(&scope()).unwrap();
    assert!(options.types.is_none() && options.labels.is_some());
    let fields: Vec<String> = options.fields.unwrap().into_iter().map(|field| field.id).collect();
    assert_eq!(fields, ["assignees", "resolution"]);
}

#[test]
fn people_that_only_members_may_see_are_left_out_and_a_missing_repository_is_not() {
    let server = Server::new(|asked| match asked.head.url.contains("/assignees") {
        true => status(403, "Forbidden"),
        false => choices(asked),
    });
    let fields = server.kit.options(&scope()).unwrap().fields.unwrap();
    assert!(fields.iter().all(|field| field.id != "assignees"));
    let error = Server::new(|_| status(404, "Not Found")).kit.options(&scope()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn a_classic_token_shows_its_account_its_scopes_and_the_clock() {
    let server = Server::new(|_| {
        Ok(TestHost::response(200, USER)
            .with_header("x-oauth-scopes", "repo, read:org")
            .with_header("date", "Tue, 19 Jul 2022 04:37:39 GMT")
            .with_header("x-ratelimit-limit", "5000")
            .with_header("x-ratelimit-remaining", "4999"))
    });
    let identity = server.kit.check().unwrap();
    assert_eq!(identity.scopes, ["repo", "read:org"]);
    assert_eq!((identity.user.unwrap().label(), identity.product.as_deref()), ("Mara Lind", Some("GitHub")));
    assert_eq!(identity.server_time.unwrap().to_string(), "2022-07-19T04:37:39Z");
    assert_eq!(identity.warnings, [""; 0]);
}

#[test]
fn what_an_operator_should_know_is_a_warning() {
    let server = Server::new(|_| {
        Ok(TestHost::response(200, USER)
            .with_header("x-oauth-scopes", "")
            .with_header("x-github-enterprise-version", "enterprise-server@3.19.1")
            .with_header("github-authentication-token-expiration", "2026-01-05 13:45:13 UTC")
            .with_header("x-ratelimit-limit", "5000")
            .with_header("x-ratelimit-remaining", "12")
            .with_header("x-ratelimit-reset", "1767226200"))
    });
    let identity = server.kit.check().unwrap();
    assert_eq!(
        (identity.product.as_deref(), identity.version.as_deref()),
        (Some("GitHub Enterprise Server"), Some("3.19.1"))
    );
    let expected = [
        "the token has neither the scope `repo` nor `public_repo`: it can only read what is public",
        "the token expires at 2026-01-05T13:45:13Z",
        "12 of 5000 requests are left until 2026-01-01T00:10:00Z",
    ];
    assert_eq!(identity.warnings, expected);
}

#[test]
fn without_a_token_or_with_that_of_an_app_there_is_no_account_and_a_warning_says_so() {
    let connection = Connection::new("open").with_base_url(API.to_owned());
    let server = Server::at(connection, |_| ok(r#"{"installed_version":"3.19.1"}"#));
    let identity = server.kit.check().unwrap();
    assert_eq!(server.lines(), ["GET /meta"]);
    assert!(identity.user.is_none() && identity.warnings[0].contains("no token"), "{identity:?}");
    assert_eq!(identity.version.as_deref(), Some("3.19.1"));
    let server = Server::new(|asked| match asked.target().as_str() {
        "/user" => status(403, "Resource not accessible by integration"),
        _ => ok("{}"),
    });
    assert!(server.kit.check().unwrap().warnings[0].contains("app"));
    let error = Server::new(|_| status(401, "Bad credentials")).kit.check().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
}

#[test]
fn nobody_is_told_to_name_somebody() {
    let mine = Criteria::default().with_project(vec!["acme/app".to_owned()]).with_assignee(vec![ME.to_owned()]);
    let hint = |code| {
        let error = Server::new(move |_| status(code, "x")).kit.fetch(&mine, Include::SUMMARY, None).unwrap_err();
        error.hint().unwrap().to_owned()
    };
    assert!(hint(403).contains("login"));
    assert!(hint(401).contains("expired"));
}

#[test]
fn who_we_are_is_asked_once() {
    let server = Server::new(|asked| match asked.target().as_str() {
        "/user" => ok(USER),
        _ => ok("[]"),
    });
    let mine = Criteria::default().with_project(vec!["acme/app".to_owned()]).with_assignee(vec![ME.to_owned()]);
    for _ in 0..2 {
        server.kit.fetch(&mine, Include::SUMMARY, None).unwrap();
    }
    assert_eq!(server.lines().iter().filter(|line| line.as_str() == "GET /user").count(), 1);
}
