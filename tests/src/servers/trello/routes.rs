//! Which operation answers which method and path.

use hyper::Method;

use super::{
    boards, cards, changes, files,
    reply::{Refusal, Reply},
    search,
    service::Call,
    state::State,
};

/// What an operation does.
pub(super) type Run = fn(&mut State, &Call<'_>) -> Result<Reply, Refusal>;

/// Every operation, sorted by its path.
const OPERATIONS: &[(&str, &str, Run)] = &[
    ("GET", "/batch", search::batch),
    ("GET", "/boards/{id}", boards::get),
    ("GET", "/boards/{id}/cards/{filter}", cards::list),
    ("GET", "/boards/{id}/customFields", boards::fields),
    ("POST", "/cards", changes::create),
    ("PUT", "/cards/{idCard}/customField/{idCustomField}/item", changes::set_field),
    ("GET", "/cards/{id}", cards::get),
    ("PUT", "/cards/{id}", changes::update),
    ("GET", "/cards/{id}/actions", cards::actions),
    ("POST", "/cards/{id}/actions/comments", changes::comment),
    ("POST", "/cards/{id}/attachments", files::add),
    ("GET", "/cards/{id}/attachments/{idAttachment}/download/{fileName}", files::get),
    ("POST", "/cards/{id}/idLabels", changes::add_label),
    ("DELETE", "/cards/{id}/idLabels/{idLabel}", changes::remove_label),
    ("POST", "/cards/{id}/idMembers", changes::add_member),
    ("DELETE", "/cards/{id}/idMembers/{idMember}", changes::remove_member),
    ("GET", "/members/{id}", boards::me),
    ("GET", "/members/{id}/boards", boards::own),
    ("GET", "/search", search::search),
];

/// Returns the operation for a method and a path of the document.
pub(super) fn operation(method: &Method, path: &str) -> Option<Run> {
    OPERATIONS.iter().find(|(own, known, _)| method == *own && path == *known).map(|(_, _, run)| *run)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::servers::trello::documents::document;

    #[test]
    fn fake_has_what_its_document_describes_and_nothing_else() {
        let routes: BTreeSet<_> = OPERATIONS.iter().map(|(method, path, _)| (*method, *path)).collect();
        assert_eq!(routes, document().operations().collect());
    }
}
