//! Which operation answers which method and path.

use hyper::Method;

use super::{
    comments, files, items, options,
    reply::{Refusal, Reply},
    service::Call,
    state::State,
};

/// An operation.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    method: &'static str,
    /// The path as it stands in the documents, without what can be left out.
    path: &'static str,
    /// Whether it is a preview in every version.
    pub(super) preview: bool,
    pub(super) run: fn(&mut State, &Call) -> Result<Reply, Refusal>,
}

const fn operation_of(
    method: &'static str,
    path: &'static str,
    run: fn(&mut State, &Call) -> Result<Reply, Refusal>,
) -> Operation {
    Operation { method, path, preview: false, run }
}

/// Every operation, sorted by its path.
const OPERATIONS: &[Operation] = &[
    Operation { preview: true, ..operation_of("GET", "/{organization}/_apis/connectionData", options::connection) },
    operation_of("GET", "/{organization}/_apis/identities", options::identities),
    operation_of("GET", "/{organization}/_apis/projects", options::projects),
    operation_of("POST", "/{organization}/_apis/wit/attachments", files::add),
    operation_of("GET", "/{organization}/_apis/wit/attachments/{id}", files::get),
    operation_of("GET", "/{organization}/_apis/wit/classificationnodes", options::classification),
    operation_of("GET", "/{organization}/_apis/wit/fields", options::fields),
    operation_of("GET", "/{organization}/_apis/wit/tags", options::tags),
    operation_of("POST", "/{organization}/_apis/wit/wiql", items::query),
    Operation {
        preview: true,
        ..operation_of("GET", "/{organization}/_apis/wit/workItems/{workItemId}/comments", comments::list)
    },
    Operation {
        preview: true,
        ..operation_of("POST", "/{organization}/_apis/wit/workItems/{workItemId}/comments", comments::add)
    },
    operation_of("GET", "/{organization}/_apis/wit/workitemrelationtypes", options::relation_types),
    operation_of("POST", "/{organization}/_apis/wit/workitems/${type}", items::create),
    operation_of("GET", "/{organization}/_apis/wit/workitems/{id}", items::get),
    operation_of("PATCH", "/{organization}/_apis/wit/workitems/{id}", items::update),
    operation_of("POST", "/{organization}/_apis/wit/workitemsbatch", items::batch),
    operation_of("GET", "/{organization}/_apis/wit/workitemtypes", options::types),
    operation_of("GET", "/{organization}/_apis/wit/workitemtypes/{type}/fields", options::fields_of_type),
    operation_of("GET", "/{organization}/_apis/wit/workitemtypes/{type}/states", options::states),
];

/// Returns the operation for a method and a path of a document.
pub(super) fn operation(method: &Method, path: &str) -> Option<Operation> {
    OPERATIONS.iter().find(|operation| method == operation.method && path == operation.path).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::servers::azure_devops::documents::{documents, without_optional};

    #[test]
    fn fake_has_what_its_documents_describe_and_nothing_else() {
        let routes: BTreeSet<_> =
            OPERATIONS.iter().map(|operation| (operation.method, operation.path.to_owned())).collect();
        let described = documents().iter().flat_map(|document| document.operations());
        assert_eq!(routes, described.map(|(method, template)| (method, without_optional(template))).collect());
    }
}
