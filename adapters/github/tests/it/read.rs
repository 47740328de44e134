//! One issue, with what is beside it.

use usher_adapter_sdk::{
    Error, ErrorKind,
    host::Connection,
    message::{Include, Raw, Source},
    model::{StatusCategory, Ticket, UserKind},
    testkit::TestHost,
};

use crate::server::{API, Server, comment, issue, issue_of, ok, shown, status};

const NOTES: Include = {
    let mut include = Include::SUMMARY;
    include.notes = true;
    include
};

#[test]
fn a_recorded_issue_with_its_comments_becomes_a_ticket_with_notes() {
    // The recording asked without a size of pages; the adapter always names one.
    let text =
        include_str!("../fixtures/hub4j/issue-with-comments.json").replace("/comments\"", "/comments?per_page=100\"");
    let server = Server::recorded(&text);
    let ticket = server.kit.get("kohsuke/test#3", Include::EVERYTHING).unwrap();
    insta::assert_json_snapshot!(shown(&ticket));
}

#[test]
fn the_official_example_with_every_field_becomes_a_ticket() {
    let raw = Raw::main(&include_bytes!("../fixtures/openapi/issue.json")[..]);
    insta::assert_json_snapshot!(shown(&normalized(&raw).unwrap()));
}

#[test]
fn without_notes_one_request_is_enough() {
    let server = Server::new(|_| ok(issue(5, r#""comments":3"#)));
    let ticket = server.kit.get("acme/app#5", Include::default()).unwrap();
    assert_eq!(server.lines(), ["GET /repos/acme/app/issues/5"]);
    assert!(ticket.notes.is_none() && ticket.completeness.is_empty());
    assert_eq!(ticket.native_id.as_deref(), Some("4000000005"), "an id above 2^31 is whole");
}

#[test]
fn every_page_of_notes_comes_and_a_last_page_that_moved_is_followed() {
    let server = Server::new(|asked| {
        let page = |page: u64| format!("{API}/repositories/9/issues/5/comments?per_page=100&page={page}");
        let links = |next: u64, last: u64| format!("<{}>; rel=\"next\", <{}>; rel=\"last\"", page(next), page(last));
        let answer = |id: u64| TestHost::response(200, format!("[{}]", comment(id, "text")));
        Ok(match asked.target().as_str() {
            "/repos/acme/app/issues/5" => TestHost::response(200, issue(5, "")),
            "/repos/acme/app/issues/5/comments?per_page=100" => answer(1).with_header("link", links(2, 3)),
            "/repositories/9/issues/5/comments?per_page=100&page=2" => answer(2).with_header("link", links(3, 3)),
            // Somebody has commented meanwhile: what was the last page no longer is.
            "/repositories/9/issues/5/comments?per_page=100&page=3" => answer(3).with_header("link", links(4, 4)),
            "/repositories/9/issues/5/comments?per_page=100&page=4" => answer(4),
            other => return Err(Error::not_found(other)),
        })
    });
    let notes = server.kit.get("acme/app#5", NOTES).unwrap().notes.unwrap();
    assert_eq!(notes.iter().map(|note| note.id.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "4"]);
}

#[test]
fn pages_without_numbers_are_followed_one_after_the_other_and_a_circle_ends() {
    let server = |second: &'static str| {
        Server::new(move |asked| {
            let next = |after: &str| format!("<{API}/repos/acme/app/issues/5/comments?after={after}>; rel=\"next\"");
            let answer = |id: u64| TestHost::response(200, format!("[{}]", comment(id, "text")));
            Ok(match asked.target().as_str() {
                "/repos/acme/app/issues/5" => TestHost::response(200, issue(5, "")),
                "/repos/acme/app/issues/5/comments?per_page=100" => answer(1).with_header("link", next("a,b")),
                "/repos/acme/app/issues/5/comments?after=a,b" => answer(2).with_header("link", next(second)),
                _ => answer(3),
            })
        })
    };
    assert_eq!(server("c").kit.get("acme/app#5", NOTES).unwrap().notes.unwrap().len(), 3);
    let error = server("a,b").kit.get("acme/app#5", NOTES).unwrap_err();
    assert!(error.message().contains("that was there before"), "{error}");
}

#[test]
fn an_answer_cannot_send_us_to_another_host() {
    let server = Server::new(|asked| match asked.target().as_str() {
        "/repos/acme/app/issues/5" => ok(issue(5, "")),
        _ => Ok(TestHost::response(200, "[]")
            .with_header("link", "<https://api.github.com.evil.example/comments?page=2>; rel=\"next\"")),
    });
    let error = server.kit.get("acme/app#5", NOTES).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.message().contains("evil.example"), "{error}");
    assert_eq!(server.lines().len(), 2);
}

#[test]
fn a_moved_issue_has_its_new_key_its_old_one_as_an_alias_and_its_notes_from_there() {
    let server =
        Server::new(|asked| match asked.target().as_str() {
            // The host has followed the redirect.
            "/repos/acme/old/issues/5" => Ok(TestHost::response(200, issue_of("acme/new", 17, ""))
                .with_url(format!("{API}/repositories/2/issues/17"))),
            "/repos/acme/old/issues/5/comments?per_page=100" => status(404, "Not Found"),
            "/repos/acme/new/issues/17/comments?per_page=100" => ok(format!("[{}]", comment(1, "here"))),
            other => Err(Error::not_found(other)),
        });
    let ticket = server.kit.get("acme/old#5", NOTES).unwrap();
    assert_eq!((ticket.key.as_str(), &ticket.aliases[..]), ("acme/new#17", &["acme/old#5".to_owned()][..]));
    assert_eq!(ticket.notes.unwrap().len(), 1);
}

#[test]
fn case_alone_makes_no_alias() {
    let ticket = Server::new(|_| ok(issue(5, ""))).kit.get("ACME/App#5", Include::default()).unwrap();
    assert_eq!((ticket.key.as_str(), ticket.aliases.len()), ("acme/app#5", 0));
}

#[test]
fn what_is_deleted_or_hidden_is_not_found_and_says_why() {
    for (code, word) in [(410, "deleted"), (404, "private")] {
        let error = Server::new(move |_| status(code, "Gone")).kit.get("acme/app#5", NOTES).unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::NotFound, Some(code)));
        assert!(error.hint().unwrap().contains(word), "{error:?}");
        assert_eq!(error.message(), "acme/app#5 was not found");
    }
}

