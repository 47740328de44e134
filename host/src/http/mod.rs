//! HTTP on behalf of adapters.

// What lives here is used by the layers that send requests; until they stand, only the tests do.
#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "the layers that send requests are what calls it"))]
mod limits;

pub(crate) use limits::ALL;
