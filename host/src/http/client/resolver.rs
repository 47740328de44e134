//! Names are resolved once, and connected to as they were checked: nobody can give another answer in between.

use std::{error::Error as StdError, fmt, net::SocketAddr, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::proxy::Proxy;
use crate::http::{Reach, reach::is_public};

/// Resolves names by the system's means, and leaves out addresses in private networks.
pub(super) struct Resolver {
    reach: Reach,
    proxy: Arc<Proxy>,
}

impl Resolver {
    /// Returns a resolver for a connection.
    pub(super) fn new(reach: Reach, proxy: Arc<Proxy>) -> Self {
        Self { reach, proxy }
    }
}

/// A name that leads into a private network.
#[derive(Debug)]
struct Private(String);

impl fmt::Display for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` leads into a private network, where only a connection's own base_url and proxy may lie", self.0)
    }
}

impl StdError for Private {}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let may_be_private = self.reach.may_be_private(name.as_str()) || self.proxy.has_name(name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|found| may_be_private || is_public(found.ip())).collect();
            match allowed.is_empty() {
                true => Err(Private(name.as_str().to_owned()).into()),
                false => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

/// Says whether a request failed because its host may not be resolved.
pub(super) fn was_refused(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(reason) = cause {
        if reason.is::<Private>() {
            return true;
        }
        cause = reason.source();
    }
    false
}
