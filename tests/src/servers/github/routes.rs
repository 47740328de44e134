//! Which operation answers which method and path.

use hyper::Method;

use super::{
    details, issues, options, relations,
    reply::{Refusal, Reply},
    search,
    service::Call,
    state::State,
};

/// An operation.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    method: &'static str,
    /// The path as it stands in the document.
    pub(super) template: &'static str,
    pub(super) run: fn(&mut State, &Call) -> Result<Reply, Refusal>,
}

/// Every operation, sorted by its path.
const OPERATIONS: &[Operation] = &[
    Operation { method: "GET", template: "/meta", run: options::meta },
    Operation { method: "GET", template: "/orgs/{org}/issue-fields", run: options::issue_fields },
    Operation { method: "GET", template: "/rate_limit", run: options::rate_limit },
    Operation { method: "GET", template: "/repos/{owner}/{repo}", run: options::repository },
    Operation { method: "GET", template: "/repos/{owner}/{repo}/assignees", run: options::assignees },
    Operation { method: "GET", template: "/repos/{owner}/{repo}/issue-types", run: options::issue_types },
    Operation { method: "GET", template: "/repos/{owner}/{repo}/issues", run: issues::list },
    Operation { method: "POST", template: "/repos/{owner}/{repo}/issues", run: issues::create },
    Operation { method: "GET", template: "/repos/{owner}/{repo}/issues/{issue_number}", run: issues::get },
    Operation { method: "PATCH", template: "/repos/{owner}/{repo}/issues/{issue_number}", run: issues::update },
    Operation {
        method: "DELETE",
        template: "/repos/{owner}/{repo}/issues/{issue_number}/assignees",
        run: details::remove_assignees,
    },
    Operation {
        method: "POST",
        template: "/repos/{owner}/{repo}/issues/{issue_number}/assignees",
        run: details::add_assignees,
    },
    Operation {
        method: "GET",
        template: "/repos/{owner}/{repo}/issues/{issue_number}/comments",
        run: details::comments,
    },
    Operation {
        method: "POST",
        template: "/repos/{owner}/{repo}/issues/{issue_number}/comments",
        run: details::add_comment,
    },
    Operation {
        method: "POST",
        template: "/repos/{owner}/{repo}/issues/{issue_number}/labels",
        run: details::add_labels,
    },
    Operation {
        method: "DELETE",
        template: "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
        run: details::remove_label,
    },
    Operation { method: "GET", template: "/repos/{owner}/{repo}/issues/{issue_number}/parent", run: relations::parent },
    Operation {
        method: "GET",
        template: "/repos/{owner}/{repo}/issues/{issue_number}/sub_issues",
        run: relations::sub_issues,
    },
    Operation {
        method: "POST",
        template: "/repos/{owner}/{repo}/issues/{issue_number}/sub_issues",
        run: relations::add_sub_issue,
    },
    Operation {
        method: "DELETE",
        template: "/repos/{owner}/{repo}/issues/{issue_number}/sub_issue",
        run: relations::remove_sub_issue,
    },
    Operation { method: "GET", template: "/repos/{owner}/{repo}/labels", run: options::labels },
    Operation { method: "GET", template: "/repos/{owner}/{repo}/milestones", run: options::milestones },
    Operation { method: "GET", template: "/search/issues", run: search::search },
    Operation { method: "GET", template: "/user", run: options::user },
];

/// Returns the operation for a method and a path of the document.
pub(super) fn operation(method: &Method, template: &str) -> Option<Operation> {
    OPERATIONS.iter().find(|operation| method == operation.method && template == operation.template).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::servers::github::service::{cloud_document, enterprise_document};

    #[test]
    fn fake_has_what_its_documents_describe_and_nothing_else() {
        let routes: BTreeSet<_> = OPERATIONS.iter().map(|operation| (operation.method, operation.template)).collect();
        assert_eq!(routes, cloud_document().operations().collect());
        assert!(routes.is_superset(&enterprise_document().operations().collect()));
    }
}
