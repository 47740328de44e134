//! Which operation answers which method and path.

use hyper::Method;

use super::{
    attachments, comments, desk, details, issues, meta, options,
    reply::{Refusal, Reply},
    search,
    service::Call,
    state::State,
    transitions,
};

/// An operation.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    method: &'static str,
    /// The path as it stands in the documents, without the version of the API in front.
    path: &'static str,
    pub(super) run: fn(&mut State, &Call) -> Result<Reply, Refusal>,
}

/// Every operation, sorted by its path.
const OPERATIONS: &[Operation] = &[
    Operation { method: "GET", path: "/_edge/tenant_info", run: options::tenant },
    Operation { method: "GET", path: "/rest/servicedeskapi/request/{issueIdOrKey}", run: desk::request },
    Operation { method: "GET", path: "/rest/servicedeskapi/request/{issueIdOrKey}/comment", run: desk::comments },
    Operation { method: "POST", path: "/rest/servicedeskapi/request/{issueIdOrKey}/comment", run: desk::add_comment },
    Operation {
        method: "GET",
        path: "/rest/servicedeskapi/request/{issueIdOrKey}/comment/{commentId}",
        run: desk::comment,
    },
    Operation { method: "GET", path: "/secure/attachment/{id}/{filename}", run: attachments::download },
    Operation { method: "GET", path: "attachment/content/{id}", run: attachments::content },
    Operation { method: "GET", path: "attachment/{id}", run: attachments::get },
    Operation { method: "POST", path: "comment/list", run: comments::list_by_id },
    Operation { method: "GET", path: "comment/{commentId}/properties/{propertyKey}", run: comments::property },
    Operation { method: "PUT", path: "comment/{commentId}/properties/{propertyKey}", run: comments::set_property },
    Operation { method: "GET", path: "field", run: options::fields },
    Operation { method: "POST", path: "issue", run: issues::create },
    Operation { method: "POST", path: "issue/bulkfetch", run: search::bulk },
    Operation { method: "GET", path: "issue/createmeta/{projectIdOrKey}/issuetypes", run: meta::issue_types },
    Operation { method: "GET", path: "issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}", run: meta::fields },
    Operation { method: "GET", path: "issue/{issueIdOrKey}", run: issues::get },
    Operation { method: "PUT", path: "issue/{issueIdOrKey}", run: issues::update },
    Operation { method: "PUT", path: "issue/{issueIdOrKey}/assignee", run: issues::assign },
    Operation { method: "POST", path: "issue/{issueIdOrKey}/attachments", run: attachments::add },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/comment", run: comments::list },
    Operation { method: "POST", path: "issue/{issueIdOrKey}/comment", run: comments::add },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/comment/{id}", run: comments::get },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/editmeta", run: meta::edit },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/properties/{propertyKey}", run: details::property },
    Operation { method: "PUT", path: "issue/{issueIdOrKey}/properties/{propertyKey}", run: details::set_property },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/transitions", run: transitions::list },
    Operation { method: "POST", path: "issue/{issueIdOrKey}/transitions", run: transitions::perform },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/worklog", run: details::worklogs },
    Operation { method: "POST", path: "issueLink", run: details::add_link },
    Operation { method: "DELETE", path: "issueLink/{linkId}", run: details::remove_link },
    Operation { method: "GET", path: "issueLink/{linkId}", run: details::link },
    Operation { method: "GET", path: "issueLinkType", run: options::link_types },
    Operation { method: "GET", path: "issuetype", run: options::issue_types },
    Operation { method: "GET", path: "label", run: options::labels },
    Operation { method: "GET", path: "mypermissions", run: options::permissions },
    Operation { method: "GET", path: "myself", run: options::myself },
    Operation { method: "GET", path: "priority", run: options::priorities },
    Operation { method: "GET", path: "priority/search", run: options::search_priorities },
    Operation { method: "GET", path: "project", run: options::projects },
    Operation { method: "GET", path: "project/search", run: options::search_projects },
    Operation { method: "GET", path: "project/{projectIdOrKey}", run: options::project },
    Operation { method: "GET", path: "project/{projectIdOrKey}/components", run: options::components },
    Operation { method: "GET", path: "project/{projectIdOrKey}/statuses", run: options::statuses_by_type },
    Operation { method: "GET", path: "project/{projectIdOrKey}/versions", run: options::versions },
    Operation { method: "GET", path: "resolution", run: options::resolutions },
    Operation { method: "GET", path: "search", run: search::gone },
    Operation { method: "POST", path: "search", run: search::by_start },
    Operation { method: "POST", path: "search/approximate-count", run: search::count },
    Operation { method: "GET", path: "search/jql", run: search::by_token },
    Operation { method: "POST", path: "search/jql", run: search::by_token },
    Operation { method: "GET", path: "serverInfo", run: options::server },
    Operation { method: "GET", path: "status", run: options::statuses },
    Operation { method: "GET", path: "user/assignable/search", run: options::assignable },
    Operation { method: "GET", path: "user/search", run: options::users },
];

/// Returns the operation for a method and a path of a document.
pub(super) fn operation(method: &Method, template: &str) -> Option<Operation> {
    let path = without_version(template);
    OPERATIONS.iter().find(|operation| method == operation.method && path == operation.path).copied()
}

fn without_version(template: &str) -> &str {
    let versions = ["/rest/api/2/", "/rest/api/3/"];
    versions.iter().find_map(|version| template.strip_prefix(version)).unwrap_or(template)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::servers::jira::service::{beside_document, cloud_document, data_center_document};

    #[test]
    fn fake_has_what_its_documents_describe_and_nothing_else() {
        let routes: BTreeSet<_> = OPERATIONS.iter().map(|operation| (operation.method, operation.path)).collect();
        let documents = [cloud_document(), data_center_document(), beside_document()];
        let described = documents.iter().flat_map(|document| document.operations());
        assert_eq!(routes, described.map(|(method, template)| (method, without_version(template))).collect());
    }
}
