//! Linear's schema, and one request against it.

use std::sync::OnceLock;

use crate::servers::{
    Request,
    graphql::{Api, Body, Checked},
};

/// Returns Linear's schema, as far as it was kept.
pub(super) fn api() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| Api::new(include_str!("../../../data/linear/fake.graphql"), "fake.graphql"))
}

/// Checks a request.
pub(super) fn check(request: &Request) -> Result<Checked, Vec<String>> {
    api().check(Body::posted(request, "/graphql")?)
}
