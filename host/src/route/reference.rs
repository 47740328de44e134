//! From what a person typed to a ticket of a connection. No network, and no foreign code.
//!
//! A **prefix** comes off first: text before the first colon, if a connection has that name, else if an adapter has,
//! and unless `//` follows, which makes it a scheme. If the rest is no reference, the whole may be one: keys such as
//! `account:board:item` begin like that. What a prefix or a flag names is the only place that is asked.
//!
//! How a **link** is resolved (`link.rs`):
//!
//! 1. Each adapter's tables say whether the link is its platform's, and what its key is.
//! 2. Of the adapter's connections those are left to whose site the link leads. A link to one site never reaches a
//!    connection to another, and a prefix does not change that.
//!    - The link lies below the connection's base URL, or below where its pages are.
//!    - Or the manifest names the link's host, and the connection is to the same host, to the platform's own default
//!      address, or to another host that the manifest names. Then each part of the platform that link and address
//!      name (`acme` in `acme.ghe.com`) must be the same, and a part that only the link names must be an option.
//!    - Nothing that the link says contradicts an option, and what `needs` and `requires` ask for is there.
//! 3. Several are left: those count of which an option confirms what the link says, then those that list the project,
//!    then those that list none, then the default connection. Still several: an error that names them.
//! 4. None is left: the platform is known, the connection is not. Only what needs no connection works with that.
//!
//! How an **id** is resolved (`id.rs`):
//!
//! 1. Each connection's adapter says what the id could be there; options must agree, and of one adapter's connections
//!    those count of which an option confirms it.
//! 2. The best fit counts: a connection that lists the project (or is the default one, for ids that need that), then
//!    a distinctive form, then a form of several platforms, then a platform without connection.
//! 3. Several fit equally: those that list no projects before those that list others, then the default connection.
//!    Still several: an error that names them. A bare number is never given to a connection just because it is alone.
//! 4. A single possible connection is taken for a key such as `PROJ-1` even without `projects`. Nobody else could be
//!    asked, the key is looked up there as it stands, and at worst the answer is "not found". Nobody has to list
//!    projects before the second connection of that kind; who lists them gets refusals for all others.
//! 5. A connection that is wrong (a variable is not set) decides nothing, and the error names it. If it is the default
//!    one, a mere possibility is not taken in its place.

use serde::Serialize;
use usher_adapter_manifest::{
    Needs,
    detect::Reference,
    reference::{Input, parse_reference, without_prose},
};
use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

use super::{Connections, Target, id, link, refusal};
use crate::registry::{Adapter, Registry};

/// What a reference means.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resolved {
    /// The adapter's id.
    pub adapter: String,
    /// The connection; absent if only the platform is known.
    pub connection: Option<String>,
    /// The ticket's key.
    pub key: TicketKey,
    /// Whether the key is an id of the platform's, for which the adapter must ask for the real key.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub native: bool,
    /// The project that the key names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The note that the link points to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What to do if a connection is needed and there is none.
    #[serde(skip)]
    pub advice: Option<String>,
    /// What to do if it is not found where nobody has asked for it to be looked for: what else it may be.
    #[serde(skip)]
    pub doubt: Option<String>,
}

impl Resolved {
    pub(super) fn new(adapter: &Adapter, connection: Option<&Target>, reference: Reference) -> Self {
        Self {
            adapter: adapter.id().to_owned(),
            connection: connection.map(|target| target.name.clone()),
            key: TicketKey::new(reference.key),
            native: reference.native,
            project: reference.project,
            note: reference.note,
            advice: None,
            doubt: None,
        }
    }

    /// Adds to the error of a ticket that is not there what else the reference may be.
    pub(crate) fn doubted(&self, error: Error) -> Error {
        match &self.doubt {
            Some(doubt) if error.kind() == ErrorKind::NotFound => {
                let hint = error.hint().map_or_else(|| doubt.clone(), |hint| format!("{hint} {doubt}"));
                error.with_hint(hint)
            }
            _ => error,
        }
    }

    /// Returns the connection, or an error that says what to configure.
    pub fn require_connection(&self) -> Result<&str> {
        self.connection.as_deref().ok_or_else(|| {
            let message = format!("`{}` is a ticket of `{}`, and no connection to it fits", self.key, self.adapter);
            let error = Error::new(ErrorKind::Configuration, message);
            match &self.advice {
                Some(advice) => error.with_hint(advice.clone()),
                None => error,
            }
        })
    }
}

/// Says what a reference means.
///
/// `within` restricts it to one connection (or to the connections of an adapter).
pub(crate) fn resolve(
    registry: &Registry,
    connections: &Connections,
    text: &str,
    within: Option<&str>,
) -> Result<Resolved> {
    let search = |within| Search { registry, connections, within };
    if let Some(name) = within {
        return search(Within::named(registry, connections, name)?).meaning(text);
    }
    let Some((name, rest)) = prefix(registry, connections, text) else {
        return search(Within::Everything).meaning(text);
    };
    match search(Within::named(registry, connections, name)?).meaning(rest) {
        // A key may itself begin with a word and a colon, as `account:board:item` does.
        Err(error) if error.kind() == ErrorKind::InvalidReference => {
            search(Within::Everything).meaning(text).map_err(|whole| match whole.kind() {
                ErrorKind::AmbiguousReference => whole,
                _ => error,
            })
        }
        resolved => resolved,
    }
}

