//! Which Jira it is, whose credentials these are, and what answers when they are nobody's.

use usher_adapter_sdk::{
    ErrorKind,
    host::Connection,
    message::{Criteria, Include, Query},
    testkit::TestHost,
};

use crate::server::{SITE, Server, connection, empty, issue, ok, refused, unknown};

const GATEWAY: &str = "https://api.atlassian.com/ex/jira/1f-2c";

#[test]
fn the_edition_is_asked_once_and_remembered() {
    for (kind, product, version) in [("Cloud", "Jira Cloud", "3"), ("Server", "Jira Data Center", "2")] {
        let server = Server::with("{}", connection(), move |asked| match asked.target().as_str() {
            "GET /serverInfo" => ok(format!(r#"{{"version":"10.3","deploymentType":"{kind}"}}"#)),
            _ => unknown(asked),
        });
        let identity = server.kit.check().unwrap();
        assert_eq!((identity.product.as_deref(), identity.version.as_deref()), (Some(product), Some("10.3")));
        assert_eq!(identity.time_zone.as_deref(), Some("Europe/Berlin"));
        assert_eq!(identity.user.unwrap().id, "me");
        server.kit.check().unwrap();
        let asked = server.asked();
        assert_eq!(asked[0].head.auth.as_deref(), Some("none"), "everybody may ask this");
        assert!(asked[1].head.url.contains(&format!("/rest/api/{version}/")), "{}", asked[1].head.url);
        assert_eq!(asked.len(), 5, "{:?}", server.lines());
        assert!(server.host.remembered("place").is_some());
    }
}

#[test]
fn an_address_without_a_jira_is_named() {
    let error = Server::with("{}", connection(), |_| empty(404)).kit.check().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.hint().unwrap().contains("/browse/"), "{error:?}");
}

#[test]
fn a_scoped_token_goes_over_the_gateway_and_that_is_remembered() {
    let server = Server::cloud(|asked| match asked.head.url.as_str() {
        "https://acme.atlassian.net/_edge/tenant_info" => ok(r#"{"cloudId":"1f-2c"}"#),
        url if url.starts_with(SITE) => empty(401),
        url if url == format!("{GATEWAY}/rest/api/3/issue/OPS-7") => ok(issue(7, serde_json::json!({})).to_string()),
        _ => unknown(asked),
    });
    let ticket = server.kit.get("OPS-7", Include::default()).unwrap();
    assert_eq!(ticket.url.as_deref(), Some("https://acme.atlassian.net/browse/OPS-7"));
    server.kit.get("OPS-7", Include::default()).unwrap();
    let urls: Vec<String> = server.asked().into_iter().map(|asked| asked.head.url).collect();
    let (site, gateway) = (format!("{SITE}/rest/api/3/issue/OPS-7"), format!("{GATEWAY}/rest/api/3/issue/OPS-7"));
    assert_eq!(urls, [site, format!("{SITE}/_edge/tenant_info"), gateway.clone(), gateway]);
    let remembered = String::from_utf8(server.host.remembered("place").unwrap()).unwrap();
    assert!(remembered.contains(GATEWAY), "{remembered}");
}

#[test]
fn credentials_that_nobody_takes_are_wrong_and_nothing_is_remembered() {
    for tenant in [r#"{"cloudId":"1f-2c"}"#, r#"{"cloudId":"../evil"}"#, "<html>"] {
        let server = Server::cloud(move |asked| match asked.target().as_str() {
            "GET /_edge/tenant_info" => ok(tenant),
            _ => empty(401),
        });
        let error = server.kit.get("OPS-7", Include::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication);
        assert!(server.host.remembered("place").is_none());
        let elsewhere = server.asked().into_iter().filter(|asked| !asked.head.url.starts_with(SITE));
        assert!(elsewhere.into_iter().all(|asked| asked.head.url.starts_with(GATEWAY)));
    }
}

#[test]
fn a_data_center_has_no_gateway() {
    let server = Server::data_center(|_| empty(401));
    assert_eq!(server.kit.get("OPS-7", Include::default()).unwrap_err().kind(), ErrorKind::Authentication);
    assert_eq!(server.lines().len(), 1);
}

#[test]
fn nothing_found_by_nobody_is_no_result() {
    let answers: [fn() -> _; 2] =
        [|| ok(r#"{"issues":[],"isLast":true}"#), || refused(400, "The value 'OPS' does not exist.")];
    for answer in answers {
        let server = Server::cloud(move |asked| match asked.target().as_str() {
            "POST /search/jql" => answer(),
            "GET /myself" => empty(401),
            _ => unknown(asked),
        });
        let criteria = Criteria::default().with_project(vec!["OPS".to_owned()]);
        let error = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
        let error = server.kit.search(&Query::text("x"), Include::SUMMARY, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
    }
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => empty(404),
        "GET /myself" => empty(401),
        _ => unknown(asked),
    });
    assert_eq!(server.kit.get("OPS-7", Include::default()).unwrap_err().kind(), ErrorKind::Authentication);
}

#[test]
fn not_found_counts_from_somebody_who_is_known_and_is_proven_only_once() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => empty(404),
        _ => unknown(asked),
    });
    for _ in 0..2 {
        assert_eq!(server.kit.get("OPS-7", Include::default()).unwrap_err().kind(), ErrorKind::NotFound);
    }
    assert_eq!(server.asked().iter().filter(|asked| asked.target() == "GET /myself").count(), 1);
}

#[test]
fn a_success_that_was_given_to_nobody_is_none() {
    let server = Server::data_center(|_| {
        Ok(TestHost::response(200, "").with_header("x-seraph-loginreason", "AUTHENTICATED_FAILED"))
    });
    let error = server.kit.search(&Query::text("x"), Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
}

#[test]
fn without_credentials_that_is_said_and_nobody_is_asked_for() {
    let server =
        Server::with(r#"{"deployment":"cloud"}"#, Connection::new("test").with_base_url(SITE.to_owned()), |asked| {
            match asked.target().as_str() {
                "GET /serverInfo" => ok(r#"{"deploymentType":"Cloud","serverTime":"2026-01-01T00:00:00.000+0000"}"#),
                _ => unknown(asked),
            }
        });
    let identity = server.kit.check().unwrap();
    assert!(identity.user.is_none() && identity.warnings[0].contains("no credentials"), "{identity:?}");
    assert_eq!(server.lines(), ["GET /serverInfo"]);
}
