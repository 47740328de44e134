//! Drives an adapter without a host, in a unit test.
//!
//! The adapter is made and called through the same boundary as in a real host: what a test sees is what a
//! host would. Time stands still but for `sleep`, which moves it on without waiting; HTTP is answered by a
//! function of the test's; memory and files are in the process.
//!
//! [`Recording`] and [`TestHost::replaying`] answer as a platform once did, and [`unread_leaves`] tells what of such an answer no ticket shows.
//! [`Detection`] compares what links and ids mean by an `adapter.toml` with what they should mean. [`Nonsense`] damages an answer in every place,
//! and sees that an adapter never panics at it.
//!
//! ```
//! # use serde::Deserialize;
//! # use usher_adapter_sdk::{prelude::*, message::Include};
//! # #[derive(Deserialize)] struct Config {}
//! # struct Acme(Host);
//! # impl TicketSystemAdapter for Acme {
//! #     type Config = Config;
//! #     fn new(_: Config, host: Host) -> Result<Self> { Ok(Self(host)) }
//! #     fn normalize(&self, _: Option<&TicketKey>, raw: &Raw, _: &Source) -> Result<Ticket> {
//! #         Ok(Ticket::new("ACME-1", raw.main_text()?))
//! #     }
//! #     async fn get(&self, key: &TicketKey, _: &Include) -> Result<Raw> {
//! #         let request = usher_adapter_sdk::host::Request::get(format!("https://acme.example/{key}"));
//! #         Ok(Raw::main(self.0.http(request).await?.body.to_vec()))
//! #     }
//! # }
//! use usher_adapter_sdk::testkit::{Kit, TestHost};
//!
//! let host = TestHost::new().on_http(|request, _body| {
//!     assert_eq!(request.url, "https://acme.example/ACME-1");
//!     Ok(TestHost::response(200, "Say hello"))
//! });
//! let kit = Kit::new::<Acme>("{}", &host)?;
//! assert_eq!(kit.get("ACME-1", Include::default())?.title, "Say hello");
//! # Ok::<(), Error>(())
//! ```

mod detection;
mod executor;
mod fake_host;
mod kit;
mod nonsense;
mod recording;
mod tape;
mod unread;

pub use detection::{Detection, Meaning};
pub use fake_host::TestHost;
pub use kit::Kit;
pub use nonsense::Nonsense;
pub use recording::{Exchange, Recording};
pub use unread::{IgnoredLeaf, unread_leaves};
pub use usher_adapter_manifest as manifest;
