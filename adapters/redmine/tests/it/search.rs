//! Searches: what Redmine's search finds, in one project, in several, or in all.

use usher_adapter_sdk::{
    ErrorKind, Result,
    host::Response,
    message::{Criteria, Criterion, Include, Query},
};

use crate::server::{Asked, Server, empty, issue, ok, unknown};

#[test]
fn a_search_keeps_its_order_and_closed_issues() {
    let server = Server::new(|asked| match asked.line().as_str() {
        line if line.starts_with("GET /search.json") => ok(r#"{"results":[{"id":7},{"id":3}],"total_count":2}"#),
        line if line.starts_with("GET /issues.json") => {
            assert!(line.contains("issue_id=7,3&status_id=*"), "{line}");
            ok(format!(r#"{{"issues":[{},{}],"total_count":2}}"#, issue(3, ""), issue(7, "")))
        }
        _ => unknown(),
    });
    let page = server.kit.search(&Query::text("dark mode"), Include::SUMMARY, None).unwrap();
    let keys: Vec<_> = page.tickets().unwrap().into_iter().map(|ticket| ticket.key.to_string()).collect();
    assert_eq!(keys, ["7", "3"]);
    assert!(server.kit.search(&Query::native("x"), Include::SUMMARY, None).is_err());
}

/// A server with the projects `alpha` and `beta`. In the first two issues are found, in the second 101.
fn with_projects() -> Server {
    Server::new(|asked| match asked.line().split('?').next().unwrap() {
        "GET /projects/alpha.json" | "GET /projects/1.json" => {
            ok(r#"{"project":{"id":1,"name":"The Alpha","identifier":"alpha"}}"#)
        }
        "GET /projects/beta.json" => ok(r#"{"project":{"id":2,"name":"Beta","identifier":"beta"}}"#),
        "GET /projects/The Alpha.json" | "GET /projects/The%20Alpha.json" => empty(404),
        "GET /projects.json" => {
            ok(r#"{"projects":[{"id":1,"name":"The Alpha","identifier":"alpha"}],"total_count":1}"#)
        }
        "GET /projects/1/search.json" => found(asked, 11..=12),
        "GET /projects/2/search.json" => found(asked, 101..=201),
        "GET /issues.json" => {
            let ids = asked.pair("issue_id").unwrap().split(',');
            let issues: Vec<String> = ids.map(|id| issue(id.parse().unwrap(), "")).collect();
            ok(format!(r#"{{"issues":[{}],"total_count":{}}}"#, issues.join(","), issues.len()))
        }
        _ => unknown(),
    })
}

fn found(asked: &Asked, ids: std::ops::RangeInclusive<u64>) -> Result<Response> {
    let number = |name: &str| asked.pair(name).unwrap().parse::<usize>().unwrap();
    let total = ids.clone().count();
    let page = ids.skip(number("offset")).take(number("limit"));
    let page: Vec<String> = page.map(|id| format!(r#"{{"id":{id},"type":"issue"}}"#)).collect();
    ok(format!(r#"{{"results":[{}],"total_count":{total}}}"#, page.join(",")))
}

#[test]
fn a_search_in_several_projects_is_a_chain_for_each_and_all_of_it_is_found() {
    let server = with_projects();
    let criteria = Criteria::default().with_project(["alpha", "beta", "The Alpha"].map(str::to_owned).to_vec());
    let query = Query::text("words").with_criteria(criteria);
    let mut keys = Vec::new();
    let mut left = vec![None];
    while let Some(cursor) = left.pop() {
        let page = server.kit.search(&query, Include::SUMMARY, cursor.as_ref()).unwrap();
        assert_eq!((&page.head().pushed_down[..], page.head().total), (&[Criterion::Project][..], None));
        keys.extend(page.tickets().unwrap().into_iter().map(|ticket| ticket.key.as_str().parse::<u64>().unwrap()));
        left.extend(page.head().next.iter().cloned().map(Some));
    }
    keys.sort_unstable();
    assert_eq!(keys, (11..=12).chain(101..=201).collect::<Vec<_>>());
    assert!(server.lines().iter().all(|line| !line.starts_with("GET /search.json")), "not in every project");
}

#[test]
fn a_project_is_searched_by_its_name_too() {
    let server = with_projects();
    let criteria = Criteria::default().with_project(vec!["The Alpha".to_owned()]).with_is_open(true);
    let page = server.kit.search(&Query::text("words").with_criteria(criteria), Include::SUMMARY, None).unwrap();
    assert_eq!((page.len(), page.head().total), (2, Some(2)));
    let expected = "GET /projects/1/search.json?q=words&issues=1&open_issues=1&limit=100&offset=0";
    assert!(server.lines().iter().any(|line| line == expected), "{:#?}", server.lines());
}

#[test]
fn what_is_found_and_is_no_issue_is_not_taken_for_the_issue_of_its_number() {
    let server = Server::new(|asked| match asked.line().split('?').next().unwrap() {
        "GET /search.json" => {
            ok(r#"{"results":[{"id":7,"type":"news"},{"id":3,"type":"issue-closed"}],"total_count":2}"#)
        }
        "GET /issues.json" => ok(format!(r#"{{"issues":[{}],"total_count":1}}"#, issue(3, ""))),
        _ => unknown(),
    });
    let page = server.kit.search(&Query::text("words"), Include::SUMMARY, None).unwrap();
    assert_eq!((page.len(), page.head().total), (1, None));
    assert_eq!(server.asked().last().unwrap().pair("issue_id"), Some("3"));
}

#[test]
fn a_cursor_of_a_list_is_none_of_a_search() {
    let server = Server::new(|_| unknown());
    for text in ["7", r#"{"query":[],"pushed_down":[],"page_size":100,"spot":{"window":{"from":1,"to":null}}}"#] {
        let cursor = usher_adapter_sdk::message::Cursor::new(text);
        let error = server.kit.search(&Query::text("words"), Include::SUMMARY, Some(&cursor)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{text}");
    }
}
