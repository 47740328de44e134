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
            (Origin::BuiltIn, _) => self.linked(target)?,
            (Origin::DropIn { file, .. }, Isolation::Worker) => {
                watch = Some(Watch::begin(file.clone(), self.settings.supervision.look_every));
                let library = self.registry.prepare(&target.adapter)?;
                self.in_worker(target, &library, deadline).await?
            }
            (Origin::DropIn { .. }, Isolation::InProcess) => self.in_process_after_trial(target, deadline).await?,
        };
        Ok(Arc::new(Session::new(target.clone(), transport, watch, self.settings.http.job_id())))
    }

    fn linked(&self, target: &Target) -> Result<Transport> {
        let module = self.registry.linked(&target.adapter)?;
        Transport::linked(module, target.adapter.id(), &config(target)?, self.capabilities(target, None)?)
    }

    async fn in_process(&self, target: &Target, library: &Prepared, deadline: Deadline) -> Result<Transport> {
        let load = || self.registry.load(&target.adapter, library, deadline);
        let loaded = self.with_whole_copy(target, library, load).await?;
        let approved = self.approved(target, &library.sha256);
        let (config, capabilities) = (config(target)?, self.capabilities(target, approved)?);
        Transport::on_lane(&loaded.lane, loaded.module, target.adapter.id(), &config, capabilities, deadline).await
    }

    async fn in_worker(&self, target: &Target, library: &Prepared, deadline: Deadline) -> Result<Transport> {
        self.with_whole_copy(target, library, || self.start_worker(target, library, deadline)).await
    }

    /// Opens a library, and once more if somebody had changed its copy, which is then made again.
    async fn with_whole_copy<T, Opening: Future<Output = Result<T>>>(
        &self,
        target: &Target,
        library: &Prepared,
        open: impl Fn() -> Opening,
    ) -> Result<T> {
        match open().await {
            Err(error) if error.kind() == ErrorKind::Conflict => {
                self.registry.copy_again(&target.adapter, library)?;
                open().await.map_err(|error| match error.kind() {
                    ErrorKind::Conflict => library.refused(error.message()),
                    _ => error,
                })
            }
            opened => opened,
        }
    }

    #[cfg(unix)]
    async fn start_worker(&self, target: &Target, library: &Prepared, deadline: Deadline) -> Result<Transport> {
        let (grants, network) = self.granted(target, &library.sha256)?;
        let places = grants::places(&target.adapter.manifest, &target.options);
        let spec = crate::transport::WorkerSpec {
            program: self.settings.program.clone(),
            adapter: target.adapter.id().to_owned(),
            library: library.clone(),
            config: config(target)?,
            grants,
            places,
            network,
            require_sandbox: self.adapters.require_sandbox,
            supervision: self.settings.supervision,
            ledger: self.registry.ledger().clone(),
            logger: self.settings.logger.clone(),
        };
        let capabilities = self.capabilities(target, self.approved(target, &library.sha256))?;
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
        self.registry.approved(&target.adapter, sha256)
    }

    /// Lets a worker open the library and make the adapter, before this process does: what hangs or crashes there
    /// would take the host with it here.
    async fn in_process_after_trial(&self, target: &Target, deadline: Deadline) -> Result<Transport> {
        let (library, ledger) = (self.registry.prepare(&target.adapter)?, self.registry.ledger());
        // Nothing holds it to them here; what it asks for must be granted all the same.
        self.granted(target, &library.sha256)?;
        let standing = ledger.standing(&library.sha256);
        if cfg!(unix) && standing == Standing::Unknown {
            let tried = self.in_worker(target, &library, deadline).await?;
            // It has shown that it can be opened and made; how it ends matters only where it is used …
            let _ = tried.shutdown(deadline).await;
            // … unless that was once too often.
            self.registry.admit(&target.adapter, &library.sha256)?;
        }
        if standing != (Standing::Ready { sandbox: None }) {
            // Should the host end over it, the next one knows which file it was.
            ledger.probing(&library.sha256, Isolation::InProcess);
        }
        let opened = self.in_process(target, &library, deadline).await;
        match &opened {
            Err(error) if error.kind() == ErrorKind::AdapterHung => {
                ledger.failed(&library.sha256, "did not give control back in-process");
            }
            // It was not opened here, which speaks neither for its code nor against it.
            Err(error) if error.kind() == ErrorKind::AdapterRefused => ledger.unmark(&library.sha256),
            _ => ledger.ready(&library.sha256, ""),
        }
        opened
    }

    fn capabilities(&self, target: &Target, approved: Option<&Request>) -> Result<Arc<Capabilities>> {
        let state = self.settings.state.as_deref();
        let kv = state.map(|state| Arc::new(KvStore::new(&state.join("kv"), &target.name)));
        let settings = self.adapters.of(target.adapter.id());
        let hosts = grants::hosts(target, &settings, approved);
        let shared = http::Shared {
            files: self.files.clone(),
            logger: self.settings.logger.clone(),
            progress: self.settings.progress.clone(),
            settings: self.settings.http.clone(),
        };
        let http = http::Connection::of(target, hosts, &shared)?.map(Arc::new);
        let logger = self.settings.logger.clone();
        Ok(Capabilities::with_http(&target.name, self.runtime.clone(), logger, kv, self.files.clone(), http))
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
