//! What `adapter list` and `adapter show` say about one adapter or file.

use serde::Serialize;
use usher_adapter_manifest::Network;

use crate::{
    config::{AdapterSettings, Adapters, Isolation, Trust},
    registry::{
        Adapter, Pending, Refused, Registry, Shadow, Standing,
        trust::{Request, Waiting},
    },
    worker::confine,
};

/// One line of the list.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) id: Option<String>,
    pub(super) version: Option<String>,
    pub(super) state: &'static str,
    pub(super) origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) isolation: Option<&'static str>,
    /// How far its process is confined; nothing for one without a process of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sandbox: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trust: Option<Trust>,
    /// What it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) asks: Option<Request>,
    /// What of it the operator has granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) grants: Option<Grants>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) signer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) approved_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

/// What an adapter asks for and is granted.
#[derive(Serialize)]
pub(super) struct Grants {
    /// Folders, as the operator wrote them, and as they were approved (`{config.NAME}`).
    filesystem: Vec<String>,
    /// Sockets of its own.
    pub(super) network: bool,
}

impl Grants {
    /// Returns one line for each grant.
    pub(super) fn lines(&self) -> Vec<String> {
        let network = self.network.then(|| "network direct".to_owned());
        self.filesystem.iter().map(|folder| format!("files {folder}")).chain(network).collect()
    }
}

/// Returns every row of the list: what is used, what waits, what stands back, what is refused.
pub(super) fn rows(registry: &Registry, config: &Adapters) -> Vec<Row> {
    let used = registry.adapters().map(|adapter| Row::used(adapter, registry, config));
    let pending = registry.pending().iter().map(|pending| Row::pending(pending, registry, config));
    let shadows = registry.shadows().iter().map(|shadow| Row::shadow(shadow, registry));
    used.chain(pending).chain(shadows).chain(registry.refused().iter().map(Row::refused)).collect()
}

impl Row {
    /// Returns the row of an adapter that is used, if nothing is known that speaks against it.
    pub(super) fn used(adapter: &Adapter, registry: &Registry, config: &Adapters) -> Self {
        let mut row = Self::new(adapter, config);
        let Some(file) = adapter.file() else { return row };
        let digest = adapter.seal.sha256.clone().map_or_else(|| registry.digest(file), Ok);
        match digest.map(|sha256| (registry.ledger().standing(&sha256), sha256)) {
            Ok((standing, sha256)) => {
                row.judge(standing);
                row.know(adapter, sha256, registry, config);
            }
            Err(reason) => (row.state, row.reason) = ("refused", Some(reason)),
        }
        row
    }

    /// Returns the row of an adapter that waits.
    pub(super) fn pending(pending: &Pending, registry: &Registry, config: &Adapters) -> Self {
        let adapter = &pending.adapter;
        let mut row = Self { state: "pending", ..Self::new(adapter, config) };
        if let Some(sha256) = &adapter.seal.sha256 {
            row.know(adapter, sha256.clone(), registry, config);
        }
        let then = match &pending.waiting {
            Waiting::New => "shows what it asks for",
            Waiting::Changed { .. } => "takes it in place of the one before",
        };
        row.reason = Some(format!("{}; `usher adapter approve {}` {then}", pending.waiting, adapter.id()));
        row
    }

    fn shadow(shadow: &Shadow, registry: &Registry) -> Self {
        let file = shadow.file.as_deref();
        Self {
            id: Some(shadow.adapter.clone()),
            version: Some(shadow.version.clone()),
            sha256: file.and_then(|file| registry.digest(file).ok()),
            file: file.map(|file| file.display().to_string()),
            reason: Some(format!("{} is used in its place", shadow.by)),
            ..Self::blank("shadowed", origin(file.is_some()))
        }
    }

    fn refused(refused: &Refused) -> Self {
        Self {
            id: refused.adapter.clone(),
            file: refused.file.as_ref().map(|file| file.display().to_string()),
            reason: Some(refused.reason.clone()),
            ..Self::blank("refused", origin(refused.file.is_some()))
        }
    }

    fn blank(state: &'static str, origin: &'static str) -> Self {
        Self {
            id: None,
            version: None,
            state,
            origin,
            isolation: None,
            sandbox: None,
            trust: None,
            asks: None,
            grants: None,
            sha256: None,
            signer: None,
            approved_at: None,
            file: None,
            reason: None,
        }
    }

    fn new(adapter: &Adapter, config: &Adapters) -> Self {
        let is_drop_in = adapter.file().is_some();
        let isolation = if is_drop_in { config.of(adapter.id()).isolation } else { Isolation::InProcess };
        let asks = Request::of(&adapter.manifest);
        Self {
            id: Some(adapter.id().to_owned()),
            version: Some(adapter.version.clone()),
            isolation: Some(isolation.as_str()),
            sandbox: (isolation == Isolation::Worker).then(|| confine::expected().as_str()),
            trust: is_drop_in.then_some(adapter.seal.trust),
            grants: Some(grants(&asks, &config.of(adapter.id()), None)),
            asks: Some(asks),
            signer: adapter.seal.signer.clone(),
            file: adapter.file().map(|file| file.display().to_string()),
            ..Self::blank("ready", origin(is_drop_in))
        }
    }

    /// Adds what follows from the digest: when exactly that file was approved, and what was approved that it may have.
    fn know(&mut self, adapter: &Adapter, sha256: String, registry: &Registry, config: &Adapters) {
        self.approved_at = registry.approval(adapter, &sha256).map(|approval| approval.approved_at.to_string());
        let (asks, approved) = (Request::of(&adapter.manifest), registry.approved(adapter, &sha256));
        self.grants = Some(grants(&asks, &config.of(adapter.id()), approved));
        self.sha256 = Some(sha256);
    }

    fn judge(&mut self, standing: Standing) {
        match standing {
            Standing::Unknown | Standing::Ready { .. } => {}
            Standing::Refused { reason } => (self.state, self.reason) = ("refused", Some(reason)),
            Standing::Quarantined { reason, since } => {
                let id = self.id.as_deref().unwrap_or_default();
                let reason =
                    format!("since {since}: {reason}; `usher adapter unquarantine {id}` lets it be tried again");
                (self.state, self.reason) = ("quarantined", Some(reason));
            }
        }
    }
}

fn origin(is_drop_in: bool) -> &'static str {
    if is_drop_in { "drop-in" } else { "built-in" }
}

fn grants(asks: &Request, settings: &AdapterSettings, approved: Option<&Request>) -> Grants {
    let configured = settings.filesystem.iter().filter(|_| !asks.filesystem.is_empty());
    let configured = configured.map(|grant| format!("{}:{}", grant.path.display(), grant.access.as_str()));
    let approved_folders = approved.into_iter().flat_map(|approved| &approved.filesystem).map(ToString::to_string);
    let has_network = settings.network || approved.is_some_and(|approved| approved.network == Network::Direct);
    Grants {
        filesystem: configured.chain(approved_folders).collect(),
        network: asks.network == Network::Direct && has_network,
    }
}
