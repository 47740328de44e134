//! One open connection: its adapter, made and ready.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use metrics::{counter, histogram};
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
    telemetry::{self, names},
    transport::{Answer, Deadline, Rehearsed, Transport},
};

/// An adapter that was made for one connection.
pub(super) struct Session {
    pub(super) target: Target,
    pub(super) transport: Transport,
    pub(super) splice: Splice,
    /// The file that may be replaced, if the adapter runs where it can be.
    pub(super) watch: Option<Watch>,
    /// The job on whose behalf this process runs, for log lines.
    job_id: Option<Arc<str>>,
}

impl Session {
    pub(super) fn new(target: Target, transport: Transport, watch: Option<Watch>, job_id: Option<Arc<str>>) -> Self {
        let splice = Splice::new(&target);
        Self { target, transport, splice, watch, job_id }
    }

    pub(super) async fn call<O: Operation>(&self, args: O::Args<'_>, deadline: Deadline) -> Result<Answer<O>> {
        self.may_write::<O>()?;
        self.counted(O::NAME, self.transport.call::<O>(args, Vec::new(), deadline)).await
    }

    /// Does a write, or only rehearses it.
    pub(super) async fn write<O: Operation>(
        &self,
        args: O::Args<'_>,
        deadline: Deadline,
        mode: WriteMode,
    ) -> Result<Attempt<O::Head>> {
        if mode == WriteMode::Real {
            return Ok(Attempt::Done(self.call::<O>(args, deadline).await?.head));
        }
        self.may_write::<O>()?;
        Ok(match self.counted(O::NAME, self.transport.rehearse::<O>(args, deadline)).await? {
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

    async fn counted<T>(&self, operation: &'static str, work: impl Future<Output = Result<T>>) -> Result<T> {
        let began = Instant::now();
        let outcome = work.await;
        self.count(operation, telemetry::outcome(&outcome), began.elapsed());
        outcome
    }

    fn count(&self, operation: &'static str, outcome: &'static str, duration: Duration) {
        let (platform, connection) = (self.target.adapter.id(), self.target.name.as_str());
        tracing::debug!(
            platform,
            connection,
            operation,
            outcome,
            job_id = self.job_id.as_deref(),
            duration_ms = duration.as_secs_f64() * 1000.0,
            "{operation} at {connection}: {outcome}"
        );
        let labels = || [("platform", platform.to_owned()), ("connection", connection.to_owned())];
        let [platform, connection] = labels();
        let counted = [platform, connection, ("operation", operation.to_owned()), ("outcome", outcome.to_owned())];
        counter!(names::OPERATIONS, &counted).increment(1);
        let [platform, connection] = labels();
        let timed = [platform, connection, ("operation", operation.to_owned())];
        histogram!(names::OPERATION_SECONDS, &timed).record(duration.as_secs_f64());
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
