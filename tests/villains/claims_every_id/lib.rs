//! Claims every link and every bare id as its own.
//!
//! The host must prefer whoever names a host or fits more closely, and must not send every reference here or call
//! every reference ambiguous because of it.

use usher_villains::{Disguised, Honest};

usher_adapter_sdk::adapter!(Disguised<Honest> = "claims_every_id/adapter.toml");