#[test]
fn children_and_dependencies_are_asked_for_where_the_issue_says_that_there_are_some() {
    let server = Server::new(|asked| match asked.target().as_str() {
        "/repos/acme/app/issues/5" => ok(issue(
            5,
            r#""parent_issue_url":"https://api.github.com/repos/acme/plan/issues/1",
            "sub_issues_summary":{"total":1,"completed":0,"percent_completed":0},
            "issue_dependencies_summary":{"blocked_by":1,"blocking":0,"total_blocked_by":1,"total_blocking":2}"#,
        )),
        "/repos/acme/app/issues/5/sub_issues?per_page=100" => ok(format!("[{}]", issue_of("acme/other", 6, ""))),
        "/repos/acme/app/issues/5/dependencies/blocked_by?per_page=100" => ok(format!("[{}]", issue(7, ""))),
        "/repos/acme/app/issues/5/dependencies/blocking?per_page=100" => status(403, "Forbidden"),
        other => Err(Error::not_found(other)),
    });
    let ticket = server.kit.get("acme/app#5", Include::default()).unwrap();
    assert_eq!(ticket.parent.unwrap().key.as_str(), "acme/plan#1");
    assert_eq!(ticket.children[0].key.as_str(), "acme/other#6");
    let links: Vec<_> = ticket.links.iter().map(|link| (link.kind.as_str(), link.target.key.as_str())).collect();
    assert_eq!(links, [("blocked_by", "acme/app#7")]);
    let cut = &ticket.completeness.0["links"];
    assert_eq!((cut.loaded, cut.total), (1, Some(3)));
}

