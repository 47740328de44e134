//! Opening a connection: where its adapter's code runs, and what that process may touch.

use std::sync::Arc;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    model::Json,
    wire::{CreateConfig, WIRE_VERSION},
};

use super::{Service, renew::Watch, session::Session};
use crate::{
    config::Isolation,
    http,
    registry::{
        Origin, Prepared, Standing,
        trust::{Request, grants},
    },
    route::Target,
    transport::{Capabilities, Deadline, KvStore, Transport},
    worker::confine::PathGrant,
};

impl Service {
    /// Makes a connection's adapter, wherever it is to run.
    pub(super) async fn open(&self, target: &Target) -> Result<Arc<Session>> {
        let deadline = self.deadline(target);
        let mut watch = None;
        let transport = match (&target.adapter.origin, self.adapters.of(target.adapter.id()).isolation) {
            (Origin::BuiltIn, _) => self.in_process(target, None, deadline).await?,
            (Origin::DropIn { file, .. }, Isolation::Worker) => {
                watch = Some(Watch::begin(file.clone()));
                self.in_worker(target, deadline).await?
            }
            (Origin::DropIn { .. }, Isolation::InProcess) => self.in_process_after_trial(target, deadline).await?,
        };
        Ok(Arc::new(Session::new(target.clone(), transport, watch, self.settings.http.job_id())))
    }

    async fn in_process(&self, target: &Target, approved: Option<&Request>, deadline: Deadline) -> Result<Transport> {
        let loaded = self.registry.load(&target.adapter, deadline).await?;
        let (config, capabilities) = (config(target)?, self.capabilities(target, approved));
        let (module, id) = (loaded.module, target.adapter.id());
        match &loaded.lane {
            None => Transport::linked(module, id, &config, capabilities),
            Some(lane) => Transport::on_lane(lane, module, id, &config, capabilities, deadline).await,
        }
    }

    async fn in_worker(&self, target: &Target, deadline: Deadline) -> Result<Transport> {
        let library = self.registry.prepare(&target.adapter)?;
        match self.start_worker(target, &library, deadline).await {
            // Somebody has changed the copy: it is made again, once.
            Err(error) if error.kind() == ErrorKind::Conflict => {
                self.registry.forget(&library)?;
                let library = self.registry.prepare(&target.adapter)?;
                self.start_worker(target, &library, deadline).await.map_err(|error| match error.kind() {
                    ErrorKind::Conflict => library.refused(error.message()),
                    _ => error,
                })
            }
            started => started,
        }
    }

    #[cfg(unix)]
    async fn start_worker(&self, target: &Target, library: &Prepared, deadline: Deadline) -> Result<Transport> {
        let (grants, network) = self.granted(target, &library.sha256)?;
        let spec = crate::transport::WorkerSpec {
            program: self.settings.program.clone(),
            adapter: target.adapter.id().to_owned(),
            library: library.clone(),
            config: config(target)?,
            grants,
            network,
            require_sandbox: self.adapters.require_sandbox,
            supervision: self.settings.supervision,
            ledger: self.registry.ledger().clone(),
            logger: self.settings.logger.clone(),
        };
        let capabilities = self.capabilities(target, self.approved(target, &library.sha256));
        let opened = Transport::on_worker(spec, capabilities, deadline).await;
        opened.map_err(|error| match error.kind() {
            ErrorKind::AdapterRefused => library.refused(error.message()),
            _ => error,
        })
    }

    /// Elsewhere there are no workers yet.
    #[cfg(not(unix))]
    async fn start_worker(&self, target: &Target, library: &Prepared, _: Deadline) -> Result<Transport> {
        self.granted(target, &library.sha256)?;
        let id = target.adapter.id();
        let error =
            Error::new(ErrorKind::Unsupported, format!("a process of its own for the adapter `{id}`, on this system,"));
        Err(error.with_hint(format!(
            "Write `isolation = \"in-process\"` below `[adapters.{id}]` if you trust it with this process."
        )))
    }

    /// Returns the folders and whether sockets: what the adapter asks for, as far as the operator grants it.
    fn granted(&self, target: &Target, sha256: &str) -> Result<(Vec<PathGrant>, bool)> {
        let manifest = &target.adapter.manifest;
        let settings = self.adapters.of(target.adapter.id());
        let approved = self.approved(target, sha256);
        let folders = grants::folders(manifest, &target.options, &settings, approved)?;
        if let Some(missing) = folders.iter().find(|folder| !folder.path.exists()) {
            let message = format!("connection `{}`: {} is not there", target.name, missing.path.display());
            return Err(Error::new(ErrorKind::Configuration, message).with_hint("Make it, or name another place."));
        }
        Ok((folders, grants::network(manifest, &settings, approved)?))
    }

    /// Returns what was approved for exactly this file.
    fn approved(&self, target: &Target, sha256: &str) -> Option<&Request> {
        self.registry.approval(&target.adapter, sha256).map(|approval| &approval.request)
    }

    /// Lets a worker open the library and make the adapter, before this process does: what hangs or crashes there
    /// would take the host with it here.
    async fn in_process_after_trial(&self, target: &Target, deadline: Deadline) -> Result<Transport> {
        let (sha256, ledger) = (self.registry.prepare(&target.adapter)?.sha256, self.registry.ledger());
        let standing = ledger.standing(&sha256);
        if cfg!(unix) && standing == Standing::Unknown {
            let tried = self.in_worker(target, deadline).await?;
            // It has shown that it can be opened and made; how it ends matters only where it is used.
            let _ = tried.shutdown(deadline).await;
        }
        if standing != (Standing::Ready { sandbox: None }) {
            // Should the host end over it, the next one knows which file it was.
            ledger.probing(&sha256, Isolation::InProcess);
        }
        let opened = self.in_process(target, self.approved(target, &sha256), deadline).await;
        match &opened {
            Err(error) if error.kind() == ErrorKind::AdapterHung => {
                ledger.failed(&sha256, "did not give control back in-process");
            }
            _ => ledger.ready(&sha256, ""),
        }
        opened
    }

    fn capabilities(&self, target: &Target, approved: Option<&Request>) -> Arc<Capabilities> {
        let state = self.settings.state.as_deref();
        let kv = state.map(|state| Arc::new(KvStore::new(&state.join("kv"), &target.name)));
        let settings = self.adapters.of(target.adapter.id());
        let is_built_in = matches!(target.adapter.origin, Origin::BuiltIn);
        let hosts = grants::hosts(&target.adapter.manifest, &settings, approved, is_built_in);
        let http = http::Connection::of(target, hosts, &self.files, &self.settings.http).map(Arc::new);
        let logger = self.settings.logger.clone();
        Capabilities::with_http(&target.name, self.runtime.clone(), logger, kv, self.files.clone(), http)
    }
}

fn config(target: &Target) -> Result<CreateConfig> {
    Ok(CreateConfig {
        wire_version: WIRE_VERSION,
        host_version: env!("CARGO_PKG_VERSION").to_owned(),
        connection: target.for_adapter(),
        options: Json::of(&target.options)?,
    })
}
