//! Which operation answers which method and path.

use hyper::Method;

use Run::{Read, Write};

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
    pub(super) run: Run,
}

/// What an operation does.
#[derive(Clone, Copy)]
pub(super) enum Run {
    /// It looks at the state alone, and at what was looked up in it.
    Read(fn(&State, &Call) -> Result<Reply, Refusal>),
    Write(fn(&mut State, &Call) -> Result<Reply, Refusal>),
}

/// Every operation, sorted by its path.
const OPERATIONS: &[Operation] = &[
    Operation { method: "GET", path: "/_edge/tenant_info", run: Read(options::tenant) },
    Operation { method: "GET", path: "/rest/servicedeskapi/request/{issueIdOrKey}", run: Read(desk::request) },
    Operation { method: "GET", path: "/rest/servicedeskapi/request/{issueIdOrKey}/comment", run: Read(desk::comments) },
    Operation {
        method: "POST",
        path: "/rest/servicedeskapi/request/{issueIdOrKey}/comment",
        run: Write(desk::add_comment),
    },
    Operation {
        method: "GET",
        path: "/rest/servicedeskapi/request/{issueIdOrKey}/comment/{commentId}",
        run: Read(desk::comment),
    },
    Operation { method: "GET", path: "/secure/attachment/{id}/{filename}", run: Read(attachments::download) },
    Operation { method: "GET", path: "attachment/content/{id}", run: Read(attachments::content) },
    Operation { method: "GET", path: "attachment/{id}", run: Read(attachments::get) },
    Operation { method: "POST", path: "comment/list", run: Read(comments::list_by_id) },
    Operation { method: "GET", path: "comment/{commentId}/properties/{propertyKey}", run: Read(comments::property) },
    Operation {
        method: "PUT",
        path: "comment/{commentId}/properties/{propertyKey}",
        run: Write(comments::set_property),
    },
    Operation { method: "GET", path: "field", run: Read(options::fields) },
    Operation { method: "POST", path: "issue", run: Write(issues::create) },
    Operation { method: "POST", path: "issue/bulkfetch", run: Read(search::bulk) },
    Operation { method: "GET", path: "issue/createmeta/{projectIdOrKey}/issuetypes", run: Read(meta::issue_types) },
    Operation {
        method: "GET",
        path: "issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
        run: Read(meta::fields),
    },
    Operation { method: "GET", path: "issue/{issueIdOrKey}", run: Read(issues::get) },
    Operation { method: "PUT", path: "issue/{issueIdOrKey}", run: Write(issues::update) },
    Operation { method: "PUT", path: "issue/{issueIdOrKey}/assignee", run: Write(issues::assign) },
    Operation { method: "POST", path: "issue/{issueIdOrKey}/attachments", run: Write(attachments::add) },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/comment", run: Read(comments::list) },
    Operation { method: "POST", path: "issue/{issueIdOrKey}/comment", run: Write(comments::add) },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/comment/{id}", run: Read(comments::get) },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/editmeta", run: Read(meta::edit) },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/properties/{propertyKey}", run: Read(details::property) },
    Operation {
        method: "PUT",
        path: "issue/{issueIdOrKey}/properties/{propertyKey}",
        run: Write(details::set_property),
    },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/transitions", run: Read(transitions::list) },
    Operation { method: "POST", path: "issue/{issueIdOrKey}/transitions", run: Write(transitions::perform) },
    Operation { method: "GET", path: "issue/{issueIdOrKey}/worklog", run: Read(details::worklogs) },
    Operation { method: "POST", path: "issueLink", run: Write(details::add_link) },
    Operation { method: "DELETE", path: "issueLink/{linkId}", run: Write(details::remove_link) },
    Operation { method: "GET", path: "issueLink/{linkId}", run: Read(details::link) },
    Operation { method: "GET", path: "issueLinkType", run: Read(options::link_types) },
    Operation { method: "GET", path: "issuetype", run: Read(options::issue_types) },
    Operation { method: "GET", path: "label", run: Read(options::labels) },
    Operation { method: "GET", path: "mypermissions", run: Read(options::permissions) },
    Operation { method: "GET", path: "myself", run: Read(options::myself) },
    Operation { method: "GET", path: "priority", run: Read(options::priorities) },
    Operation { method: "GET", path: "priority/search", run: Read(options::search_priorities) },
    Operation { method: "GET", path: "project", run: Read(options::projects) },
    Operation { method: "GET", path: "project/search", run: Read(options::search_projects) },
    Operation { method: "GET", path: "project/{projectIdOrKey}", run: Read(options::project) },
    Operation { method: "GET", path: "project/{projectIdOrKey}/components", run: Read(options::components) },
    Operation { method: "GET", path: "project/{projectIdOrKey}/statuses", run: Read(options::statuses_by_type) },
    Operation { method: "GET", path: "project/{projectIdOrKey}/versions", run: Read(options::versions) },
    Operation { method: "GET", path: "resolution", run: Read(options::resolutions) },
    Operation { method: "GET", path: "search", run: Read(search::gone) },
    Operation { method: "POST", path: "search", run: Read(search::by_start) },
    Operation { method: "POST", path: "search/approximate-count", run: Read(search::count) },
    Operation { method: "GET", path: "search/jql", run: Read(search::by_token) },
    Operation { method: "POST", path: "search/jql", run: Read(search::by_token) },
    Operation { method: "GET", path: "serverInfo", run: Read(options::server) },
    Operation { method: "GET", path: "status", run: Read(options::statuses) },
    Operation { method: "GET", path: "user/assignable/search", run: Read(options::assignable) },
    Operation { method: "GET", path: "user/search", run: Read(options::users) },
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