#[test]
fn states_and_reasons_fall_into_steps_only_where_github_says_so() {
    for (more, category, is_open, resolution) in [
        (r#""state":"open""#, StatusCategory::UNKNOWN, Some(true), None),
        (r#""state":"open","state_reason":"reopened""#, StatusCategory::UNKNOWN, Some(true), None),
        (r#""state":"closed","state_reason":"completed""#, StatusCategory::Done, Some(false), Some("completed")),
        (
            r#""state":"closed","state_reason":"not_planned""#,
            StatusCategory::Canceled,
            Some(false),
            Some("not_planned"),
        ),
        (r#""state":"closed","state_reason":"duplicate""#, StatusCategory::Canceled, Some(false), Some("duplicate")),
        (r#""state":"closed","state_reason":"eaten""#, StatusCategory::UNKNOWN, Some(false), Some("eaten")),
        (r#""state":"closed","state_reason":null"#, StatusCategory::UNKNOWN, Some(false), None),
        (
            r#""state":"closed","pull_request":{"merged_at":"2026-01-01T00:00:00Z"}"#,
            StatusCategory::Done,
            Some(false),
            Some("merged"),
        ),
        (r#""state":"closed","pull_request":{"merged_at":null}"#, StatusCategory::Canceled, Some(false), None),
        (r#""state":"closed","pull_request":{}"#, StatusCategory::UNKNOWN, Some(false), None),
        (r#""state":"asleep""#, StatusCategory::UNKNOWN, None, None),
    ] {
        let ticket = made(more);
        assert_eq!((&ticket.status.category, ticket.status.is_open), (&category, is_open), "{more}");
        assert_eq!(ticket.resolution.map(|resolution| resolution.name).as_deref(), resolution, "{more}");
    }
}

#[test]
fn a_pull_request_says_what_it_is() {
    let ticket = made(r#""pull_request":{"merged_at":null},"draft":true"#);
    let native = ticket.ticket_type.native.unwrap();
    assert_eq!((native.name.as_str(), native.id.as_deref()), ("Pull request", Some("pull_request")));
    assert!(ticket.ticket_type.level.is_unknown());
    assert_eq!(ticket.custom_fields.unwrap()[0].id, "draft");
}

#[test]
fn that_something_was_opened_again_is_a_field_and_no_resolution() {
    let ticket = made(r#""state":"open","state_reason":"reopened""#);
    let field = &ticket.custom_fields.unwrap()[0];
    assert_eq!((field.id.as_str(), field.value.as_str()), ("state_reason", r#""reopened""#));
}

#[test]
fn deleted_accounts_bots_plain_labels_and_windows_line_ends_are_understood() {
    let ticket = made(
        r#""user":null,"labels":["bug",{"name":"good first issue","color":"fff"}],"body":"one\r\ntwo",
        "assignees":[{"login":"renovate[bot]","id":1,"type":"Bot"}]"#,
    );
    assert_eq!(ticket.reporter.unwrap().handle.as_deref(), Some("ghost"));
    assert_eq!(ticket.labels, ["bug", "good first issue"]);
    let body = ticket.body.unwrap();
    assert_eq!((body.markdown.as_str(), body.native.as_deref()), ("one\ntwo", Some("one\r\ntwo")));
    assert_eq!(ticket.assignees[0].kind, UserKind::Bot);
}

#[test]
fn an_older_server_that_names_one_assignee_is_understood() {
    let body = issue(5, r#""assignee":{"login":"tom","id":3}"#).replace(r#""assignees":[],"#, "");
    let ticket = normalized(&Raw::main(body)).unwrap();
    assert_eq!(ticket.assignees[0].handle.as_deref(), Some("tom"));
}

#[test]
fn a_few_fields_of_another_route_are_enough_and_leave_the_rest_unknown() {
    let server = Server::new(|_| status(500, "never asked"));
    let raw = Raw::main(r#"{"number":5,"title":"Say hello"}"#);
    let ticket = server.kit.normalize(Some(&"acme/app#5".into()), &raw, Source::Mcp).unwrap();
    assert_eq!((ticket.key.as_str(), ticket.status.is_open), ("acme/app#5", None));
    assert!(ticket.reporter.is_none() && ticket.status.category.is_unknown());
    let error = server.kit.normalize(None, &raw, Source::Mcp).unwrap_err();
    assert!(error.message().contains("which repository"), "{error}");
}

#[test]
fn a_field_of_another_type_is_named_with_its_place() {
    let error = Server::new(|_| ok(issue(5, r#""milestone":{"number":"x","title":"M"}"#)))
        .kit
        .get("acme/app#5", Include::default())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResponseParse);
    assert!(error.message().contains("milestone.number"), "{error}");
}

#[test]
fn an_enterprise_server_with_port_and_path_is_asked_below_its_address() {
    let base = "https://tools.example.com:8443/git/api/v3";
    let connection = Connection::new("work").with_base_url(base.to_owned());
    let server = Server::at(connection, |_| ok(issue(5, "")));
    server.kit.get("acme/app#5", Include::default()).unwrap();
    assert_eq!(server.asked()[0].head.url, "https://tools.example.com:8443/git/api/v3/repos/acme/app/issues/5");
}

#[test]
fn files_that_hang_on_the_issue_or_its_comments_are_listed_once() {
    let link = "https://github.com/user-attachments/files/17/log.txt";
    let server = Server::new(move |asked| match asked.target().as_str() {
        "/repos/acme/app/issues/5" => ok(issue(5, &format!(r#""comments":1,"body":"[log]({link})""#))),
        _ => ok(format!("[{}]", comment(1, &format!("{link} and https://github.com/user-attachments/assets/3f-a")))),
    });
    let names = |files: Vec<usher_adapter_sdk::model::Attachment>| -> Vec<String> {
        files.into_iter().map(|file| file.name).collect()
    };
    assert_eq!(names(server.kit.attachments("acme/app#5").unwrap()), ["log.txt", "3f-a"]);
    let mut include = Include::EVERYTHING;
    include.notes = false;
    let ticket = server.kit.get("acme/app#5", include).unwrap();
    assert_eq!(names(ticket.attachments.unwrap()), ["log.txt", "3f-a"]);
    assert!(ticket.notes.is_none() && ticket.completeness.is_empty());
}

fn made(fields: &str) -> Ticket {
    normalized(&Raw::main(issue(5, fields))).unwrap()
}

fn normalized(raw: &Raw) -> usher_adapter_sdk::Result<Ticket> {
    Server::new(|_| status(500, "never asked")).kit.normalize(None, raw, Source::Direct)
}
