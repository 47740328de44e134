//! Does as asked in `create` and `update`, but says nothing of one field: it is neither applied nor refused.
//!
//! The host must report the write as `outcome_unknown` and name the field, since the ticket is there.

use usher_adapter_sdk::{
    message::{Change, Created, Draft, Updated},
    prelude::*,
};
use usher_villains::{Disguised, Villain};

struct ForgetsAField;

impl Villain for ForgetsAField {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn create(&self, draft: &Draft) -> Result<Created> {
        Ok(Created::new("CREATED-1", all_but_the_last(draft.asked())))
    }

    async fn update(&self, key: &TicketKey, change: &Change) -> Result<Updated> {
        Ok(Updated::new(key.clone(), all_but_the_last(change.asked())))
    }
}

fn all_but_the_last<T>(mut fields: Vec<T>) -> Vec<T> {
    fields.pop();
    fields
}

usher_adapter_sdk::adapter!(Disguised<ForgetsAField> = "forgets_a_field/adapter.toml");
