//! Adapters that are linked into this program: polled on the host's runtime, like any other future.

use std::sync::Arc;

use usher_adapter_abi::{
    AdapterModuleRef, AdapterObject, Host as AbiHost, Host_TO, Reply,
    abi_stable::{
        erased_types::TD_Opaque,
        std_types::{RStr, RVec},
    },
    async_ffi::{FfiFuture, FutureExt},
};
use usher_adapter_sdk::{Result, boundary, wire::CreateConfig};

use super::{Capabilities, Deadline, Envelope, OwnedReply, create, outcome_of_late_write, timeout};

/// An adapter of this program, made for one connection.
pub struct Linked {
    object: AdapterObject,
    capabilities: Arc<Capabilities>,
}

impl Linked {
    pub(super) fn create(
        module: AdapterModuleRef,
        adapter: &str,
        config: &CreateConfig,
        capabilities: Arc<Capabilities>,
    ) -> Result<Self> {
        let host = Host_TO::from_value(LinkedHost(capabilities.clone()), TD_Opaque);
        Ok(Self { object: create(module, adapter, config, host)?, capabilities })
    }

    pub(super) async fn invoke(&self, call: Envelope, deadline: Deadline) -> Result<OwnedReply> {
        let _open = self.capabilities.open_call(&call, deadline);
        let future = self.object.invoke(RStr::from_str(call.operation), call.header.into(), call.body.into());
        match tokio::time::timeout_at(deadline.instant().into(), future).await {
            Ok(reply) => OwnedReply::take(reply),
            Err(_) => Err(outcome_of_late_write(timeout(call.operation), call.writes)),
        }
    }

    pub(super) async fn shutdown(&self, deadline: Deadline) -> Result<()> {
        self.capabilities.close();
        match tokio::time::timeout_at(deadline.instant().into(), self.object.shutdown()).await {
            Ok(reply) => OwnedReply::take(reply).map(drop),
            Err(_) => Err(timeout("shutdown")),
        }
    }
}

/// The host as a linked adapter sees it: its requests are polled with the adapter itself.
struct LinkedHost(Arc<Capabilities>);

impl AbiHost for LinkedHost {
    fn invoke(&self, capability: RStr<'_>, header: RVec<u8>, body: RVec<u8>) -> FfiFuture<Reply> {
        let (capabilities, capability) = (self.0.clone(), capability.as_str().to_owned());
        async move {
            let answer = capabilities.invoke(&capability, &header, body.into_vec()).await;
            answer.unwrap_or_else(|error| boundary::reply_of(&error))
        }
        .into_ffi()
    }

    fn log(&self, level: u32, message: RStr<'_>) {
        self.0.log(level, message.as_str());
    }

    fn now(&self) -> i64 {
        super::now()
    }

    fn supports(&self, capability: RStr<'_>) -> bool {
        self.0.supports(capability.as_str())
    }
}
