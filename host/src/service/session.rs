//! One open connection: its adapter, made and ready.

use usher_adapter_manifest::Operation as ManifestOperation;
use usher_adapter_sdk::{Error, ErrorKind, Result, wire::Operation};

use super::{
    renew::Watch,
    splice::Splice,
    unsupported,
    writes::{Attempt, WriteMode},
};
use crate::{
    route::Target,
    transport::{Answer, Deadline, Rehearsed, Transport},
};

/// An adapter that was made for one connection.
pub(super) struct Session {
    pub(super) target: Target,
    pub(super) transport: Transport,
    pub(super) splice: Splice,
    /// The file that may be replaced, if the adapter runs where it can be.
    pub(super) watch: Option<Watch>,
}

impl Session {
    pub(super) fn new(target: Target, transport: Transport, watch: Option<Watch>) -> Self {
        let splice = Splice::new(&target);
        Self { target, transport, splice, watch }
    }

    pub(super) async fn call<O: Operation>(&self, args: O::Args<'_>, deadline: Deadline) -> Result<Answer<O>> {
        self.may_write::<O>()?;
        self.transport.call::<O>(args, Vec::new(), deadline).await
    }

    /// Does a write, or only rehearses it.
    pub(super) async fn write<O: Operation>(
        &self,
        args: O::Args<'_>,
        deadline: Deadline,
        mode: WriteMode,
    ) -> Result<Attempt<O::Head>> {
        self.may_write::<O>()?;
        if mode == WriteMode::Real {
            return Ok(Attempt::Done(self.transport.call::<O>(args, Vec::new(), deadline).await?.head));
        }
        Ok(match self.transport.rehearse::<O>(args, deadline).await? {
            Rehearsed::HeldBack(held) => Attempt::HeldBack(held),
            Rehearsed::NothingToWrite(answer) => Attempt::NothingToWrite(answer.head),
        })
    }

    fn may_write<O: Operation>(&self) -> Result<()> {
        if O::WRITES && self.target.read_only {
            return Err(Error::new(
                ErrorKind::Permission,
                format!("connection `{}` is read-only; `{}` was not done", self.target.name, O::NAME),
            )
            .with_hint(format!("Remove `read_only` from `[connections.{}]` to allow writes.", self.target.name)));
        }
        Ok(())
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