/// Takes `connection:` off the front, if one (or an adapter) has that name.
fn prefix<'a>(registry: &Registry, connections: &Connections, text: &'a str) -> Option<(&'a str, &'a str)> {
    let (name, rest) = without_prose(text).split_once(':')?;
    let is_name = connections.contains(name) || registry.get(name).is_some();
    // A scheme is no connection, even if one has its name.
    (is_name && !rest.starts_with("//")).then_some((name, rest))
}

/// Where a reference is looked for.
#[derive(Clone, Copy)]
pub(super) enum Within<'a> {
    /// At every connection.
    Everything,
    /// At the connection that was named.
    Connection(&'a Target),
    /// At the connections of the adapter that was named.
    Adapter(&'a Adapter),
}

impl<'a> Within<'a> {
    /// Returns what a name means; a connection comes before an adapter.
    fn named(registry: &'a Registry, connections: &'a Connections, name: &str) -> Result<Self> {
        match registry.get(name) {
            Some(adapter) if !connections.contains(name) => Ok(Self::Adapter(adapter)),
            _ => connections.require(name).map(Self::Connection),
        }
    }

    /// Returns the name, if there was one.
    pub(super) fn name(self) -> Option<&'a str> {
        match self {
            Self::Everything => None,
            Self::Connection(target) => Some(&target.name),
            Self::Adapter(adapter) => Some(adapter.id()),
        }
    }

    /// Says whether a connection may be asked.
    fn allows(self, target: &Target) -> bool {
        match self {
            Self::Everything => true,
            Self::Connection(named) => named.name == target.name,
            Self::Adapter(adapter) => adapter.id() == target.adapter.id(),
        }
    }

    /// Says whether a platform counts without a connection.
    pub(super) fn allows_platform(self, adapter: &Adapter) -> bool {
        match self {
            Self::Everything => true,
            Self::Connection(_) => false,
            Self::Adapter(named) => named.id() == adapter.id(),
        }
    }
}

/// A search for what a reference means.
pub(super) struct Search<'a> {
    pub(super) registry: &'a Registry,
    pub(super) connections: &'a Connections,
    pub(super) within: Within<'a>,
}

/// How well a reference fits a connection, from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The platform's form, and nothing is configured for it.
    PlatformOnly,
    /// A form of several platforms, and a connection that may have it.
    Possible,
    /// The platform's own form, or the connection that was named.
    Distinctive,
    /// The connection says that it has this project, or is the one for such ids.
    Known,
}

impl<'a> Search<'a> {
    fn meaning(&self, text: &str) -> Result<Resolved> {
        match parse_reference(text).map_err(|error| refusal::input(text, &error))? {
            Input::Url(url) => link::resolve(self, &url),
            Input::Id(id) => id::resolve(self, &id),
            _ => Err(refusal::unknown_input(text)),
        }
    }

    /// Returns the connections of an adapter that may be asked.
    pub(super) fn targets(&self, adapter: &'a Adapter) -> impl Iterator<Item = &'a Target> {
        let within = self.within;
        self.connections.of(adapter.id()).filter(move |target| within.allows(target))
    }

    /// Says whether a connection is the default one.
    pub(super) fn is_default(&self, target: &Target) -> bool {
        self.connections.default() == Some(target.name.as_str())
    }

    /// Says how well a reference fits a connection, if it does.
    pub(super) fn fit(&self, target: &Target, reference: &Reference) -> Option<Fit> {
        if !reference.agrees_with(|name| target.option_text(name)) {
            return None;
        }
        let is_named = self.within.name().is_some();
        match reference.needs {
            Needs::Default if !is_named => {
                (self.is_default(target) || confirms(target, reference)).then_some(Fit::Known)
            }
            Needs::DefaultProject if !is_named => Some(Fit::Possible),
            _ if lists(target, reference) => Some(Fit::Known),
            Needs::Nothing => Some(Fit::Distinctive),
            _ if is_named => Some(Fit::Distinctive),
            // A connection that lists its projects has no others.
            Needs::Project if !target.projects.is_empty() => None,
            _ => Some(Fit::Possible),
        }
    }
}

/// Keeps those for which something holds, if it holds for any.
pub(super) fn prefer<T>(all: &mut Vec<T>, holds: impl Fn(&T) -> bool) {
    if all.iter().any(&holds) {
        all.retain(holds);
    }
}

/// Says whether an option of the connection says the same as the reference.
pub(super) fn confirms(target: &Target, reference: &Reference) -> bool {
    let mut captures = reference.captures.iter();
    captures.any(|(name, value)| target.option_text(name).is_some_and(|option| same(&option, value)))
}

/// Says whether the connection lists the reference's project.
pub(super) fn lists(target: &Target, reference: &Reference) -> bool {
    reference.project.as_deref().is_some_and(|project| target.projects.iter().any(|known| same(known, project)))
}

pub(super) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
