//! One open connection: its adapter, made and ready.

use std::sync::Arc;

use usher_adapter_manifest::Operation as ManifestOperation;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    model::Json,
    wire::{CreateConfig, Operation, WIRE_VERSION},
};

use super::{Service, splice::Splice, unsupported};
use crate::{
    registry::Loaded,
    route::Target,
    transport::{Answer, Capabilities, Deadline, KvStore, Transport},
};

/// An adapter that was made for one connection.
pub(super) struct Session {
    pub(super) target: Target,
    pub(super) transport: Transport,
    pub(super) splice: Splice,
}

impl Session {
    pub(super) async fn open(service: &Service, target: Target, loaded: &Loaded) -> Result<Self> {
        let config = CreateConfig {
            wire_version: WIRE_VERSION,
            host_version: env!("CARGO_PKG_VERSION").to_owned(),
            connection: target.for_adapter(),
            options: Json::of(&target.options)?,
        };
        let kv = service.settings.state.as_deref().map(|state| Arc::new(KvStore::new(&state.join("kv"), &target.name)));
        let logger = service.settings.logger.clone();
        let capabilities = Capabilities::new(&target.name, service.runtime.clone(), logger, kv, service.files.clone());
        let (module, id) = (loaded.module, target.adapter.id());
        let transport = match &loaded.lane {
            None => Transport::linked(module, id, &config, capabilities)?,
            Some(lane) => {
                let deadline = service.deadline(&target);
                Transport::on_lane(lane, module, id, &config, capabilities, deadline).await?
            }
        };
        let splice = Splice::new(&target);
        Ok(Self { target, transport, splice })
    }

    pub(super) async fn call<O: Operation>(&self, args: O::Args<'_>, deadline: Deadline) -> Result<Answer<O>> {
        if O::WRITES && self.target.read_only {
            return Err(Error::new(
                ErrorKind::Permission,
                format!("connection `{}` is read-only; `{}` was not done", self.target.name, O::NAME),
            )
            .with_hint(format!("Remove `read_only` from `[connections.{}]` to allow writes.", self.target.name)));
        }
        self.transport.call::<O>(args, Vec::new(), deadline).await
    }

    /// Refuses what the manifest does not offer.
    pub(super) fn supports(&self, operation: ManifestOperation) -> Result<()> {
        let manifest = &self.target.adapter.manifest;
        if manifest.supports(operation) {
            return Ok(());
        }
        let supported: Vec<&str> = manifest.operations.iter().map(|operation| operation.as_str()).collect();
        Err(unsupported(&manifest.id, operation.as_str(), &supported))
    }
}
